//! `sandbox`, `completions`, `man` and `--version`.

use crate::egito::{Egito, PROGRAM};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn the_variables_of_a_sandbox_make_a_client() {
    let egito = Egito::start();
    let mut command = egito.command(PROGRAM);
    command.args(["sandbox", "--records", "50"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut sandbox = command.spawn().unwrap();
    let lines = BufReader::new(sandbox.stdout.take().unwrap()).lines();
    let variables: Vec<String> = lines.take(5).map(|line| line.unwrap()).collect();
    let ran = egito.shell(&format!("{}; egito list Account --fields id", variables.join(";")));
    assert_eq!(ran.ok().lines().count(), 52);
    Command::new("kill").args(["-INT", &sandbox.id().to_string()]).status().unwrap();
    assert!(sandbox.wait().unwrap().success());
}

#[test]
fn a_sandbox_that_cannot_start_says_why() {
    let egito = Egito::start();
    let error = egito.run("sandbox --seed none.yaml").fails(10);
    assert!(error.starts_with("error: the sandbox cannot start: seed none.yaml: "), "{error}");
    let error = egito.run(&format!("sandbox --port {}", egito.server.port())).fails(10);
    assert!(error.starts_with(&format!("error: the sandbox cannot start: port {}: ", egito.server.port())), "{error}");
}

#[test]
fn shells_complete_commands() {
    let egito = Egito::start();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = egito.run(&format!("completions {shell}")).ok();
        assert!(script.contains("dictionary") && script.contains("language"), "{shell}");
    }
    let checked = egito.shell("egito completions bash > egito.bash && bash -n egito.bash");
    assert_eq!((checked.code, checked.stderr.as_str()), (0, ""));
}

#[test]
fn the_man_page_has_every_command() {
    let egito = Egito::start();
    let page = egito.run("man").ok();
    assert!(page.contains(".TH") && page.contains("egito\\-doctor"), "{page}");
    std::fs::create_dir(egito.folder.path().join("pages")).unwrap();
    egito.run("man --output pages").ok();
    assert!(egito.folder.path().join("pages/egito-list.1").is_file());
    assert!(egito.folder.path().join("pages/egito-outbox-deliver.1").is_file());
}

#[test]
fn the_version_is_that_of_the_crate() {
    assert_eq!(Egito::start().run("--version").ok(), concat!("egito ", env!("CARGO_PKG_VERSION"), "\n"));
}
