//! The outbox: entries are stored first, and each is sent once and in order.

use crate::sandbox::Server;
use egito::blocking::{Client, Outbox};
use egito::{Code, Delivery, Entry, EntryAction, EntryQuery, EntryState, Lookup, Record, RecordKey};
use egito_test_support::Folder;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[test]
fn an_entry_is_delivered_once() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = outbox(&client(&server), &folder);
    let id = put(&outbox, "f-1");
    assert_eq!(put(&outbox, " f-1 "), id);
    let entry = outbox.get(id).unwrap();
    assert_eq!((entry.state, entry.action, entry.attempts), (EntryState::Waiting, EntryAction::Create, 0));
    assert_eq!((entry.entity.as_str(), entry.key), ("Lead", vec!["formKey".to_owned()]));
    assert!(server.journal("login").is_empty(), "nothing is sent by put");
    let delivery = outbox.deliver(None).unwrap();
    assert_eq!((delivery.delivered, delivery.waiting, delivery.next_attempt_at), (1, 0, None));
    let entry = outbox.get(id).unwrap();
    assert_eq!((entry.state, entry.attempts), (EntryState::Delivered, 1));
    assert_eq!(stored_id(&server, "f-1"), entry.record_id.unwrap().as_i64().unwrap());
    assert!(entry.delivered_at.is_some() && entry.next_attempt_at.is_none());
    assert_eq!(put(&outbox, "f-1"), id, "a delivered entry is known, too");
    assert_eq!(outbox.deliver(None).unwrap().delivered, 0);
    assert_eq!(
        (server.journal("create").len(), server.journal("list").len()),
        (1, 0),
        "the first send needs no lookup"
    );
}

#[test]
fn an_entry_says_whether_it_has_the_record_that_was_put() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = outbox(&client(&server), &folder);
    let record = |json: &str| Record::from_json(json).unwrap();
    let first =
        record(r#"{"formKey": "f-1", "code": 12345678901234567890, "address": {"city": "Łódź", "zip": "90-001"}}"#);
    let id = outbox.put("Lead", &first, "formKey").unwrap();
    let same = record(r#"{"address":{"zip":"90-001","city":"Łódź"},"code":12345678901234567890,"formKey":"f-1"}"#);
    assert_eq!(outbox.put("Lead", &same, "formKey").unwrap(), id);
    let entry = outbox.get(id).unwrap();
    assert!(entry.has_record(&first) && entry.has_record(&same));
    for other in [
        r#"{"formKey": "f-1", "code": 12345678901234567891, "address": {"city": "Łódź", "zip": "90-001"}}"#,
        r#"{"formKey": "f-1", "code": 12345678901234567890, "address": {"city": "Łódź"}}"#,
    ] {
        assert_eq!(outbox.put("Lead", record(other), "formKey").unwrap(), id);
        assert!(!entry.has_record(&record(other)), "{other}");
    }
    let delete = outbox.put_delete("Lead", 1).unwrap();
    assert!(!outbox.get(delete).unwrap().has_record(&first), "it has no record");
}

#[test]
fn an_entry_is_json_for_the_bindings() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = outbox(&client(&server), &folder);
    let id = outbox.put_update("Account", 7_000_000, &json!({"city": "Łódź", "revenue": 1.50})).unwrap();
    outbox.deliver(None).unwrap();
    let json = serde_json::to_value(outbox.get(id).unwrap()).unwrap();
    assert_eq!(json["record"], json!({"city": "Łódź", "revenue": 1.50}));
    let error = &json["error"];
    assert_eq!((&error["code"], &error["outcome"]), (&json!("not_found"), &json!("rejected")));
    assert_eq!(
        (&json["state"], &json["action"], &json["record_id"], &json["key"], &json["attempts"], &json["delivered_at"]),
        (&json!("refused"), &json!("update"), &json!(7_000_000), &json!([]), &json!(1), &json!(null))
    );
    assert!(json["created_at"].as_str().unwrap().ends_with('Z'));
    let delivery = serde_json::to_value(outbox.deliver(None).unwrap()).unwrap();
    assert_eq!(delivery["paused_by"], json!(null));
    assert_eq!(
        serde_json::to_value(outbox.counts().unwrap()).unwrap(),
        json!({"waiting": 0, "sending": 0, "refused": 1, "unclear": 0, "delivered": 0})
    );
}

