//! A server of raw sockets that closes connections without a word, which no well-behaved server does.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

const TOKEN: &str = r#"{"access_token": "t0ken-of-the-raw-server", "token_type": "bearer", "expires_in": 3600}"#;

/// It logs everybody in, and answers every other request with the next id, from 1. After each of these it closes the
/// connection, though it has promised to keep it.
pub struct RawServer {
    pub address: String,
    /// Says something each time the server has closed a connection after such an answer.
    pub closed: Mutex<Receiver<()>>,
    answers: Arc<AtomicUsize>,
}

impl RawServer {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (tell, closed) = channel();
        let answers = Arc::new(AtomicUsize::new(0));
        let count = answers.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (tell, count) = (tell.clone(), count.clone());
                std::thread::spawn(move || serve(stream.unwrap(), &count, &tell));
            }
        });
        Self { address, closed: Mutex::new(closed), answers }
    }

    /// How many requests got an id.
    pub fn answers(&self) -> usize {
        self.answers.load(SeqCst)
    }
}

fn serve(stream: TcpStream, count: &AtomicUsize, tell: &Sender<()>) {
    let mut reader = BufReader::new(&stream);
    while let Some(path) = read_request(&mut reader) {
        let is_login = path == "/oauth/token";
        let body = if is_login { TOKEN.to_owned() } else { format!("{{\"id\": {}}}", count.fetch_add(1, SeqCst) + 1) };
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        if (&stream).write_all(format!("{head}{body}").as_bytes()).is_err() {
            return;
        }
        if !is_login {
            drop(stream);
            let _ = tell.send(());
            return;
        }
    }
}

/// The path of the next request; `None` where the client has closed the connection.
fn read_request(reader: &mut impl BufRead) -> Option<String> {
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
