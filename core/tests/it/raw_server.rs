//! A server of raw sockets, for answers that no well-behaved server gives.

use egito::Settings;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The answer to every login.
pub const TOKEN: &str = r#"{"access_token": "t0ken-of-the-raw-server", "token_type": "bearer", "expires_in": 3600}"#;

/// More than any of these tests takes: only a bug is that slow.
const MAX_WAIT: Duration = Duration::from_secs(60);

type Answer = dyn Fn(&mut TcpStream, usize) + Send + Sync;

/// It logs everybody in. What it does with any other request, the first being 1, its test says; after that it closes the
/// connection, also where it has promised to keep it.
pub struct RawServer {
    pub address: String,
    closed: Mutex<Receiver<()>>,
    requests: Arc<AtomicUsize>,
}

impl RawServer {
    pub fn start(answer: impl Fn(&mut TcpStream, usize) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (tell, closed) = channel();
        let requests = Arc::new(AtomicUsize::new(0));
        let (count, answer): (_, Arc<Answer>) = (requests.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (tell, count, answer) = (tell.clone(), count.clone(), answer.clone());
                std::thread::spawn(move || serve(stream.unwrap(), &count, &*answer, &tell));
            }
        });
        Self { address, closed: Mutex::new(closed), requests }
    }

    /// It answers with these bytes.
    pub fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        // Who reads no further than it must may hang up before it has all.
        Self::start(move |stream, _| drop(stream.write_all(&bytes)))
    }

    /// It answers with the next id, from 1.
    pub fn with_ids() -> Self {
        Self::start(|stream, number| stream.write_all(ok(&format!("{{\"id\": {number}}}")).as_bytes()).unwrap())
    }

    /// How many requests there were, but for logins.
    pub fn requests(&self) -> usize {
        self.requests.load(SeqCst)
    }

    /// The same, for others.
    pub fn watch(&self) -> impl Fn() -> usize + Send + Sync + 'static {
        let requests = self.requests.clone();
        move || requests.load(SeqCst)
    }

    /// Waits until it has closed one more connection.
    pub fn await_close(&self) {
        self.closed.lock().unwrap().recv_timeout(MAX_WAIT).unwrap();
    }

    /// Settings for a client of this server, with others laid over them.
    pub fn settings(&self, over: &Value) -> Settings {
        let mut settings = json!({
            "base_url": self.address, "client_id": "c", "client_secret": "secret", "username": "jan@firma", "password": "hasło",
        });
        settings.as_object_mut().unwrap().extend(over.as_object().unwrap().clone());
        Settings::from_json(settings.to_string().as_bytes()).unwrap()
    }
}

/// A good answer with this body.
pub fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// A good answer that announces the close of its connection.
pub fn last(body: &str) -> String {
    ok(body).replacen("\r\n", "\r\nConnection: close\r\n", 1)
}

/// Waits until the client has closed the connection.
pub fn await_hang_up(stream: &mut TcpStream) {
    stream.set_read_timeout(Some(MAX_WAIT)).unwrap();
    // A connection that is reset is closed as well.
    let rest = std::io::copy(stream, &mut std::io::sink());
    assert!(rest.is_ok_and(|bytes| bytes == 0), "the client still waits, or has sent more");
}

fn serve(stream: TcpStream, count: &AtomicUsize, answer: &Answer, tell: &Sender<()>) {
    let mut reader = BufReader::new(stream);
    while let Some(path) = read_request(&mut reader) {
        if path == "/oauth/token" {
            if reader.get_mut().write_all(ok(TOKEN).as_bytes()).is_err() {
                return;
            }
            continue;
        }
        let number = count.fetch_add(1, SeqCst) + 1;
        answer(reader.get_mut(), number);
        drop(reader);
        let _ = tell.send(()); // nobody may wait for it
        return;
    }
}

/// Path and query of the next request; `None` where the client has closed the connection.
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