#[test]
fn invalid_arguments_are_refused_before_they_are_stored() {
    let (server, folder) = (Server::start(), Folder::new());
    let client = client(&server);
    let outbox = outbox(&client, &folder);
    let setting = |error: egito::Error| (error.code(), error.details().setting.clone().unwrap());
    let config = |setting: &str| (Code::Config, setting.to_owned());
    assert_eq!(setting(outbox.put("Lead", &json!({"formKey": " "}), "formKey").unwrap_err()), config("key"));
    assert_eq!(setting(outbox.put_upsert("Lead", &json!({}), "formKey").unwrap_err()), config("key"));
    assert_eq!(setting(outbox.put("Lead", &json!([]), "formKey").unwrap_err()), config("record"));
    assert_eq!(setting(outbox.put("no lead", &json!({"a": 1}), "a").unwrap_err()), config("entity"));
    assert_eq!(setting(outbox.put_update("Lead", " ", &json!({"a": 1})).unwrap_err()), config("id"));
    assert_eq!(setting(outbox.put_delete("Lead", "").unwrap_err()), config("id"));
    assert_eq!(setting(outbox.clone().with_json(br#"{"concurrency": 0}"#).unwrap_err()), config("concurrency"));
    assert_eq!(setting(outbox.clone().with_json(br#"{"keepDays": -1}"#).unwrap_err()), config("keep_days"));
    assert_eq!(setting(outbox.clone().with_json(br#"{"limit": 1}"#).unwrap_err()), config("limit"));
    for path in ["", " a.db", "~/a.db", "no folder/a.db", "/", "a\0b"] {
        assert_eq!(setting(client.outbox(path).unwrap_err()), config("outbox"), "{path:?}");
    }
    assert_eq!(outbox.get(1).unwrap_err().code(), Code::NotFound);
}

#[test]
fn entries_of_a_group_are_sent_in_order() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = outbox(&client(&server), &folder);
    for n in 0..50 {
        outbox.put_update("Account", 1 + n % 2, &json!({"employees": n})).unwrap();
    }
    assert_eq!(outbox.deliver(None).unwrap().delivered, 50);
    let sent = |id: i64| {
        let (updates, text) = (server.journal("update"), json!(id.to_string()));
        let of_id = updates.iter().filter(|request| request["json"]["id"] == id || request["query"]["id"] == text);
        of_id.map(|request| request["json"]["employees"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(sent(1), (0..50).step_by(2).collect::<Vec<_>>());
    assert_eq!(sent(2), (1..50).step_by(2).collect::<Vec<_>>());
}

#[test]
fn a_refused_entry_holds_back_its_group_until_it_is_edited() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = outbox(&client(&server), &folder);
    let first = outbox.put("Account", &json!({"nip": "1"}), "nip").unwrap(); // an account needs a name
    let second = outbox.put_upsert("Account", &json!({"nip": "1", "city": "Łódź"}), "nip").unwrap();
    let other = outbox.put("Account", &json!({"nip": "2", "name": "Żubr"}), "nip").unwrap();
    let delivery = outbox.deliver(None).unwrap();
    assert_eq!((delivery.delivered, delivery.refused, delivery.waiting), (1, 1, 1));
    assert_eq!(delivery.next_attempt_at, None, "nothing can be sent by itself");
    let refused = outbox.entries(EntryQuery::default().state(EntryState::Refused)).unwrap();
    assert_eq!(ids(&refused), [first]);
    assert_eq!(refused[0].error.as_ref().unwrap().details().errors[0].field.as_deref(), Some("name"));
    assert_eq!(outbox.get(other).unwrap().state, EntryState::Delivered);
    let wrong_key = outbox.edit(first, &json!({"nip": "3", "name": "Ryś"})).unwrap_err();
    assert_eq!(wrong_key.details().setting.as_deref(), Some("record"));
    outbox.edit(first, &json!({"nip": "1", "name": "Ryś"})).unwrap();
    assert_eq!(outbox.deliver(None).unwrap().delivered, 2);
    assert_eq!(outbox.get(first).unwrap().record_id, outbox.get(second).unwrap().record_id);
    let delivered = outbox.edit(first, &json!({"nip": "1", "name": "Ryś"})).unwrap_err();
    assert_eq!(delivered.details().setting.as_deref(), Some("id"));
}

#[test]
fn a_discarded_entry_frees_its_group() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = outbox(&client(&server), &folder);
    let first = outbox.put_update("Account", 7_000_000, &json!({"city": "Łódź"})).unwrap();
    let second = outbox.put_delete("Account", 7_000_000).unwrap();
    assert_eq!(outbox.deliver(None).unwrap().refused, 1);
    assert_eq!(outbox.deliver(None).unwrap().refused, 0);
    outbox.discard(first).unwrap();
    assert!(outbox.get(first).unwrap_err().is_not_found());
    assert_eq!(outbox.deliver(None).unwrap().refused, 1);
    assert_eq!(outbox.get(second).unwrap().state, EntryState::Refused);
    assert!(outbox.put_delete("Account", 1).unwrap() > second);
}

#[test]
fn an_upsert_of_several_records_is_refused() {
    let (server, folder) = (Server::start(), Folder::new());
    let accounts = json!([{"id": 900, "nip": "1", "name": "a"}, {"id": 901, "nip": "1", "name": "b"}]);
    server.control("POST", "seed", &json!({"entities": {"Account": accounts}}));
    let outbox = outbox(&client(&server), &folder);
    let id = outbox.put_upsert("Account", &json!({"nip": "1", "name": "c"}), "nip").unwrap();
    assert_eq!(outbox.deliver(None).unwrap().refused, 1);
    let error = outbox.get(id).unwrap().error.unwrap();
    assert!(error.to_string().contains("ids 900, 901"), "{error}");
    assert!(server.journal("update").is_empty());
}

#[test]
fn a_create_whose_response_was_lost_is_found() {
    let (server, folder) = (Server::start(), Folder::new());
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "cut": "after"}));
    let outbox = outbox(&client(&server), &folder);
    let id = put(&outbox, "f-1");
    assert_eq!(outbox.deliver(None).unwrap().delivered, 1);
    assert_eq!(outbox.get(id).unwrap().record_id.unwrap().as_i64(), Some(stored_id(&server, "f-1")));
    assert_eq!(server.journal("create").len(), 1);
}

#[test]
fn a_create_that_was_not_found_is_looked_for_before_it_is_sent_again() {
    let (server, folder) = (Server::start(), Folder::new());
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "cut": "before"}));
    let outbox = outbox(&client(&server), &folder);
    let key = RecordKey::from("formKey").settle(Duration::from_millis(200));
    let id = outbox.put("Lead", &lead("f-1"), key).unwrap();
    let delivery = outbox.deliver(None).unwrap();
    assert_eq!((delivery.unclear, delivery.delivered), (1, 0));
    let entry = outbox.get(id).unwrap();
    assert_eq!(entry.state, EntryState::Unclear);
    let error = entry.error.unwrap();
    assert!(error.is_outcome_unknown() && error.details().record.is_none(), "the entry has the record");
    assert_eq!(outbox.edit(id, &lead("f-1")).unwrap_err().details().setting.as_deref(), Some("id"));
    // The server has stored it meanwhile, late.
    server.control("POST", "seed", &json!({"entities": {"Lead": [{"id": 77, "formKey": "f-1"}]}}));
    outbox.retry(id).unwrap();
    assert_eq!(outbox.deliver(None).unwrap().delivered, 1);
    assert_eq!(outbox.get(id).unwrap().record_id, Some(77.into()));
    assert_eq!(server.journal("create").len(), 1);
}

#[test]
fn an_entry_is_found_by_a_scan_if_the_server_ignores_its_filter() {
    let (server, folder) = (Server::start(), Folder::new());
    server.control("POST", "config", &json!({"ignore_filters": ["formKey"]}));
    server.control("POST", "seed", &json!({"entities": {"Lead": [{"id": 70, "formKey": "f-0"}]}}));
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "cut": "after"}));
    let outbox = outbox(&client(&server), &folder);
    let id = outbox.put("Lead", &lead("f-1"), RecordKey::from("formKey").lookup(Lookup::Filter)).unwrap();
    let other = put(&outbox, "f-2");
    assert_eq!(outbox.deliver(Some(1)).unwrap().unclear, 1);
    outbox.retry(id).unwrap();
    assert_eq!(outbox.deliver(Some(1)).unwrap().unclear, 1);
    let error = outbox.get(id).unwrap().error.unwrap();
    assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("lookup")));
    assert!(error.to_string().contains("the server ignores the filter `formKey`"), "{error}");

    outbox.retry(id).unwrap();
    let scanning = outbox.with_json(br#"{"lookup": "scan"}"#).unwrap();
    assert_eq!(scanning.deliver(None).unwrap().delivered, 2);
    assert_eq!(scanning.get(id).unwrap().record_id.unwrap().as_i64(), Some(stored_id(&server, "f-1")));
    assert_eq!(scanning.get(other).unwrap().state, EntryState::Delivered);
    assert_eq!(server.journal("create").len(), 2);
    let error = scanning.with_json(br#"{"lookup": "guess"}"#).unwrap_err();
    assert_eq!(error.details().setting.as_deref(), Some("lookup"), "{error}");
}

/// PHP waits in steps of 50 ms. The shorter they are, the more often a step ends while a lookup begins.
#[test]
fn a_delivery_in_short_steps_looks_for_a_record_in_doubt() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = outbox(&client(&server), &folder);
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 0, "cut": "before"}));
    let key = RecordKey::from("formKey").settle(Duration::from_millis(300));
    for number in 0..8 {
        let form = format!("f-{number}");
        outbox.put("Lead", &lead(&form), key.clone()).unwrap();
    }
    let mut delivery = egito::binding::begin_delivery(&outbox, None).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    let delivery = loop {
        if let Some(delivery) = delivery.wait_for(Duration::from_micros(1100)) {
            break delivery.unwrap();
        }
        assert!(Instant::now() < deadline, "it hangs");
    };
    assert_eq!((delivery.unclear, server.journal("list").len() >= 16), (8, true));
}

