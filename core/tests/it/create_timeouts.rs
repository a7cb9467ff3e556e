//! Creates that time out at any moment: none is sent twice, and none that was sent is reported as not sent.
//!
//! `EGITO_STRESS_CREATES=275000 cargo test -p egito --release --test it create_timeouts` runs the long form.

use crate::raw_server::{TOKEN, ok};
use egito::{Client, Outcome, Settings};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering::SeqCst};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Number of concurrent creates, twice the maximum in flight: half of them wait for a slot until they time out.
const AT_ONCE: usize = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_create_that_times_out_is_never_sent_twice_or_reported_as_not_sent() {
    let creates = std::env::var("EGITO_STRESS_CREATES").map_or(4_000, |number| number.parse().unwrap());
    let server = CountingServer::start(creates);
    let client = Client::new(server.settings()).unwrap();
    let (mut tasks, mut totals) = (JoinSet::new(), Totals::default());
    for number in 0..creates {
        if tasks.len() == AT_ONCE {
            totals.count(tasks.join_next().await.unwrap().unwrap());
        }
        let client = client.clone();
        tasks.spawn(async move { (number, create(&client, number).await) });
    }
    while let Some(done) = tasks.join_next().await {
        totals.count(done.unwrap());
    }
    drop(client);
    server.await_all_closed();
    for (number, outcome) in &totals.all {
        let received = server.received[*number].load(SeqCst);
        assert!(received <= 1, "create {number} was sent {received} times");
        match outcome {
            None => assert_eq!(received, 1, "create {number} succeeded"),
            Some(Outcome::NotSent) => assert_eq!(received, 0, "create {number} is reported as not sent"),
            Some(_) => {}
        }
    }
    println!("{creates} creates: {} done, {} unknown, {} not sent", totals.done, totals.unknown, totals.not_sent);
    assert!(totals.done > 0 && totals.unknown > 0 && totals.not_sent > 0, "every outcome occurs");
}

/// Sends one create with its own timeout, from too short to long enough.
async fn create(client: &Client, number: usize) -> Option<Outcome> {
    let tenths = u32::try_from(number % 97).unwrap();
    let timeout = 0.3 + f64::from(tenths) * 0.2;
    let client = client.with_options(json!({"timeout_ms": timeout}).to_string().as_bytes()).unwrap();
    client.leads().create(&json!({"number": number})).await.err().map(|error| error.outcome().unwrap())
}

#[derive(Default)]
struct Totals {
    all: Vec<(usize, Option<Outcome>)>,
    done: usize,
    unknown: usize,
    not_sent: usize,
}

impl Totals {
    fn count(&mut self, (number, outcome): (usize, Option<Outcome>)) {
        match outcome {
            None => self.done += 1,
            Some(Outcome::Unknown) => self.unknown += 1,
            Some(_) => self.not_sent += 1,
        }
        self.all.push((number, outcome));
    }
}

/// A server that counts how often it receives each record, and responds after a moment.
struct CountingServer {
    address: String,
    received: Arc<Vec<AtomicU8>>,
    open: Arc<()>,
}

impl CountingServer {
    fn start(creates: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let received: Arc<Vec<AtomicU8>> = Arc::new((0..creates).map(|_| AtomicU8::new(0)).collect());
        let open = Arc::new(());
        let (count, connection) = (received.clone(), Arc::downgrade(&open));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Some(open) = connection.upgrade() else { return };
                let count = count.clone();
                std::thread::spawn(move || {
                    serve(stream.unwrap(), &count);
                    drop(open);
                });
            }
        });
        Self { address, received, open }
    }

    fn settings(&self) -> Settings {
        let settings = json!({
            "base_url": self.address, "client_id": "c", "client_secret": "secret", "username": "jan@firma",
            "password": "hasło", "max_concurrency": AT_ONCE / 2, "backoff_base": 0,
        });
        Settings::from_json(settings.to_string().as_bytes()).unwrap()
    }

    /// Waits until every connection is closed, so that nothing more can arrive.
    fn await_all_closed(&self) {
        let begun = Instant::now();
        while Arc::strong_count(&self.open) > 1 {
            assert!(begun.elapsed() < Duration::from_secs(60), "a connection stays open");
            std::thread::yield_now();
        }
    }
}

fn serve(stream: TcpStream, received: &[AtomicU8]) {
    let mut reader = BufReader::new(stream);
    while let Some(body) = read_body(&mut reader) {
        let record: Value = serde_json::from_slice(&body).unwrap_or_default();
        let response = match record["number"].as_u64() {
            None => ok(TOKEN),
            Some(number) => {
                received[usize::try_from(number).unwrap()].fetch_add(1, SeqCst);
                std::thread::sleep(Duration::from_micros(number % 11 * 200)); // time to process the request
                ok(&format!("{{\"id\": {}}}", number + 1))
            }
        };
        if reader.get_mut().write_all(response.as_bytes()).is_err() {
            return;
        }
    }
}

/// Reads the body of the next request; `None` if the client has closed the connection.
fn read_body(reader: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|&read| read > 0)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok();
        }
    }
    let mut body = vec![0; length?];
    reader.read_exact(&mut body).ok()?;
    Some(body)
}
