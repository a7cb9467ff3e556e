//! Generates settings and exceptions for Kotlin and Java.

use crate::Output;
use crate::prose::{
    NOTICE, block_comment, code_text, default_sentence, on_one_line, setting_text, with_camel_case_details,
};
use egito::binding::{DETAILS, DetailInfo, DetailKind, SETTINGS, SettingInfo, SettingKind, camel_case, in_backticks};
use egito::{CODES, CodeInfo};
use std::fmt::Write as _;

const WIDTH: usize = 120;

const FOLDER: &str = "bindings-jvm/src/main/kotlin/pl/egito";

/// Details whose names differ from those of the core, as is usual for properties.
const RENAMED: [(&str, &str); 3] =
    [("retryable", "isRetryable"), ("invalid_record", "isInvalidRecord"), ("cause", "causeText")];

pub fn outputs() -> Vec<Output> {
    vec![
        Output::file(format!("{FOLDER}/EgitoSettings.kt"), settings()),
        Output::file(format!("{FOLDER}/EgitoBuilder.kt"), builder()),
        Output::file(format!("{FOLDER}/CallSettings.kt"), call_settings()),
        Output::file(format!("{FOLDER}/EgitoException.kt"), exceptions()),
    ]
}

fn settings() -> String {
    let mut text = format!("// {NOTICE}\npackage pl.egito\n\nimport kotlin.time.Duration\n\n");
    comment(
        &mut text,
        "",
        "Settings of a client. Required: `name` or `baseUrl`, `clientId`, `clientSecret`, `username` and `password`. `[A]` marks a default that assumes something about the server. Change it if your server differs.",
    );
    text.push_str("public class EgitoSettings internal constructor() {\n    internal val values = SettingValues()\n");
    SETTINGS.iter().for_each(|setting| property(&mut text, setting));
    text + &to_string("EgitoSettings") + "}\n"
}

fn builder() -> String {
    let mut text = format!("// {NOTICE}\npackage pl.egito\n\nimport java.time.Duration\n\n");
    comment(
        &mut text,
        "",
        "Builds a client in Java. Required: `name` or `baseUrl`, `clientId`, `clientSecret`, `username` and `password`. `null` sets nothing. `[A]` marks a default that assumes something about the server. Change it if your server differs.",
    );
    text.push_str("public class EgitoBuilder internal constructor() {\n    internal val values = SettingValues()\n");
    SETTINGS.iter().for_each(|setting| fluent(&mut text, setting, "EgitoBuilder"));
    text.push('\n');
    comment(&mut text, "    ", "Opens the client. Fails with a [ConfigException] if a setting is missing or invalid.");
    text.push_str("    public fun build(): Egito = Egito.open(values)\n");
    text + &to_string("EgitoBuilder") + "}\n"
}

fn call_settings() -> String {
    let mut text = format!(
        "// {NOTICE}\npackage pl.egito\n\nimport kotlin.time.Duration\nimport java.time.Duration as JavaDuration\n\n"
    );
    comment(
        &mut text,
        "",
        "Settings that single calls can override. The others belong to the whole client. In Java: `new CallSettings().maxRetries(0)`.",
    );
    text.push_str("public class CallSettings {\n    internal val values = SettingValues()\n");
    for setting in SETTINGS.iter().filter(|setting| setting.per_call) {
        property(&mut text, setting);
        fluent(&mut text, setting, "CallSettings");
    }
    (text + &to_string("CallSettings") + "}\n").replace(": Duration?): CallSettings", ": JavaDuration?): CallSettings")
}

fn to_string(class: &str) -> String {
    let comment = "\n    /** Returns the names of the settings that are set. Their values may be secrets. */\n";
    format!("{comment}    override fun toString(): String = \"{class}$values\"\n")
}

fn property(text: &mut String, setting: &SettingInfo) {
    text.push('\n');
    comment(text, "    ", &described(setting));
    let (name, kind) = (camel_case(setting.name), kind(setting));
    let _ = writeln!(text, "    public var {name}: {kind}? by values");
}

fn fluent(text: &mut String, setting: &SettingInfo, class: &str) {
    text.push('\n');
    comment(text, "    ", &described(setting));
    let (name, kind) = (camel_case(setting.name), kind(setting));
    // The others are primitive types in Java.
    let optional = if matches!(kind, "Int" | "Long" | "Boolean") { "" } else { "?" };
    let _ = writeln!(
        text,
        "    public fun {name}({name}: {kind}{optional}): {class} = apply {{ values[\"{name}\"] = {name} }}"
    );
}

