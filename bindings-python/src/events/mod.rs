//! Events and log messages of the core, on their way to the program.

pub(crate) mod context;
pub(crate) mod hook;
pub(crate) mod logging;
