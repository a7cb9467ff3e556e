//! The exit codes. docs/cli.md documents them; scripts rely on them.

use egito::Code;

/// The result of the program, for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// The command was done, and reports problems: of the server (`doctor`), or of some records (`import`, `outbox deliver`).
    Problems = 1,
    /// An argument or a setting is wrong. Nothing was sent.
    Usage = 2,
    /// The login was refused.
    Auth = 3,
    /// The user lacks a right.
    Permission = 4,
    /// No record has this id.
    NotFound = 5,
    /// The server refused the record.
    Validation = 6,
    /// A create or custom action may have been done.
    OutcomeUnknown = 7,
    /// The server cannot be reached, is overloaded or too slow: try again later.
    TryLater = 8,
    /// The server's response or its certificate is not as expected.
    UnexpectedServer = 9,
    /// A file cannot be read or written.
    File = 10,
    /// A bug of this program.
    Internal = 70,
    /// Ended by Ctrl-C (SIGINT).
    Interrupted = 130,
    /// Ended by SIGTERM.
    Terminated = 143,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        match code {
            Code::Config => Self::Usage,
            Code::Auth => Self::Auth,
            Code::Permission => Self::Permission,
            Code::NotFound => Self::NotFound,
            Code::Validation => Self::Validation,
            Code::OutcomeUnknown => Self::OutcomeUnknown,
            Code::RateLimited | Code::Server | Code::Connection | Code::Timeout => Self::TryLater,
            Code::UnexpectedResponse | Code::Tls | Code::Pagination => Self::UnexpectedServer,
            Code::Cancelled => Self::Interrupted,
            _ => Self::Internal,
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}
