//! A value that each process creates for itself: after a `fork`, the value of the parent may be locked, shared or unusable.

use std::sync::OnceLock;

/// Holds one value for each process, created on the first use.
///
/// It has no lock: a lock that another thread held during the `fork` would stay locked in the child.
/// The child never drops the parent's value, since that could close the parent's connections.
///
/// ```
/// let process = egito::binding::PerProcess::new(std::process::id());
/// let recreate = |_: &u32| Ok::<_, egito::Error>(std::process::id()); // called only in a forked child
/// assert_eq!(process.get(recreate)?, &std::process::id());
/// # Ok::<(), egito::Error>(())
/// ```
#[derive(Debug)]
pub struct PerProcess<T> {
    process: u32,
    /// Always set; taken only in `drop`, to be leaked.
    value: Option<T>,
    /// The value of a forked child, or one that replaces an unusable value.
    next: OnceLock<Box<Self>>,
}

impl<T> PerProcess<T> {
    /// Creates a holder with the value of this process.
    ///
    /// ```
    /// let connections = egito::binding::PerProcess::new(vec!["a connection"]);
    /// ```
    pub fn new(value: T) -> Self {
        Self { process: std::process::id(), value: Some(value), next: OnceLock::new() }
    }

    /// Returns the value of this process. In a forked child, `recreate` creates it from the parent's value.
    ///
    /// ```
    /// let connections = egito::binding::PerProcess::new(vec!["a connection"]);
    /// let in_a_child = |_: &Vec<&str>| Ok::<_, egito::Error>(Vec::new());
    /// assert_eq!(connections.get(in_a_child)?.len(), 1);
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn get<E>(&self, recreate: impl Fn(&T) -> Result<T, E>) -> Result<&T, E> {
        self.get_usable(|_| true, recreate)
    }

    /// Like [`get`](Self::get), but also replaces a value of this process that `is_usable` refuses.
    ///
    /// ```
    /// let connections = egito::binding::PerProcess::new("broken");
    /// let connections = connections.get_usable(|text| *text != "broken", |_| Ok::<_, egito::Error>("new"));
    /// assert_eq!(connections?, &"new");
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn get_usable<E>(
        &self,
        is_usable: impl Fn(&T) -> bool,
        recreate: impl Fn(&T) -> Result<T, E>,
    ) -> Result<&T, E> {
        let process = std::process::id();
        let mut holder = self;
        while holder.process != process || !is_usable(holder.value()) {
            let Some(next) = holder.next.get() else {
                let recreated = Self::new(recreate(holder.value())?);
                drop(holder.next.set(Box::new(recreated))); // another thread may have set it first
                continue;
            };
            holder = next;
        }
        Ok(holder.value())
    }

    fn value(&self) -> &T {
        self.value.as_ref().expect("it is set until this is dropped")
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            std::mem::forget(self.value.take());
        }
    }
}
