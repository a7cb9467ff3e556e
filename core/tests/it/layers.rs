//! A module of the core uses only modules of lower layers. The table is in docs/internals/architecture.md.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn modules_use_only_lower_layers() {
    let layers = layers();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = Vec::new();
    for file in files(&source) {
        let module = module_of(file.strip_prefix(&source).unwrap());
        if module == "lib" {
            continue;
        }
        let own = *layers.get(&module).unwrap_or_else(|| panic!("`{module}` is missing in the table of layers"));
        for used in used_modules(&fs::read_to_string(&file).unwrap()) {
            let layer = layers.get(&used).unwrap_or_else(|| panic!("{}: what is crate::{used}?", file.display()));
            assert!(*layer < own || used == module, "{} ({own}) uses crate::{used} ({layer})", file.display());
        }
        seen.push(module);
    }
    assert!(layers.keys().all(|module| seen.contains(module)), "the table has a module that does not exist");
}

fn layers() -> HashMap<String, u32> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/internals/architecture.md");
    let page = fs::read_to_string(page).unwrap();
    let rows = page.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        Some((cells.next()?.parse().ok()?, cells.next()?.to_owned()))
    });
    rows.flat_map(|(layer, modules): (u32, String)| {
        modules.split(", ").map(|module| (module.to_owned(), layer)).collect::<Vec<_>>()
    })
    .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn module_of(file: &Path) -> String {
    let first = file.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// Returns the first name after each `crate::`, without types that lib.rs re-exports.
fn used_modules(source: &str) -> Vec<String> {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let names = code.flat_map(|line| line.split("crate::").skip(1).map(str::to_owned).collect::<Vec<_>>());
    let names = names.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>());
    names.filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase())).collect()
}
