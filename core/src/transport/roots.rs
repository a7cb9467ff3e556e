//! Which certificate authorities a client trusts, for the text of its errors.

use std::fmt;
use std::path::PathBuf;

/// Which authorities are trusted, in the words of an error.
#[derive(Clone, Debug)]
pub(super) struct Roots {
    pub system: SystemRoots,
    pub ca_file: Option<PathBuf>,
}

/// Where the authorities come from that need no setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SystemRoots {
    /// Those of the operating system, or of the variable `SSL_CERT_FILE`.
    System,
    /// The system has none, as in small container images: those of Mozilla, which are part of this library.
    BuiltIn,
    /// Plain HTTP.
    None,
}

impl fmt::Display for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.system {
            SystemRoots::System => "the system's certificates",
            SystemRoots::BuiltIn => "the built-in certificates, since the system has none",
            SystemRoots::None => "no certificates",
        })?;
        match &self.ca_file {
            Some(file) => write!(f, " and `ca_file` {}", file.display()),
            None => Ok(()),
        }
    }
}
