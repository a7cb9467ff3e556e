//! Reads the command line, and reports what is wrong with it.

use crate::arguments::Arguments;
use crate::exit_code::ExitCode;
use clap::Parser;
use clap::error::ErrorKind;

/// Reads the arguments. If they ask for help, or are wrong, that is printed, and the exit code is returned.
pub fn parse() -> Result<Arguments, std::process::ExitCode> {
    Arguments::try_parse().map_err(|error| {
        let _ = error.print(); // there is no other place to report that
        match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => std::process::ExitCode::SUCCESS,
            _ => ExitCode::Usage.into(),
        }
    })
}
