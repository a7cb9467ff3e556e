//! The settings of a report in the forms that programs use: a file, environment variables, and code. No input and output.

use crate::settings::variable;
use serde_json::Value;
use std::collections::BTreeMap;

/// A form of the settings of a [`Report`](super::Report).
///
/// ```
/// use egito::SnippetFormat;
///
/// let python = SnippetFormat::ALL.into_iter().find(|format| format.as_str() == "python");
/// assert_eq!(python, Some(SnippetFormat::Python));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SnippetFormat {
    /// A TOML file, for [`Client::from_file`](crate::Client::from_file).
    Toml,
    /// Environment variables, for [`Client::from_env`](crate::Client::from_env).
    Env,
    /// Code in C.
    C,
    /// Code in C++.
    Cpp,
    /// Code in Java.
    Java,
    /// Code in Kotlin.
    Kotlin,
    /// Code for Node.js.
    Node,
    /// Code in PHP.
    Php,
    /// Code in Python.
    Python,
    /// Code in Rust.
    Rust,
}

impl SnippetFormat {
    /// All formats.
    ///
    /// ```
    /// assert_eq!(egito::SnippetFormat::ALL[0].as_str(), "toml");
    /// ```
    pub const ALL: [Self; 10] = [
        Self::Toml,
        Self::Env,
        Self::C,
        Self::Cpp,
        Self::Java,
        Self::Kotlin,
        Self::Node,
        Self::Php,
        Self::Python,
        Self::Rust,
    ];

    /// Returns the stable name, such as `python`.
    ///
    /// ```
    /// assert_eq!(egito::SnippetFormat::Env.as_str(), "env");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Env => "env",
            Self::C => "c",
            Self::Cpp => "cpp",
            Self::Java => "java",
            Self::Kotlin => "kotlin",
            Self::Node => "node",
            Self::Php => "php",
            Self::Python => "python",
            Self::Rust => "rust",
        }
    }

    fn syntax(self) -> Syntax {
        let (begin, setting, end): (_, fn(&str, &Value) -> String, _) = match self {
            Self::Toml => ("", |name, value| format!("{name} = {value}\n"), ""), // a JSON string is a TOML string
            Self::Env => ("", in_environment, ""),
            Self::C => {
                ("egito_error_code code = egito_client_from_env(", |_, _| String::new(), ", &client, &error);\n")
            }
            Self::Cpp => (
                "const auto client = egito::client::from_env(egito::settings()",
                |name, value| format!("\n    .{name}({value})"),
                ");\n",
            ),
            Self::Java => (
                "Egito egito = Egito.fromEnv(Egito.builder()",
                |name, value| format!("\n        .{}({value})", camel_case(name)),
                ");\n",
            ),
            Self::Kotlin => (
                "val egito = Egito.fromEnv {\n",
                |name, value| format!("    {} = {}\n", camel_case(name), value.to_string().replace('$', "\\$")),
                "}\n",
            ),
            Self::Node => (
                "const client = Client.fromEnv({\n",
                |name, value| format!("  {}: {value},\n", camel_case(name)),
                "});\n",
            ),
            Self::Php => (
                "$client = Egito\\Client::fromEnv([\n",
                |name, value| format!("    '{name}' => {},\n", in_php(value)),
                "]);\n",
            ),
            Self::Python => {
                ("client = egito.Client.from_env(\n", |name, value| format!("    {name}={value},\n"), ")\n")
            }
            Self::Rust => ("let client = egito::Client::builder()\n    .from_env()\n", in_rust, "    .build()?;\n"),
        };
        Syntax { begin, setting, end }
    }

    /// Returns what reads the settings of the environment if there are none to set.
    fn without_settings(self) -> &'static str {
        match self {
            Self::Toml | Self::Env => "",
            Self::C => "egito_error_code code = egito_client_from_env(NULL, &client, &error);\n",
            Self::Cpp => "const auto client = egito::client::from_env();\n",
            Self::Java => "Egito egito = Egito.fromEnv();\n",
            Self::Kotlin => "val egito = Egito.fromEnv()\n",
            Self::Node => "const client = Client.fromEnv();\n",
            Self::Php => "$client = Egito\\Client::fromEnv();\n",
            Self::Python => "client = egito.Client.from_env()\n",
            Self::Rust => "let client = egito::Client::from_env()?;\n",
        }
    }

    fn comment(self) -> &'static str {
        match self {
            Self::Toml | Self::Env | Self::Python => "#",
            _ => "//",
        }
    }
}

/// How a format writes settings.
struct Syntax {
    begin: &'static str,
    setting: fn(&str, &Value) -> String,
    end: &'static str,
}

/// Writes the settings that a probe has found in this format. `is_ok`: it found no problem.
pub(super) fn write(
    format: SnippetFormat,
    version: &str,
    settings: &BTreeMap<&'static str, Value>,
    is_ok: bool,
) -> String {
    let comment = format.comment();
    let title = format!("{comment} Settings for this Egito, found by the probe of egito-sdk {version}.\n");
    if settings.is_empty() {
        let why = if is_ok { "The defaults fit this server" } else { "None: solve the problems of the report first" };
        return format!("{title}{comment} {why}.\n{}", format.without_settings());
    }
    let Syntax { begin, setting, end } = format.syntax();
    let mut lines: String = settings.iter().map(|(name, value)| setting(name, value)).collect();
    if format == SnippetFormat::C {
        lines = Value::from(Value::from_iter(settings.clone()).to_string()).to_string();
    }
    title + begin + &lines + end
}

