//! Client for the Egito CRM: tokens, entities, lists; async, and [`blocking`].
//!
//! A call flows one way: settings → client → entity → call → request → transport → response → envelope → record.
//! A module uses only those below it; `call` tells the story of one call.
//!
//! ```no_run
//! # async fn example() -> Result<(), egito::Error> {
//! let client = egito::Client::from_env()?; // or egito::Client::new(settings)
//! let id = client.accounts().create(&serde_json::json!({"name": "Żubr sp. z o.o.", "city": "Kraków"})).await?;
//!
//! let mut accounts = client.accounts().list().filter("city", "Kraków").records()?;
//! while let Some(account) = accounts.next().await {
//!     println!("{}", account?.json());
//! }
//! # let _ = id; Ok(()) }
//! ```

pub mod blocking;
mod bulk;
mod client;
mod entity;
mod list;
// A call: from the wish to the answer.
mod auth;
mod call;
mod envelope;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod retry;
mod transport;
// What everything is made of.
mod cancel;
mod clock;
mod decimals;
mod error;
mod events;
mod id;
mod json;
mod per_process;
mod record;
mod secret;
mod settings;
mod stats;

pub use bulk::{Bulk, BulkAction, BulkCalls, BulkInput, BulkRow, BulkRows, Progress};
pub use cancel::Cancel;
pub use client::Client;
pub use entity::Entity;
pub use error::{CODES, Cause, Code, CodeInfo, Details, Error, FieldError, Outcome, Result};
pub use events::{Event, EventHook};
pub use id::RecordId;
pub use list::{Page, Pages, RecordList, Records};
pub use record::{IntoRecord, Record};
pub use settings::{BodyFormat, ClientBuilder, Decimals, Method, Settings, TokenIn, TokenParams, TokenStore};
pub use stats::Stats;

#[doc(hidden)]
pub use clock::{Clock, Pause};
#[doc(hidden)]
pub use decimals::replace_numbers;
#[doc(hidden)]
pub use json::scanner;
#[doc(hidden)]
pub use per_process::PerProcess;
#[doc(hidden)]
pub use record::RecordIndex;
