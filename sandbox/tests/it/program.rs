//! The program: its output, arguments and end.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_egito-sandbox");

fn start(arguments: &[&str]) -> (Child, BufReader<ChildStdout>) {
    let mut child = Command::new(PROGRAM).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    (child, out)
}

fn line(out: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    line
}

fn host(line: &str) -> String {
    let announced: Value = serde_json::from_str(line).unwrap();
    announced["address"].as_str().unwrap().trim_start_matches("http://").to_owned()
}

fn terminate(child: &Child) {
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
}

#[test]
fn its_first_line_has_the_settings_of_a_client() {
    let (mut child, mut out) = start(&["--port", "0"]);
    let line = line(&mut out);
    let announced: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(announced["address"], announced["settings"]["base_url"]);
    assert_eq!(announced["page"], format!("{}/_sandbox/", announced["address"].as_str().unwrap()));
    assert_eq!(announced["settings"]["client_id"], "sandbox-client");
    assert_eq!(announced["settings"]["client_secret"], "sandbox-secret-7c41e0");
    assert_eq!(announced["settings"]["password"], "zażółć gęślą jaźń & 100%");
    assert!(TcpStream::connect(host(&line)).is_ok());
    terminate(&child);
    assert!(child.wait().unwrap().success(), "SIGTERM is a regular end");
}

#[test]
fn it_prints_exports_for_a_shell() {
    let (mut child, mut out) = start(&["--print-env"]);
    let lines: Vec<String> = (0..5).map(|_| line(&mut out)).collect();
    assert!(lines[0].starts_with("export EGITO_BASE_URL='http://127.0.0.1:"));
    assert_eq!(lines[1], "export EGITO_API_ID='sandbox-client'\n");
    assert_eq!(lines[4], "export EGITO_PASSWORD='zażółć gęślą jaźń & 100%'\n");
    terminate(&child);
    child.wait().unwrap();
}

#[test]
fn it_ends_with_its_parent() {
    // The shell is the parent. It ends with its stdin; the sandbox is still running.
    let script = format!("'{PROGRAM}' --exit-with-parent & read line");
    let mut shell =
        Command::new("sh").args(["-c", &script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(shell.stdout.take().unwrap());
    let host = host(&line(&mut out));
    assert!(TcpStream::connect(&host).is_ok());
    drop(shell.stdin.take());
    shell.wait().unwrap();
    // The pipe ends when the sandbox does, the last process that has it open.
    out.read_to_end(&mut Vec::new()).unwrap();
    assert!(TcpStream::connect(&host).is_err());
}

#[test]
fn it_ends_if_its_parent_has_ended_before_it_started() {
    let (mut child, mut out) = start(&["--exit-with-parent=1"]);
    line(&mut out);
    assert!(child.wait().unwrap().success());
}

#[test]
fn invalid_arguments_are_errors() {
    let run = |arguments: &[&str]| Command::new(PROGRAM).args(arguments).output().unwrap();
    let output = run(&["--prot", "1"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("--prot"));
    assert!(!run(&["--port", "many"]).status.success());
    assert!(!run(&["--exit-with-parent=x"]).status.success());
    assert!(run(&["--help"]).status.success());
}

/// Returns the error message of a program that cannot start.
fn start_error(arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(arguments).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn an_unreadable_seed_is_named_in_the_error() {
    let message = start_error(&["--seed", "nie.yaml"]);
    assert!(message.starts_with("egito-sandbox: seed nie.yaml: No such file"), "{message}");
}

#[test]
fn an_invalid_seed_is_named_with_line_and_key() {
    let file = std::env::temp_dir().join(format!("egito-sandbox-wrong-{}.yaml", std::process::id()));
    let name = file.to_str().unwrap();
    for (yaml, place) in [
        (
            "users:\n  - {name: ola, password: x, rights: []}\n  - name: jan\n    pasword: y\n",
            "line 4, users[1].pasword: ",
        ),
        ("required:\n  Offer: number\n", "line 2, required.Offer: "),
        ("entities:\n  Account:\n    - {name: x}\n    - 5\n", "line 4, entities.Account[1]: "),
        ("dictionaries:\n  color:\n    id: 1\n", "line 3, dictionaries.color: "),
        ("entity: {}\n", "line 1, entity: "),
    ] {
        std::fs::write(&file, yaml).unwrap();
        let message = start_error(&["--seed", name]);
        assert!(message.starts_with(&format!("egito-sandbox: seed {name}: {place}")), "{message}");
        assert!(!message.contains("column"), "{message}");
    }
    std::fs::write(&file, "entities:\n  Account: [1\n").unwrap();
    let message = start_error(&["--seed", name]);
    assert!(message.contains(name) && message.contains("line 3"), "{message}");
    std::fs::remove_file(file).unwrap();
}

#[test]
fn a_port_in_use_is_named_in_the_error() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let message = start_error(&["--port", &port]);
    assert!(message.starts_with(&format!("egito-sandbox: port {port}: ")), "{message}");
}
