//! Questions before something that cannot be undone.

use crate::context::Context;
use crate::failure::Failure;
use crate::messages::messages;
use std::io::{self, BufRead, IsTerminal, Write};

messages! {
    needs_yes(question: &str)
        "{question} There is no terminal to ask on: confirm with `--yes`"
        "{question} Brak terminala, na którym można zapytać: potwierdź opcją `--yes`";
    yes_or_no() "[y/N]" "[t/N]";
}

/// Asks a question on the terminal, unless the user has given `--yes`.
///
/// Fails with `Refused` if the user says no, and with `Usage` without a terminal.
pub fn confirm(context: &Context, yes: bool, question: &str) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::Usage(context.language.needs_yes(question)));
    }
    let _ = write!(io::stderr(), "{question} {} ", context.language.yes_or_no());
    let mut reply = String::new();
    let read = context.interrupts.while_idle(|| io::stdin().lock().read_line(&mut reply));
    let is_yes = matches!(reply.trim().to_lowercase().as_str(), "y" | "yes" | "t" | "tak");
    if read.is_ok() && is_yes { Ok(()) } else { Err(Failure::Refused) }
}
