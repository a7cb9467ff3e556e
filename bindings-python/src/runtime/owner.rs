//! Objects with calls in flight or open connections. A forked child cannot use them, nor a process that closed their descriptors.

use super::tokio;
use egito::binding::{check_process, closed_descriptors};
use std::ops::{Deref, DerefMut};

/// The process and the runtime that own an object.
#[derive(Clone, Copy)]
pub(crate) struct Owner {
    process: u32,
    generation: u64,
}

impl Owner {
    pub(crate) fn current() -> Self {
        Self { process: std::process::id(), generation: tokio::generation() }
    }

    /// Returns false in a child that was forked after the object was created, and if the program closed its descriptors.
    pub(crate) fn is_current(self) -> bool {
        self.process == std::process::id() && self.generation == tokio::generation()
    }

    /// Fails with `config` if this owner is not the current one. `what` names the object in the message.
    pub(crate) fn check(self, what: &str) -> egito::Result<()> {
        check_process(self.process, what)?;
        if self.generation == tokio::generation() { Ok(()) } else { Err(closed_descriptors(what)) }
    }
}

/// A value that only its owner drops. Dropping it elsewhere would wake tasks and close connections that belong to others now.
pub(crate) struct Owned<T> {
    /// `None` once it is dropped.
    value: Option<T>,
    pub(crate) owner: Owner,
}

impl<T> Owned<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { value: Some(value), owner: Owner::current() }
    }

    /// Returns another value with the same owner.
    pub(crate) fn with(&self, value: T) -> Self {
        Self { value: Some(value), owner: self.owner }
    }

    pub(crate) fn is_current(&self) -> bool {
        self.owner.is_current()
    }
}

impl<T> Deref for Owned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("it is set until this is dropped")
    }
}

impl<T> DerefMut for Owned<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("it is set until this is dropped")
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        if !self.is_current() {
            std::mem::forget(self.value.take());
        }
    }
}
