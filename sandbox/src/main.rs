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
        print_line(&if arguments.print_env { exports(&sandbox) } else { announcement(&sandbox)? })?;
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

/// Returns `export` lines for a shell's `eval`.
fn exports(sandbox: &Sandbox) -> String {
    let settings = sandbox.settings();
    let variables = [
        ("EGITO_BASE_URL", &settings.base_url),
        ("EGITO_API_ID", &settings.client_id),
        ("EGITO_API_SECRET", &settings.client_secret),
        ("EGITO_USERNAME", &settings.username),
        ("EGITO_PASSWORD", &settings.password),
    ];
    let export = |(name, value): (&str, &String)| format!("export {name}='{}'", value.replace('\'', r"'\''"));
    variables.map(export).join("\n")
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
