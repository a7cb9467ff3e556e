//! The core's own tests, over real sockets where they call: what the shared suite cannot see.

mod bulk;
mod cancel;
mod connections;
mod docs;
mod layers;
mod proxy;
mod raw_server;
mod sandbox;
mod tls;
mod token_store;
mod twins;
