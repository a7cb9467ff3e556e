//! Generates types and classes for TypeScript.

use crate::Output;
use crate::prose::{
    NOTICE, block_comment, code_text, default_sentence, on_one_line, setting_text, with_camel_case_details,
};
use egito::binding::{DETAILS, DetailInfo, DetailKind, SETTINGS, SettingGroup, SettingInfo, SettingKind};
use egito::binding::{camel_case, camel_case_setting, in_backticks};
use egito::{CODES, CodeInfo};
use std::fmt::Write as _;

const WIDTH: usize = 120;

/// Details that every error of a code has: the code, the member and its type.
const GUARANTEED: [(&str, &str, &str); 7] = [
    ("validation", "errors", "readonly [FieldError, ...FieldError[]]"),
    ("permission", "status", "number"),
    ("rate_limited", "status", "number"),
    ("server", "status", "number"),
    ("timeout", "limit", "NonNullable<ErrorDetails['limit']>"),
    ("outcome_unknown", "outcome", "'unknown'"),
    ("pagination", "reason", "string"),
];

pub fn outputs() -> Vec<Output> {
    vec![
        Output::file("bindings-node/lib/generated/settings.ts", settings()),
        Output::file("bindings-node/lib/generated/error-types.ts", error_types()),
        Output::file("bindings-node/lib/generated/error-classes.ts", error_classes()),
    ]
}

fn settings() -> String {
    let mut text = format!("// {NOTICE}\n");
    let is_wire = |setting: &&SettingInfo| setting.group == SettingGroup::Wire;
    comment(
        &mut text,
        "",
        "Settings for a server that differs from Egito's documentation. Most programs need none of these. [A] marks a default that assumes something about the server. Change it if your server differs.",
    );
    text.push_str("export interface WireSettings {\n");
    SETTINGS.iter().filter(is_wire).for_each(|setting| field(&mut text, setting));
    text.push_str("}\n\n");
    comment(
        &mut text,
        "",
        "Settings of a client. Required: `name` or `baseUrl`, `clientId`, `clientSecret`, `username` and `password`.",
    );
    text.push_str("export interface Settings extends WireSettings {\n");
    SETTINGS.iter().filter(|setting| !is_wire(setting)).for_each(|setting| field(&mut text, setting));
    text.push_str("}\n\n");
    comment(&mut text, "", "Settings that single calls can override. The others belong to the whole client.");
    text.push_str("export type CallSettings = Pick<\n  Settings,\n");
    for setting in SETTINGS.iter().filter(|setting| setting.per_call) {
        let _ = writeln!(text, "  | '{}'", camel_case_setting(setting.name));
    }
    text + ">;\n"
}

fn field(text: &mut String, setting: &SettingInfo) {
    let kind = match setting.kind {
        SettingKind::Text | SettingKind::Secret | SettingKind::Path | SettingKind::Store => "string".to_owned(),
        SettingKind::Seconds | SettingKind::Number | SettingKind::Count | SettingKind::Bytes => "number".to_owned(),
        SettingKind::Flag => "boolean".to_owned(),
        SettingKind::OneOf(choices) => union(choices),
        SettingKind::Headers => "Readonly<Record<string, string>>".to_owned(),
        _ => unreachable!("unknown kind"),
    };
    comment(text, "  ", &(with_node_names(&setting_text(setting)) + &default_sentence(setting, "ms")));
    let is_required = ["client_id", "client_secret"].contains(&setting.name);
    let name = camel_case_setting(setting.name);
    let _ = if is_required {
        writeln!(text, "  readonly {name}: {kind};")
    } else {
        writeln!(text, "  readonly {name}?: {kind} | undefined;")
    };
}

fn union(choices: &[&str]) -> String {
    format!("'{}'", choices.join("' | '"))
}

fn comment(text: &mut String, indent: &str, doc: &str) {
    let _ = writeln!(text, "{}", block_comment(doc, indent, WIDTH));
}

/// Returns the text with the names of settings and details in backticks in `camelCase`.
fn with_node_names(text: &str) -> String {
    with_camel_case_details(&in_backticks(text, camel_case_setting))
}

