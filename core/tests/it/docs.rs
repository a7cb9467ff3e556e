//! The reference pages say what the code does, and every item shows how it is used.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn the_errors_page_has_every_row_of_the_table() {
    let page = page("errors.md");
    for info in egito::CODES {
        let carries = if info.carries.is_empty() { "–".to_owned() } else { info.carries.join(", ") };
        let row = format!("| {} | `{}` | {} | {} | {carries} |", info.code as u8, info.name, info.class, info.when);
        assert!(page.contains(&row), "errors.md lacks the row {row}");
    }
    let rows = page.lines().filter(|line| line.starts_with("| ") && line.contains("Error |")).count();
    assert_eq!(rows, egito::CODES.len());
}

#[test]
fn codes_stand_at_their_numbers() {
    for (place, info) in egito::CODES.iter().enumerate() {
        assert_eq!(info.code as usize, place + 1);
        assert_eq!(info.code.as_str(), info.name);
    }
}

#[test]
fn the_settings_page_has_every_setting_and_no_other() {
    let page = page("settings.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let named: Vec<&str> = rows.map(|(name, _)| name).collect();
    assert_eq!(named, egito::binding::setting_names());
}

/// Files whose items are shown together in the example of their module, or are no part of the interface.
const NO_EXAMPLES: [&str; 2] = ["json/scanner.rs", "fuzzing.rs"];

#[test]
fn every_public_item_shows_an_example() {
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
                // What a macro makes has the docs that it is given.
                let shown = above.iter().any(|line| line.contains("```") || line.starts_with("$(#["));
                assert!(shown, "{}: `{line}` shows no example", file.display());
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

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference").join(name)).unwrap()
}
