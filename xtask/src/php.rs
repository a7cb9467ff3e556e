//! Generates the exceptions of PHP.

use crate::Output;
use crate::prose::{NOTICE, block_comment, default_sentence, described, explained, with_camel_case_details, wrapped};
use egito::binding::{SETTINGS, SettingGroup, SettingInfo, SettingKind};
use egito::{CODES, CodeInfo};
use std::fmt::Write as _;

/// Creates the exception of an argument that only the package can check.
const ABOUT: &str = "
    /** @internal Creates the exception of an argument that only this package can check. */
    public static function about(string $setting, string $message, ?\\Throwable $previous = null): self
    {
        $outcome = Outcome::NotSent->value;
        return new self(['message' => $message, 'setting' => $setting, 'outcome' => $outcome], $previous);
    }
";

pub fn outputs() -> Vec<Output> {
    let settings = Output::file("bindings-c/php/src/Settings.php", settings());
    CODES.iter().map(exception).chain([settings]).collect()
}

fn settings() -> String {
    let is_wire = |setting: &&SettingInfo| setting.group == SettingGroup::Wire;
    let mut text = format!("<?php\n\n// {NOTICE}\n\ndeclare(strict_types=1);\n\nnamespace Egito;\n\n/**\n");
    text.push_str(" * Types of the settings, for type checkers. Programs pass arrays.\n *\n");
    SETTINGS.iter().filter(|setting| !is_wire(setting)).for_each(|setting| entry(&mut text, setting));
    text.push_str(
        " *\n * Settings for a server that differs from Egito's documentation. Most programs need none of these:\n *\n",
    );
    SETTINGS.iter().filter(is_wire).for_each(|setting| entry(&mut text, setting));
    text.push_str(" *\n * Settings of this package: see Client::__construct().\n *\n");
    shape(&mut text, "ClientSettings", SETTINGS.iter(), &["library?: string", "exact?: bool", "logger?: object"]);
    text.push_str(" *\n");
    shape(&mut text, "CallSettings", SETTINGS.iter().filter(|setting| setting.per_call), &[]);
    text + " */\ninterface Settings\n{\n}\n"
}

fn entry(text: &mut String, setting: &SettingInfo) {
    let doc = format!("- `{}`: {}{}", setting.name, described(setting), default_sentence(setting, "s"));
    for (number, line) in wrapped(&doc, "", 115).iter().enumerate() {
        let indent = if number == 0 { "" } else { "  " };
        let _ = writeln!(text, " * {indent}{line}");
    }
}

/// Writes an array shape. A duration can also be given in milliseconds.
fn shape(text: &mut String, name: &str, settings: impl Iterator<Item = &'static SettingInfo>, more: &[&str]) {
    let _ = writeln!(text, " * @phpstan-type {name} array{{");
    for setting in settings {
        let _ = writeln!(text, " *     {}?: {},", setting.name, kind(setting));
        if setting.kind == SettingKind::Seconds {
            let _ = writeln!(text, " *     {}_ms?: int|float,", setting.name);
        }
    }
    for field in more {
        let _ = writeln!(text, " *     {field},");
    }
    text.push_str(" * }\n");
}

fn kind(setting: &SettingInfo) -> String {
    match setting.kind {
        SettingKind::Text | SettingKind::Secret | SettingKind::Path | SettingKind::Store => "string".to_owned(),
        SettingKind::Seconds | SettingKind::Number => "int|float".to_owned(),
        SettingKind::Count | SettingKind::Bytes => "int".to_owned(),
        SettingKind::Flag => "bool".to_owned(),
        SettingKind::OneOf(words) => format!("'{}'", words.join("'|'")),
        SettingKind::Headers => "array<string, string>".to_owned(),
        _ => unreachable!("a kind that PHP does not know"),
    }
}

fn exception(info: &CodeInfo) -> Output {
    let name = format!("{}Exception", info.class.trim_end_matches("Error"));
    let path = format!("bindings-c/php/src/Exception/{name}.php");
    let (uses, more) = if info.name == "config" { ("use Egito\\Outcome;\n", ABOUT) } else { ("", "") };
    let text = format!(
        "<?php\n\n// {NOTICE}\n\ndeclare(strict_types=1);\n\nnamespace Egito\\Exception;\n\nuse Egito\\EgitoException;\n{uses}\n\
         {}\nfinal class {name} extends EgitoException\n{{\n    public const CODE = '{}';\n{more}}}\n",
        block_comment(&with_camel_case_details(&explained(info)), "", 120),
        info.name
    );
    Output::file(path, text)
}
