//! `cargo xtask generate` writes the files that are generated from the tables of the core: settings, error codes and error details.
//!
//! With `--check` it writes nothing and fails if a file is stale.

mod c;
mod kotlin;
mod node;
mod pages;
mod php;
mod prose;
mod python;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A generated file, or the generated part of a file.
struct Output {
    /// Path from the root of the repository.
    path: String,
    content: Content,
}

enum Content {
    File(String),
    /// The lines between one that begins with `after` and the next one that begins with `before`.
    Part {
        after: &'static str,
        before: &'static str,
        text: String,
    },
}

impl Output {
    fn file(path: impl Into<String>, text: String) -> Self {
        Self { path: path.into(), content: Content::File(text) }
    }

    fn part(path: impl Into<String>, after: &'static str, before: &'static str, text: String) -> Self {
        Self { path: path.into(), content: Content::Part { after, before, text } }
    }

    /// Returns the new content of the whole file.
    fn text(&self, current: &str) -> String {
        match &self.content {
            Content::File(text) => text.clone(),
            Content::Part { after, before, text } => {
                let start = line_end(current, line_start(current, 0, after, &self.path));
                let end = line_start(current, start, before, &self.path);
                format!("{}{text}{}", &current[..start], &current[end..])
            }
        }
    }
}

fn line_start(text: &str, from: usize, start: &str, path: &str) -> usize {
    let found = text[from..].split_inclusive('\n').scan(from, |position, line| {
        let at = *position;
        *position += line.len();
        Some((at, line))
    });
    let mut found = found.filter(|(_, line)| line.starts_with(start)).map(|(at, _)| at);
    found.next().unwrap_or_else(|| panic!("{path} has no line beginning with {start:?}"))
}

fn line_end(text: &str, start: usize) -> usize {
    text[start..].find('\n').map_or(text.len(), |length| start + length + 1)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_check = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["generate"] => false,
        ["generate", "--check"] => true,
        _ => {
            eprintln!("usage: cargo xtask generate [--check]");
            return ExitCode::from(2);
        }
    };
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let outputs =
        [pages::outputs(), python::outputs(), node::outputs(), c::outputs(), php::outputs(), kotlin::outputs()];
    let stale = outputs.iter().flatten().filter(|output| !is_fresh(&root, output, is_check)).count();
    if stale > 0 && is_check {
        eprintln!("run `cargo xtask generate`, and commit what it writes");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Returns whether the file is up to date. Writes it if it is not, unless this is only a check.
fn is_fresh(root: &Path, output: &Output, is_check: bool) -> bool {
    let path = root.join(&output.path);
    let current = fs::read_to_string(&path).unwrap_or_default();
    let text = output.text(&current);
    if current == text {
        return true;
    }
    if is_check {
        eprintln!("stale: {}", output.path);
    } else {
        fs::create_dir_all(path.parent().expect("a file has a parent folder")).expect("cannot create the folder");
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", output.path));
        println!("wrote {}", output.path);
    }
    false
}