#[test]
fn a_failed_entry_waits_longer_each_time() {
    let (server, folder) = (Server::start(), Folder::new());
    server.control("POST", "faults", &json!({"on": {"action": "update"}, "times": 0, "response": {"status": 500}}));
    let client = Client::new(server.settings(&json!({"max_retries": 0}))).unwrap();
    let outbox = outbox(&client, &folder);
    let id = outbox.put_update("Account", 1, &json!({"city": "Łódź"})).unwrap();
    let delivery = outbox.deliver(None).unwrap();
    assert_eq!((delivery.waiting, delivery.refused), (1, 0));
    assert!(delivery.next_attempt_at.is_some());
    assert!(delivery.paused_by.is_none(), "the server has responded");
    assert_eq!(outbox.deliver(None).unwrap().waiting, 1, "it is not due");
    assert_eq!(server.journal("update").len(), 1);
    let entry = outbox.get(id).unwrap();
    assert_eq!((entry.state, entry.attempts), (EntryState::Waiting, 1));
    assert_eq!(entry.error.unwrap().code(), Code::Server);
    server.control("DELETE", "faults", &json!(null));
    outbox.retry(id).unwrap();
    assert_eq!(outbox.deliver(None).unwrap().delivered, 1);
    assert!(outbox.get(id).unwrap().error.is_none());
}

