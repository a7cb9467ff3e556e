//! The reference pages say what the code does.

use std::fs;
use std::path::Path;

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

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference").join(name)).unwrap()
}
