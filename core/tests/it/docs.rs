//! The tables of the core agree with its code, and every public item has an example.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn codes_are_in_the_order_of_their_numbers() {
    for (index, info) in egito::CODES.iter().enumerate() {
        assert_eq!(info.code as usize, index + 1);
        assert_eq!(info.code.as_str(), info.name);
    }
}

/// A default that is `None` is chosen by the code that uses the setting.
#[test]
fn the_table_of_settings_has_the_defaults_of_the_code() {
    let defaults = format!("{:#?}", egito::Settings::default());
    for setting in egito::binding::SETTINGS {
        let value = setting.default.replace("{version}", env!("CARGO_PKG_VERSION"));
        let is_text = !["Seconds", "Count", "Bytes", "Flag"].contains(&format!("{:?}", setting.kind).as_str());
        let value = if is_text { format!("{value:?}") } else { value };
        if setting.default.is_empty() || defaults.contains(&format!("{}: None", setting.name)) {
            continue;
        }
        let json = format!("{{\"{}\": {value}}}", setting.name);
        let given = egito::Settings::from_json(json.as_bytes()).unwrap();
        assert_eq!(format!("{given:#?}"), defaults, "{}", setting.name);
    }
}

/// Files whose items share the example of their module, or are not part of the public interface.
const NO_EXAMPLES: [&str; 2] = ["json/scanner.rs", "fuzzing.rs"];

#[test]
fn every_public_item_has_an_example() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut items = 0;
    for file in files(&source).iter().filter(|file| !NO_EXAMPLES.iter().any(|name| file.ends_with(name))) {
        let text = fs::read_to_string(file).unwrap();
        let mut above: Vec<&str> = Vec::new();
        for line in text.lines().map(str::trim) {
            if ["///", "#[", "$(#["].iter().any(|start| line.starts_with(start)) {
                above.push(line);
                continue;
            }
            if is_item(line) {
                items += 1;
                // Items that a macro generates have the docs of its input.
                let shown = above.iter().any(|line| line.contains("```") || line.starts_with("$(#["));
                assert!(shown, "{}: `{line}` has no example", file.display());
            }
            above.clear();
        }
    }
    assert!(items > 200, "{items} items");
}

fn is_item(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("pub ") else { return false };
    let rest = rest.trim_start_matches("async ").replacen("const fn", "fn", 1);
    ["fn ", "struct ", "enum ", "trait ", "type ", "const "].iter().any(|keyword| rest.starts_with(keyword))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