#[test]
fn the_outbox_is_paused_while_the_server_is_down() {
    let (server, folder) = (Server::start(), Folder::new());
    let down = json!({"on": {"action": "update"}, "times": 0, "response": {"status": 503}});
    server.control("POST", "faults", &down);
    let client = Client::new(server.settings(&json!({"max_retries": 0}))).unwrap();
    let outbox = outbox(&client, &folder).concurrency(1);
    let ids: Vec<_> = (0..20).map(|n| outbox.put_update("Account", n + 1, &json!({"n": n})).unwrap()).collect();
    let delivery = outbox.deliver(None).unwrap();
    assert_eq!((delivery.waiting, delivery.delivered), (20, 0));
    assert_eq!(delivery.paused_by.unwrap().code(), Code::Server);
    let sent = server.journal("update").len();
    assert!((3..20).contains(&sent), "{sent} requests during the outage");
    let paused = outbox.deliver(None).unwrap();
    assert!(paused.paused_by.is_some() && server.journal("update").len() == sent);
    server.control("DELETE", "faults", &json!(null));
    outbox.retry(ids[0]).unwrap(); // ends the pause
    let delivery = deliver_until(&outbox, |delivery| delivery.waiting == 0);
    assert!(delivery.paused_by.is_none());
    assert_eq!(outbox.counts().unwrap().delivered, 20);
}

