//! `upsert`: creates a record, updates only what differs, or writes nothing.

use crate::sandbox::Server;
use egito::blocking::Client;
use egito::{Change, Code, Upserted};
use serde_json::{Value, json};

const NIP: &str = "5250001009";

#[test]
fn a_record_is_created_then_left_alone_then_updated() {
    let server = Server::start();
    let account = |city: &str| json!({"nip": NIP, "name": "Żubr Próbny", "city": city});
    let created = upsert(&server, &account("Kraków")).unwrap();
    assert_eq!(created.change, Change::Created);
    let unchanged = upsert(&server, &account(" Kraków ")).unwrap();
    assert_eq!((unchanged.change, &unchanged.id), (Change::Unchanged, &created.id));
    assert!(server.journal("update").is_empty(), "nothing is written");
    let updated = upsert(&server, &account("Łódź")).unwrap();
    assert_eq!((updated.change, &updated.id), (Change::Updated, &created.id));
    assert_eq!(updated.fields, ["city"]);
    let sent = &server.journal("update")[0]["json"];
    assert_eq!(*sent, json!({"id": created.id, "city": "Łódź"}), "only the field that differs is sent");
    assert_eq!(server.journal("create").len(), 1);
}

#[test]
fn nothing_is_written_if_several_records_have_the_key() {
    let server = Server::start();
    let account = |id| json!({"id": id, "nip": NIP, "name": "Żubr"});
    server.control("POST", "seed", &json!({"entities": {"Account": [account(900), account(800)]}}));
    let upserted = upsert(&server, &json!({"nip": NIP, "name": "Ryś"})).unwrap();
    assert_eq!((upserted.change, upserted.id), (Change::Ambiguous, 800.into()));
    assert_eq!(upserted.duplicates, [800.into(), 900.into()]);
    assert!(server.journal("update").is_empty() && server.journal("create").is_empty());
}

#[test]
fn a_record_that_another_program_created_meanwhile_is_updated() {
    let server = Server::start();
    let account = json!({"id": 900, "nip": NIP, "name": "Żubr", "city": "Kraków"});
    server.control("POST", "seed", &json!({"entities": {"Account": [account]}}));
    server.control(
        "POST",
        "faults",
        &json!([
            {"on": {"action": "list"}, "response": {"json": []}},
            {"on": {"action": "create"}, "response": {"json": {"errors": [{"field": "nip", "message": "must be unique"}]}}},
        ]),
    );
    let upserted = upsert(&server, &json!({"nip": NIP, "name": "Żubr", "city": "Gdynia"})).unwrap();
    assert_eq!((upserted.change, upserted.id), (Change::Updated, 900.into()));
}

#[test]
fn calls_with_one_key_create_one_record() {
    let server = Server::start();
    server.control("POST", "config", &json!({"commit_delay_ms": 300}));
    let client = Client::new(server.settings(&json!({}))).unwrap();
    std::thread::scope(|threads| {
        for city in ["Kraków", "Łódź", "Gdynia", "Sopot"] {
            let accounts = client.accounts();
            threads.spawn(move || accounts.upsert(&json!({"nip": NIP, "name": "Żubr", "city": city}), "nip").unwrap());
        }
    });
    assert_eq!(server.journal("create").len(), 1);
    assert_eq!(server.journal("update").len(), 3);
}

#[test]
fn a_refused_update_is_an_error() {
    let server = Server::start();
    upsert(&server, &json!({"nip": NIP, "name": "Żubr"})).unwrap();
    let error = upsert(&server, &json!({"nip": NIP, "name": ""})).unwrap_err();
    assert_eq!((error.code(), error.details().action.as_deref()), (Code::Validation, Some("update")), "{error}");
}

fn upsert(server: &Server, account: &Value) -> egito::Result<Upserted> {
    Client::new(server.settings(&json!({}))).unwrap().accounts().upsert(account, "nip")
}
