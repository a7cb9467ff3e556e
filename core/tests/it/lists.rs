//! Lists: their end, their first record, counts, and options.

use crate::sandbox::Server;
use egito::{CancellationToken, Client, Code, blocking};
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn server(accounts: usize) -> Server {
    let server = Server::start();
    server.control("POST", "reset", &json!({"records": {"Account": accounts}}));
    server
}

/// Returns the codes of the next records of a list, at most 5.
fn codes<T>(items: impl Iterator<Item = egito::Result<T>>) -> Vec<Option<Code>> {
    items.take(5).map(|item| item.err().map(|error| error.code())).collect()
}

#[tokio::test]
async fn a_cancelled_list_ends_with_one_error() {
    let server = server(30);
    for prefetch in [0, 2] {
        let settings = server.settings(&json!({"page_size": 10, "prefetch": prefetch}));
        let client = Client::new(settings).unwrap();
        let cancellation = CancellationToken::default();
        let mut records = client.with_cancellation(&cancellation).accounts().list().records().unwrap();
        for _ in 0..11 {
            records.next().await.unwrap().unwrap();
        }
        cancellation.cancel();
        let rest: Vec<_> = records.skip_while(|next| std::future::ready(next.is_ok())).take(5).collect().await;
        assert_eq!(codes(rest.into_iter()), [Some(Code::Cancelled)], "prefetch {prefetch}");
        let late = client.with_cancellation(&cancellation).accounts().list().pages().unwrap();
        assert_eq!(codes(late.take(5).collect::<Vec<_>>().await.into_iter()), [Some(Code::Cancelled)]);
    }
}

#[test]
fn a_cancelled_blocking_list_ends_with_one_error() {
    let server = server(30);
    for prefetch in [0, 2] {
        for interruptible in [false, true] {
            let settings = server.settings(&json!({"page_size": 10, "prefetch": prefetch}));
            let client = if interruptible {
                egito::binding::interruptible(settings, || false).unwrap()
            } else {
                blocking::Client::new(settings).unwrap()
            };
            let cancellation = CancellationToken::default();
            let mut records = client.with_cancellation(&cancellation).accounts().list().records().unwrap();
            assert!(records.by_ref().take(11).all(|record| record.is_ok()));
            cancellation.cancel();
            let rest = codes(records.skip_while(Result::is_ok));
            assert_eq!(rest, [Some(Code::Cancelled)], "prefetch {prefetch}, interruptible {interruptible}");
        }
    }
}

/// Ctrl-C ends one wait. A program that catches it can continue at the same record.
#[test]
fn reading_a_list_can_continue_after_an_interrupt() {
    let server = server(30);
    for prefetch in [0, 2] {
        let interrupt = Arc::new(AtomicBool::new(false));
        let interrupted = interrupt.clone();
        let settings = server.settings(&json!({"page_size": 10, "prefetch": prefetch}));
        let client =
            egito::binding::interruptible(settings, move || interrupted.swap(false, Ordering::AcqRel)).unwrap();
        let mut pages = client.with_cancellation(&CancellationToken::default()).accounts().list().pages().unwrap();
        assert_eq!(pages.next().unwrap().unwrap().len(), 10);
        server.control("POST", "faults", &json!({"on": {"action": "list"}, "times": 1, "hold": "slow"}));
        interrupt.store(true, Ordering::Release);
        assert_eq!(pages.next().unwrap().unwrap_err().code(), Code::Cancelled, "prefetch {prefetch}");
        server.control("POST", "release", &json!({"name": "slow"}));
        let rest: usize = pages.map(|page| page.unwrap().len()).sum();
        assert_eq!(rest, 20, "prefetch {prefetch}");
    }
}

#[tokio::test]
async fn only_the_first_record_is_requested_with_any_overlap() {
    let server = server(3);
    let settings = server.settings(&json!({"page_overlap": 2}));
    let list = Client::new(settings.clone()).unwrap().accounts().list();
    assert_eq!(list.first().await.unwrap().unwrap().raw("id"), Some("1"));
    let journal = server.journal("list");
    assert_eq!((journal.len(), &journal[0]["query"]["max"]), (1, &Value::from("1")));

    server.control("POST", "config", &json!({"ignore_max": true}));
    let blocking = std::thread::spawn(move || blocking::Client::new(settings).unwrap().accounts().list().first());
    let first = blocking.join().unwrap().unwrap().unwrap();
    assert_eq!(first.raw("id"), Some("1"), "even if the server sends more");
}

/// `first`, `exists`, `total` and `count` request no more than they need, in both clients.
#[test]
fn first_exists_total_and_count_send_one_small_request() {
    let server = server(30);
    server.control("POST", "config", &json!({"list_form": "list", "total_key": "total"}));
    let list = blocking::Client::new(server.settings(&json!({}))).unwrap().accounts().list();
    assert!(list.clone().exists().unwrap());
    assert_eq!(list.clone().total().unwrap(), Some(30));
    assert_eq!(list.clone().start(10).limit(5).count().unwrap(), 5);
    assert_eq!(list.clone().start(28).count().unwrap(), 2);
    assert_eq!(list.clone().filter("name", "Nikt").count().unwrap(), 0);
    let sizes: Vec<_> = server.journal("list").iter().map(|entry| entry["query"]["max"].clone()).collect();
    assert_eq!(sizes, ["1"; 5]);
    assert!(!list.clone().limit(0).exists().unwrap());
    assert_eq!(list.limit(0).count().unwrap(), 0);
    assert_eq!(server.journal("list").len(), 5, "an empty list needs no request");
}

