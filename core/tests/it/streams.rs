//! Lists and bulks as streams, futures and iterators.

use crate::raw_server::{RawServer, await_client_close, last};
use crate::sandbox::Server;
use egito::{Client, Code, blocking};
use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::Arc;

/// A sandbox with 30 accounts.
fn server() -> Server {
    let server = Server::start();
    server.control("POST", "reset", &json!({"records": {"Account": 30}}));
    server
}

fn client(server: &Server) -> Client {
    Client::new(server.settings(&json!({"page_size": 10, "prefetch": 0, "page_overlap": 0}))).unwrap()
}

#[tokio::test]
async fn lists_are_streams() {
    let server = server();
    let list = client(&server).accounts().list();
    let records: Vec<_> = list.clone().records().unwrap().try_collect().await.unwrap();
    assert_eq!(records.len(), 30);
    let pages = list.clone().pages().unwrap().map(|page| page.unwrap().len());
    assert_eq!(pages.collect::<Vec<_>>().await, [10; 3]);

    server.control(
        "POST",
        "faults",
        &json!({"on": {"action": "list"}, "skip": 1, "times": 0, "response": {"status": 404}}),
    );
    let codes = list.records().unwrap().map(|record| record.err().map(|error| error.code())).collect::<Vec<_>>().await;
    assert_eq!((codes.len(), codes[10]), (11, Some(Code::NotFound)), "an error ends the stream");
}

#[tokio::test]
async fn callers_that_share_pages_all_receive_the_error_that_ended_the_list() {
    let server = server();
    let list = client(&server).accounts().list();
    let refused = json!({"on": {"action": "list"}, "skip": 1, "times": 1, "response": {"status": 403}});
    server.control("POST", "faults", &refused);
    let pages = Arc::new(tokio::sync::Mutex::new(list.pages().unwrap()));
    let next = async || egito::binding::next_page(&mut *pages.lock().await).await;
    assert_eq!(next().await.unwrap().unwrap().len(), 10);
    let (first, second) = tokio::join!(next(), next());
    for page in [first, second, next().await] {
        assert!(page.unwrap_err().is_permission(), "an end would look as if the list were complete");
    }
    assert_eq!(server.journal("list").len(), 2);
}

#[test]
fn callers_that_share_blocking_pages_all_receive_the_error_that_ended_the_list() {
    for prefetch in [0, 2] {
        let server = server();
        let settings = server.settings(&json!({"page_size": 10, "prefetch": prefetch}));
        let mut pages = blocking::Client::new(settings).unwrap().accounts().list().pages().unwrap();
        let refused = json!({"on": {"action": "list"}, "skip": 2, "times": 1, "response": {"status": 403}});
        server.control("POST", "faults", &refused);
        let mut next = || egito::binding::next_page_blocking(&mut pages);
        assert!((0..2).all(|_| next().unwrap().is_some()));
        assert!((0..2).all(|_| next().unwrap_err().is_permission()));
    }
}

#[tokio::test]
async fn awaiting_a_list_or_a_bulk_reads_all_of_it() {
    let server = server();
    let accounts = client(&server).accounts();
    assert_eq!(accounts.list().await.unwrap().len(), 30);
    assert_eq!(accounts.list().order("up").await.unwrap_err().code(), Code::Config);
    let rows = accounts.get_many([1, 2, 7_000_000]).await;
    assert_eq!(rows.iter().map(|row| row.error.is_none()).collect::<Vec<_>>(), [true, true, false]);
}

#[tokio::test]
async fn the_rows_of_a_bulk_are_a_stream() {
    let server = server();
    let accounts = client(&server).accounts();
    let ids = accounts.get_many(1..=30).concurrency(3).rows().map(|row| row.id.and_then(|id| id.as_i64()));
    assert_eq!(ids.collect::<Vec<_>>().await, (1..=30).map(Some).collect::<Vec<_>>());
}

#[test]
fn blocking_lists_and_bulks_are_iterable() {
    let server = server();
    let accounts = blocking::Client::new(server.settings(&json!({"page_size": 10}))).unwrap().accounts();
    let mut read = 0;
    for account in accounts.list() {
        account.unwrap();
        read += 1;
    }
    assert_eq!(read, 30);
    for row in accounts.get_many([1, 2]).unwrap() {
        assert!(row.record.is_some());
    }
    let invalid: Vec<_> = accounts.list().order("up").into_iter().map(|record| record.unwrap_err().code()).collect();
    assert_eq!(invalid, [Code::Config]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_next_closes_its_request_and_reading_can_continue() {
    let (seen, mut request) = tokio::sync::mpsc::unbounded_channel();
    let server = RawServer::start(move |stream, number| match number {
        1 => stream.write_all(last(r#"[{"id": 1}]"#).as_bytes()).unwrap(),
        2 => {
            seen.send(()).unwrap();
            await_client_close(stream);
        }
        3 => stream.write_all(last(r#"[{"id": 2}]"#).as_bytes()).unwrap(),
        _ => stream.write_all(last("[]").as_bytes()).unwrap(),
    });
    let client = Client::new(server.settings(&json!({"prefetch": 0}))).unwrap();
    let mut pages = client.accounts().list().pages().unwrap();
    pages.next().await.unwrap().unwrap();
    tokio::select! {
        _ = pages.next() => panic!("the server does not respond"),
        _ = request.recv() => {}
    }
    server.await_close(); // of the first request
    server.await_close();
    assert_eq!(pages.map(|page| page.unwrap().len()).collect::<Vec<_>>().await, [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_not_polled_for_a_while_keeps_its_request() {
    let server = Arc::new(server());
    let mut pages = client(&server).accounts().list().pages().unwrap();
    StreamExt::next(&mut pages).await.unwrap().unwrap();
    server.control("POST", "faults", &json!({"on": {"action": "list"}, "hold": "slow"}));
    let held = tokio::task::spawn_blocking({
        let server = server.clone();
        move || server.control("GET", "journal?action=list&wait=2", &Value::Null)
    });
    tokio::select! {
        _ = StreamExt::next(&mut pages) => panic!("the server holds the request"),
        held = held => assert_eq!(held.unwrap().as_array().unwrap().len(), 2),
    }
    server.control("POST", "release", &json!({"name": "slow"}));
    assert_eq!(pages.next().await.unwrap().unwrap().len(), 10, "`next` continues the wait");
    assert_eq!(pages.map(|page| page.unwrap().len()).collect::<Vec<_>>().await, [10]);
    assert_eq!(server.journal("list").len(), 4, "the last is the empty page");
}
