//! Runs the examples of the pages about the program: each command after `$ ` prints the lines below it. A line `…` stands for any lines.

use crate::egito::Egito;
use std::fs;
use std::path::Path;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/cli.md");

/// A command of the page and the lines that it prints.
struct Example<'a> {
    command: &'a str,
    output: Vec<&'a str>,
}

#[test]
fn the_examples_print_what_the_page_shows() {
    run_examples("cli.md", 15);
}

#[test]
fn the_examples_of_files_print_what_the_page_shows() {
    run_examples("cli-files.md", 8);
}

/// Runs the examples of a page, which has at least so many.
fn run_examples(page: &str, at_least: usize) {
    let page = fs::read_to_string(Path::new(PAGE).with_file_name(page)).unwrap();
    let egito = Egito::start();
    let examples = examples(&page);
    assert!(examples.len() >= at_least, "the page has examples");
    for Example { command, output } in examples {
        let printed = egito.shell(&format!("exec 2>&1; {command}")).stdout;
        let printed: Vec<&str> = printed.trim_end().lines().map(str::trim_end).collect();
        assert!(matches(&printed, &output), "$ {command}\nprints:\n{}", printed.join("\n"));
    }
}

#[test]
fn every_command_has_an_example() {
    let page = pages();
    let help = Egito::start().run("--help").ok();
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names =
        commands.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).filter(|name| !name.is_empty());
    let missing: Vec<&str> = names.filter(|name| !page.contains(&format!("egito {name}"))).collect();
    assert_eq!(missing, Vec::<&str>::new(), "no example");
}

/// Returns the text of docs/cli.md and of the other pages about the program, such as docs/cli-files.md.
fn pages() -> String {
    let folder = Path::new(PAGE).parent().unwrap();
    let pages = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let pages = pages.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("cli"));
    pages.map(|path| fs::read_to_string(path).unwrap()).collect()
}

fn examples(page: &str) -> Vec<Example<'_>> {
    let blocks = page.split("\n```console\n").skip(1).map(|rest| rest.split("\n```").next().unwrap());
    let mut examples: Vec<Example<'_>> = Vec::new();
    for line in blocks.flat_map(str::lines) {
        match (line.strip_prefix("$ "), examples.last_mut()) {
            (Some(command), _) => examples.push(Example { command, output: Vec::new() }),
            (None, Some(example)) => example.output.push(line),
            (None, None) => panic!("a block begins with a command"),
        }
    }
    examples
}

fn matches(printed: &[&str], expected: &[&str]) -> bool {
    match expected.split_first() {
        None => printed.is_empty(),
        Some((&"…", rest)) => (0..=printed.len()).any(|skipped| matches(&printed[skipped..], rest)),
        Some((line, rest)) => printed.first() == Some(line) && matches(&printed[1..], rest),
    }
}