fn kind(setting: &SettingInfo) -> &'static str {
    match setting.kind {
        SettingKind::Text | SettingKind::Secret | SettingKind::Path | SettingKind::Store | SettingKind::OneOf(_) => {
            "String"
        }
        SettingKind::Seconds => "Duration",
        SettingKind::Count => "Int",
        SettingKind::Bytes => "Long",
        SettingKind::Number => "Number",
        SettingKind::Flag => "Boolean",
        SettingKind::Headers => "Map<String, String>",
        _ => unreachable!("unknown kind"),
    }
}

fn described(setting: &SettingInfo) -> String {
    // Without backticks, it would be a link.
    (with_kotlin_names(&setting_text(setting)) + &default_sentence(setting, "s")).replace("[A]", "`[A]`")
}

fn exceptions() -> String {
    let mut text = format!("// {NOTICE}\npackage pl.egito\n\n");
    comment(
        &mut text,
        "",
        "Any error of this library. Catch a class or check the [code], never the message. Details that do not apply are `null`.",
    );
    text.push_str("public sealed class EgitoException(\n");
    comment(&mut text, "    ", "Stable code of the error, such as `not_found`.");
    text.push_str("    public val code: String,\n    private val details: ErrorDetails,\n) : RuntimeException(details.message, details.cause) {\n");
    for detail in DETAILS {
        comment(&mut text, "    ", &with_kotlin_names(&on_one_line(detail.doc)));
        let (name, kind, value) = (detail_name(detail), detail_type(detail), detail_value(detail));
        let _ = writeln!(text, "    public val {name}: {kind} get() = {value}\n");
    }
    comment(&mut text, "    ", "All details as JSON, for a log.");
    text.push_str("    public val json: String get() = details.json\n}\n");
    for info in CODES {
        exception(&mut text, info);
    }
    text.push_str("\ninternal fun newException(code: String, details: ErrorDetails): EgitoException = when (code) {\n");
    for info in CODES.iter().filter(|info| info.name != "internal") {
        let _ = writeln!(text, "    \"{}\" -> {}(details)", info.name, class_name(info));
    }
    text.push_str("    else -> InternalException(details)\n}\n\n/** The exception class of each code. */\n");
    text.push_str("internal val exceptionClasses: Map<String, Class<out EgitoException>> = mapOf(\n");
    for info in CODES {
        let _ = writeln!(text, "    \"{}\" to {}::class.java,", info.name, class_name(info));
    }
    text + ")\n"
}

fn exception(text: &mut String, info: &CodeInfo) {
    text.push('\n');
    comment(text, "", &with_kotlin_names(&code_text(info)));
    let class = class_name(info);
    let name = info.name;
    let _ = writeln!(
        text,
        "public class {class} internal constructor(details: ErrorDetails) : EgitoException(\"{name}\", details)"
    );
}

fn class_name(info: &CodeInfo) -> String {
    info.class.trim_end_matches("Error").to_owned() + "Exception"
}

fn detail_name(detail: &DetailInfo) -> String {
    let renamed = RENAMED.iter().find(|(name, _)| *name == detail.name);
    renamed.map_or_else(|| camel_case(detail.name), |(_, name)| (*name).to_owned())
}

fn detail_type(detail: &DetailInfo) -> &'static str {
    match detail.kind {
        DetailKind::Text | DetailKind::OneOf(_) => "String?",
        DetailKind::Flag => "Boolean",
        DetailKind::Count => "Int",
        DetailKind::Integer => "Int?",
        DetailKind::Seconds => "Double?",
        DetailKind::Id => "RecordId?",
        DetailKind::Record => "Record?",
        DetailKind::Errors => "List<FieldError>",
        _ => unreachable!("unknown kind"),
    }
}

fn detail_value(detail: &DetailInfo) -> String {
    let function = match detail.kind {
        DetailKind::Text | DetailKind::OneOf(_) => "text",
        DetailKind::Flag => "flag",
        DetailKind::Count => "count",
        DetailKind::Integer => "integer",
        DetailKind::Seconds => "seconds",
        DetailKind::Id => "recordId",
        DetailKind::Record => "record",
        DetailKind::Errors => "fieldErrors",
        _ => unreachable!("unknown kind"),
    };
    format!("details.{function}(\"{}\")", detail.name)
}

fn comment(text: &mut String, indent: &str, doc: &str) {
    let _ = writeln!(text, "{}", block_comment(doc, indent, WIDTH));
}

/// Returns the text with the names of settings and details in backticks in `camelCase`.
fn with_kotlin_names(text: &str) -> String {
    let is_setting = |name: &str| SETTINGS.iter().any(|setting| setting.name == name);
    with_camel_case_details(&in_backticks(
        text,
        |name| {
            if is_setting(name) { camel_case(name) } else { name.to_owned() }
        },
    ))
}
