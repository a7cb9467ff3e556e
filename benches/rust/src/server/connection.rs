//! One connection: HTTP/1.1 with keep-alive, one request after the other.

use crate::api::{Api, Request, Response};
use std::io::{Error, ErrorKind, IoSlice, Read, Result, Write};
use std::net::TcpStream;

const MAX_HEADERS: usize = 32;
const MAX_REQUEST: usize = 64 * 1024;

/// Responds to every request until the client closes the connection.
pub fn serve(mut stream: TcpStream, api: &Api) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; MAX_REQUEST];
    let mut filled = 0;
    loop {
        if let Some(length) = respond(&buffer[..filled], api, &mut stream)? {
            buffer.copy_within(length..filled, 0);
            filled -= length;
            continue;
        }
        match stream.read(&mut buffer[filled..]) {
            Ok(0) if filled > 0 => return Err(Error::other("a request ends early, or is too long")),
            Ok(0) => return Ok(()),
            Ok(length) => filled += length,
            // A client that exits closes its connections this way if it has not read everything.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// Responds to the first request, and returns its length; nothing if more bytes are needed.
fn respond(received: &[u8], api: &Api, stream: &mut TcpStream) -> Result<Option<usize>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head_length) = head.parse(received).map_err(Error::other)? else {
        return Ok(None);
    };
    let target = head.path.unwrap_or_default();
    let header = |name: &str| {
        let found = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        found.and_then(|header| std::str::from_utf8(header.value).ok()).unwrap_or_default()
    };
    if !header("transfer-encoding").is_empty() {
        return Err(Error::other("a body without Content-Length is not supported"));
    }
    let length = head_length + header("content-length").parse().unwrap_or(0);
    if received.len() < length {
        return Ok(None);
    }
    let request = Request { target, authorization: header("authorization"), body: &received[head_length..length] };
    send(stream, &api.respond(&request))?;
    Ok(Some(length))
}

fn send(stream: &mut TcpStream, response: &Response<'_>) -> Result<()> {
    let Response { status, start, records, end } = response;
    let length = start.len() + records.len() + end.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: {length}\r\n\r\n"
    );
    let parts = [head.as_bytes(), start.as_bytes(), records, end.as_bytes()];
    let mut parts = parts.map(IoSlice::new);
    let mut left = &mut parts[..];
    IoSlice::advance_slices(&mut left, 0);
    while !left.is_empty() {
        let written = stream.write_vectored(left)?;
        if written == 0 {
            return Err(ErrorKind::WriteZero.into());
        }
        IoSlice::advance_slices(&mut left, written);
    }
    Ok(())
}
