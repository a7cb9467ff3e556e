//! A server of raw sockets, for what no well-behaved server does. It plays one script and notes what it was asked.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;

pub const TOKEN: &str = r#"{"access_token": "t0ken-of-the-raw-server", "token_type": "bearer", "expires_in": 3600}"#;

/// One connection's script: how many requests it answers before the server closes it. Bodies are used in order over all.
pub struct RawServer {
    pub address: String,
    /// Says the number of a connection (from 1) when the server has closed it.
    pub closed: Receiver<usize>,
    thread: JoinHandle<Vec<String>>,
}

impl RawServer {
    /// `connections[n]` is how many requests the n-th connection answers; `bodies` are the answers, in order.
    pub fn start(connections: &'static [usize], bodies: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (tell, closed) = channel();
        let thread = std::thread::spawn(move || {
            let mut paths = Vec::new();
            let mut bodies = bodies.iter();
            for (number, &requests) in connections.iter().enumerate() {
                let (stream, _) = listener.accept().unwrap();
                paths.extend(serve(&stream, requests, &mut bodies));
                drop(stream);
                let _ = tell.send(number + 1);
            }
            paths
        });
        Self { address, closed, thread }
    }

    /// The request lines that came, once the script has ended.
    pub fn requests(self) -> Vec<String> {
        self.thread.join().unwrap()
    }
}

fn serve<'b>(stream: &TcpStream, requests: usize, bodies: &mut impl Iterator<Item = &'b &'static str>) -> Vec<String> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    for _ in 0..requests {
        lines.push(read_request(&mut reader));
        let body = bodies.next().expect("a body for every request");
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        (&mut &*stream).write_all(format!("{head}{body}").as_bytes()).unwrap();
    }
    lines
}

fn read_request(reader: &mut impl BufRead) -> String {
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        if header.trim().is_empty() {
            break;
        }
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    reader.read_exact(&mut vec![0; length]).unwrap();
    first.split(' ').nth(1).unwrap_or_default().to_owned()
}