fn error_types() -> String {
    let mut text = format!(
        "// {NOTICE}\n\nimport type {{ FieldError }} from '../field-error.js';\nimport type {{ RecordId }} from '../record.js';\n\n"
    );
    comment(&mut text, "", "Stable code of an error.");
    text.push_str("export type ErrorCode =\n");
    let codes: Vec<String> = CODES.iter().map(|info| format!("  | '{}'", info.name)).collect();
    let _ = writeln!(text, "{};\n", codes.join("\n"));
    comment(&mut text, "", "Details of an error. Details that do not apply are absent.");
    text.push_str("export interface ErrorDetails {\n");
    for detail in DETAILS.iter().filter(|detail| detail.name != "cause") {
        comment(&mut text, "  ", &with_node_names(&on_one_line(detail.doc)));
        let _ = writeln!(text, "  readonly {}?: {};", camel_case(detail.name), detail_type(detail));
    }
    text.push_str("}\n\n");
    comment(&mut text, "", "Details that every error of these codes has.");
    text.push_str("export interface GuaranteedDetails {\n");
    for (code, member, kind) in GUARANTEED {
        let doc = with_node_names(&on_one_line(detail(member).doc));
        comment(&mut text, "  ", &doc);
        let _ = writeln!(text, "  {code}: {{");
        comment(&mut text, "    ", &doc);
        let _ = writeln!(text, "    readonly {member}: {kind};\n  }};");
    }
    text.push_str("}\n\n");
    comment(&mut text, "", "Details that every error with the code `C` has.");
    text + "export type Guaranteed<C extends ErrorCode> = C extends keyof GuaranteedDetails ? GuaranteedDetails[C] : unknown;\n"
}

fn detail(name: &str) -> &'static DetailInfo {
    DETAILS.iter().find(|detail| detail.name == name).expect("a detail of the core")
}

fn detail_type(detail: &DetailInfo) -> String {
    match detail.kind {
        DetailKind::Text => "string".to_owned(),
        DetailKind::OneOf(choices) => union(choices),
        DetailKind::Flag => "boolean".to_owned(),
        DetailKind::Count | DetailKind::Integer | DetailKind::Seconds => "number".to_owned(),
        DetailKind::Id => "RecordId".to_owned(),
        DetailKind::Record => "unknown".to_owned(),
        DetailKind::Errors => "readonly FieldError[]".to_owned(),
        _ => unreachable!("unknown kind"),
    }
}

fn error_classes() -> String {
    let mut text = format!(
        "// {NOTICE}\n\nimport type {{ BulkRow }} from '../bulk-types.js';\nimport {{ BaseError }} from '../egito-error.js';\nimport type {{ ErrorCode, ErrorDetails, Guaranteed }} from './error-types.js';\n"
    );
    for info in CODES {
        class(&mut text, info);
    }
    text.push_str("\ntype ErrorClass<C> = new (message: string, details?: ErrorDetails & ErrorOptions) => BaseError & { readonly code: C };\n\nconst classes = {\n");
    for info in CODES {
        let _ = writeln!(text, "  {}: {},", info.name, info.class);
    }
    text.push_str("} satisfies { readonly [C in ErrorCode]: ErrorClass<C> };\n\n");
    comment(&mut text, "", "Error class of each code.");
    text + "export const errorClasses: Readonly<typeof classes> = Object.freeze(classes);\n"
}

fn class(text: &mut String, info: &CodeInfo) {
    text.push('\n');
    comment(text, "", &with_node_names(&code_text(info)));
    let _ =
        writeln!(text, "export class {} extends BaseError {{\n  override readonly code = '{}';", info.class, info.name);
    for (_, member, _) in GUARANTEED.iter().filter(|(code, ..)| *code == info.name) {
        comment(text, "  ", &with_node_names(&on_one_line(detail(member).doc)));
        let _ = writeln!(text, "  declare readonly {member}: Guaranteed<'{}'>['{member}'];", info.name);
    }
    if info.name == "cancelled" {
        comment(text, "  ", "Rows of a cancelled bulk that are known, those of its calls in flight included.");
        text.push_str("  declare readonly rows?: readonly BulkRow[];\n");
    }
    text.push_str("}\n");
}
