//! Wrong arguments and settings, and the exit codes.

use crate::egito::{Egito, Ran};
use serde_json::{Value, json};

impl Egito {
    /// Runs `egito` with another value of a variable.
    pub fn run_with_variable(&self, name: &str, value: &str, arguments: &str) -> Ran {
        let mut command = self.command(crate::egito::PROGRAM);
        Ran::of(&command.env(name, value).args(arguments.split_whitespace()).output().unwrap())
    }
}

#[test]
fn a_wrong_argument_is_explained_and_nothing_is_sent() {
    let egito = Egito::start();
    for (arguments, message) in [
        ("lst", "error: unknown command `lst`; did you mean `list`? See `egito --help`."),
        ("list", "error: missing: <ENTITY>. See `egito list --help`."),
        (
            "list Account --ordr asc",
            "error: unknown argument `--ordr`; did you mean `--order`? See `egito list --help`.",
        ),
        (
            "list Account --order up",
            "error: invalid value \"up\" of `--order <ORDER>`: expected one of asc, desc. See `egito list --help`.",
        ),
        (
            "list Account --max many",
            "error: invalid value \"many\" of `--max <N>`: expected a number, at least 1. See `egito list --help`.",
        ),
        (
            "list Account --max 0",
            "error: invalid value \"0\" of `--max <N>`: expected a number, at least 1. See `egito list --help`.",
        ),
        (
            "export Account -o a.csv --max -1",
            "error: invalid value \"-1\" of `--max <N>`: expected a number, at least 1.",
        ),
        ("outbox deliver a.db --max 0", "error: invalid value \"0\" of `--max <N>`: expected a number, at least 1."),
        (
            "types Account --lang php --sample 0",
            "error: invalid value \"0\" of `--sample <N>`: expected a number, at least 1.",
        ),
        ("list Account --max", "error: `--max <N>` needs a value. See `egito list --help`."),
        (
            "list Account --max 1 --all",
            "error: `--max <N>` and `--all` cannot be used together. See `egito list --help`.",
        ),
        ("list Account --filter city", "error: invalid `--filter`: expected FIELD=VALUE, got \"city\""),
        ("outbox lst x", "error: unknown command `lst`; did you mean `list`? See `egito outbox --help`."),
        ("create Lead", "error: no fields: give FIELD=TEXT or FIELD:=JSON, or a JSON object with `--file`"),
        ("create Lead a=1 a=2", "error: the field `a` is given twice"),
        (
            "create Lead age:=old",
            "error: invalid JSON of the field `age`: expected value at line 1 column 1; write `age=…` for a text",
        ),
        ("create no-entity a=1", "error (config): invalid name of an entity `no-entity`: it must start with a letter"),
        ("get Account 1 --set timout=3", "error (config): unknown setting `timout`: did you mean `timeout`?"),
        ("get Account 1 --set timeout=x", "error (config): invalid `timeout`: expected a number, got the string \"x\""),
        ("get Account 1 --set timeout", "error (config): invalid `--set`: expected NAME=VALUE, got \"timeout\""),
        (
            "get Account 1 --set password=tajne",
            "error (config): `password` cannot be set with `--set`, since other users",
        ),
        (
            "get Account 1 --set proxy=http://jan:tajne@127.0.0.1:1",
            "error (config): `proxy` cannot be set with `--set`, since other users",
        ),
        (
            "get Account 1 --set headers={\"X-Api-Key\":\"tajne\"}",
            "error (config): `headers` cannot be set with `--set`, since other users",
        ),
    ] {
        let error = egito.run(arguments).fails(2);
        assert!(error.starts_with(message), "egito {arguments}: {error}");
        assert!(!error.contains("tajne"), "{error}");
    }
    assert!(egito.server.journal("login").is_empty());
}

