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

use crate::bulk::GracefulCancel;
use crate::call::Engine;
use crate::error::{Code, Result};
use prober::Prober;

/// Probes the server of `engine`, see [`Client::probe`](crate::Client::probe).
pub(crate) async fn run(engine: &Engine, options: &ProbeOptions) -> Result<Report> {
    options.check()?;
    // A cancel ends the reads at once. The test record is deleted first, for which there is some time.
    let cancel = GracefulCancel::new(engine.cancellation());
    let writing = engine.with_only_cancellation(&cancel.calls);
    let mut prober = Prober::new(&writing, options)?;
    // Boxed, since a caller's thread may have a small stack.
    let reads = Box::pin(async { Ok(check_reads(&mut prober).await) });
    if engine.run_operation(reads).await? {
        let writes = Box::pin(async {
            write::check(&mut prober, &cancel.requested).await;
            Ok(())
        });
        let written = cancel.run(engine.clock(), writing.run_operation(writes)).await;
        let ended = written.and_then(|()| engine.check_running());
        ended.map_err(|error| prober.leftover_error().filter(|_| error.code() != Code::Internal).unwrap_or(error))?;
        time_zone::check(&mut prober);
    }
    engine.check_running()?; // a cancelled call is a failed check, but the probe itself must fail
    Ok(prober.into_report())
}

/// Makes the checks that only read, in order. Returns whether the server can be used, so that the others can be made.
async fn check_reads(prober: &mut Prober) -> bool {
    if !connection::check(prober).await || !login::check(prober).await {
        return false;
    }
    let Some(entity) = list::find_entity(prober).await else { return false };
    if let Some(list) = list::check(prober, entity).await {
        let before = prober.begin_check();
        filters::check(prober, &list).await;
        if prober.end_check("list_filters", before) {
            record::check(prober, &list).await;
        }
    }
    http::check(prober);
    true
}
