//! A new sandbox for each example of the docs and each test of the core.
//!
//! The hidden lines of the examples call [`run`] and [`run_blocking`].

#![allow(clippy::missing_panics_doc)] // a panic here is a failed test

mod folder;
mod server;

pub use folder::Folder;
pub use server::Server;

use serde_json::json;

/// Runs an async example with a client of a new sandbox.
pub fn run(example: impl AsyncFnOnce(egito::Client) -> egito::Result<()>) {
    run_against("[]", example);
}

/// Runs an async example against a new sandbox with a fault, or a list of them.
pub fn run_against(faults: &str, example: impl AsyncFnOnce(egito::Client) -> egito::Result<()>) {
    let server = Server::start();
    server.control("POST", "faults", &serde_json::from_str(faults).expect("a fault in JSON"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let client = egito::Client::new(server.settings(&json!({}))).expect("the sandbox's settings are complete");
    runtime.expect("threads for a runtime").block_on(example(client)).expect("the example succeeds");
}

/// Runs a blocking example with a client of a new sandbox.
pub fn run_blocking(example: impl FnOnce(egito::blocking::Client) -> egito::Result<()>) {
    let server = Server::start();
    let client = egito::blocking::Client::new(server.settings(&json!({})));
    example(client.expect("the sandbox's settings are complete")).expect("the example succeeds");
}

/// Runs an async example with a client of a new sandbox, and an outbox in a new folder.
pub fn run_with_outbox(example: impl AsyncFnOnce(egito::Client, egito::Outbox) -> egito::Result<()>) {
    let folder = Folder::new();
    run(async |client| {
        let outbox = client.outbox(folder.path().join("outbox.db"))?;
        example(client, outbox).await
    });
}

/// Runs a blocking example with a client of a new sandbox, and an outbox in a new folder.
pub fn run_blocking_with_outbox(
    example: impl FnOnce(egito::blocking::Client, egito::blocking::Outbox) -> egito::Result<()>,
) {
    let folder = Folder::new();
    run_blocking(|client| {
        let outbox = client.outbox(folder.path().join("outbox.db"))?;
        example(client, outbox)
    });
}
