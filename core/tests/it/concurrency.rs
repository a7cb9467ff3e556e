//! Many concurrent calls, and clients that are dropped while their calls are in flight.

use crate::raw_server::{RawServer, await_client_close, ok};
use crate::sandbox::Server;
use egito::{Client, Code};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Barrier};
use std::time::Instant;
use tokio::task::JoinSet;

const CALLS: usize = 1000;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_concurrent_calls_log_in_once_and_all_succeed() {
    let server = Server::start();
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let mut calls = JoinSet::new();
    for number in 0..CALLS {
        let accounts = client.accounts();
        calls.spawn(async move { accounts.create(&json!({"name": format!("Firma {number}")})).await.unwrap() });
    }
    let mut ids: Vec<_> = calls.join_all().await.iter().map(|id| id.as_i64().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), CALLS, "each call has its own record");
    assert_eq!(server.journal("create").len(), CALLS);
    assert_eq!(server.journal("login").len(), 1);
}

#[test]
fn a_thousand_blocking_calls_of_fifty_threads_log_in_once() {
    const THREADS: usize = 50;
    let server = Server::start();
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let together = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                together.wait();
                for _ in 0..CALLS / THREADS {
                    client.accounts().get(1).unwrap();
                }
            });
        }
    });
    assert_eq!(server.journal("get").len(), CALLS);
    assert_eq!(server.journal("login").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_calls_with_invalid_credentials_log_in_once() {
    let server = Server::start();
    let client = Client::new(server.settings(&json!({"password": "nie to"}))).unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..CALLS {
        let accounts = client.accounts();
        calls.spawn(async move { accounts.get(1).await.unwrap_err().code() });
    }
    assert!(calls.join_all().await.iter().all(|&code| code == Code::Auth));
    assert_eq!(server.journal("login").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_expires_during_many_calls_is_renewed_once() {
    let server = Server::start();
    let client = Client::new(server.settings(&json!({}))).unwrap();
    client.accounts().get(1).await.unwrap();
    let expire = json!({"on": {"action": "get"}, "expire_token": true});
    tokio::task::block_in_place(|| server.control("POST", "faults", &expire));
    let mut calls = JoinSet::new();
    for _ in 0..CALLS {
        let accounts = client.accounts();
        calls.spawn(async move { accounts.get(1).await.map(drop).unwrap() });
    }
    calls.join_all().await;
    assert_eq!(server.journal("login").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_are_dropped_close_their_requests_and_start_no_others() {
    const AT_ONCE: usize = 40;
    let server = RawServer::start(|stream, _| await_client_close(stream));
    let client = Client::new(server.settings(&json!({"max_concurrency": AT_ONCE}))).unwrap();
    let accounts = client.accounts();
    drop(client);
    // In one task, so that all are dropped at the same time.
    let calls = tokio::spawn(async move {
        let record = json!({});
        join_all((0..CALLS).map(|_| accounts.create(&record))).await
    });
    while server.requests() < AT_ONCE {
        tokio::task::yield_now().await;
    }
    calls.abort();
    for _ in 0..AT_ONCE {
        tokio::task::block_in_place(|| server.await_close());
    }
    assert_eq!(server.requests(), AT_ONCE);
}

#[test]
fn a_client_that_is_dropped_closes_its_connections() {
    let open = Arc::new(AtomicUsize::new(0));
    let count = open.clone();
    // Responds, keeps the connection open, and waits until the client closes it.
    let server = RawServer::start(move |stream, number| {
        count.fetch_add(1, SeqCst);
        stream.write_all(ok(&format!("{{\"id\": {number}}}")).as_bytes()).unwrap();
        await_client_close(stream);
        count.fetch_sub(1, SeqCst);
    });
    let blocking = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    blocking.accounts().get(1).unwrap();
    assert_eq!(open.load(SeqCst), 1);
    drop(blocking);
    server.await_close();

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let client = Client::new(server.settings(&json!({}))).unwrap();
    runtime.block_on(client.accounts().get(1)).unwrap();
    drop(client);
    server.await_close();
    assert_eq!(open.load(SeqCst), 0);
}

#[test]
fn an_idle_connection_is_closed_after_some_seconds_and_not_used_again() {
    let server = RawServer::start(|stream, number| {
        stream.write_all(ok(&format!("{{\"id\": {number}}}")).as_bytes()).unwrap();
        await_client_close(stream);
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let client = Client::new(server.settings(&json!({}))).unwrap();
    runtime.block_on(client.accounts().get(1)).unwrap();
    let begun = Instant::now();
    server.await_close();
    let kept = begun.elapsed().as_secs();
    assert!((3..15).contains(&kept), "{kept} s");
    runtime.block_on(client.accounts().get(1)).unwrap();
    assert_eq!(server.requests(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_dropped_cancels_its_prefetched_requests() {
    let server = Server::start();
    server.control(
        "POST",
        "reset",
        &json!({"records": {"Account": 1000}, "config": {"list_form": "rows", "total_key": "total"}}),
    );
    server.control("POST", "faults", &json!({"on": {"action": "list"}, "skip": 2, "times": 0, "hold": "ahead"}));
    let client = Client::new(server.settings(&json!({"page_size": 100, "prefetch": 3}))).unwrap();
    let mut pages = client.accounts().list().pages().unwrap();
    pages.next().await.unwrap().unwrap();
    pages.next().await.unwrap().unwrap();
    tokio::task::block_in_place(|| server.control("GET", "journal?action=list&wait=5", &Value::Null));
    drop(pages);
    let closed = "journal?action=list&client_gone=true&wait=3&timeout_ms=60000";
    let closed = tokio::task::block_in_place(|| server.control("GET", closed, &Value::Null));
    assert_eq!(closed.as_array().map(Vec::len), Some(3), "{closed}");
    client.accounts().get(1).await.unwrap(); // the client itself still works
    assert_eq!(server.journal("list").len(), 5, "no further page is requested");
}
