//! Detects that the program closed file descriptors of the library, as daemons do with `closefrom`.
//!
//! Without this check, the library would read, write and close numbers that may now belong to files of the program.

use crate::error::{Error, Result};
use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

/// A file that is used and closed only as long as its number still refers to it.
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// let file = egito::binding::OwnedFile::new(std::fs::File::open("Cargo.toml")?)?;
/// assert!(file.get().is_some()); // `None` if the program closed the number
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct OwnedFile {
    /// `None` once it is dropped.
    file: Option<File>,
    identity: system::Identity,
}

impl OwnedFile {
    /// Remembers which file this is.
    ///
    /// ```
    /// assert!(egito::binding::OwnedFile::new(std::fs::File::open("Cargo.toml")?).is_ok());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn new(file: File) -> io::Result<Self> {
        Ok(Self { identity: system::identity(&file)?, file: Some(file) })
    }

    /// Returns the file, or `None` if the program closed it.
    ///
    /// ```
    /// let file = egito::binding::OwnedFile::new(std::fs::File::open("Cargo.toml")?)?;
    /// assert!(file.get().is_some());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn get(&self) -> Option<&File> {
        self.file.as_ref().filter(|file| system::identity(file).is_ok_and(|identity| identity == self.identity))
    }

    fn number(&self) -> Option<i32> {
        self.file.as_ref().map(system::number)
    }
}

impl Drop for OwnedFile {
    fn drop(&mut self) {
        if self.get().is_none() {
            std::mem::forget(self.file.take()); // its number may belong to a file of the program
        }
    }
}

/// Remembers descriptors next to those of a runtime and of its connections. As long as their numbers refer to the same pipe, the
/// program has not closed those of the runtime either.
///
/// ```
/// let descriptors = egito::binding::DescriptorCheck::new()?;
/// assert!(descriptors.are_open());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct DescriptorCheck {
    pipe: OwnedFile,
    later: Mutex<LaterDescriptors>,
}

/// Duplicates of the pipe that were opened after other descriptors, so that their numbers are higher: a program can close all
/// descriptors from a number on that lies between the pipe and a connection.
#[derive(Debug, Default)]
struct LaterDescriptors {
    first: Option<OwnedFile>,
    highest: Option<OwnedFile>,
    /// The last one, if it is not the highest.
    latest: Option<OwnedFile>,
}

thread_local! {
    static OF_THREAD: RefCell<Option<Arc<DescriptorCheck>>> = const { RefCell::new(None) };
}

impl DescriptorCheck {
    /// Opens the pipe.
    ///
    /// ```
    /// assert!(egito::binding::DescriptorCheck::new().is_ok());
    /// ```
    pub fn new() -> io::Result<Self> {
        Ok(Self { pipe: OwnedFile::new(system::pipe()?)?, later: Mutex::default() })
    }

    /// Returns whether the descriptors still belong to the library.
    ///
    /// ```
    /// assert!(egito::binding::DescriptorCheck::new()?.are_open());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn are_open(&self) -> bool {
        let are_open = |LaterDescriptors { first, highest, latest }: &_| {
            system::are_open([first.as_ref(), highest.as_ref(), latest.as_ref()])
        };
        self.pipe.get().is_some()
            && match self.later.try_lock() {
                Ok(later) => are_open(&later),
                Err(TryLockError::Poisoned(later)) => are_open(later.get_ref()),
                // A connection is opened just now, or was in the parent of a forked child.
                Err(TryLockError::WouldBlock) => true,
            }
    }

    /// Also checks the descriptors that the library has just opened. Without a free descriptor, it does not.
    pub(crate) fn cover_new_descriptors(&self) {
        if cfg!(unix) && self.are_open() {
            let duplicate = self.pipe.get().and_then(|pipe| system::duplicate(pipe).ok());
            let duplicate = duplicate.and_then(|duplicate| OwnedFile::new(duplicate).ok());
            self.later.lock().unwrap_or_else(PoisonError::into_inner).add(duplicate);
        }
    }

    /// Returns a hook for a runtime with its own thread. Once the program has closed the descriptors, the hook never returns, so
    /// that the thread neither uses nor closes them.
    pub(crate) fn stop_if_closed(self: &Arc<Self>) -> impl Fn() + Clone + Send + Sync + use<> {
        let check = self.clone();
        move || {
            while !check.are_open() {
                std::thread::park();
            }
        }
    }

    /// Makes this the check of the connections that this thread opens.
    pub(crate) fn set_for_thread(self: &Arc<Self>) {
        OF_THREAD.set(Some(self.clone()));
    }

    /// Returns the check of the connections that this thread opens, if it belongs to a runtime with a check.
    pub(crate) fn of_thread() -> Option<Arc<Self>> {
        OF_THREAD.try_with(|check| check.borrow().clone()).ok().flatten()
    }

    /// Fails if the program closed the descriptors of the list or bulk that `what` names.
    pub(crate) fn check(&self, what: &str) -> Result<()> {
        if self.are_open() { Ok(()) } else { Err(closed_descriptors(what)) }
    }
}

