//! What other people's binaries rely on does not change within one SONAME: every function's declaration, every number, every
//! callback. They stand in `abi.txt`; a new one is added there, and none is ever changed, removed or used again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[test]
fn no_declaration_and_no_number_changes() {
    let (promised, actual) = (promised(&abi()), actual());
    for (name, what) in &promised {
        let now = actual.get(name).map_or("gone", String::as_str);
        assert!(now == what, "{name} was promised as\n  {what}\nand is\n  {now}");
    }
    let unpromised: Vec<_> = actual.keys().filter(|name| !promised.contains_key(*name)).collect();
    let lines: String = unpromised.iter().map(|name| actual[*name].clone() + "\n").collect();
    assert!(unpromised.is_empty(), "add to bindings-c/abi.txt what is new:\n{lines}");
}

#[test]
fn no_name_and_no_number_of_an_error_is_used_again() {
    let text = abi();
    assert_eq!(used_again(&text), Vec::<String>::new());
    let living = promised(&text).keys().filter(|name| name.starts_with(ERROR)).count();
    assert_eq!(living, egito_core::CODES.len());
}

#[test]
fn what_is_gone_is_not_used_again() {
    let uses = |text: &str| used_again(text).len();
    assert_eq!(uses("# Words about egito.h = 1.\nEGITO_ERROR_A = 1\nEGITO_OK = 1\n# EGITO_ERROR_B = 2\n"), 0);
    assert_eq!(uses("EGITO_ERROR_A = 1\nEGITO_ERROR_B = 1\n"), 1);
    assert_eq!(uses("# EGITO_ERROR_A = 1\nEGITO_ERROR_B = 1\n"), 1);
    assert_eq!(uses("#EGITO_ERROR_A = 1\nEGITO_ERROR_A = 2\n"), 1);
    assert_eq!(uses("# void egito_a(void)\nint egito_a(void)\n"), 1);
}

const ERROR: &str = "EGITO_ERROR_";

/// The lines that use a name, or a number of an error, of a line before; what is gone comes first.
fn used_again(text: &str) -> Vec<String> {
    let gone =
        text.lines().filter_map(|line| line.strip_prefix('#')).map(str::trim).filter(|line| is_declaration(line));
    let living = text.lines().filter(|line| is_declaration(line));
    let mut seen = BTreeSet::new();
    let mut again = Vec::new();
    for line in gone.chain(living) {
        let (name, what) = named(line);
        let number = what.split(" = ").nth(1).filter(|_| name.starts_with(ERROR)).map(str::to_owned);
        let is_new = [Some(name), number].into_iter().flatten().all(|used| seen.insert(used));
        again.extend((!is_new).then_some(what));
    }
    again
}

/// By name.
fn promised(text: &str) -> BTreeMap<String, String> {
    text.lines().filter(|line| is_declaration(line)).map(named).collect()
}

/// Lines with `#` are comments: words, and declarations that were there once and must not come back.
fn is_declaration(line: &str) -> bool {
    !line.starts_with('#') && (line.starts_with("EGITO_") || line.contains("egito_"))
}

fn abi() -> String {
    std::fs::read_to_string(root().join("abi.txt")).expect("abi.txt")
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