#[tokio::test]
async fn without_a_total_a_list_is_counted_by_reading_it() {
    let server = server(30);
    let client = Client::new(server.settings(&json!({"page_size": 10}))).unwrap();
    let list = client.accounts().list();
    assert_eq!(list.clone().total().await.unwrap(), None);
    assert_eq!(list.clone().count().await.unwrap(), 30);
    assert_eq!(list.start(25).count().await.unwrap(), 5);
}

/// A total that is the length of the page must not count as the number of records.
#[tokio::test]
async fn a_total_that_is_the_length_of_the_page_does_not_count() {
    let server = server(30);
    server.control("POST", "config", &json!({"list_form": "list", "total_key": "total", "total_delta": -29}));
    let list = Client::new(server.settings(&json!({}))).unwrap().accounts().list();
    assert_eq!(list.count().await.unwrap(), 30);
}

#[test]
fn options_are_checked_before_anything_is_sent() {
    let server = server(3);
    let list = blocking::Client::new(server.settings(&json!({}))).unwrap().accounts().list();
    let invalid = list.clone().order("up");
    let setting = |error: egito::Error| (error.code(), error.details().setting.clone());
    let expected = (Code::Config, Some("order".to_owned()));
    assert_eq!(setting(invalid.check().unwrap_err()), expected);
    assert_eq!(setting(invalid.clone().limit(0).pages().unwrap_err()), expected);
    assert_eq!(setting(invalid.clone().limit(0).count().unwrap_err()), expected);
    assert_eq!(setting(invalid.total().unwrap_err()), expected);
    for (options, name) in [
        (r#"{"limit": -1}"#, "limit"),
        (r#"{"limit": 1.5}"#, "limit"),
        (r#"{"limit": true}"#, "limit"),
        (r#"{"start": "5"}"#, "start"),
    ] {
        let error = list.clone().with_json(options.as_bytes()).unwrap_err();
        assert_eq!(setting(error), (Code::Config, Some(name.to_owned())), "{options}");
    }
    assert!(server.journal("list").is_empty());
}

#[test]
fn a_range_beyond_all_rows_is_empty() {
    let server = Server::start();
    server.control("POST", "reset", &json!({"records": {"Offer": 3}}));
    let client = blocking::Client::new(server.settings(&json!({"page_overlap": 1}))).unwrap();
    let list = client.entity("Offer").unwrap().list();
    for (start, expected) in [(2, 1), (3, 0), (4, 0), (u64::MAX, 0)] {
        assert_eq!(list.clone().start(start).limit(u64::MAX).to_vec().unwrap().len(), expected, "{start}");
    }
}

/// A program that deletes the records that it reads deletes all, with about one request per page.
#[test]
fn deleting_while_listing_deletes_all_with_few_requests() {
    for (prefetch, page_size) in [(0, 50), (2, 50), (4, 7)] {
        let server = server(350);
        let settings = server.settings(&json!({"page_size": page_size, "prefetch": prefetch}));
        let accounts = blocking::Client::new(settings).unwrap().accounts();
        for account in accounts.list() {
            accounts.delete(account.unwrap().id().unwrap()).unwrap();
        }
        let requests = server.journal("list").len();
        assert!(requests <= 350 / page_size + 6, "{requests} requests with pages of {page_size}, prefetch {prefetch}");
        assert_eq!(accounts.list().count().unwrap(), 0);
    }
}

#[tokio::test]
async fn a_cancelled_list_returns_no_record_that_was_received_before() {
    let server = server(30);
    server.control("POST", "config", &json!({"list_form": "list", "total_key": "total"})); // the first page is known to be the last
    let cancellation = CancellationToken::default();
    let client = Client::new(server.settings(&json!({}))).unwrap().with_cancellation(&cancellation);
    let mut records = client.accounts().list().records().unwrap();
    records.next().await.unwrap().unwrap();
    cancellation.cancel();
    let error = records.next().await.unwrap().unwrap_err();
    assert_eq!((error.code(), error.details().action.as_deref()), (Code::Cancelled, Some("list")));

    let settings = server.settings(&json!({}));
    let blocking = std::thread::spawn(move || {
        let cancellation = CancellationToken::default();
        let client = blocking::Client::new(settings).unwrap().with_cancellation(&cancellation);
        let mut records = client.accounts().list().records().unwrap();
        records.next().unwrap().unwrap();
        cancellation.cancel();
        records.next().unwrap().unwrap_err()
    });
    let error = blocking.join().unwrap();
    assert_eq!((error.code(), error.details().action.as_deref()), (Code::Cancelled, Some("list")));
}
