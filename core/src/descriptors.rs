//! Detects that the program closed file descriptors of the library, as daemons do with `closefrom`.
//!
//! Without this check, the library would read, write and close numbers that may now belong to files of the program.

use crate::error::{Error, Result};
use std::fs::File;
use std::io;

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
}

impl Drop for OwnedFile {
    fn drop(&mut self) {
        if self.get().is_none() {
            std::mem::forget(self.file.take()); // its number may belong to a file of the program
        }
    }
}

/// One end of a pipe, opened together with the descriptors of a runtime. As long as its number refers to the same pipe, the program
/// has not closed those of the runtime either.
///
/// ```
/// let descriptors = egito::binding::DescriptorCheck::new()?;
/// assert!(descriptors.are_open());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct DescriptorCheck(OwnedFile);

impl DescriptorCheck {
    /// Opens the pipe.
    ///
    /// ```
    /// assert!(egito::binding::DescriptorCheck::new().is_ok());
    /// ```
    pub fn new() -> io::Result<Self> {
        OwnedFile::new(system::pipe()?).map(Self)
    }

    /// Returns whether the descriptors still belong to the library.
    ///
    /// ```
    /// assert!(egito::binding::DescriptorCheck::new()?.are_open());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn are_open(&self) -> bool {
        self.0.get().is_some()
    }

    /// Fails if the program closed the descriptors of the list or bulk that `what` names.
    pub(crate) fn check(&self, what: &str) -> Result<()> {
        if self.are_open() { Ok(()) } else { Err(closed_descriptors(what)) }
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

#[cfg(unix)]
mod system {
    use super::{File, io};
    use std::os::fd::OwnedFd;
    use std::os::unix::fs::MetadataExt;

    /// The device and the inode.
    pub(super) type Identity = (u64, u64);

    pub(super) fn pipe() -> io::Result<File> {
        Ok(File::from(OwnedFd::from(io::pipe()?.0)))
    }

    pub(super) fn identity(file: &File) -> io::Result<Identity> {
        file.metadata().map(|metadata| (metadata.dev(), metadata.ino()))
    }
}

/// Other systems do not reuse handles of open files.
#[cfg(not(unix))]
mod system {
    use super::{File, io};

    pub(super) type Identity = ();

    pub(super) fn pipe() -> io::Result<File> {
        Ok(File::from(std::os::windows::io::OwnedHandle::from(io::pipe()?.0)))
    }

    pub(super) fn identity(_: &File) -> io::Result<Identity> {
        Ok(())
    }
}
