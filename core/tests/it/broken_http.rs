//! Servers with invalid, old or unusual HTTP: readable responses are read, others are errors with the right outcome.

use crate::raw_server::{RawServer, ok};
use egito::blocking::Client;
use egito::{Code, Error, Outcome};
use serde_json::json;

#[test]
fn a_create_with_an_invalid_http_response_has_an_unknown_outcome_and_is_not_retried() {
    let huge_header = format!("HTTP/1.1 200 OK\r\nX-Long: {}\r\n\r\n", "ż".repeat(4 << 20));
    let many_headers =
        format!("HTTP/1.1 200 OK\r\n{}Content-Length: 9\r\n\r\n{{\"id\": 1}}", "X-One: 1\r\n".repeat(2000));
    let responses: [(&str, &str); 13] = [
        ("nothing", ""),
        ("a word", "Dzień dobry\r\n\r\n"),
        ("an incomplete head", "HTTP/1.1 200 OK\r\nContent-Ty"),
        ("a header of 8 MB", &huge_header),
        ("2,000 headers", &many_headers),
        ("a header without a colon", "HTTP/1.1 200 OK\r\nContent-Length 9\r\n\r\n{\"id\": 1}"),
        ("a length that is not a number", "HTTP/1.1 200 OK\r\nContent-Length: nine\r\n\r\n{\"id\": 1}"),
        ("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 10\r\n\r\n{\"id\": 1}"),
        ("less than its length", "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"id\": 1}"),
        (
            "chunks without a size",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nżubr\r\n{\"id\": 1}\r\n0\r\n\r\n",
        ),
        ("chunks without an end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"id\": 1}\r\n"),
        ("a chunk of 16 EB", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{\"id\": 1}"),
        ("gzip that is not gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n{\"id\": 1}"),
    ];
    for (what, response) in responses {
        let server = RawServer::responding(response);
        let client = Client::new(server.settings(&json!({}))).unwrap();
        let error = client.accounts().create(&json!({"name": "Żubr"})).unwrap_err();
        assert_eq!(
            (error.code(), error.outcome()),
            (Code::OutcomeUnknown, Some(Outcome::Unknown)),
            "{what}: {error:?}"
        );
        assert_eq!(error.details().record.as_ref().unwrap().get(), r#"{"name":"Żubr"}"#, "{what}");
        assert!(error.to_string().len() < 1000, "{what}: {error}");
        assert_eq!(server.requests(), 1, "{what}");
    }
}

#[test]
fn the_error_for_a_response_of_another_protocol_says_what_to_check() {
    for greeting in ["SSH-2.0-OpenSSH_9.2\r\n", "220 smtp.firma.pl ESMTP\r\n", "\u{15}\u{3}\u{1}\0\u{2}\u{2}F"] {
        let server = RawServer::responding(greeting);
        let client = Client::new(server.settings(&json!({"max_retries": 0}))).unwrap();
        let error = client.accounts().get(7).unwrap_err();
        let expected = format!("invalid response from {}: it is not HTTP; check `base_url`", server.address);
        assert!(error.code() == Code::Connection && error.to_string().contains(&expected), "{error}");
    }
}

#[test]
fn a_read_whose_response_is_cut_off_is_retried() {
    use std::io::Write;
    let server = RawServer::start(|stream, number| {
        let response = ok(r#"{"id": 7, "name": "Żubr"}"#);
        let sent = if number < 3 { response.len() - 5 } else { response.len() };
        stream.write_all(&response.as_bytes()[..sent]).unwrap();
    });
    let settings = server.settings(&json!({"backoff_base": 0.001}));
    let record = Client::new(settings).unwrap().accounts().get(7).unwrap();
    assert_eq!(record.json(), r#"{"id": 7, "name": "Żubr"}"#);
    assert_eq!(server.requests(), 3);
}

#[test]
fn old_and_unusual_responses_are_read() {
    let record = r#"{"id": 7, "name": "Żubr"}"#;
    let early = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n";
    let responses = [
        ("HTTP/1.0, ended by the close", format!("HTTP/1.0 200 OK\r\n\r\n{record}")),
        ("HTTP/1.1, ended by the close", format!("HTTP/1.1 200 OK\r\n\r\n{record}")),
        ("no reason phrase", ok(record).replace("200 OK", "200")),
        ("1xx responses before the real one", format!("HTTP/1.1 100 Continue\r\n\r\n{early}{early}{}", ok(record))),
        ("two content types", ok(record).replace("\r\n\r\n", "\r\nContent-Type: text/html\r\n\r\n")),
        ("JSON as an image", ok(record).replace("application/json", "image/png")),
        ("a byte order mark", ok(&format!("\u{feff}{record}"))),
        ("more than its length", format!("{}<html>", ok(record))),
    ];
    for (what, response) in responses {
        let read = get(response).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(read.json(), record, "{what}");
    }
    assert_eq!(get(chunked(record, 3)).unwrap().json(), record, "with extensions and a trailer");
}

#[test]
fn the_first_of_two_content_types_determines_the_charset() {
    let types = "Content-Type: application/json; charset=ISO-8859-2\r\nContent-Type: application/json\r\n";
    let mut response = format!("HTTP/1.1 200 OK\r\n{types}Content-Length: 25\r\n\r\n").into_bytes();
    response.extend_from_slice(b"{\"id\": 7, \"name\": \"\xAFubr\"} ");
    assert_eq!(get(response).unwrap().json(), r#"{"id": 7, "name": "Żubr"}"#);
}

#[test]
fn a_complete_response_that_is_not_a_record_is_an_unexpected_response_and_not_retried() {
    let cut = ok(r#"{"id": 7, "name": "Żubr"}"#).replace("Content-Length: 26", "Content-Length: 20");
    let mut invalid = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"id\": \"".to_vec();
    invalid.extend_from_slice(b"\xAF\xFF\"}");
    let responses: [(&str, Vec<u8>); 3] = [
        ("cut by its own length", cut.into()),
        ("bytes that are not UTF-8", invalid),
        ("a NUL", ok("{\"id\": 7}\0").into()),
    ];
    for (what, response) in responses {
        let error = get(response).unwrap_err();
        assert_eq!((error.code(), error.details().status), (Code::UnexpectedResponse, Some(200)), "{what}: {error:?}");
        assert_eq!(error.details().attempts, 1, "{what}");
    }
}

/// Returns the result of a `get` with this response.
fn get(response: impl Into<Vec<u8>>) -> Result<egito::Record, Error> {
    let server = RawServer::responding(response);
    Client::new(server.settings(&json!({"max_retries": 0}))).unwrap().accounts().get(7)
}

fn chunked(body: &str, size: usize) -> Vec<u8> {
    let mut response = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for piece in body.as_bytes().chunks(size) {
        response.extend([format!("{:x};q=1\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat());
    }
    response.extend(b"0\r\nX-Trailer: 1\r\n\r\n");
    response
}