impl LaterDescriptors {
    fn add(&mut self, file: Option<OwnedFile>) {
        let highest = self.highest.as_ref().or(self.first.as_ref()).and_then(OwnedFile::number);
        if self.first.is_none() {
            self.first = file;
        } else if file.as_ref().and_then(OwnedFile::number) > highest {
            (self.highest, self.latest) = (file, None);
        } else {
            self.latest = file;
        }
    }
}

/// Returns the error of a list or bulk, which `what` names, whose descriptors the program closed.
///
/// ```
/// assert!(egito::binding::closed_descriptors("list").to_string().contains("create the list after that"));
/// ```
#[must_use]
pub fn closed_descriptors(what: &str) -> Error {
    let message = format!(
        "the program closed the file descriptors of this {what}, for example with closefrom(); create the {what} after that"
    );
    Error::config(what, message)
}

/// Returns whether each file is open.
fn each_is_open(files: [Option<&OwnedFile>; 3]) -> bool {
    files.into_iter().flatten().all(|file| file.get().is_some())
}

#[cfg(unix)]
mod system {
    #[cfg(not(target_os = "linux"))]
    pub(super) use super::each_is_open as are_open;
    use super::{File, io};
    #[cfg(target_os = "linux")]
    pub(super) use poll::are_open;
    use std::os::fd::{AsRawFd, OwnedFd};
    use std::os::unix::fs::MetadataExt;

    /// The device and the inode.
    pub(super) type Identity = (u64, u64);

    pub(super) fn pipe() -> io::Result<File> {
        Ok(File::from(OwnedFd::from(io::pipe()?.0)))
    }

    /// Duplicates a file to a number above all that were free a moment ago. Of two duplicates, the first may have filled a gap that
    /// was free only while a connection was opened, such as one below its number.
    pub(super) fn duplicate(file: &File) -> io::Result<File> {
        let (one, other) = (file.try_clone()?, file.try_clone()?);
        Ok(if number(&one) > number(&other) { one } else { other })
    }

    pub(super) fn number(file: &File) -> i32 {
        file.as_raw_fd()
    }

    pub(super) fn identity(file: &File) -> io::Result<Identity> {
        file.metadata().map(|metadata| (metadata.dev(), metadata.ino()))
    }

    #[cfg(target_os = "linux")]
    mod poll {
        use super::super::{OwnedFile, each_is_open};
        use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
        use std::os::fd::AsFd;

        /// Asks for all in one system call whether each is hung up, as the reading end of a pipe without a writer is. Few other files
        /// are, so it is enough for the descriptors besides the first one, whose identity is checked.
        pub(in super::super) fn are_open(files: [Option<&OwnedFile>; 3]) -> bool {
            let descriptors = files.map(|file| file.and_then(|file| file.file.as_ref()));
            let Some(any) = descriptors.into_iter().flatten().next() else { return true };
            let mut polled = descriptors.map(|file| PollFd::new(file.unwrap_or(any).as_fd(), PollFlags::empty()));
            match poll(&mut polled, PollTimeout::ZERO) {
                Ok(_) => polled.iter().all(|file| file.revents() == Some(PollFlags::POLLHUP)),
                Err(_) => each_is_open(files),
            }
        }
    }
}

/// Other systems do not reuse handles of open files.
#[cfg(not(unix))]
mod system {
    pub(super) use super::each_is_open as are_open;
    use super::{File, io};

    pub(super) type Identity = ();

    pub(super) fn pipe() -> io::Result<File> {
        Ok(File::from(std::os::windows::io::OwnedHandle::from(io::pipe()?.0)))
    }

    pub(super) fn duplicate(file: &File) -> io::Result<File> {
        file.try_clone()
    }

    pub(super) fn number(_: &File) -> i32 {
        0
    }

    pub(super) fn identity(_: &File) -> io::Result<Identity> {
        Ok(())
    }
}
