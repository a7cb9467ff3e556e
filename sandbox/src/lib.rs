//! A local Egito CRM on 127.0.0.1, to develop and test integrations against.
//!
//! ```
//! # async fn example() -> std::io::Result<()> {
//! let sandbox = egito_sandbox::Sandbox::start(egito_sandbox::Options::default()).await?;
//! println!("{} accepts the user {}", sandbox.address(), sandbox.settings().username);
//! # Ok(())
//! # }
//! ```
//!
//! A request passes these modules in this order: `serve` (connections) → `handler` (journal, faults) → `routes` →
//! `oauth` or `action` → `store`. The control API under `/_sandbox/` is in `control`, and
//! the page for a browser in `page`.
//!
//! Comments are marked with the source of a statement about the real server: `[D]` its documentation, `[I]` inference,
//! `[G]` a test with a real Grails server, `[A]` an assumption. `docs/reference/wire.md` lists them.

mod action;
mod barrier;
mod chunked_body;
mod clock;
mod config;
mod control;
mod crm;
mod dates;
mod fault;
mod fields;
mod form;
mod handler;
mod journal;
mod lock;
mod oauth;
mod options;
mod page;
mod request;
mod response;
mod rights;
mod routes;
mod sandbox;
mod seed;
mod serve;
mod state;
mod store;
mod target;

pub use options::{Options, Settings};
pub use sandbox::Sandbox;