#[test]
fn each_kind_of_failure_has_its_exit_code() {
    let egito = Egito::start();
    let status = |status: u16| json!({"on": {"action": "get"}, "response": {"status": status}});
    assert_eq!(egito.run_with_variable("EGITO_PASSWORD", "x", "get Account 1").code, 3);
    egito.fault(&status(403));
    assert_eq!(egito.run("get Account 1").code, 4);
    assert_eq!(egito.run("get Account 7000000").code, 5);
    assert_eq!(egito.run("create Account city=x").code, 6);
    egito.fault(&status(503));
    let failed = egito.run("get Account 1 --set max_retries=0").fails(8);
    assert!(failed.contains("the server failed (HTTP 503)"), "{failed}");
    egito.fault(&json!({"on": {"action": "get"}, "response": {"body": "<html>"}}));
    assert_eq!(egito.run("get Account 1").code, 9);
    assert_eq!(egito.run("create Account --file none.json").code, 10);
    let unreachable =
        egito.run_with_variable("EGITO_BASE_URL", "http://127.0.0.1:1", "get Account 1 --set max_retries=0");
    assert_eq!(unreachable.code, 8, "{unreachable}");
}

#[test]
fn missing_settings_are_named_with_their_variables() {
    let egito = Egito::start();
    let mut command = egito.command(crate::egito::PROGRAM);
    let error = Ran::of(&command.env_clear().args(["get", "Account", "1"]).output().unwrap()).fails(2);
    assert!(error.contains("`name` (in the environment EGITO_NAME)"), "{error}");
    assert!(error.contains("`password` (in the environment EGITO_PASSWORD)"), "{error}");
}

#[test]
fn the_environment_overrides_the_file_and_set_overrides_both() {
    let egito = Egito::start();
    let file = "base_url = 'http://127.0.0.1:1'\npage_size = 3\n";
    std::fs::write(egito.folder.path().join("egito.toml"), file).unwrap();
    egito.run("list Account --json --config egito.toml --set pageSize=4 --set prefetch=0").ok();
    assert_eq!(egito.server.journal("list")[0]["query"]["max"], "4");
    egito.run_with_variable("EGITO_CONFIG", "egito.toml", "list Account --json").ok();
    assert_eq!(egito.server.journal("list").last().unwrap()["query"]["max"], "3");
}

#[test]
fn a_message_of_the_server_does_not_control_the_terminal() {
    let egito = Egito::start();
    let message = "zły\u{1b}[31m NIP\nerror: usuń plik\u{202e}\u{9b}2J";
    let response = json!({"status": 422, "json": {"errors": [{"field": "nip", "message": message}]}});
    egito.fault(&json!({"on": {"action": "create"}, "times": 0, "response": response}));
    for language in ["en", "pl"] {
        let error = egito.run(&format!("create Account nip=1 --language {language}")).fails(6);
        assert!(error.contains(r"zły\u{1b}[31m NIP\nerror: usuń plik\u{202e}\u{9b}2J"), "{error:?}");
    }
    let json = egito.run("create Account nip=1 --json").fails(6);
    let error: Value = serde_json::from_str(&json).unwrap();
    assert!(error["message"].as_str().unwrap().contains('\u{9b}') && !json.contains('\u{9b}'), "{json:?}");
    egito.write("accounts.csv", "nip\n1\n");
    let ran = egito.run("import accounts.csv --entity Account --mode create");
    assert!(!ran.to_string().contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{ran:?}");
}

#[test]
fn a_proxy_without_a_password_can_be_set() {
    let egito = Egito::start();
    egito.run("get Account 1 --set proxy=env").ok();
    assert_eq!(egito.run("get Account 1 --set proxy=http://127.0.0.1:1 --set max_retries=0").code, 8);
}

#[test]
fn errors_are_json_for_programs() {
    let egito = Egito::start();
    let error: Value = serde_json::from_str(&egito.run("lst --json").fails(2)).unwrap();
    assert_eq!(error["code"], "usage");
    let error: Value = serde_json::from_str(&egito.run("create Account --file none.json --json").fails(10)).unwrap();
    assert_eq!(error["code"], "file");
}
