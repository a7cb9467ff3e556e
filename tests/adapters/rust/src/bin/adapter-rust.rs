//! The suite plays the async client through this program.
fn main() {}
