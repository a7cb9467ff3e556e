//! Checks on a server what the client's settings assume, and finds the settings for it.
//!
//! Each file makes the checks of one subject. Decisions are functions of what was received, without input and output.

mod checks;
mod connection;
mod dates;
mod failure;
mod filters;
mod http;
mod list;
mod login;
mod offset;
mod options;
mod order;
mod probed_list;
mod prober;
mod record;
mod report;
mod rows;
mod snippet;
mod text;
mod time_zone;
mod write;

pub use options::ProbeOptions;
pub use report::{Check, CheckStatus, Report};
pub use snippet::SnippetFormat;

use crate::call::Engine;
use crate::error::Result;
use prober::Prober;

/// Probes the server of `engine`, see [`Client::probe`](crate::Client::probe).
pub(crate) async fn run(engine: &Engine, options: &ProbeOptions) -> Result<Report> {
    options.check()?;
    let mut prober = Prober::new(engine, options)?;
    // Boxed, since a caller's thread may have a small stack.
    let checks = Box::pin(async {
        check_all(&mut prober).await;
        Ok(())
    });
    engine.run_operation(checks).await?;
    engine.check_running()?; // a cancelled call is a failed check, but the probe itself must fail
    Ok(prober.into_report())
}

/// Makes the checks in order. Those that a failed check makes impossible are left out.
async fn check_all(prober: &mut Prober) {
    if !connection::check(prober).await || !login::check(prober).await {
        return;
    }
    let Some(entity) = list::find_entity(prober).await else { return };
    if let Some(list) = list::check(prober, entity).await {
        filters::check(prober, &list).await;
        record::check(prober, &list).await;
    }
    http::check(prober);
    write::check(prober).await;
    time_zone::check(prober);
}
