//! What other people's binaries rely on does not change within one SONAME: every function's declaration, every number, every
//! callback. They stand in `abi.txt`; a new one is added there, and none is ever changed, removed or used again.

use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn no_declaration_and_no_number_changes() {
    let (promised, actual) = (promised(), actual());
    for (name, what) in &promised {
        let now = actual.get(name).map_or("gone", String::as_str);
        assert!(now == what, "{name} was promised as\n  {what}\nand is\n  {now}");
    }
    let unpromised: Vec<_> = actual.keys().filter(|name| !promised.contains_key(*name)).collect();
    let lines: String = unpromised.iter().map(|name| actual[*name].clone() + "\n").collect();
    assert!(unpromised.is_empty(), "add to bindings-c/abi.txt what is new:\n{lines}");
}

#[test]
fn no_number_of_an_error_is_used_twice() {
    let mut seen = BTreeMap::new();
    for (name, what) in promised().iter().filter(|(name, _)| name.starts_with("EGITO_ERROR_")) {
        let number = what.split(" = ").nth(1).expect("a number").to_owned();
        if let Some(other) = seen.insert(number, name.clone()) {
            panic!("{name} has the number of {other}");
        }
    }
    assert_eq!(seen.len(), egito_core::CODES.len());
}

/// By name. Lines with `#` are comments, also of what was there once and must not come back.
fn promised() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join("abi.txt")).expect("abi.txt");
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(named).collect()
}

/// The header without its comments, one declaration a line.
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

/// A declaration with the name that it declares.
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
