//! The output of the program: records and results on stdout, everything else on stderr.

pub mod json_text;
pub mod progress;
mod record_fields;
mod record_table;
mod records;
mod table;
mod value;

pub use record_fields::RecordFields;
pub use record_table::RecordTable;
pub use records::RecordPrinter;
pub use table::{Cell, note_table, print_table};
pub use value::{printable, printable_json, printable_lines};

use crate::failure::Failure;
use crate::messages::Language;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::os::fd::AsFd;

/// Stdout, buffered. Call [`flush`](Self::flush) at the end, since errors of a drop are not reported.
#[derive(Debug)]
pub struct Out {
    writer: BufWriter<Stdout>,
    language: Language,
}

impl Out {
    pub fn new(language: Language) -> Self {
        Self { writer: BufWriter::new(io::stdout()), language }
    }

    /// Prints a text as it is.
    pub fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.writer.write_all(text.as_bytes()).map_err(|error| Failure::stdout(self.language, &error))
    }

    /// Prints a text and a line break.
    pub fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.text(text)?;
        self.text("\n")
    }

    /// Prints a line and flushes it.
    pub fn last_line(&mut self, text: &str) -> Result<(), Failure> {
        self.line(text)?;
        self.flush()
    }

    pub fn flush(&mut self) -> Result<(), Failure> {
        self.writer.flush().map_err(|error| Failure::stdout(self.language, &error))
    }
}

/// Returns the width of the terminal; `None` if stdout is not a terminal.
pub fn terminal_width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    let size = console::Term::stdout().size_checked();
    Some(size.map_or(80, |(_, columns)| usize::from(columns)))
}

/// Returns whether stdout is a file. Then progress on the terminal does not mix with the output of this program or of another one.
pub fn is_to_file() -> bool {
    let stdout = io::stdout().as_fd().try_clone_to_owned();
    stdout.and_then(|stdout| File::from(stdout).metadata()).is_ok_and(|metadata| metadata.is_file())
}

/// Prints a remark for the user to stderr.
pub fn note(text: &str) {
    // Remarks are not the result of a command.
    let _ = writeln!(io::stderr(), "{}", printable_lines(text));
}
