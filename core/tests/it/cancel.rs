//! Cancelled calls close their requests, and their errors have the right outcome.

use crate::sandbox::Server;
use egito::{CancellationToken, Client, Code, Outcome, Settings};
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

#[tokio::test]
async fn a_cancelled_call_closes_its_request() {
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let cancellation = CancellationToken::default();
    let client = client(server.local_addr().unwrap().port()).with_cancellation(&cancellation);
    let call = tokio::spawn(async move { client.accounts().create(&json!({"name": "Żubr"})).await });

    let (mut connection, _) = server.accept().await.unwrap();
    cancellation.cancel();
    connection.read_to_end(&mut Vec::new()).await.unwrap(); // ends when the client closes the connection

    let error = call.await.unwrap().unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Code::Cancelled, Some(Outcome::NotSent)), "only the login was sent");
    assert_eq!(error.details().action.as_deref(), Some("create"));
}

#[tokio::test]
async fn a_call_that_was_cancelled_before_its_start_sends_nothing() {
    let cancellation = CancellationToken::default();
    cancellation.cancel();
    let error = client(9).with_cancellation(&cancellation).accounts().get(7).await.unwrap_err();
    assert_eq!((error.code(), error.outcome(), error.details().attempts), (Code::Cancelled, None, 0));
}

/// A call that waits for a free slot has sent nothing, so its outcome is known when it is cancelled.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_cancelled_while_it_waited_for_a_slot_was_not_sent() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 1, "hold": "door"}));
    let cancellation = CancellationToken::default();
    let client = egito::Client::new(server.settings(&json!({"max_concurrency": 1}))).unwrap();
    client.accounts().list().page_size(1).pages().unwrap().next().await.unwrap().unwrap(); // logs in
    let first = {
        let client = client.clone();
        tokio::spawn(async move { client.accounts().create(&json!({"name": "Żubr"})).await })
    };
    tokio::task::block_in_place(|| server.control("GET", "journal?action=create&wait=1", &serde_json::Value::Null));

    let waiting = client.with_cancellation(&cancellation);
    let record = json!({"name": "Smok"});
    let accounts = waiting.accounts();
    let mut second = std::pin::pin!(accounts.create(&record));
    tokio::select! {
        biased;
        _ = &mut second => panic!("it must wait for a slot"),
        () = std::future::ready(()) => {} // it was polled once, so it waits now
    }
    cancellation.cancel();
    let error = second.await.unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Code::Cancelled, Some(Outcome::NotSent)));
    assert_eq!(error.details().attempts, 0);
    server.control("POST", "release", &json!({"name": "door"}));
    first.await.unwrap().unwrap();
    assert_eq!(server.journal("create").len(), 1);
}

#[test]
fn a_blocking_call_is_cancelled_from_another_thread_and_others_continue() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let client = egito::blocking::Client::new(settings(server.local_addr().unwrap().port())).unwrap();
    let cancellation = CancellationToken::default();
    let ended = client.with_cancellation(&cancellation);
    let call = std::thread::spawn(move || ended.accounts().create(&json!({"name": "Żubr"})));

    let (mut connection, _) = server.accept().unwrap();
    cancellation.cancel();
    std::io::Read::read_to_end(&mut connection, &mut Vec::new()).unwrap(); // ends when the client closes the connection
    assert_eq!(call.join().unwrap().unwrap_err().code(), Code::Cancelled);

    drop(server);
    let other = client.accounts().get(7).unwrap_err();
    assert_eq!(other.code(), Code::Connection, "the client itself is not cancelled");
    let late =
        client.with_cancellation(&cancellation).accounts().list().records().unwrap().next().unwrap().unwrap_err();
    assert_eq!((late.code(), late.details().attempts), (Code::Cancelled, 0));
}

fn client(port: u16) -> Client {
    Client::new(settings(port)).unwrap()
}

fn settings(port: u16) -> Settings {
    let settings = json!({
        "base_url": format!("http://127.0.0.1:{port}"),
        "client_id": "id", "client_secret": "secret", "username": "jan@firma", "password": "hasło", "max_retries": 0,
    });
    Settings::from_json(settings.to_string().as_bytes()).unwrap()
}
