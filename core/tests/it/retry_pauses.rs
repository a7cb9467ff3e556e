//! Pauses between attempts, on a clock of the test's own that never waits.

use crate::fake_clock::FakeClock;
use crate::raw_server::{RawServer, last};
use crate::sandbox::Server;
use egito::{Code, Outcome};
use httpdate::fmt_http_date;
use serde_json::json;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

#[tokio::test]
async fn the_pause_that_the_server_asks_for_is_waited_out() {
    let date = fmt_http_date(FakeClock::BEGIN + Duration::from_secs(30));
    for (asked, pause) in [("7", 7.0), (" 100 ", 100.0), ("0", 0.0), (date.as_str(), 30.0)] {
        let (result, clock) = create_after(429, asked).await;
        assert!(result.is_ok(), "{asked}");
        assert_eq!(clock.pauses(), [pause], "{asked}");
    }
}

#[tokio::test]
async fn a_pause_beyond_all_measure_is_not_waited_out() {
    let years = fmt_http_date(FakeClock::BEGIN + Duration::from_secs(7 * 365 * 86_400));
    let huge = "9".repeat(1000);
    for asked in ["121", "4294967296", "18446744073709551615", "18446744073709551616", &huge, &years] {
        let (result, clock) = create_after(429, asked).await;
        let error = result.unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Code::RateLimited, Some(Outcome::Rejected)), "{asked}");
        assert!(error.details().retry_after.is_some_and(|seconds| seconds >= 121.0), "{asked}: {error:?}");
        assert!(error.to_json().contains("\"retry_after\":"), "{asked}");
        assert_eq!(clock.pauses(), [0.0; 0], "{asked}");
    }
}

#[tokio::test]
async fn nonsense_is_a_pause_of_our_own() {
    for asked in ["soon", "-1", "+1", "1.5", "1e3", "", "0x10", "Mon, 31 Feb 2026 25:61:00 GMT", "١٢"] {
        let (result, clock) = create_after(429, asked).await;
        assert!(result.is_ok(), "{asked}");
        assert_eq!(clock.pauses(), [0.25], "{asked}: half of the first half second");
    }
}

#[tokio::test]
async fn the_time_of_a_call_bounds_all_its_pauses() {
    let server = RawServer::start(|stream, _| stream.write_all(answer(503, "60").as_bytes()).unwrap());
    let clock = Arc::new(FakeClock::default());
    let settings = server.settings(&json!({"timeout": 150, "max_retries": 100}));
    let client = egito::binding::with_clock(settings, clock.clone()).unwrap();
    let error = client.accounts().get(7).await.unwrap_err();
    assert_eq!((error.code(), error.details().attempts), (Code::Server, 3), "{error:?}");
    assert_eq!(clock.pauses(), [60.0, 60.0], "a third one would not fit into 150 s");
}

#[tokio::test]
async fn a_server_that_is_down_for_all_calls_is_not_repeated_for_ever() {
    let server = RawServer::start(|stream, _| stream.write_all(answer(503, "0").as_bytes()).unwrap());
    let clock = Arc::new(FakeClock::default());
    let client = egito::binding::with_clock(server.settings(&json!({"max_retries": 4})), clock).unwrap();
    for _ in 0..100 {
        assert_eq!(client.accounts().get(7).await.unwrap_err().code(), Code::Server);
    }
    assert_eq!(server.requests(), 100 + 100, "the quota of a client is 100 retries while nothing succeeds");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_waits_as_the_server_asks_or_leaves_the_call_unsent() {
    for (asked, pauses, code) in [("7", vec![7.0], None), ("1000", vec![], Some(Code::RateLimited))] {
        let server = Server::start();
        let answer = json!({"status": 429, "headers": {"Retry-After": asked}, "body": ""});
        server.control("POST", "faults", &json!({"on": {"action": "login"}, "response": answer}));
        let clock = Arc::new(FakeClock::default());
        let client = egito::binding::with_clock(server.settings(&json!({})), clock.clone()).unwrap();
        let error = client.accounts().create(&json!({"name": "Żubr"})).await.err();
        assert_eq!(clock.pauses(), pauses);
        assert_eq!(error.as_ref().map(egito::Error::code), code, "{error:?}");
        if let Some(error) = error {
            assert_eq!((error.outcome(), error.details().retry_after), (Some(Outcome::NotSent), Some(1000.0)));
        }
    }
}

#[tokio::test]
async fn requests_are_evenly_spaced_where_their_rate_is_bounded() {
    let server = RawServer::saying(last("{\"id\": 1}"));
    let clock = Arc::new(FakeClock::default());
    let client =
        egito::binding::with_clock(server.settings(&json!({"requests_per_second": 2.5})), clock.clone()).unwrap();
    for _ in 0..4 {
        client.accounts().get(1).await.unwrap();
    }
    assert_eq!(clock.pauses(), [0.4; 4], "the login is the first request");
}

#[tokio::test]
async fn a_create_whose_turn_leaves_it_no_time_is_not_begun() {
    for (timeout, begun) in [(10.5, false), (20.0, true)] {
        let server = RawServer::with_ids();
        let clock = Arc::new(FakeClock::default());
        let settings = json!({"requests_per_second": 0.1, "timeout": timeout});
        let client = egito::binding::with_clock(server.settings(&settings), clock.clone()).unwrap();
        let result = client.accounts().create(&json!({})).await;
        assert_eq!((result.is_ok(), server.requests() == 1), (begun, begun), "{result:?}");
        assert_eq!(clock.pauses().is_empty(), !begun, "it is told at once");
        if let Err(error) = result {
            assert_eq!((error.code(), error.outcome()), (Code::Timeout, Some(Outcome::NotSent)), "{error:?}");
        }
    }
}

/// A create that is told once to wait, then succeeds.
async fn create_after(status: u16, retry_after: &str) -> (egito::Result<egito::RecordId>, Arc<FakeClock>) {
    let first = answer(status, retry_after);
    let server = RawServer::start(move |stream, number| {
        let answer = if number == 1 { first.clone() } else { last("{\"id\": 7}") };
        stream.write_all(answer.as_bytes()).unwrap();
    });
    let clock = Arc::new(FakeClock::default());
    let client = egito::binding::with_clock(server.settings(&json!({})), clock.clone()).unwrap();
    (client.accounts().create(&json!({})).await, clock)
}

fn answer(status: u16, retry_after: &str) -> String {
    format!("HTTP/1.1 {status} X\r\nRetry-After: {retry_after}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
}