#[test]
fn entries_wait_while_the_server_responds_with_404_to_everything() {
    let (server, folder) = (Server::start(), Folder::new());
    let html = json!({"times": 0, "response": {"status": 404, "headers": {"Content-Type": "text/html"}, "body": "<html>Tomcat"}});
    let client = Client::new(server.settings(&json!({"max_retries": 0}))).unwrap();
    let outbox = outbox(&client, &folder).concurrency(1);
    client.accounts().get(1).unwrap(); // logs in
    for on in [json!({"entity": "Lead"}), json!({"entity": "Account"})] {
        let mut fault = html.clone();
        fault["on"] = on;
        server.control("POST", "faults", &fault);
    }
    for n in 0..20 {
        put(&outbox, &n.to_string());
    }
    let deleted = outbox.put_delete("Account", 2).unwrap();
    let delivery = outbox.deliver(None).unwrap();
    assert_eq!((delivery.waiting, delivery.refused), (21, 0), "{delivery:?}");
    let error = delivery.paused_by.unwrap();
    assert!(error.code() == Code::Server && error.to_string().contains("is not ready"), "{error}");
    server.control("DELETE", "faults", &json!(null));
    outbox.retry(deleted).unwrap(); // ends the pause
    deliver_until(&outbox, |delivery| delivery.waiting == 0);
    assert_eq!(outbox.counts().unwrap().delivered, 21);
    assert!(client.accounts().get(2).unwrap_err().is_not_found());
}

#[test]
fn an_entity_that_does_not_exist_does_not_hold_back_others() {
    let (server, folder) = (Server::start(), Folder::new());
    server.control("POST", "faults", &json!({"on": {"entity": "Nope"}, "times": 0, "response": {"status": 404}}));
    let outbox = outbox(&client(&server), &folder);
    let wrong = outbox.put("Nope", &lead("1"), "formKey").unwrap();
    let right = put(&outbox, "1");
    let delivery = outbox.deliver(None).unwrap();
    assert_eq!((delivery.delivered, delivery.refused), (1, 1), "{delivery:?}");
    assert!(outbox.get(wrong).unwrap().error.unwrap().is_not_found());
    assert_eq!(outbox.get(right).unwrap().state, EntryState::Delivered);
}

#[test]
fn a_delete_in_doubt_stays_so_while_the_list_cannot_be_read() {
    let (server, folder) = (Server::start(), Folder::new());
    let client = Client::new(server.settings(&json!({"max_retries": 0}))).unwrap();
    let outbox = outbox(&client, &folder);
    let id = outbox.put_delete("Account", 2).unwrap();
    server.control("POST", "faults", &json!({"on": {"action": "delete"}, "cut": "after"}));
    outbox.deliver(None).unwrap();
    server.control("POST", "faults", &json!({"on": {"action": "list"}, "response": {"status": 503}}));
    outbox.retry(id).unwrap();
    outbox.deliver(None).unwrap(); // the record is not found, and it is not known whether that is true
    assert_eq!(outbox.get(id).unwrap().state, EntryState::Waiting);
    outbox.retry(id).unwrap();
    deliver_until(&outbox, |delivery| delivery.waiting == 0);
    assert_eq!(outbox.get(id).unwrap().state, EntryState::Delivered);
}

