//! The sandbox that these tests and the examples of the docs share.

pub use egito_test_support::Server;
