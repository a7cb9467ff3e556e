//! A value that each process has for itself: after a `fork`, what the parent made may be locked, shared or dead.

use std::sync::OnceLock;

/// Holds one value for each process that asks, made when it first asks.
///
/// There is no lock in it: one that another thread held at the moment of the `fork` would stay locked in the child.
/// What the parent made is never dropped in the child, since that could reach through to the parent's connections.
///
/// ```
/// let process = egito::binding::PerProcess::new(std::process::id());
/// let renew = |_: &u32| Ok::<_, egito::Error>(std::process::id()); // called in a forked child only
/// assert_eq!(process.get(renew)?, &std::process::id());
/// # Ok::<(), egito::Error>(())
/// ```
#[derive(Debug)]
pub struct PerProcess<T> {
    process: u32,
    /// Taken only to be forgotten.
    value: Option<T>,
    child: OnceLock<Box<Self>>,
}

impl<T> PerProcess<T> {
    /// Makes a value for this process.
    ///
    /// ```
    /// let connections = egito::binding::PerProcess::new(vec!["a connection"]);
    /// ```
    pub fn new(value: T) -> Self {
        Self { process: std::process::id(), value: Some(value), child: OnceLock::new() }
    }

    /// Returns the value of this process; in a forked child, what `renew` makes from its parent's.
    ///
    /// ```
    /// let connections = egito::binding::PerProcess::new(vec!["a connection"]);
    /// let in_a_child = |_: &Vec<&str>| Ok::<_, egito::Error>(Vec::new());
    /// assert_eq!(connections.get(in_a_child)?.len(), 1);
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn get<E>(&self, renew: impl Fn(&T) -> Result<T, E>) -> Result<&T, E> {
        let process = std::process::id();
        let mut holder = self;
        while holder.process != process {
            let Some(child) = holder.child.get() else {
                let renewed = Self::new(renew(holder.value())?);
                drop(holder.child.set(Box::new(renewed))); // another thread may have been first
                continue;
            };
            holder = child;
        }
        Ok(holder.value())
    }

    fn value(&self) -> &T {
        self.value.as_ref().expect("it is there until it is dropped")
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            std::mem::forget(self.value.take());
        }
    }
}
