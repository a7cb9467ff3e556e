//! A server for the benchmarks that costs little: canned responses from memory, one thread for each connection.
//!
//! Usage: `egito-bench-server RECORDS`. It prints its URL, and ends when its standard input is closed. See benches/README.md.

mod api;
mod connection;
mod counts;
mod random;
mod records;

use api::Api;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

type Error = Box<dyn std::error::Error>;

fn main() -> Result<(), Error> {
    let records = std::env::args().nth(1).ok_or("usage: egito-bench-server RECORDS")?.parse()?;
    let api = Arc::new(Api::new(records)?);
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    println!("http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    std::thread::spawn(exit_with_parent);
    for stream in listener.incoming() {
        let (stream, api) = (stream?, Arc::clone(&api));
        std::thread::spawn(move || {
            if let Err(error) = connection::serve(stream, &api) {
                eprintln!("egito-bench-server: {error}");
            }
        });
    }
    Ok(())
}

/// Ends the program as soon as the program that started it closes the pipe, or ends.
fn exit_with_parent() {
    let ended = std::io::stdin().read_to_end(&mut Vec::new());
    std::process::exit(i32::from(ended.is_err()));
}
