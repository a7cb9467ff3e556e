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
fn the_settings_have_many_forms() {
    let egito = Egito::start();
    egito.server.control("POST", "reset", &json!({"records": {"Account": 60}, "config": {"limit_param": "limit"}}));
    let ran = egito.run("doctor --format env");
    assert_eq!(ran.stdout.lines().nth(1), Some("EGITO_LIMIT_PARAM=limit"), "{ran}");
    assert!(ran.stderr.contains("ok       list_limit: is obeyed under another name"), "{ran}");
    let listed = egito.run_with_variable("EGITO_LIMIT_PARAM", "limit", "list Account --json").json_lines();
    assert_eq!(listed.len(), 60);

    let ran = egito.run("doctor --format python -o client.py");
    assert!(ran.stdout.contains("ok       list_limit: ") && !ran.stdout.contains("egito.Client"), "{ran}");
    assert!(ran.stderr.contains("The settings for this server are in client.py."), "{ran}");
    let python = std::fs::read_to_string(egito.folder.path().join("client.py")).unwrap();
    assert!(python.ends_with("client = egito.Client.from_env(\n    limit_param=\"limit\",\n)\n"), "{python}");
    assert!(egito.run("doctor --format ini").fails(2).contains("`--format <FORMAT>`"));
}

#[test]
fn the_report_is_polish_by_locale() {
    let egito = Egito::start();
    egito.server.control("POST", "config", &json!({"ignore_filters": ["*"]}));
    let ran = egito.run_with_variable("LC_ALL", "pl_PL.UTF-8", "doctor");
    for text in [
        "ok        login: serwer przyjmuje dane logowania\n",
        "uwaga     list_filters: filtry są ignorowane\n          Wybieraj rekordy w programie.",
        "pominięto write_create: bez opcji `write` z nazwą encji serwer jest tylko czytany\n",
        "\nzapytań: ",
    ] {
        assert!(ran.stdout.contains(text), "{text}: {ran}");
    }
    let json: Value = serde_json::from_str(&egito.run("doctor --json --language pl").ok()).unwrap();
    let checks = json["checks"].as_array().unwrap();
    for message in checks.iter().flat_map(|check| [check["message"].as_str(), check["advice"].as_str()]).flatten() {
        assert!(!message.contains(' ') || !ran.stdout.contains(message), "{message}: {ran}");
    }
}

#[test]
fn a_problem_is_the_exit_code_1() {
    let egito = Egito::start();
    let ran = Egito::run_with_variable(&egito, "EGITO_PASSWORD", "wrong-password", "doctor");
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""), "{ran}");
    assert!(ran.stdout.contains("problem  login: "), "{ran}");
    assert!(!ran.stdout.contains("wrong-password"), "{ran}");
    let ran = Egito::run_with_variable(&egito, "EGITO_PASSWORD", "wrong-password", "doctor -o egito.toml");
    assert!(ran.stderr.contains("Solve the problems of the report") && !ran.stderr.contains("Use them"), "{ran}");
}

#[test]
fn spaces_around_the_names_of_entities_do_not_count() {
    let egito = Egito::start();
    let text = egito.run_each(&["doctor", "--entities", "Account, Contact"]).ok();
    assert!(text.contains("ok       rights Contact: "), "{text}");
    let error = egito.run("doctor --write Lead,Account --yes").fails(2);
    assert!(error.contains("invalid name of an entity `Lead,Account`"), "{error}");
    assert!(egito.server.journal("create").is_empty());
}

#[test]
fn it_writes_only_if_that_is_confirmed() {
    let egito = Egito::start();
    let error = egito.run("doctor --write Lead").fails(2);
    assert!(
        error.contains("Create a test record of Lead (\"Egito SDK probe …\") on this server, change it and delete it?"),
        "{error}"
    );
    assert!(egito.server.journal("create").is_empty());
    let before = egito.records("Lead");
    let text = egito.run("doctor --write Lead --yes").ok();
    assert!(text.contains("ok       write_delete: "), "{text}");
    assert_eq!((egito.server.journal("create").len(), egito.records("Lead")), (1, before));
    let confirmed = egito.on_terminal(100, "egito doctor --write Lead", "y\n");
    assert_eq!((confirmed.code, egito.server.journal("create").len()), (0, 2), "{confirmed}");
}
