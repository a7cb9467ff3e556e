//! Tests of the program `egito`, as a user runs it, each against its own sandbox.

mod docs;
mod doctor;
mod egito;
mod errors;
mod export;
mod files;
mod import;
mod interrupts;
mod languages;
mod lists;
mod outbox;
mod records;
mod sandbox;
mod terminal;
mod types;
