//! The program `egito`, as a user runs it, against a sandbox.

mod export;
mod files;
mod import;
mod types;
