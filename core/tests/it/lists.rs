//! Lists as Rust programs read them: when they end, and the first record alone.

use crate::sandbox::Server;
use egito::{Cancel, Client, Code, blocking};
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn server(accounts: usize) -> Server {
    let server = Server::start();
    server.control("POST", "reset", &json!({"records": {"Account": accounts}}));
    server
}

/// The codes of what is left of a list, of which no more than 5 are looked at.
fn codes<T>(items: impl Iterator<Item = egito::Result<T>>) -> Vec<Option<Code>> {
    items.take(5).map(|item| item.err().map(|error| error.code())).collect()
}

#[tokio::test]
async fn a_cancelled_list_ends_with_one_error() {
    let server = server(30);
    for prefetch in [0, 2] {
        let settings = server.settings(&json!({"page_size": 10, "prefetch": prefetch}));
        let client = Client::new(settings).unwrap();
        let cancel = Cancel::default();
        let mut records = client.cancelled_by(&cancel).accounts().list().records().unwrap();
        for _ in 0..11 {
            records.next().await.unwrap().unwrap();
        }
        cancel.cancel();
        let rest: Vec<_> =
            records.into_stream().skip_while(|next| std::future::ready(next.is_ok())).take(5).collect().await;
        assert_eq!(codes(rest.into_iter()), [Some(Code::Cancelled)], "prefetch {prefetch}");
        let late = client.cancelled_by(&cancel).accounts().list().pages().unwrap().into_stream();
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
                blocking::Client::interruptible(settings, || false).unwrap()
            } else {
                blocking::Client::new(settings).unwrap()
            };
            let cancel = Cancel::default();
            let mut records = client.cancelled_by(&cancel).accounts().list().records().unwrap();
            assert!(records.by_ref().take(11).all(|record| record.is_ok()));
            cancel.cancel();
            let rest = codes(records.skip_while(Result::is_ok));
            assert_eq!(rest, [Some(Code::Cancelled)], "prefetch {prefetch}, interruptible {interruptible}");
        }
    }
}

/// Ctrl-C ends one wait; who catches it may read on where it was.
#[test]
fn an_interrupted_list_goes_on() {
    let server = server(30);
    for prefetch in [0, 2] {
        let interrupt = Arc::new(AtomicBool::new(false));
        let asked = interrupt.clone();
        let settings = server.settings(&json!({"page_size": 10, "prefetch": prefetch}));
        let client = blocking::Client::interruptible(settings, move || asked.swap(false, Ordering::AcqRel)).unwrap();
        let mut pages = client.cancelled_by(&Cancel::default()).accounts().list().pages().unwrap();
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
async fn the_first_record_alone_is_asked_for_whatever_the_overlap() {
    let server = server(3);
    let settings = server.settings(&json!({"page_overlap": 2}));
    let list = Client::new(settings.clone()).unwrap().accounts().list();
    let read: Vec<_> = list.first_only().records().unwrap().into_stream().map(Result::unwrap).collect().await;
    assert_eq!(read.iter().map(|record| record.raw("id").unwrap()).collect::<Vec<_>>(), ["1"]);
    let journal = server.journal("list");
    assert_eq!((journal.len(), &journal[0]["query"]["max"]), (1, &Value::from("1")));

    server.control("POST", "config", &json!({"ignore_max": true}));
    let all = std::thread::spawn(move || {
        let list = blocking::Client::new(settings).unwrap().accounts().list();
        list.with_json(b"{}").unwrap().first_only().to_vec().unwrap().len()
    });
    assert_eq!(all.join().unwrap(), 1, "also where the server sends more");
}
