//! Generates the status codes of C and the exceptions of C++.

use crate::Output;
use crate::prose::{NOTICE, block_comment, code_text, default_sentence, setting_text, wrapped};
use egito::binding::{SETTINGS, SettingInfo, SettingKind};
use egito::{CODES, CodeInfo};
use std::fmt::Write as _;

pub fn outputs() -> Vec<Output> {
    vec![
        Output::file("bindings-c/src/status.rs", status()),
        Output::file("bindings-c/include/egito/error_classes.hpp", classes()),
        Output::file("bindings-c/include/egito/settings.hpp", settings()),
    ]
}

fn settings() -> String {
    let mut text = format!(
        "/* {NOTICE} */\n\n/** egito/settings.hpp: settings of clients and calls. Included by egito.hpp. */\n\n"
    );
    text.push_str("#ifndef EGITO_SETTINGS_HPP\n#define EGITO_SETTINGS_HPP\n\n#include \"record.hpp\"\n\n");
    text.push_str("#include <chrono>\n#include <cstdint>\n#include <map>\n#include <string>\n\nnamespace egito {\n\n");
    text.push_str("/**\n * Settings of a client, or of some calls: `settings().name(\"firma\").timeout(std::chrono::seconds(5))`.\n *\n");
    text.push_str(
        " * [A] marks a default that assumes something about the server. Change it if your server differs.\n */\n",
    );
    text.push_str("class settings {\npublic:\n");
    for setting in SETTINGS {
        // Doxygen accepts no punctuation in backticks.
        let doc =
            (setting_text(setting) + &default_sentence(setting, "s")).replace("`.`", "\".\"").replace("`,`", "\",\"");
        let _ = writeln!(text, "{}\n{}", block_comment(&doc, "    ", 120), setter(setting));
    }
    text.push_str("\n    /** Returns the settings as JSON text. Converts to json_argument. */\n");
    text.push_str("    std::string dump() const { return json_.json(); }\n\nprivate:\n");
    text.push_str("    template <typename Value> settings &set(const char *name, const Value &value) {\n");
    text.push_str("        json_.set(name, value);\n        return *this;\n    }\n\n    object json_;\n};\n\n");
    text + "} // namespace egito\n\n#endif /* EGITO_SETTINGS_HPP */\n"
}

fn setter(setting: &SettingInfo) -> String {
    let (kind, value) = match setting.kind {
        SettingKind::Seconds => ("std::chrono::duration<double> ", "value.count()"),
        SettingKind::Count | SettingKind::Bytes => ("std::uint64_t ", "value"),
        SettingKind::Number => ("double ", "value"),
        SettingKind::Flag => ("bool ", "value"),
        SettingKind::Headers => {
            return format!(
                "    settings &{0}(const std::map<std::string, std::string> &value) {{\n        object members;\n        \
                 for (const auto &[name, text] : value) members.set(name, text);\n        return set(\"{0}\", members);\n    }}",
                setting.name
            );
        }
        _ => ("const text_argument &", "value.c_str()"),
    };
    format!("    settings &{0}({kind}value) {{ return set(\"{0}\", {value}); }}", setting.name)
}

fn constant(info: &CodeInfo) -> String {
    format!("EGITO_ERROR_{}", info.name.to_uppercase())
}

fn status() -> String {
    let mut text = format!("// {NOTICE}\n\n//! The status of every function.\n\nuse egito_core::Code;\n\n");
    text.push_str("/// Status of a function: EGITO_OK, or the code of its error. The numbers never change. Later versions may add more.\n");
    text.push_str("#[repr(C)]\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub enum egito_status {\n");
    text.push_str("    /// Success: the results are written.\n    EGITO_OK = 0,\n");
    for info in CODES {
        let doc = wrapped(&code_text(info), "    /// ", 120).join("\n");
        let _ = writeln!(text, "{doc}\n    {} = {},", constant(info), info.code as u8);
    }
    text.push_str("}\n\nimpl From<Code> for egito_status {\n    fn from(code: Code) -> Self {\n        match code {\n");
    for info in CODES.iter().filter(|info| info.code != egito::Code::Internal) {
        let variant = info.class.trim_end_matches("Error");
        let _ = writeln!(text, "            Code::{variant} => Self::{},", constant(info));
    }
    text.push_str("            _ => Self::EGITO_ERROR_INTERNAL, // a newer code\n        }\n    }\n}\n");
    text
}

fn classes() -> String {
    let mut text = format!(
        "/* {NOTICE} */\n\n/** egito/error_classes.hpp: one exception class per error code. Included by error.hpp. */\n\n"
    );
    text.push_str("#ifndef EGITO_ERROR_CLASSES_HPP\n#define EGITO_ERROR_CLASSES_HPP\n\n#include \"error_base.hpp\"\n\n#include <memory>\n\nnamespace egito {\n\n");
    for info in CODES {
        let doc = block_comment(&code_text(info), "", 120);
        let _ = writeln!(text, "{doc}\nclass {}_error : public error {{ using error::error; }};", info.name);
    }
    text.push_str("\nnamespace detail {\n\n/** Throws the exception class of the error's code. */\n");
    text.push_str("[[noreturn]] inline void raise(const std::shared_ptr<const egito_error> &handle) {\n    switch (egito_error_code(handle.get())) {\n");
    for info in CODES {
        let _ = writeln!(text, "    case {}: throw {}_error(handle);", constant(info), info.name);
    }
    text.push_str("    case EGITO_OK: break;\n    }\n    throw error(handle); // a code of a newer version\n}\n\n} // namespace detail\n\n} // namespace egito\n\n#endif /* EGITO_ERROR_CLASSES_HPP */\n");
    text
}
