//! `create`, `get`, `update`, `delete`, `call` and `dictionary`.

use crate::egito::Egito;
use serde_json::{Value, json};

#[test]
fn a_record_is_created_read_changed_and_deleted() {
    let egito = Egito::start();
    let created = egito.run_each(&["create", "Account", "name=Żubr", "nip=0012", "employees:=12"]).ok();
    let id = created.strip_prefix("created Account ").unwrap().trim();
    let record: Value = serde_json::from_str(&egito.run(&format!("get Account {id} --json")).ok()).unwrap();
    assert_eq!((&record["name"], &record["nip"], &record["employees"]), (&json!("Żubr"), &json!("0012"), &json!(12)));

    assert_eq!(egito.run(&format!("update Account {id} city=Łódź")).ok(), format!("updated Account {id}\n"));
    let shown = egito.run(&format!("get Account {id} --fields name,city")).ok();
    assert_eq!(shown, "name  Żubr\ncity  Łódź\n");

    assert_eq!(egito.run(&format!("delete Account {id} --yes")).ok(), format!("deleted Account {id}\n"));
    let error = egito.run(&format!("get Account {id}")).fails(5);
    assert!(error.starts_with(&format!("error (not_found): get Account {id}: not found")), "{error}");
}

#[test]
fn json_is_printed_for_programs() {
    let egito = Egito::start();
    let id: Value = serde_json::from_str(&egito.run("create Lead lastName=Ryś --json").ok()).unwrap();
    let error = egito.run("get Lead 999999 --json").fails(5);
    let error: Value = serde_json::from_str(&error).unwrap();
    assert!(id["id"].is_i64());
    assert_eq!((&error["code"], &error["status"]), (&json!("not_found"), &json!(404)));
}

#[test]
fn numbers_keep_their_digits() {
    let egito = Egito::start();
    let exact = r#"{"id":12345678901234567890,"name":"Żubr","revenue":98765432109876543210.10,"rate":1.50}"#;
    let seed = format!(r#"{{"entities":{{"Big":[{exact}]}}}}"#);
    let fault = json!({"on": {"action": "get"}, "times": 0, "response": {"body": exact, "headers": {"Content-Type": "application/json"}}});
    egito.fault(&fault);
    assert!(seed.contains("98765432109876543210.10"));
    assert_eq!(egito.run("get Big 1 --json").ok(), format!("{exact}\n"));
    let text = egito.run("get Big 1").ok();
    assert_eq!(text, "id       12345678901234567890\nname     Żubr\nrevenue  98765432109876543210.10\nrate     1.50\n");
    assert_eq!(
        egito.run("get Big 1 --json --fields revenue,id").ok(),
        "{\"revenue\":98765432109876543210.10,\"id\":12345678901234567890}\n"
    );

    egito.run_each(&["create", "Lead", "lastName=Ryś", "budget:=98765432109876543210.10"]).ok();
    let sent = egito.server.journal("create");
    assert!(sent[0]["body"].as_str().unwrap().contains(r#""budget":98765432109876543210.10"#), "{sent:?}");
}

#[test]
fn a_record_comes_from_a_file_or_from_stdin() {
    let egito = Egito::start();
    let json = "{\n  \"name\": \"Żubr\",\n  \"address\": {\"city\": \"Łódź\"}\n}\n";
    std::fs::write(egito.folder.path().join("account.json"), json).unwrap();
    let first = egito.run("create Account --file account.json").ok();
    let second = egito.run_with_input("create Account --file -", json).ok();
    for created in [first, second] {
        let id = created.trim().rsplit(' ').next().unwrap();
        assert_eq!(egito.run(&format!("get Account {id} --fields address.city")).ok(), "address.city  Łódź\n");
    }
    let error = egito.run_with_input("create Account --file -", "[{}]").fails(2);
    assert!(error.contains("expected a JSON object, got an array. For many records use `egito import`"), "{error}");
    assert_eq!(egito.server.journal("create").len(), 2);
}

#[test]
fn a_create_that_may_be_done_is_not_sent_again() {
    let egito = Egito::start();
    egito.fault(&json!({"on": {"action": "create"}, "cut": "after"}));
    let error = egito.run("create Lead lastName=Ryś").fails(7);
    assert!(error.starts_with("error (outcome_unknown): create Lead: "), "{error}");
    assert!(error.ends_with("Look for it there before you send it again:\n{\"lastName\":\"Ryś\"}\n"), "{error}");
    assert_eq!(egito.server.journal("create").len(), 1);
}

#[cfg(target_os = "linux")] // it writes to /dev/full
#[test]
fn the_id_is_not_lost_if_stdout_is_full_or_closed() {
    let egito = Egito::start();
    let full = egito.shell("egito create Lead lastName=Ryś > /dev/full").fails(10);
    assert!(full.starts_with("error: created Lead 9, but cannot write stdout: "), "{full}");
    let json = egito.shell("egito create Lead lastName=Ryś --json > /dev/full").fails(10);
    let error: Value = serde_json::from_str(&json).unwrap();
    assert!(error["message"].as_str().unwrap().starts_with("created Lead 10, but cannot write stdout: "), "{json}");
    let closed = egito.shell("mkfifo pipe; exec 3<>pipe 4>pipe 3>&-; egito create Lead lastName=Ryś >&4");
    assert_eq!((closed.code, closed.stderr.as_str()), (0, "created Lead 11\n"));
}

#[test]
fn nothing_is_deleted_without_a_confirmation() {
    let egito = Egito::start();
    let error = egito.run("delete Account 5").fails(2);
    assert!(error.contains("Delete Account 5?") && error.contains("confirm with `--yes`"), "{error}");
    assert!(egito.server.journal("delete").is_empty());

    let refused = egito.on_terminal(80, "egito delete Account 5", "n\n");
    assert!(
        refused.stdout.contains("Delete Account 5? [y/N]") && refused.stdout.contains("nothing was sent"),
        "{refused}"
    );
    assert_eq!((refused.code, egito.server.journal("delete").len()), (130, 0));

    let confirmed = egito.on_terminal(80, "LC_ALL=pl_PL.UTF-8 egito delete Account 5", "t\n");
    assert!(
        confirmed.stdout.contains("Usunąć Account 5? [t/N]") && confirmed.stdout.contains("usunięto Account 5"),
        "{confirmed}"
    );
    assert_eq!((confirmed.code, egito.server.journal("delete").len()), (0, 1));
}

#[test]
fn an_action_returns_the_response() {
    let egito = Egito::start();
    let response = json!({"on": {"action": "call"}, "times": 0, "response": {"json": {"ok": true, "pages": [1, 2]}}});
    egito.fault(&response);
    let expected = r#"{"ok":true,"pages":[1,2]}"#;
    assert_eq!(egito.run("call Offer print id:=7").ok(), format!("{expected}\n"));
    assert_eq!(egito.run("call Offer status id:=7 --method get").ok(), format!("{expected}\n"));
    let sent = egito.server.journal("call");
    assert_eq!((&sent[0]["method"], &sent[0]["json"]), (&json!("POST"), &json!({"id": 7})));
    assert_eq!((&sent[1]["method"], &sent[1]["query"]["id"]), (&json!("GET"), &json!("7")));
}

#[test]
fn a_dictionary_is_a_list() {
    let egito = Egito::start();
    let table = egito.run("dictionary industry").ok();
    assert!(table.starts_with("id  name\n"), "{table}");
    assert!(table.contains("\n4   Budownictwo\n"), "{table}");
    assert_eq!(egito.run("dictionary industry --json").json_lines()[0], json!({"id": 1, "name": "Produkcja"}));
}
