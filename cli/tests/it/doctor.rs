//! `doctor`: the report, the settings that it finds, and its exit code.

use crate::egito::Egito;
use serde_json::{Value, json};

#[test]
fn the_report_is_text_or_json() {
    let egito = Egito::start();
    let text = egito.run("doctor").ok();
    assert!(text.contains("ok       login: ") && text.contains("# The defaults fit this server."), "{text}");
    let report: Value = serde_json::from_str(&egito.run("doctor --json").ok()).unwrap();
    assert!(report["checks"].as_array().unwrap().iter().any(|check| check["name"] == "login"));
    assert!(egito.server.journal("create").is_empty(), "it only reads");
}

#[test]
fn the_settings_that_it_writes_make_lists_whole() {
    let egito = Egito::start();
    egito.server.control(
        "POST",
        "reset",
        &json!({"records": {"Account": 60}, "config": {"limit_param": "limit", "page_cap": 10}}),
    );
    let file = egito.folder.path().join("egito.toml");
    let ran = egito.run("doctor -o egito.toml");
    assert!(ran.stderr.contains("Use them with `--config egito.toml`"), "{ran}");
    let toml = std::fs::read_to_string(&file).unwrap();
    assert!(toml.contains("limit_param = \"limit\""), "{toml}");
    assert_eq!(egito.run("list Account --json --config egito.toml").json_lines().len(), 60);

    let again = egito.run("doctor -o egito.toml").fails(10);
    assert!(again.contains("egito.toml exists"), "{again}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), toml);
}

#[test]
fn a_problem_is_the_exit_code_1() {
    let egito = Egito::start();
    let ran = Egito::run_with_variable(&egito, "EGITO_PASSWORD", "wrong-password", "doctor");
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""), "{ran}");
    assert!(ran.stdout.contains("problem  login: "), "{ran}");
    assert!(!ran.stdout.contains("wrong-password"), "{ran}");
}

#[test]
fn it_writes_only_if_that_is_confirmed() {
    let egito = Egito::start();
    let error = egito.run("doctor --write Lead").fails(2);
    assert!(error.contains("Create a test record of Lead on this server, change it and delete it?"), "{error}");
    assert!(egito.server.journal("create").is_empty());
    let before = egito.records("Lead");
    let text = egito.run("doctor --write Lead --yes").ok();
    assert!(text.contains("ok       write_delete: "), "{text}");
    assert_eq!((egito.server.journal("create").len(), egito.records("Lead")), (1, before));
    let confirmed = egito.on_terminal(100, "egito doctor --write Lead", "y\n");
    assert_eq!((confirmed.code, egito.server.journal("create").len()), (0, 2), "{confirmed}");
}
