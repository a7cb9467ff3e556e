//! The program `egito-sandbox`: reads its arguments, starts the sandbox, prints one line, and runs until a signal stops it.

mod cli;
mod shutdown;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use cli::{Arguments, Parsed};
use egito_sandbox::Sandbox;

fn main() -> ExitCode {
    match Arguments::parse(std::env::args().skip(1)) {
        Parsed::Run(arguments) => run(arguments).map_or_else(|error| fail(&error.to_string()), |()| ExitCode::SUCCESS),
        Parsed::Print(text) => print_line(&text).map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS),
        Parsed::Invalid(message) => fail(&message),
    }
}

fn run(arguments: Arguments) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let shutdown = shutdown::ShutdownSignal::new(arguments.parent)?;
        let sandbox = Sandbox::start(arguments.options).await?;
        // The lines on stdout are for programs; this one is for the user of a terminal.
        if io::stderr().is_terminal() {
            eprintln!("Open {} in a browser to see requests and to make them fail.", sandbox.page());
        }
        print_line(&if arguments.print_env { sandbox.settings().to_exports() } else { announcement(&sandbox)? })?;
        shutdown.wait().await;
        sandbox.stop().await;
        Ok(())
    })
}

/// Returns address and settings as one JSON line, for scripts.
fn announcement(sandbox: &Sandbox) -> io::Result<String> {
    let settings = serde_json::to_string(sandbox.settings())?;
    Ok(format!(r#"{{"address":"{}","page":"{}","settings":{settings}}}"#, sandbox.address(), sandbox.page()))
}

fn print_line(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

fn fail(message: &str) -> ExitCode {
    eprintln!("egito-sandbox: {message}");
    ExitCode::FAILURE
}
