//! Generates types, exceptions and the docstring of the client for Python.

use crate::Output;
use crate::prose::{NOTICE, capitalized, default_sentence, on_one_line, setting_text, wrapped};
use egito::binding::{DETAILS, DetailKind, SETTINGS, SettingGroup, SettingInfo, SettingKind, variable};
use egito::{CODES, CodeInfo};
use std::fmt::Write as _;

const WIDTH: usize = 120;

/// Exceptions that also derive from the builtin exception with the same name.
const BUILTINS: [&str; 3] = ["PermissionError", "ConnectionError", "TimeoutError"];

pub fn outputs() -> Vec<Output> {
    let docstring_start = "    Settings, with their defaults";
    vec![
        Output::file("bindings-python/python/egito/_generated/settings.py", settings()),
        Output::file("bindings-python/python/egito/_generated/error_details.py", details()),
        Output::file("bindings-python/python/egito/_generated/error_classes.py", classes()),
        Output::part(
            "bindings-python/python/egito/_async/client.py",
            docstring_start,
            "    Raises:",
            settings_docstring(),
        ),
    ]
}

fn settings() -> String {
    let mut text = module("Types of settings.");
    text.push_str("from collections.abc import Mapping\nfrom typing import TYPE_CHECKING, Literal, TypedDict\n\n");
    text.push_str("if TYPE_CHECKING:\n    import os\n\n\n");
    let all = || SETTINGS.iter().filter(|setting| setting.name != "name");
    let is_wire = |setting: &&SettingInfo| setting.group == SettingGroup::Wire;
    text.push_str("class CallOptions(TypedDict, total=False):\n    \"\"\"Settings that single calls can override, see `Client.with_options`.\"\"\"\n\n");
    all().filter(|setting| setting.per_call).for_each(|setting| field(&mut text, setting));
    text.push_str("\n\nclass WireSettings(TypedDict, total=False):\n    \"\"\"Settings for a server that differs from Egito's documentation. Most programs need none of these.\"\"\"\n\n");
    all().filter(is_wire).for_each(|setting| field(&mut text, setting));
    text.push_str("\n\nclass Settings(WireSettings, total=False):\n    \"\"\"Keyword arguments of a client, except `name`. `None` means \"not set\".\"\"\"\n\n");
    all().filter(|setting| !is_wire(setting)).for_each(|setting| field(&mut text, setting));
    text.push_str("\n\nENVIRONMENT = {\n");
    for setting in SETTINGS {
        if let Some(variable) = variable(setting.name) {
            let _ = writeln!(text, "    \"{variable}\": \"{}\",", setting.name);
        }
    }
    text + "}\n\"\"\"Environment variables, and the settings that they set.\"\"\"\n"
}

fn field(text: &mut String, setting: &SettingInfo) {
    let kind = match setting.kind {
        SettingKind::Text | SettingKind::Secret => "str".to_owned(),
        SettingKind::Path | SettingKind::Store => "str | os.PathLike[str]".to_owned(),
        SettingKind::Seconds | SettingKind::Number => "float".to_owned(),
        SettingKind::Count | SettingKind::Bytes => "int".to_owned(),
        SettingKind::Flag => "bool".to_owned(),
        SettingKind::OneOf(choices) => literal(choices),
        SettingKind::Headers => "Mapping[str, str]".to_owned(),
        _ => unreachable!("unknown kind"),
    };
    let _ = writeln!(text, "    {}: {kind} | None", setting.name);
    docstring(text, &setting_doc(setting));
}

fn setting_doc(setting: &SettingInfo) -> String {
    let default = match (setting.kind, setting.default) {
        (SettingKind::Flag, "false") => " Default: False.".to_owned(),
        (SettingKind::OneOf(_) | SettingKind::Text | SettingKind::Store, text) if !text.is_empty() => {
            format!(" Default: `\"{text}\"`.")
        }
        _ => default_sentence(setting, "s"),
    };
    setting_text(setting) + &default
}

fn literal(choices: &[&str]) -> String {
    format!("Literal[\"{}\"]", choices.join("\", \""))
}

/// Writes a docstring below a field, on one line if it fits.
fn docstring(text: &mut String, doc: &str) {
    let mut lines = wrapped(&format!("\"\"\"{doc}"), "    ", WIDTH);
    let last = lines.last_mut().expect("there is at least one line");
    if last.chars().count() + 3 <= WIDTH {
        last.push_str("\"\"\"");
    } else {
        lines.push("    \"\"\"".to_owned());
    }
    let _ = writeln!(text, "{}", lines.join("\n"));
}

