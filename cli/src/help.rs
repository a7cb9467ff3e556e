//! The command line as clap knows it, with the help in the language of the user.

use crate::arguments::Arguments;
use crate::help_texts;
use crate::messages::{Language, messages};
use clap::{Arg, ArgAction, Command, CommandFactory};

messages! {
    help_flag() "Print help" "Pokaż pomoc";
    version_flag() "Print version" "Pokaż wersję";
}

const POLISH_TEMPLATE: &str = "{before-help}{about-with-newline}\nUżycie: {usage}\n\n{all-args}{after-help}";

/// Returns the command line with the texts in this language.
pub fn command(language: Language) -> Command {
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let version = version.help(language.version_flag()).help_heading(None::<&'static str>);
    let command = Arguments::command().arg(version);
    let command = with_help_flag(command, language);
    if language == Language::Polish { in_polish(command, "") } else { command }
}

fn with_help_flag(command: Command, language: Language) -> Command {
    let flag = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::HelpShort)
        .help_heading(None::<&'static str>) // not that of the options before it
        .help(language.help_flag());
    let names: Vec<String> = command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
    let command = command.disable_help_flag(true).disable_help_subcommand(true).arg(flag);
    names
        .into_iter()
        .fold(command, |command, name| command.mut_subcommand(name, |inner| with_help_flag(inner, language)))
}

/// Replaces the texts of a command and of those under it. `path` is its name, such as `outbox list`.
fn in_polish(command: Command, path: &str) -> Command {
    let arguments: Vec<String> = command.get_arguments().map(|argument| argument.get_id().to_string()).collect();
    let names: Vec<String> = command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
    let usage = usage_in_polish(&command, path);
    let command = command.override_usage(usage).help_template(POLISH_TEMPLATE);
    let mut command = command.about(text(path)).subcommand_help_heading("Polecenia");
    for id in arguments {
        command = command.mut_arg(&id, |argument| argument_in_polish(argument, &key(path, &id)));
    }
    names.into_iter().fold(command, |command, name| {
        let inner_path = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        command.mut_subcommand(name, |inner| in_polish(inner, &inner_path))
    })
}

fn argument_in_polish(argument: Arg, key: &str) -> Arg {
    let heading = match argument.get_help_heading() {
        Some(_) => "Opcje wszystkich poleceń",
        None if argument.is_positional() => "Argumenty",
        None => "Opcje",
    };
    let argument = argument.help_heading(heading);
    if matches!(argument.get_id().as_str(), "help" | "version") {
        return argument;
    }
    let (remarks, has_value) = (remarks(&argument), argument.get_action().takes_values());
    argument.help(format!("{}{remarks}", text(key))).hide_possible_values(has_value).hide_default_value(has_value)
}

/// Returns the values and the default of an argument, which clap would name in English.
fn remarks(argument: &Arg) -> String {
    if !argument.get_action().takes_values() {
        return String::new();
    }
    let values: Vec<String> = argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let defaults: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let remark = |what: &str, of: String| if of.is_empty() { of } else { format!(" [{what}: {of}]") };
    remark("możliwe wartości", values.join(", ")) + &remark("domyślnie", defaults.join(", "))
}

/// Returns the usage of a command that has not got its full name yet.
fn usage_in_polish(command: &Command, path: &str) -> String {
    let usage = command.clone().render_usage().to_string();
    let words = usage.trim_start_matches("Usage: ").replace("[OPTIONS]", "[OPCJE]").replace("<COMMAND>", "<POLECENIE>");
    let arguments = words.split_once(' ').map_or("", |(_, arguments)| arguments);
    ["egito", path, arguments].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn key(path: &str, argument: &str) -> String {
    format!("{path}:{argument}")
}

/// Returns the Polish text of a command or an argument.
fn text(key: &str) -> &'static str {
    let argument = key.rsplit_once(':').map(|(_, argument)| argument);
    // An argument that several commands have in common has one text.
    let is_key = |(known, _): &&(&str, &str)| {
        *known == key || argument.is_some_and(|argument| known.strip_prefix(':') == Some(argument))
    };
    let mut known = help_texts::POLISH.iter().filter(is_key);
    let own = known.clone().find(|(known, _)| *known == key);
    own.or_else(|| known.next()).map_or("", |(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(command: &Command, path: &str) -> Vec<String> {
        let own = command.get_arguments().filter(|argument| !matches!(argument.get_id().as_str(), "help" | "version"));
        let mut all: Vec<String> = own.map(|argument| key(path, argument.get_id().as_str())).collect();
        all.push(path.to_owned());
        for inner in command.get_subcommands() {
            let inner_path =
                if path.is_empty() { inner.get_name().to_owned() } else { format!("{path} {}", inner.get_name()) };
            all.extend(keys(inner, &inner_path));
        }
        all
    }

    #[test]
    fn every_command_and_argument_has_a_polish_text() {
        let missing: Vec<String> =
            keys(&command(Language::English), "").into_iter().filter(|key| text(key).is_empty()).collect();
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn every_polish_text_is_used() {
        let keys = keys(&command(Language::English), "");
        let is_used = |known: &str| keys.iter().any(|key| std::ptr::eq(text(key), text(known)));
        let unused: Vec<_> = help_texts::POLISH.iter().filter(|(known, _)| !is_used(known)).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn the_command_line_is_consistent() {
        for language in [Language::English, Language::Polish] {
            command(language).debug_assert();
        }
    }
}
