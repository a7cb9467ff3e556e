//! The command line.

use egito_sandbox::Options;

const HELP: &str = "\
A local Egito CRM on 127.0.0.1, to develop and test integrations against.

Usage: egito-sandbox [OPTIONS]

  --port N             port to listen on; 0, the default, takes a free one
  --records N          fill the entity Account up to N generated records
  --seed FILE          seed document (YAML) in place of the built-in one
  --data FILE          keep the records in this SQLite file
  --print-env          print `export EGITO_…` lines instead of one JSON line
  --exit-with-parent   end when the process that started it has ended
  --help, --version

It binds first, then prints its address and what a client needs to log in. It ends on SIGTERM and SIGINT.";

/// What the program was asked for.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub options: Options,
    pub print_env: bool,
    pub exit_with_parent: bool,
}

/// What to do with the command line.
#[derive(Debug)]
pub(crate) enum Parsed {
    Run(Arguments),
    Tell(String),
    Wrong(String),
}

impl Arguments {
    pub fn parse(mut words: impl Iterator<Item = String>) -> Parsed {
        let mut arguments = Self::default();
        while let Some(word) = words.next() {
            // `--port=0` is `--port 0`.
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (word, None),
            };
            if name == "--help" || name == "-h" {
                return Parsed::Tell(HELP.to_owned());
            }
            if name == "--version" {
                return Parsed::Tell(concat!("egito-sandbox ", env!("CARGO_PKG_VERSION")).to_owned());
            }
            if let Err(message) = arguments.take(&name, || value.or_else(|| words.next())) {
                return Parsed::Wrong(message);
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
            "--exit-with-parent" => self.exit_with_parent = true,
            _ => return Err(format!("unknown argument {name}; --help lists them")),
        }
        Ok(())
    }
}

fn number<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{name} needs a number, not {text}"))
}
