//! A server on raw sockets, for responses that a normal server does not send.

use egito::Settings;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The response to every login.
pub const TOKEN: &str = r#"{"access_token": "t0ken-of-the-raw-server", "token_type": "bearer", "expires_in": 3600}"#;

/// More time than any of these tests needs.
const MAX_WAIT: Duration = Duration::from_secs(60);

type Responder = dyn Fn(&mut TcpStream, usize) + Send + Sync;

/// A server that accepts every login. The test provides the response to other requests, which are numbered from 1. After that response
/// the server closes the connection, even if the response says `keep-alive`.
pub struct RawServer {
    pub address: String,
    closed: Mutex<Receiver<()>>,
    requests: Arc<AtomicUsize>,
}

impl RawServer {
    pub fn start(response: impl Fn(&mut TcpStream, usize) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (notify, closed) = channel();
        let requests = Arc::new(AtomicUsize::new(0));
        let (count, response): (_, Arc<Responder>) = (requests.clone(), Arc::new(response));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (notify, count, response) = (notify.clone(), count.clone(), response.clone());
                std::thread::spawn(move || serve(stream.unwrap(), &count, &*response, &notify));
            }
        });
        Self { address, closed: Mutex::new(closed), requests }
    }

    /// Starts a server that responds with these bytes.
    pub fn responding(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        // A client that does not read everything may close the connection early.
        Self::start(move |stream, _| drop(stream.write_all(&bytes)))
    }

    /// Starts a server that responds with the next id, from 1.
    pub fn with_ids() -> Self {
        Self::start(|stream, number| stream.write_all(ok(&format!("{{\"id\": {number}}}")).as_bytes()).unwrap())
    }

    /// Returns the number of requests, without logins.
    pub fn requests(&self) -> usize {
        self.requests.load(SeqCst)
    }

    /// Returns a function that returns [`requests`](Self::requests).
    pub fn watch(&self) -> impl Fn() -> usize + Send + Sync + 'static {
        let requests = self.requests.clone();
        move || requests.load(SeqCst)
    }

    /// Waits until the server has closed another connection.
    pub fn await_close(&self) {
        self.closed.lock().unwrap().recv_timeout(MAX_WAIT).unwrap();
    }

    /// Returns the settings for a client of this server. `over` replaces some of them.
    pub fn settings(&self, over: &Value) -> Settings {
        let mut settings = json!({
            "base_url": self.address, "client_id": "c", "client_secret": "secret", "username": "jan@firma", "password": "hasło",
        });
        settings.as_object_mut().unwrap().extend(over.as_object().unwrap().clone());
        Settings::from_json(settings.to_string().as_bytes()).unwrap()
    }
}

/// Returns a successful response with this body.
pub fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// Returns a successful response that announces the close of its connection.
pub fn last(body: &str) -> String {
    ok(body).replacen("\r\n", "\r\nConnection: close\r\n", 1)
}

/// Waits until the client has closed the connection.
pub fn await_client_close(stream: &mut TcpStream) {
    stream.set_read_timeout(Some(MAX_WAIT)).unwrap();
    // A connection that is reset is closed too.
    let rest = std::io::copy(stream, &mut std::io::sink());
    assert!(rest.is_ok_and(|bytes| bytes == 0), "the client is still waiting, or has sent more");
}

fn serve(stream: TcpStream, count: &AtomicUsize, response: &Responder, notify: &Sender<()>) {
    let mut reader = BufReader::new(stream);
    while let Some(path) = read_request(&mut reader) {
        if path == "/oauth/token" {
            if reader.get_mut().write_all(ok(TOKEN).as_bytes()).is_err() {
                return;
            }
            continue;
        }
        let number = count.fetch_add(1, SeqCst) + 1;
        response(reader.get_mut(), number);
        drop(reader);
        let _ = notify.send(()); // fails if the test has ended
        return;
    }
}

/// Reads the path and query of the next request; `None` if the client has closed the connection.
pub fn read_request(reader: &mut impl BufRead) -> Option<String> {
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|&read| read > 0)?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    reader.read_exact(&mut vec![0; length]).ok()?;
    first.split(' ').nth(1).map(str::to_owned)
}