#[test]
fn a_delete_is_not_done_because_the_server_is_not_ready() {
    let (server, folder) = (Server::start(), Folder::new());
    let client = Client::new(server.settings(&json!({"max_retries": 0}))).unwrap();
    let outbox = outbox(&client, &folder);
    let id = outbox.put_delete("Account", 2).unwrap();
    server.control("POST", "faults", &json!({"on": {"action": "delete"}, "cut": "before"}));
    outbox.deliver(None).unwrap();
    server.control("POST", "faults", &json!({"on": {"entity": "Account"}, "times": 0, "response": {"status": 404}}));
    outbox.retry(id).unwrap();
    outbox.deliver(None).unwrap();
    assert_eq!(outbox.get(id).unwrap().state, EntryState::Waiting);
    server.control("DELETE", "faults", &json!(null));
    outbox.retry(id).unwrap();
    deliver_until(&outbox, |delivery| delivery.waiting == 0);
    assert!(client.accounts().get(2).unwrap_err().is_not_found());
}

#[test]
fn a_refused_login_pauses_the_outbox_at_once() {
    let (server, folder) = (Server::start(), Folder::new());
    let client = Client::new(server.settings(&json!({"password": "wrong"}))).unwrap();
    let outbox = outbox(&client, &folder);
    (0..20).for_each(|n| {
        put(&outbox, &format!("f-{n}"));
    });
    let delivery = outbox.deliver(None).unwrap();
    assert_eq!((delivery.waiting, delivery.refused, delivery.unclear), (20, 0, 0));
    assert!(delivery.paused_by.unwrap().is_auth());
    outbox.deliver(None).unwrap();
    assert_eq!(server.journal("login").len(), 1, "more logins could lock the account");
}

#[test]
fn a_delivery_stops_at_its_limit() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = outbox(&client(&server), &folder);
    (0..10).for_each(|n| {
        put(&outbox, &format!("f-{n}"));
    });
    let delivery = outbox.deliver(Some(3)).unwrap();
    assert_eq!((delivery.delivered, delivery.waiting), (3, 7));
    assert!(delivery.next_attempt_at.is_some());
    let error = outbox.deliver(Some(0)).unwrap_err();
    assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("limit")), "{error}");
    assert_eq!(outbox.deliver(None).unwrap().delivered, 7);
}

#[test]
fn entries_are_read_in_pages() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = outbox(&client(&server), &folder);
    let all: Vec<_> = (0..10).map(|n| put(&outbox, &format!("f-{n}"))).collect();
    outbox.deliver(Some(4)).unwrap();
    let query = EntryQuery::default().limit(3);
    assert_eq!(ids(&outbox.entries(query).unwrap()), all[..3]);
    assert_eq!(ids(&outbox.entries(query.after(all[2])).unwrap()), all[3..6]);
    assert_eq!(ids(&outbox.entries(query.state(EntryState::Waiting)).unwrap()), all[4..7]);
    assert_eq!(ids(&outbox.entries(query.state(EntryState::Delivered).after(all[1])).unwrap()), all[2..4]);
    assert!(EntryQuery::from_json(br#"{"state": "lost"}"#).is_err());
}

#[test]
fn a_cancelled_delivery_gives_back_what_it_has_not_sent() {
    let (server, folder) = (Server::start(), Folder::new());
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 0, "hold": "slow"}));
    let cancellation = egito::CancellationToken::default();
    let outbox = outbox(&client(&server).with_cancellation(&cancellation), &folder).concurrency(2);
    (0..10).for_each(|n| {
        put(&outbox, &format!("f-{n}"));
    });
    let error = std::thread::scope(|threads| {
        let delivery = threads.spawn(|| outbox.deliver(None).unwrap_err());
        await_requests(&server, "create", 2);
        cancellation.cancel();
        server.control("DELETE", "faults", &json!(null));
        server.control("POST", "release", &json!({"name": "slow"}));
        delivery.join().unwrap()
    });
    assert!(error.is_cancelled());
    let counts = outbox.counts().unwrap();
    assert_eq!((counts.delivered, counts.waiting, counts.unclear), (2, 8, 0));
    assert!(outbox.deliver(None).unwrap_err().is_cancelled());
}

