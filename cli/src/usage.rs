//! Reads the command line, and reports what is wrong with it.

use crate::arguments::Arguments;
use crate::count::NotACount;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::help;
use crate::messages::{Language, messages};
use clap::FromArgMatches;
use clap::error::{ContextKind, Error, ErrorKind};
use std::env;
use std::ffi::OsString;
use std::num::{ParseFloatError, ParseIntError};

messages! {
    unknown_command(given: &str) "unknown command `{given}`" "nieznane polecenie `{given}`";
    unknown_option(given: &str) "unknown argument `{given}`" "nieznany argument `{given}`";
    missing_argument(names: &str) "missing: {names}" "brakuje: {names}";
    invalid_value(given: &str, argument: &str)
        "invalid value {given:?} of `{argument}`"
        "nieprawidłowa wartość {given:?} argumentu `{argument}`";
    missing_value(argument: &str) "`{argument}` needs a value" "`{argument}` wymaga wartości";
    expected_one_of(values: &str) ": expected one of {values}" ": oczekiwano jednej z: {values}";
    expected_a_number() ": expected a number" ": oczekiwano liczby";
    expected_a_count() "expected a number, at least 1" "oczekiwano liczby, co najmniej 1";
    conflict(argument: &str, other: &str)
        "`{argument}` and `{other}` cannot be used together"
        "`{argument}` i `{other}` wykluczają się";
    did_you_mean(suggestion: &str) "; did you mean `{suggestion}`?" "; czy chodziło o `{suggestion}`?";
    see_help(command: &str) "See `{command} --help`." "Zobacz `{command} --help`.";
}

/// Reads the arguments. If they ask for help, or are wrong, that is printed, and the exit code is returned.
pub fn parse() -> Result<Arguments, std::process::ExitCode> {
    let language = language();
    let matches = help::command(language).try_get_matches_from(arguments());
    matches.and_then(|matches| Arguments::from_arg_matches(&matches)).map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print(); // `egito --help | head` may close the pipe
            std::process::ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::Usage.into()
        }
        _ => Failure::Usage(message(&error, language)).report(
            language,
            env::args_os().any(|given| given == "--json"),
            None,
        ),
    })
}

/// Returns the arguments, with `egito help list` as `egito list --help`.
fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<OsString> = env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "help") {
        arguments.remove(1);
        arguments.push("--help".into());
    }
    arguments
}

/// Returns the language before the arguments are read.
fn language() -> Language {
    let given: Vec<String> = env::args_os().filter_map(|argument| argument.into_string().ok()).collect();
    let value = given.iter().enumerate().find_map(|(index, argument)| match argument.strip_prefix("--language") {
        Some("") => given.get(index + 1).map(String::as_str),
        Some(value) => value.strip_prefix('='),
        None => None,
    });
    match value {
        Some("pl") => Language::Polish,
        Some("en") => Language::English,
        _ => Language::of_environment(),
    }
}

/// Returns what is wrong, and what to do.
fn message(error: &Error, language: Language) -> String {
    let of = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let argument = || of(ContextKind::InvalidArg);
    let what = match error.kind() {
        ErrorKind::InvalidSubcommand => language.unknown_command(&of(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => language.unknown_option(&argument()),
        ErrorKind::MissingRequiredArgument => language.missing_argument(&argument()),
        ErrorKind::ArgumentConflict => language.conflict(&argument(), &of(ContextKind::PriorArg)),
        ErrorKind::InvalidValue if of(ContextKind::InvalidValue).is_empty() => language.missing_value(&argument()),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => invalid_value(error, language),
        _ => error.to_string().trim_start_matches("error: ").lines().next().unwrap_or_default().to_owned(),
    };
    let suggestion = suggestion(error, language).unwrap_or_else(|| ".".into());
    format!("{what}{suggestion} {}", language.see_help(&command()))
}

fn invalid_value(error: &Error, language: Language) -> String {
    let of = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let what = language.invalid_value(&of(ContextKind::InvalidValue), &of(ContextKind::InvalidArg));
    let valid = of(ContextKind::ValidValue);
    let why = std::error::Error::source(error).map(|why| match why.to_string() {
        _ if why.is::<NotACount>() => format!(": {}", language.expected_a_count()),
        // The texts of the standard library, such as "invalid digit found in string".
        text if why.is::<ParseIntError>() || why.is::<ParseFloatError>() || text.contains("digit") => {
            language.expected_a_number()
        }
        text => format!(": {text}"),
    });
    what + &if valid.is_empty() { why.unwrap_or_default() } else { language.expected_one_of(&valid) }
}

fn suggestion(error: &Error, language: Language) -> Option<String> {
    let kinds = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let suggested = kinds.into_iter().find_map(|kind| error.get(kind)).map(ToString::to_string);
    suggested.map(|suggested| language.did_you_mean(&suggested))
}

/// Returns the command whose help explains the arguments, such as `egito outbox list`.
fn command() -> String {
    let (mut command, mut names) = (help::command(Language::English), vec!["egito".to_owned()]);
    for argument in env::args_os()
        .skip(1)
        .filter_map(|argument| argument.into_string().ok())
        .filter(|argument| !argument.starts_with('-'))
    {
        let Some(inner) = command.find_subcommand(&argument).cloned() else { continue };
        command = inner;
        names.push(argument);
    }
    names.join(" ")
}