/// Returns the line of an environment variable, as shells and `.env` files read it.
fn in_environment(name: &str, value: &Value) -> String {
    let (Some(variable), text) = (variable(name), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    else {
        return String::new();
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.:/".contains(c);
    if text.is_empty() {
        return format!("# `{name}` = \"\" needs a file or code, since an empty variable counts as not set.\n");
    }
    if text.chars().all(is_plain) {
        return format!("{variable}={text}\n");
    }
    format!("{variable}='{}'\n", text.replace('\'', r"'\''"))
}

fn in_php(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), |text| format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'")))
}

fn in_rust(name: &str, value: &Value) -> String {
    let of_type = match name {
        "token_params" => "TokenParams",
        "token_in" => "TokenIn",
        "body" => "BodyFormat",
        "read_method" | "delete_method" => "Method",
        _ => "",
    };
    let text = value.as_str().unwrap_or_default();
    let value = match (of_type, text.split_at_checked(1)) {
        ("", _) if value.is_string() => format!("{text:?}"),
        ("", _) | (_, None) => value.to_string(),
        (of_type, Some((first, rest))) => format!("egito::{of_type}::{}{}", first.to_uppercase(), rest.to_lowercase()),
    };
    format!("    .{name}({value})\n")
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| text + &word[..1].to_uppercase() + &word[1..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings() -> BTreeMap<&'static str, Value> {
        BTreeMap::from([("list_key", json!("a $\"'b")), ("page_size", json!(7)), ("read_method", json!("POST"))])
    }

    fn snippet(format: SnippetFormat) -> String {
        let text = write(format, "1.2.3", &settings(), true);
        let (title, rest) = text.split_once('\n').unwrap();
        assert!(title.ends_with(" Settings for this Egito, found by the probe of egito-sdk 1.2.3."), "{title}");
        rest.to_owned()
    }

    #[test]
    fn each_format_quotes_its_values() {
        for (format, expected) in [
            (SnippetFormat::Toml, "list_key = \"a $\\\"'b\"\npage_size = 7\nread_method = \"POST\"\n"),
            (SnippetFormat::Env, "EGITO_LIST_KEY='a $\"'\\''b'\nEGITO_PAGE_SIZE=7\nEGITO_READ_METHOD=POST\n"),
            (
                SnippetFormat::C,
                r#"egito_error_code code = egito_client_from_env("{\"list_key\":\"a $\\\"'b\",\"page_size\":7,\"read_method\":\"POST\"}", &client, &error);
"#,
            ),
            (
                SnippetFormat::Cpp,
                "const auto client = egito::client::from_env(egito::settings()\n    .list_key(\"a $\\\"'b\")\n    .page_size(7)\n    .read_method(\"POST\"));\n",
            ),
            (
                SnippetFormat::Java,
                "Egito egito = Egito.fromEnv(Egito.builder()\n        .listKey(\"a $\\\"'b\")\n        .pageSize(7)\n        .readMethod(\"POST\"));\n",
            ),
            (
                SnippetFormat::Kotlin,
                "val egito = Egito.fromEnv {\n    listKey = \"a \\$\\\"'b\"\n    pageSize = 7\n    readMethod = \"POST\"\n}\n",
            ),
            (
                SnippetFormat::Node,
                "const client = Client.fromEnv({\n  listKey: \"a $\\\"'b\",\n  pageSize: 7,\n  readMethod: \"POST\",\n});\n",
            ),
            (
                SnippetFormat::Php,
                "$client = Egito\\Client::fromEnv([\n    'list_key' => 'a $\"\\'b',\n    'page_size' => 7,\n    'read_method' => 'POST',\n]);\n",
            ),
            (
                SnippetFormat::Python,
                "client = egito.Client.from_env(\n    list_key=\"a $\\\"'b\",\n    page_size=7,\n    read_method=\"POST\",\n)\n",
            ),
            (
                SnippetFormat::Rust,
                "let client = egito::Client::builder()\n    .from_env()\n    .list_key(\"a $\\\"'b\")\n    .page_size(7)\n    .read_method(egito::Method::Post)\n    .build()?;\n",
            ),
        ] {
            assert_eq!(snippet(format), expected, "{}", format.as_str());
        }
    }

    #[test]
    fn without_settings_the_code_reads_the_environment_only() {
        let text = write(SnippetFormat::Python, "1.2.3", &BTreeMap::new(), true);
        assert!(text.ends_with("# The defaults fit this server.\nclient = egito.Client.from_env()\n"), "{text}");
        let text = write(SnippetFormat::Python, "1.2.3", &BTreeMap::new(), false);
        assert!(text.contains("# None: solve the problems of the report first.\n"), "{text}");
    }

    #[test]
    fn an_empty_value_cannot_be_a_variable() {
        let text = write(SnippetFormat::Env, "1.2.3", &BTreeMap::from([("default_sort", json!(""))]), true);
        assert!(text.contains("# `default_sort` = \"\" needs a file or code"), "{text}");
    }
}
