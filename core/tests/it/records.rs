//! Records, pages and lists.

use crate::raw_server::{RawServer, last};
use crate::sandbox::Server;
use egito::{Client, Code, Record};
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::json;
use std::io::Write;

#[derive(Debug, Deserialize)]
struct Account {
    id: i64,
    name: String,
}

const RECORD: &str =
    r#"{"id": 7, "name": "Żubr", "a.b": 1, "phones": ["12", {"no": 1.50}], "x": null, "x": [[5]], "n\u0061me2": ""}"#;

#[test]
fn values_are_found_by_their_path_and_returned_unchanged() {
    let record = Record::from_json(format!(" {RECORD}\n")).unwrap();
    assert_eq!(record.json(), RECORD);
    assert_eq!(record.bytes(), RECORD.as_bytes());
    assert_eq!(serde_json::to_string(&record).unwrap(), RECORD);
    for (path, value) in [
        ("name", Some("\"Żubr\"")),
        ("phones.0", Some("\"12\"")),
        ("phones.1.no", Some("1.50")),
        ("x.0.0", Some("5")),
        ("name2", Some("\"\"")),
        ("phones.2", None),
        ("phones.no", None),
        ("name.0", None),
        ("missing", None),
        ("a.b", None),
        ("a\\.b", Some("1")),
        ("a\\\\.b", None),
        ("", None),
    ] {
        assert_eq!(record.raw(path), value, "{path}");
    }
}

#[test]
fn dots_and_backslashes_in_names_are_escaped_by_a_backslash() {
    let record = Record::from_json(r#"{"v1.2": {"a\\b": [1]}, "c\\": {"d": 2}, "\\\\": 3, ".": 4}"#).unwrap();
    for (path, value) in [
        (r"v1\.2", Some(r#"{"a\\b": [1]}"#)),
        (r"v1\.2.a\\b.0", Some("1")),
        (r"v1\.2.a\b.0", Some("1")), // before any other character it is itself
        (r"c\\.d", Some("2")),
        (r"c\.d", None),
        (r"\\\\", Some("3")),
        (r"\.", Some("4")),
        (r"c\", Some(r#"{"d": 2}"#)),
    ] {
        assert_eq!(record.raw(path), value, "{path}");
    }
}

#[test]
fn a_record_is_deserialized_into_a_type() {
    let account: Account = Record::from_json(r#"{"id": 7, "name": "Żubr"}"#).unwrap().deserialize().unwrap();
    assert_eq!((account.id, account.name.as_str()), (7, "Żubr"));
    let error = Record::from_json(r#"{"id": "A-7"}"#).unwrap().deserialize::<Account>().unwrap_err();
    assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("record")));
}

#[test]
fn json_that_is_not_an_object_is_not_a_record() {
    for json in ["", "null", "true", "7", "\"Żubr\"", "[]", "{", "{}{}", "{\"a\": NaN}", "{\"a\": \"\\ud83d\"}"] {
        let error = Record::from_json(json).unwrap_err();
        assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("record")), "{json}");
    }
    assert_eq!(Record::from_json(b"{\"a\": \"\xAF\"}").unwrap_err().code(), Code::Config);
}

#[tokio::test]
async fn a_page_returns_the_bytes_of_the_server_without_rows_that_were_returned_before() {
    let pages =
        [r#"{"total": 9, "rows": [{"id": 1} , {"id": 2}]}"#, r#"{"rows": [{"id": 2} , {"id": 3} ,{"id": 4}]}"#, "[]"];
    let server = RawServer::start(move |stream, number| stream.write_all(last(pages[number - 1]).as_bytes()).unwrap());
    let client = Client::new(server.settings(&json!({"prefetch": 0, "page_overlap": 0}))).unwrap();
    let pages: Vec<_> = client.accounts().list().pages().unwrap().map(Result::unwrap).collect().await;
    assert_eq!(pages[0].json(), r#"[{"id": 1} , {"id": 2}]"#);
    assert_eq!(pages[1].json(), r#"[{"id": 3} ,{"id": 4}]"#);
    assert_eq!((pages[0].total(), pages[1].total(), pages.len()), (Some(9), None, 2));
    assert_eq!((pages[1].len(), pages[1].is_empty()), (2, false));
    assert_eq!(pages[1].get(1).unwrap().id(), Some(4.into()));
    assert!(pages[1].get(2).is_none());
    assert_eq!(
        pages[1].records().map(|record| record.json().to_owned()).collect::<Vec<_>>(),
        [r#"{"id": 3}"#, r#"{"id": 4}"#]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_read_with_its_options_async_and_blocking() {
    let server = Server::start();
    let settings = server.settings(&json!({}));
    let accounts = Client::new(settings.clone()).unwrap().accounts();
    let list = accounts.list().filter("city", "Kraków").sort("name").order("desc").page_size(2);
    let read: Vec<_> = list.clone().records().unwrap().map(|record| record.unwrap().id()).collect().await;
    assert!(read.len() > 1, "the sandbox has some accounts there");
    let at_once: Vec<_> = list.to_vec().await.unwrap().iter().map(Record::id).collect();
    assert_eq!(at_once, read);
    let blocking = std::thread::spawn(move || {
        let accounts = egito::blocking::Client::new(settings).unwrap().accounts();
        let list = accounts.list().filter("city", "Kraków").sort("name").order("desc").page_size(2);
        list.to_vec().unwrap().iter().map(Record::id).collect::<Vec<_>>()
    });
    assert_eq!(blocking.join().unwrap(), read);
    let query = json!({"city": "Kraków", "sort": "name", "order": "desc", "max": "2", "offset": "0"});
    assert_eq!(server.journal("list").iter().filter(|request| request["query"] == query).count(), 3);
}
