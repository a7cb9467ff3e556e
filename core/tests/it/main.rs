//! The core's own tests, over real sockets where they call: what the shared suite cannot see.

mod broken_http;
mod bulk;
mod cancel;
mod clockwork;
mod connections;
mod docs;
mod large_answers;
mod layers;
mod measured;
mod memory;
mod options;
mod proxy;
mod raw_server;
mod records;
mod refusals;
mod sandbox;
mod slow_servers;
mod storms;
mod tls;
mod token_store;
mod twins;
mod waiting;
mod watching;
