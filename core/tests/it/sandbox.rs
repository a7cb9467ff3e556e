//! The sandbox of these tests and of the examples in the docs.

pub use egito_test_support::Server;
