//! The program `egito`: reads its arguments, runs one command, and ends with a documented exit code.

mod arguments;
mod commands;
mod confirm;
mod connection;
mod context;
mod count;
mod error_texts;
mod exit_code;
mod export;
mod failure;
mod fields;
mod filter_check;
mod help;
mod help_texts;
mod import;
mod import_texts;
mod interrupt;
mod members;
mod messages;
mod output;
mod report_texts;
mod times;
mod types;
mod usage;

use commands::Command;
use context::Context;
use failure::Failure;
use interrupt::Interrupts;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = match usage::parse() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let context = Context::new(&arguments.global, Interrupts::new());
    match run(&arguments.command, &context) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(context.language, context.json, context.interrupts.signal()),
    }
}

fn run(command: &Command, context: &Context) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::File(context.language.no_threads(&error.to_string())))?;
    let result = runtime.block_on(command.run(context));
    runtime.shutdown_background();
    result
}