#[test]
fn cancelled_calls_do_not_count_as_an_outage() {
    let (server, folder) = (Server::start(), Folder::new());
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 0, "hold": "slow"}));
    let cancellation = egito::CancellationToken::default();
    let cancelled = outbox(&client(&server).with_cancellation(&cancellation), &folder).concurrency(4);
    (0..4).for_each(|n| {
        put(&cancelled, &format!("f-{n}"));
    });
    let error = std::thread::scope(|threads| {
        let delivery = threads.spawn(|| cancelled.deliver(None).unwrap_err());
        await_requests(&server, "create", 4);
        cancellation.cancel();
        cancellation.cancel(); // the calls do not have the time to finish
        delivery.join().unwrap()
    });
    assert!(error.is_cancelled());
    server.control("DELETE", "faults", &json!(null));
    server.control("POST", "release", &json!({"name": "slow"}));
    let next = outbox(&client(&server), &folder);
    assert_eq!(next.counts().unwrap().unclear, 4);
    let delivery = deliver_until(&next, |delivery| delivery.paused_by.is_some() || delivery.delivered > 0);
    assert!(delivery.paused_by.is_none());
}

#[test]
fn deliveries_of_many_threads_send_each_entry_once() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = outbox(&client(&server), &folder);
    (0..100).for_each(|n| {
        put(&outbox, &format!("f-{n}"));
    });
    std::thread::scope(|threads| {
        (0..8).for_each(|_| {
            threads.spawn(|| outbox.deliver(None).unwrap());
        });
    });
    assert_eq!(outbox.counts().unwrap().delivered, 100);
    assert_eq!(server.journal("create").len(), 100);
}

#[test]
fn a_started_outbox_delivers_what_is_put() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = outbox(&client(&server), &folder);
    outbox.start(Duration::from_secs(3600)).unwrap();
    outbox.start(Duration::from_secs(3600)).unwrap(); // does nothing
    let id = put(&outbox, "f-1");
    while outbox.get(id).unwrap().state != EntryState::Delivered {
        std::thread::yield_now();
    }
    outbox.stop().unwrap();
    outbox.stop().unwrap(); // does nothing
    put(&outbox, "f-2");
    assert_eq!(outbox.counts().unwrap().waiting, 1);
    outbox.start(Duration::from_millis(50)).unwrap(); // again
    while outbox.counts().unwrap().delivered < 2 {
        std::thread::yield_now();
    }
}

#[test]
fn stopping_waits_for_the_calls_in_flight() {
    let (server, folder) = (Server::start(), Folder::new());
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "delay_ms": 300}));
    let outbox = outbox(&client(&server), &folder);
    outbox.start(Duration::from_secs(3600)).unwrap();
    let id = put(&outbox, "f-1");
    await_requests(&server, "create", 1);
    outbox.stop().unwrap();
    assert_eq!(outbox.get(id).unwrap().state, EntryState::Delivered);
}

/// The second client does not know what the first one has created.
#[test]
fn a_create_after_an_upsert_of_the_same_key_looks_first() {
    let (server, folder) = (Server::start(), Folder::new());
    let first = outbox(&client(&server), &folder);
    let upserted = first.put_upsert("Lead", &lead("f-1"), "formKey").unwrap();
    let second = outbox(&client(&server), &folder);
    let created = put(&second, "f-1");
    assert_ne!(created, upserted, "each is an entry");
    assert_eq!(first.deliver(Some(1)).unwrap().delivered, 1);
    assert_eq!(second.deliver(None).unwrap().delivered, 1);
    assert_eq!(second.get(created).unwrap().record_id, second.get(upserted).unwrap().record_id);
    assert_eq!(server.journal("create").len(), 1);
}

