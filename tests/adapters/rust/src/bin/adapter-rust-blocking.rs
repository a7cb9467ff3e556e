//! The suite plays the blocking client through this program.
fn main() {}
