//! Passes events and log messages of the core to the program.

pub(crate) mod context;
pub(crate) mod hook;
pub(crate) mod logging;
