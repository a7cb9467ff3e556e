//! The core's own tests, over real sockets where they call: what the shared suite cannot see.

mod docs;
mod layers;
