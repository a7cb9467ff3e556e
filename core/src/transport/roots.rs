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
    /// The operating system.
    System,
    /// The environment variables of this name, which replace the system's.
    Variable(&'static str),
    /// The list of Mozilla, which is part of this library. Used if the system has none, as in small container images.
    BuiltIn,
    /// None, for plain HTTP.
    None,
}

impl fmt::Display for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.system {
            SystemRoots::System => f.write_str("the system's certificates"),
            SystemRoots::Variable(names) => write!(f, "the certificates of {names}"),
            SystemRoots::BuiltIn => f.write_str("the built-in certificates, since the system has none"),
            SystemRoots::None => f.write_str("no certificates"),
        }?;
        match &self.ca_file {
            Some(file) => write!(f, " and `ca_file` {}", file.display()),
            None => Ok(()),
        }
    }
}
