//! Checks that the ABI does not change within one SONAME: declarations of functions, numbers and callbacks. `abi.txt` lists them;
//! new lines are added there. No line is ever changed or removed, and no name or number is used a second time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[test]
fn declarations_and_numbers_do_not_change() {
    let (declared, actual) = (declared(&abi()), actual());
    for (name, what) in &declared {
        let now = actual.get(name).map_or("removed", String::as_str);
        assert!(now == what, "{name} was declared as\n  {what}\nand is now\n  {now}");
    }
    let missing: Vec<_> = actual.keys().filter(|name| !declared.contains_key(*name)).collect();
    let lines: String = missing.iter().map(|name| actual[*name].clone() + "\n").collect();
    assert!(missing.is_empty(), "add these lines to bindings-c/abi.txt:\n{lines}");
}

#[test]
fn names_and_numbers_of_errors_are_unique() {
    let text = abi();
    assert_eq!(reused_lines(&text), Vec::<String>::new());
    let current = declared(&text).keys().filter(|name| name.starts_with(ERROR)).count();
    assert_eq!(current, egito_core::CODES.len());
}

#[test]
fn a_reused_name_or_number_is_found() {
    let uses = |text: &str| reused_lines(text).len();
    assert_eq!(uses("# A comment about egito.h = 1.\nEGITO_ERROR_A = 1\nEGITO_OK = 1\n# EGITO_ERROR_B = 2\n"), 0);
    assert_eq!(uses("EGITO_ERROR_A = 1\nEGITO_ERROR_B = 1\n"), 1);
    assert_eq!(uses("# EGITO_ERROR_A = 1\nEGITO_ERROR_B = 1\n"), 1);
    assert_eq!(uses("#EGITO_ERROR_A = 1\nEGITO_ERROR_A = 2\n"), 1);
    assert_eq!(uses("# void egito_a(void)\nint egito_a(void)\n"), 1);
}

const ERROR: &str = "EGITO_ERROR_";

/// Returns the lines with a name, or an error number, that an earlier line already has. Removed declarations count as
/// earlier.
fn reused_lines(text: &str) -> Vec<String> {
    let removed =
        text.lines().filter_map(|line| line.strip_prefix('#')).map(str::trim).filter(|line| is_declaration(line));
    let current = text.lines().filter(|line| is_declaration(line));
    let mut seen = BTreeSet::new();
    let mut reused = Vec::new();
    for line in removed.chain(current) {
        let (name, what) = named(line);
        let number = what.split(" = ").nth(1).filter(|_| name.starts_with(ERROR)).map(str::to_owned);
        let is_new = [Some(name), number].into_iter().flatten().all(|used| seen.insert(used));
        reused.extend((!is_new).then_some(what));
    }
    reused
}

/// Returns the declarations of abi.txt by name.
fn declared(text: &str) -> BTreeMap<String, String> {
    text.lines().filter(|line| is_declaration(line)).map(named).collect()
}

/// Returns whether a line is a declaration. Lines with `#` are comments, or removed declarations that must not come back.
fn is_declaration(line: &str) -> bool {
    !line.starts_with('#') && (line.starts_with("EGITO_") || line.contains("egito_"))
}

fn abi() -> String {
    std::fs::read_to_string(root().join("abi.txt")).expect("abi.txt")
}

/// Returns the declarations of the header by name, without comments.
fn actual() -> BTreeMap<String, String> {
    let header = std::fs::read_to_string(root().join("include/egito.h")).expect("egito.h");
    let mut code = String::new();
    for part in header.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, code)| code)) {
        code.push_str(part);
    }
    let lines: Vec<&str> = code.lines().filter(|line| !line.starts_with('#') && !line.contains("\"C\"")).collect();
    let words = lines.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    let mut found = BTreeMap::new();
    for statement in words.split(';').map(str::trim) {
        match statement.strip_prefix("typedef enum {").and_then(|rest| rest.split_once('}')) {
            Some((constants, _)) => {
                found.extend(constants.split(',').map(str::trim).filter(|c| !c.is_empty()).map(named));
            }
            None if statement.contains("egito_") => found.extend([named(statement)]),
            None => {}
        }
    }
    found
}

/// Returns the name of a declaration, and the declaration.
fn named(line: &str) -> (String, String) {
    let before = line.strip_prefix("typedef").map_or_else(
        || line.split(['(', '=']).next().unwrap_or(line),
        |rest| rest.split_once("(*").map_or(rest, |(_, rest)| rest.split(')').next().unwrap_or(rest)),
    );
    let name = before.split([' ', '*']).rfind(|word| !word.is_empty()).unwrap_or(line);
    (name.to_owned(), line.to_owned())
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