fn details() -> String {
    let mut text = module("Details of errors.");
    text.push_str("from egito._typing import TYPE_CHECKING\n\n");
    text.push_str("if TYPE_CHECKING:\n    from collections.abc import Sequence\n    from typing import Literal\n\n");
    text.push_str("    from egito._field_error import FieldError\n    from egito._types import Record, RecordId\n\n\n");
    text.push_str(
        "class ErrorDetails:\n    \"\"\"The details of an error. Details that do not apply are `None` or empty.\"\"\"\n\n",
    );
    for detail in DETAILS {
        let kind = match detail.kind {
            DetailKind::Text => "str | None".to_owned(),
            DetailKind::OneOf(choices) => literal(choices) + " | None",
            DetailKind::Flag => "bool".to_owned(),
            DetailKind::Count => "int".to_owned(),
            DetailKind::Integer => "int | None".to_owned(),
            DetailKind::Seconds => "float | None".to_owned(),
            DetailKind::Id => "RecordId | None".to_owned(),
            DetailKind::Record => "Record | None".to_owned(),
            DetailKind::Errors => "Sequence[FieldError]".to_owned(),
            _ => unreachable!("unknown kind"),
        };
        let _ = writeln!(text, "    {}: {kind}", detail.name);
        let more = match detail.name {
            "cause" => " For network errors and timeouts, `__cause__` is an OSError with it.",
            _ => "",
        };
        docstring(&mut text, &(on_one_line(detail.doc) + more));
    }
    text
}

fn classes() -> String {
    let mut text = format!("# {NOTICE}\n\"\"\"One exception class per error code.\n\n    EgitoError\n");
    for (index, info) in CODES.iter().enumerate() {
        let branch = if index + 1 == CODES.len() { "└─" } else { "├─" };
        let when = info.when.split([';', ':']).next().unwrap_or_default();
        let _ = writeln!(text, "     {branch} {:<26} {when}", info.class);
    }
    text.push_str("\nThe codes are the same in every language.\n\"\"\"\n\nfrom __future__ import annotations\n\nimport builtins\n\n");
    text.push_str("from egito._egito_error import EgitoError\nfrom egito._typing import TYPE_CHECKING\n\n");
    text.push_str("if TYPE_CHECKING:\n    from collections.abc import Mapping\n");
    for info in CODES {
        class(&mut text, info);
    }
    text.push_str("\n\nCLASSES: Mapping[str, type[EgitoError]] = {\n");
    for info in CODES {
        let _ = writeln!(text, "    \"{}\": {},", info.name, info.class);
    }
    text.push_str("}\n\"\"\"Exception class of each code.\"\"\"\n\n__all__ = [\n");
    let mut names: Vec<&str> = CODES.iter().map(|info| info.class).chain(["EgitoError"]).collect();
    names.sort_unstable();
    for name in names {
        let _ = writeln!(text, "    \"{name}\",");
    }
    text + "]\n"
}

fn class(text: &mut String, info: &CodeInfo) {
    let builtin = if BUILTINS.contains(&info.class) { format!(", builtins.{}", info.class) } else { String::new() };
    let _ = writeln!(text, "\n\nclass {}(EgitoError{builtin}):", info.class);
    let when = capitalized(info.when);
    let _ = writeln!(text, "    \"\"\"{when}.\n\n    {}\n    \"\"\"\n\n    code = \"{}\"", info.advice, info.name);
}

/// Returns the settings for the docstring of the client, which `help(egito.Client)` shows.
fn settings_docstring() -> String {
    let mut text = String::new();
    for setting in SETTINGS.iter().filter(|setting| setting.group != SettingGroup::Wire) {
        let summary = on_one_line(setting.doc);
        let summary = summary.split(". ").next().unwrap_or_default().trim_end_matches('.');
        let lines =
            wrapped(&format!("{}{}: {summary}.", setting.name, default_argument(setting)), "        ", WIDTH - 4);
        let _ = writeln!(text, "{}", lines.join("\n    "));
    }
    let wire = SETTINGS.iter().filter(|setting| setting.group == SettingGroup::Wire);
    let wire: Vec<String> = wire.map(|setting| format!("{}{}", setting.name, default_argument(setting))).collect();
    let wire =
        format!("{}: For a server that differs from Egito's documentation, see `egito.Settings`.", wire.join(", "));
    let _ = writeln!(text, "{}\n", wrapped(&wire, "        ", WIDTH).join("\n"));
    text
}

fn default_argument(setting: &SettingInfo) -> String {
    match (setting.kind, setting.default) {
        (_, "") => String::new(),
        (SettingKind::Flag, "false") => "=False".to_owned(),
        (SettingKind::Seconds | SettingKind::Count | SettingKind::Bytes, number) => format!("={number}"),
        (_, text) => format!("=\"{text}\""),
    }
}

fn module(doc: &str) -> String {
    format!("# {NOTICE}\n\"\"\"{doc}\"\"\"\n\nfrom __future__ import annotations\n\n")
}
