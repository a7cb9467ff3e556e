//! The certificate authorities that a client trusts, as error messages name them.

use std::fmt;
use std::path::PathBuf;

/// The trusted authorities.
#[derive(Clone, Debug)]
pub(super) struct Roots {
    pub system: SystemRoots,
    pub ca_file: Option<PathBuf>,
}

/// The source of the authorities that are trusted without a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SystemRoots {
    /// The operating system, or the environment variable `SSL_CERT_FILE`.
    System,
    /// The list of Mozilla, which is part of this library. Used if the system has none, as in small container images.
    BuiltIn,
    /// None, for plain HTTP.
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
