//! `outbox`: writes that wait in a file.

use crate::egito::Egito;
use serde_json::{Value, json};

#[test]
fn entries_are_put_listed_and_delivered_once() {
    let egito = Egito::start();
    let before = egito.records("Lead").len();
    assert_eq!(egito.run("outbox put box.db Lead --key formKey formKey=f-1 lastName=Ryś").ok(), "stored as entry 1\n");
    assert_eq!(egito.run("outbox put box.db Lead --key formKey formKey=f-1 lastName=Ryś").ok(), "stored as entry 1\n");
    assert_eq!(egito.run("outbox put box.db Account --key nip --upsert nip=1 city=Łódź").ok(), "stored as entry 2\n");
    let status = egito.run("outbox status box.db").ok();
    assert_eq!(status, "waiting    2\nsending    0\nrefused    0\nunclear    0\ndelivered  0\n");

    let delivered = egito.run("outbox deliver box.db");
    assert_eq!(delivered.code, 1, "{delivered}");
    assert!(
        delivered
            .stdout
            .starts_with("1 delivered\n1 refused by the server: see `egito outbox list box.db --state refused`"),
        "{delivered}"
    );
    assert_eq!(egito.records("Lead").len(), before + 1);

    let table = egito.run("outbox list box.db --state refused").ok();
    assert!(table.contains("refused  upsert  Account") && table.contains("validation: "), "{table}");
    let entry: Value = serde_json::from_str(&egito.run("outbox get box.db 2 --json").ok()).unwrap();
    assert_eq!((&entry["state"], &entry["record"]["city"]), (&json!("refused"), &json!("Łódź")));

    assert_eq!(egito.run("outbox edit box.db 2 nip=1 name=Żubr").ok(), "entry 2 is due now\n");
    assert_eq!(egito.run("outbox deliver box.db --json").json_lines()[0]["delivered"], 1);
    assert_eq!(egito.run("outbox list box.db --json").json_lines().len(), 2);
}

#[test]
fn a_record_that_is_not_stored_is_reported() {
    let egito = Egito::start();
    let put = |fields: &str| egito.run(&format!("outbox put box.db Lead --key formKey formKey=f-1 {fields}"));
    put("lastName=Ryś city=Łódź").ok();
    assert_eq!(put("city=Łódź lastName=Ryś").ok(), "stored as entry 1\n");
    let error = put("lastName=Sowa city=Łódź").fails(2);
    assert!(
        error.starts_with("error: entry 1 has this key and another record, so this record was not stored"),
        "{error}"
    );
    assert!(error.contains("`egito outbox get box.db 1`"), "{error}");
    egito.run("outbox deliver box.db").ok();
    assert_eq!(put("lastName=Sowa").code, 2);
}

#[test]
fn records_with_long_numbers_differ_in_the_last_digit() {
    let egito = Egito::start();
    let put = |code: &str| egito.run(&format!("outbox put box.db Lead --key formKey formKey=f-1 code:={code}"));
    put("12345678901234567890123").ok();
    put("12345678901234567890123").ok();
    put("12345678901234567890124").fails(2);
}

#[test]
fn an_entry_is_retried_or_discarded() {
    let egito = Egito::start();
    egito.run("outbox put box.db Account --key nip nip=1").ok();
    assert_eq!(egito.run("outbox deliver box.db").code, 1);
    assert_eq!(egito.run("outbox retry box.db 1").ok(), "entry 1 is due now\n");
    let error = egito.run("outbox discard box.db 1").fails(2);
    assert!(error.contains("Remove entry 1, so that it is never sent?"), "{error}");
    assert_eq!(egito.run("outbox discard box.db 1 --yes").ok(), "discarded entry 1\n");
    assert_eq!(egito.run("outbox discard box.db 1 --yes").code, 5);
    assert_eq!(egito.run("outbox list box.db").stderr, "no entries\n");
}

#[test]
fn a_mistyped_path_creates_no_file() {
    let egito = Egito::start();
    for action in ["status", "list", "deliver"] {
        let error = egito.run(&format!("outbox {action} boks.db")).fails(10);
        assert!(error.starts_with("error: there is no outbox in boks.db"), "{error}");
    }
    assert!(!egito.folder.path().join("boks.db").exists());
}

#[test]
fn while_the_server_is_down_the_entries_wait() {
    let egito = Egito::start();
    egito.run("outbox put box.db Lead --key formKey formKey=f-1 lastName=Ryś").ok();
    egito.fault(&json!({"on": {"entity": "Lead"}, "times": 0, "response": {"status": 503}}));
    let ran = egito.run("outbox deliver box.db --set max_retries=0");
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.stdout.contains("1 may have been done, and will be looked for") && ran.stdout.contains("next attempt: "),
        "{ran}"
    );
}
