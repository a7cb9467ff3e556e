//! The program `egito-sandbox`.
fn main() {}
