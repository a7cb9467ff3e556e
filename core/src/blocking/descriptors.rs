//! Detects that the program closed file descriptors of the library, as daemons do with `closefrom`.
//!
//! Without this check, the runtime would read, write and close numbers that may now belong to files of the program.

use crate::error::{Error, Result};
use std::fs::File;
use std::io;

/// One end of a pipe, opened together with the descriptors of a runtime. As long as its number refers to the same pipe, the program
/// has not closed those of the runtime either.
#[derive(Debug)]
pub(super) struct DescriptorCheck {
    /// `None` once it is dropped.
    pipe: Option<File>,
    inode: u64,
}

impl DescriptorCheck {
    pub(super) fn new() -> io::Result<Self> {
        let pipe = system::pipe()?;
        Ok(Self { inode: system::inode(&pipe)?, pipe: Some(pipe) })
    }

    /// Returns whether the descriptors still belong to the library.
    pub(super) fn are_open(&self) -> bool {
        self.pipe.as_ref().is_some_and(|pipe| system::inode(pipe).is_ok_and(|inode| inode == self.inode))
    }

    /// Fails if the program closed the descriptors of the list or bulk that `what` names.
    pub(super) fn check(&self, what: &str) -> Result<()> {
        if self.are_open() {
            return Ok(());
        }
        let message = format!(
            "the program closed the file descriptors of this {what}, for example with closefrom(); create the {what} after that"
        );
        Err(Error::config(what, message))
    }
}

impl Drop for DescriptorCheck {
    fn drop(&mut self) {
        if !self.are_open() {
            std::mem::forget(self.pipe.take()); // its number may belong to a file of the program
        }
    }
}

#[cfg(unix)]
mod system {
    use super::{File, io};
    use std::os::fd::OwnedFd;
    use std::os::unix::fs::{FileTypeExt, MetadataExt};

    pub(super) fn pipe() -> io::Result<File> {
        Ok(File::from(OwnedFd::from(io::pipe()?.0)))
    }

    pub(super) fn inode(pipe: &File) -> io::Result<u64> {
        let metadata = pipe.metadata()?;
        if metadata.file_type().is_fifo() { Ok(metadata.ino()) } else { Err(io::ErrorKind::NotFound.into()) }
    }
}

/// Other systems do not reuse handles of open files.
#[cfg(not(unix))]
mod system {
    use super::{File, io};

    pub(super) fn pipe() -> io::Result<File> {
        Ok(File::from(std::os::windows::io::OwnedHandle::from(io::pipe()?.0)))
    }

    pub(super) fn inode(_: &File) -> io::Result<u64> {
        Ok(0)
    }
}
