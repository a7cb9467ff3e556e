//! The command line: options of all commands, and the command.

use crate::commands::Command;
use crate::messages::Language;
use clap::{Args, Parser};
use std::path::PathBuf;

/// The Egito CRM on the command line
#[derive(Debug, Parser)]
#[command(name = "egito", version, max_term_width = 100)]
#[command(disable_help_subcommand = true, disable_help_flag = true, disable_version_flag = true)]
pub struct Arguments {
    #[command(flatten)]
    pub global: GlobalArguments,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of all commands.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options of all commands")]
pub struct GlobalArguments {
    /// File with settings (TOML) instead of that of `EGITO_CONFIG`; variables of the environment override it
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Setting of the client, such as `timeout=30`; can be given several times
    #[arg(long = "set", value_name = "NAME=VALUE", global = true)]
    pub settings: Vec<String>,
    /// Print JSON, for programs; errors too, on stderr
    #[arg(long, global = true)]
    pub json: bool,
    /// Language of the texts; the default is that of the locale
    #[arg(long, value_name = "LANGUAGE", global = true)]
    pub language: Option<Language>,
}

impl GlobalArguments {
    pub fn language(&self) -> Language {
        self.language.unwrap_or_else(Language::of_environment)
    }
}
