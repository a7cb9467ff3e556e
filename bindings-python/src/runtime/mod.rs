//! What calls need of the process: tokio, signals, `fork`, nested calls, and the end of the interpreter.

pub(crate) mod finalization;
pub(crate) mod interpreter;
pub(crate) mod owner;
pub(crate) mod reentrancy;
pub(crate) mod signals;
pub(crate) mod tokio;
