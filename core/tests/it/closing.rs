//! Closing a client: calls in flight have some time to finish, and idle connections are closed at once.

use crate::raw_server::TOKEN;
use crate::sandbox::Server;
use egito::{Client, Code, Outcome, Settings, blocking};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// Returns a server that holds its creates until `gate` is released.
fn server_that_holds_creates() -> Server {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "hold": "gate"}));
    server
}

fn await_create(server: &Server) {
    server.control("GET", "journal?action=create&wait=1", &Value::Null);
}

fn release(server: &Server) {
    server.control("POST", "release", &json!({"name": "gate"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_waits_for_calls_in_flight_and_rejects_new_ones() {
    let server = server_that_holds_creates();
    let client = Client::new(server.settings(&json!({"close_timeout": 60}))).unwrap();
    let other = client.clone();
    let call = tokio::spawn(async move { other.accounts().create(&json!({"name": "Żubr"})).await });
    tokio::task::block_in_place(|| await_create(&server));
    let closing = client.close();
    assert_eq!(client.accounts().get(1).await.unwrap_err().code(), Code::Config);
    tokio::task::block_in_place(|| release(&server));
    closing.await;
    assert!(call.await.unwrap().is_ok());
}

#[test]
fn closing_a_blocking_client_waits_for_the_calls_of_other_threads() {
    let server = server_that_holds_creates();
    let client = blocking::Client::new(server.settings(&json!({"close_timeout": 60}))).unwrap();
    std::thread::scope(|scope| {
        let call = scope.spawn(|| client.accounts().create(&json!({"name": "Żubr"})));
        await_create(&server);
        let closing = scope.spawn(|| client.close());
        while client.accounts().get(1).is_ok() {}
        release(&server);
        closing.join().unwrap();
        assert!(call.join().unwrap().is_ok());
    });
}

#[test]
fn after_the_close_timeout_calls_in_flight_are_cancelled_with_their_outcomes() {
    let server = server_that_holds_creates();
    let client = blocking::Client::new(server.settings(&json!({"close_timeout": 0.1}))).unwrap();
    std::thread::scope(|scope| {
        let call = scope.spawn(|| client.accounts().create(&json!({"name": "Żubr"})));
        await_create(&server);
        let begun = Instant::now();
        client.close();
        assert!((Duration::from_millis(100)..Duration::from_secs(10)).contains(&begun.elapsed()));
        let error = call.join().unwrap().unwrap_err();
        assert_eq!(error.outcome(), Some(Outcome::Unknown));
    });
}

#[test]
fn a_hook_that_closes_the_client_does_not_wait_for_its_own_call() {
    let server = Server::start();
    let client = blocking::Client::new(server.settings(&json!({"close_timeout": 60}))).unwrap();
    let other = client.clone();
    client.on_event(Some(Arc::new(move |_| other.close())));
    let _ = client.accounts().get(1);
    assert_eq!(client.accounts().get(1).unwrap_err().code(), Code::Config);
}

/// A server that keeps its connections open, and records when the client closes one.
struct KeepAliveServer {
    settings: Settings,
    accepted: Arc<AtomicUsize>,
    closed: Receiver<Instant>,
}

impl KeepAliveServer {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let settings = json!({"base_url": format!("http://{}", listener.local_addr().unwrap()), "client_id": "a",
            "client_secret": "b", "username": "c", "password": "d"});
        let settings = Settings::from_json(settings.to_string().as_bytes()).unwrap();
        let (notify, closed) = channel();
        let accepted = Arc::new(AtomicUsize::new(0));
        let count = accepted.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                count.fetch_add(1, SeqCst);
                let notify = notify.clone();
                std::thread::spawn(move || serve(BufReader::new(stream.unwrap()), &notify));
            }
        });
        Self { settings, accepted, closed }
    }

    /// Checks that every connection was closed soon after this time, and not only when idle connections are closed anyway.
    fn check_closed(&self, since: Instant) {
        for _ in 0..self.accepted.load(SeqCst) {
            let closed = self.closed.recv_timeout(Duration::from_secs(20)).expect("the connection is closed");
            let after = closed.saturating_duration_since(since);
            assert!(after < Duration::from_millis(3500), "{after:?}");
        }
    }
}

fn serve(mut stream: BufReader<TcpStream>, closed: &Sender<Instant>) {
    while let Some(path) = read_request(&mut stream) {
        let body = if path.starts_with("/oauth") { TOKEN } else { r#"{"id": 1}"# };
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.get_mut().write_all((head + body).as_bytes()).unwrap();
    }
    closed.send(Instant::now()).unwrap();
}

/// Reads the path of the next request; `None` if the client has closed the connection.
fn read_request(stream: &mut impl BufRead) -> Option<String> {
    let (mut first, mut length) = (String::new(), 0);
    if stream.read_line(&mut first).ok()? == 0 {
        return None;
    }
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        if let Some(number) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = number.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    stream.take(length).read_to_end(&mut Vec::new()).ok()?;
    first.split(' ').nth(1).map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_are_closed_at_once() {
    for close in [true, false] {
        let server = KeepAliveServer::start();
        let client = Client::new(server.settings.clone()).unwrap();
        client.accounts().get(1).await.unwrap();
        let begun = Instant::now();
        if close {
            client.close().await;
            tokio::task::block_in_place(|| server.check_closed(begun));
        } else {
            drop(client);
            tokio::task::block_in_place(|| server.check_closed(begun));
        }
    }
}

#[test]
fn idle_connections_of_a_blocking_client_are_closed_at_once() {
    for close in [true, false] {
        let server = KeepAliveServer::start();
        let client = blocking::Client::new(server.settings.clone()).unwrap();
        client.accounts().get(1).unwrap();
        let begun = Instant::now();
        if close {
            client.close();
            server.check_closed(begun);
        } else {
            drop(client);
            server.check_closed(begun);
        }
    }
}