#[test]
fn the_start_of_a_closed_client_has_an_error() {
    let (server, folder) = (Server::start(), Folder::new());
    let client = client(&server);
    let outbox = outbox(&client, &folder);
    client.close();
    outbox.start(Duration::from_secs(1)).unwrap();
    let error = outbox.last_delivery().unwrap().unwrap_err();
    assert!(error.to_string().contains("closed"), "{error}");
}

#[tokio::test]
async fn the_async_outbox_does_the_same() {
    let (server, folder) = (Server::start(), Folder::new());
    let client = egito::Client::new(server.settings(&json!({}))).unwrap();
    let outbox = client.outbox(folder.path().join("outbox.db")).unwrap();
    let puts = (0..50).map(|n| {
        let outbox = outbox.clone();
        tokio::spawn(async move { outbox.put("Lead", &lead(&format!("f-{n}")), "formKey").await.unwrap() })
    });
    for put in puts.collect::<Vec<_>>() {
        put.await.unwrap();
    }
    outbox.start(Duration::from_secs(3600));
    while outbox.counts().await.unwrap().delivered < 50 || outbox.last_delivery().is_none() {
        tokio::task::yield_now().await;
    }
    outbox.stop().await;
    assert!(outbox.last_delivery().unwrap().is_ok());
    assert_eq!(server.journal("create").len(), 50);
}

#[tokio::test]
async fn a_dropped_delivery_gives_back_what_it_has_not_sent() {
    let (server, folder) = (Server::start(), Folder::new());
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 0, "hold": "slow"}));
    let client = egito::Client::new(server.settings(&json!({}))).unwrap();
    let outbox = client.outbox(folder.path().join("outbox.db")).unwrap().concurrency(1);
    for n in 0..5 {
        outbox.put("Lead", &lead(&format!("f-{n}")), "formKey").await.unwrap();
    }
    tokio::select! {
        _ = outbox.deliver(None) => unreachable!("the server holds the first request"),
        () = async { while server.journal("create").is_empty() { tokio::task::yield_now().await } } => {}
    }
    while outbox.counts().await.unwrap().sending > 0 {
        tokio::task::yield_now().await;
    }
    let counts = outbox.counts().await.unwrap();
    assert_eq!((counts.waiting, counts.unclear), (4, 1));
    server.control("POST", "release", &json!({"name": "slow"}));
    server.control("DELETE", "faults", &json!(null));
    assert_eq!(outbox.deliver(None).await.unwrap().delivered, 5);
    assert_eq!(server.journal("create").len(), 5);
}

fn client(server: &Server) -> Client {
    Client::new(server.settings(&json!({}))).unwrap()
}

fn outbox(client: &Client, folder: &Folder) -> Outbox {
    client.outbox(folder.path().join("outbox.db")).unwrap()
}

fn lead(key: &str) -> Value {
    json!({"formKey": key, "lastName": "Ryś"})
}

fn put(outbox: &Outbox, key: &str) -> i64 {
    outbox.put("Lead", &lead(key), "formKey").unwrap()
}

fn ids(entries: &[Entry]) -> Vec<i64> {
    entries.iter().map(|entry| entry.id).collect()
}

/// Delivers again and again, and returns the first result that is as expected.
fn deliver_until(outbox: &Outbox, is_expected: impl Fn(&Delivery) -> bool) -> Delivery {
    loop {
        let delivery = outbox.deliver(None).unwrap();
        if is_expected(&delivery) {
            return delivery;
        }
        std::thread::yield_now();
    }
}

/// Returns the id of the one stored lead with this key.
fn stored_id(server: &Server, key: &str) -> i64 {
    let leads = server.control("GET", "records/Lead", &json!(null));
    let found: Vec<_> = leads.as_array().unwrap().iter().filter(|lead| lead["formKey"] == key).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0]["id"].as_i64().unwrap()
}

/// Waits until the server has received this many requests.
fn await_requests(server: &Server, action: &str, count: usize) {
    while server.journal(action).len() < count {
        std::thread::yield_now();
    }
}
