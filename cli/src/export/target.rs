//! The file that is written: under a temporary name beside the target, and renamed once it is complete.

use std::fs::{self, File, Permissions};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// An output that looks complete only if it is.
pub(crate) enum Target {
    /// Standard output, a pipe or a device, written as it comes.
    Stream(Box<dyn Write + Send>),
    File {
        temporary: NamedTempFile,
        path: PathBuf,
    },
}

impl Target {
    /// Opens a file, or standard output for `-`.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        if path == Path::new("-") {
            return Ok(Self::Stream(Box::new(io::stdout())));
        }
        match fs::metadata(path) {
            Ok(old) if old.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(old) if !old.is_file() => Ok(Self::Stream(Box::new(File::options().write(true).open(path)?))),
            Ok(old) => Self::replace(fs::canonicalize(path)?, old.permissions()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Self::replace(path.to_owned(), usual_permissions())
            }
            Err(error) => Err(error),
        }
    }

    fn replace(path: PathBuf, permissions: Permissions) -> io::Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let temporary =
            Builder::new().prefix(&format!(".{name}.")).permissions(permissions).tempfile_in(folder_of(&path))?;
        Ok(Self::File { temporary, path })
    }

    /// Returns the folder of the file, for other temporary files.
    pub(crate) fn folder(&self) -> Option<&Path> {
        match self {
            Self::Stream(_) => None,
            Self::File { path, .. } => Some(folder_of(path)),
        }
    }

    /// Writes the content of a file.
    pub(crate) fn copy(&mut self, mut file: File) -> io::Result<()> {
        file.rewind()?;
        io::copy(&mut file, self).map(drop)
    }

    /// Renames a complete file to its final name.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        match self {
            Self::Stream(_) => Ok(()),
            Self::File { temporary, path } => {
                temporary.as_file().sync_all()?;
                temporary.persist(path)?;
                Ok(())
            }
        }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stream(stream) => stream.write(bytes),
            Self::File { temporary, .. } => temporary.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stream(stream) => stream.flush(),
            Self::File { temporary, .. } => temporary.flush(),
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Returns the permissions of a new file, of which the system removes those that the user does not grant.
#[cfg(unix)]
fn usual_permissions() -> Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o666)
}

/// Returns the permissions of a new file.
#[cfg(not(unix))]
fn usual_permissions() -> Permissions {
    // Only a file has permissions here, and the temporary file has those of a new one.
    tempfile::tempfile().and_then(|file| file.metadata()).expect("a new file has permissions").permissions()
}
