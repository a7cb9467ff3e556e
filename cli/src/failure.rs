//! Why a command ended without success, and how that is reported.

use crate::error_texts;
use crate::exit_code::ExitCode;
use crate::messages::Language;
use crate::output::{printable, printable_json, printable_lines};
use serde_json::json;
use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

/// The reason why a command ended without success.
#[derive(Debug)]
pub enum Failure {
    /// A call, or the settings of the client.
    Call(egito::Error),
    /// An argument is wrong. Nothing was sent.
    Usage(String),
    /// A file cannot be read or written.
    File(String),
    /// The command has printed what is wrong.
    Problems,
    /// The reader of the output has closed it, as `head` does. Not reported.
    ClosedPipe,
    /// The user said no. Nothing was sent.
    Refused,
}

impl Failure {
    /// Returns the failure to read a file.
    pub fn reading(language: Language, what: impl Display, why: &dyn Display) -> Self {
        Self::File(language.cannot_read(&what.to_string(), &why.to_string()))
    }

    /// Returns the failure to write a file.
    pub fn writing(language: Language, what: impl Display, why: &dyn Display) -> Self {
        Self::File(language.cannot_write(&what.to_string(), &why.to_string()))
    }

    /// Returns the failure to write to stdout.
    pub fn stdout(language: Language, error: &io::Error) -> Self {
        if error.kind() == ErrorKind::BrokenPipe { Self::ClosedPipe } else { Self::writing(language, "stdout", error) }
    }

    /// Prints the failure to stderr, as JSON if that was asked for, and returns the exit code. `signal` is that of a signal that has
    /// ended the command.
    pub fn report(&self, language: Language, as_json: bool, signal: Option<ExitCode>) -> std::process::ExitCode {
        let code = self.exit_code(signal);
        let text = if as_json {
            self.to_json().map(|json| printable_json(&json))
        } else {
            self.to_text(language).map(|text| printable_lines(&text))
        };
        if let Some(text) = text {
            // There is no other place to report that stderr cannot be written.
            let _ = writeln!(io::stderr(), "{text}");
        }
        code.map_or(std::process::ExitCode::SUCCESS, Into::into)
    }

    /// Returns the exit code; `None` for a success.
    fn exit_code(&self, signal: Option<ExitCode>) -> Option<ExitCode> {
        Some(match self {
            Self::Call(error) if error.is_cancelled() => signal.unwrap_or(ExitCode::Interrupted),
            Self::Call(error) => error.code().into(),
            Self::Usage(_) => ExitCode::Usage,
            Self::File(_) => ExitCode::File,
            Self::Problems => ExitCode::Problems,
            Self::Refused => signal.unwrap_or(ExitCode::Interrupted),
            Self::ClosedPipe => return None,
        })
    }

    fn to_json(&self) -> Option<String> {
        match self {
            Self::Call(error) => Some(error.to_json()),
            Self::Usage(message) => Some(json!({"code": "usage", "message": message}).to_string()),
            Self::File(message) => Some(json!({"code": "file", "message": message}).to_string()),
            Self::Refused => Some(egito::Error::cancelled().to_json()),
            Self::Problems | Self::ClosedPipe => None,
        }
    }

    fn to_text(&self, language: Language) -> Option<String> {
        match self {
            Self::Call(error) => Some(call_error(error, language)),
            Self::Usage(message) | Self::File(message) => Some(format!("{}: {message}", language.error())),
            Self::Refused => Some(language.nothing_sent()),
            Self::Problems | Self::ClosedPipe => None,
        }
    }
}

impl From<egito::Error> for Failure {
    fn from(error: egito::Error) -> Self {
        Self::Call(error)
    }
}

/// Returns the error of a call with what to do. The message of the core is in English; it has the details.
fn call_error(error: &egito::Error, language: Language) -> String {
    if error.is_cancelled() {
        return language.interrupted();
    }
    let code = error.code();
    let message = printable(&error.to_string()); // it can have a text of the server
    let mut text = match language {
        Language::English => format!("{} ({code}): {message}", language.error()),
        Language::Polish => {
            let (what, advice) = error_texts::polish(code);
            format!("{} ({code}): {what}\n  {message}\n  {advice}", language.error())
        }
    };
    if let Some(record) = &error.details().record {
        text = format!("{text}\n{}", language.record_sent(record.get()));
    }
    text
}
