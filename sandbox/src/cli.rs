//! The command line.

use std::os::unix::process::parent_id;

use egito_sandbox::Options;

const HELP: &str = "\
A local Egito CRM on 127.0.0.1, to develop and test integrations against.

Usage: egito-sandbox [OPTIONS]

  --port N             port to listen on; 0, the default, uses a free one
  --records N          fill the entity Account up to N records with generated ones
  --seed FILE          seed document (YAML) instead of the built-in one
  --data FILE          store the records in this SQLite file
  --print-env          print `export EGITO_…` lines instead of one JSON line
  --exit-with-parent   stop when the parent process has ended
  --exit-with-parent=PID
                       the same, also if the parent has ended before the sandbox started: PID is its process id
  --help, --version

It binds the port, then prints its address, that of its page for a browser, and the settings of a client.
SIGTERM and SIGINT stop it.";

/// The arguments of the program.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub options: Options,
    pub print_env: bool,
    /// The process id of the parent to end with.
    pub parent: Option<u32>,
}

/// What to do with the command line.
#[derive(Debug)]
pub(crate) enum Parsed {
    Run(Arguments),
    Print(String),
    Invalid(String),
}

impl Arguments {
    pub fn parse(mut rest: impl Iterator<Item = String>) -> Parsed {
        let mut arguments = Self::default();
        while let Some(argument) = rest.next() {
            // `--port=0` is `--port 0`.
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (argument, None),
            };
            if name == "--help" || name == "-h" {
                return Parsed::Print(HELP.to_owned());
            }
            if name == "--version" {
                return Parsed::Print(concat!("egito-sandbox ", env!("CARGO_PKG_VERSION")).to_owned());
            }
            if name == "--exit-with-parent" && value.is_none() {
                arguments.parent = Some(parent_id());
            } else if let Err(message) = arguments.take(&name, || value.or_else(|| rest.next())) {
                return Parsed::Invalid(message);
            }
        }
        Parsed::Run(arguments)
    }

    fn take(&mut self, name: &str, value: impl FnOnce() -> Option<String>) -> Result<(), String> {
        let value = || value().ok_or_else(|| format!("{name} needs a value"));
        match name {
            "--port" => self.options.port = number(name, &value()?)?,
            "--records" => self.options.records = Some(number(name, &value()?)?),
            "--seed" => self.options.seed = Some(value()?.into()),
            "--data" => self.options.data = Some(value()?.into()),
            "--print-env" => self.print_env = true,
            "--exit-with-parent" => self.parent = Some(number(name, &value()?)?),
            _ => return Err(format!("unknown argument {name}; see --help")),
        }
        Ok(())
    }
}

fn number<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("invalid {name}: expected a number, got {text}"))
}
