//! A local Egito CRM on 127.0.0.1, to develop and test integrations against.
//!
//! ```
//! # async fn example() -> std::io::Result<()> {
//! let sandbox = egito_sandbox::Sandbox::start(egito_sandbox::Options::default()).await?;
//! println!("{} answers as {}", sandbox.address(), sandbox.settings().username);
//! # Ok(())
//! # }
//! ```
//!
//! A request goes through the modules in this order: `serve` (connections) → `visit` (journal, faults) → `routes` →
//! `oauth` or `action` → `store`; what tests do under `/_sandbox/` is in `control`.

mod action;
mod answer;
mod clock;
mod config;
mod control;
mod dates;
mod exchange;
mod fault;
mod fields;
mod form;
mod hold;
mod journal;
mod lock;
mod oauth;
mod options;
mod pieces;
mod rights;
mod routes;
mod sandbox;
mod seed;
mod serve;
mod state;
mod store;
mod target;
mod visit;
mod world;

pub use options::{Options, Settings};
pub use sandbox::Sandbox;
