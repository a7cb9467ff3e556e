//! Pauses between attempts, on a clock of the test's own that never waits.

use crate::raw_server::RawServer;
use egito::{Clock, Code, Outcome, Pause};
use httpdate::fmt_http_date;
use serde_json::json;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

#[tokio::test]
async fn the_pause_that_the_server_asks_for_is_waited_out() {
    let date = fmt_http_date(Clockwork::BEGIN + Duration::from_secs(30));
    for (asked, pause) in [("7", 7.0), (" 100 ", 100.0), ("0", 0.0), (date.as_str(), 30.0)] {
        let (result, clock) = create_after(429, asked).await;
        assert!(result.is_ok(), "{asked}");
        assert_eq!(clock.pauses(), [pause], "{asked}");
    }
}

#[tokio::test]
async fn a_pause_beyond_all_measure_is_not_waited_out() {
    let years = fmt_http_date(Clockwork::BEGIN + Duration::from_secs(7 * 365 * 86_400));
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
    let clock = Arc::new(Clockwork::default());
    let settings = server.settings(&json!({"timeout": 150, "max_retries": 100}));
    let client = egito::Client::with_clock(settings, clock.clone()).unwrap();
    let error = client.accounts().get(7).await.unwrap_err();
    assert_eq!((error.code(), error.details().attempts), (Code::Server, 3), "{error:?}");
    assert_eq!(clock.pauses(), [60.0, 60.0], "a third one would not fit into 150 s");
}

#[tokio::test]
async fn a_server_that_is_down_for_all_calls_is_not_repeated_for_ever() {
    let server = RawServer::start(|stream, _| stream.write_all(answer(503, "0").as_bytes()).unwrap());
    let clock = Arc::new(Clockwork::default());
    let client = egito::Client::with_clock(server.settings(&json!({"max_retries": 4})), clock).unwrap();
    for _ in 0..100 {
        assert_eq!(client.accounts().get(7).await.unwrap_err().code(), Code::Server);
    }
    assert_eq!(server.requests(), 100 + 100, "the quota of a client is 100 retries while nothing succeeds");
}

/// A create that is told once to wait, then succeeds.
async fn create_after(status: u16, retry_after: &str) -> (egito::Result<egito::RecordId>, Arc<Clockwork>) {
    let first = answer(status, retry_after);
    let server = RawServer::start(move |stream, number| {
        let answer = if number == 1 { first.clone() } else { crate::raw_server::last("{\"id\": 7}") };
        stream.write_all(answer.as_bytes()).unwrap();
    });
    let clock = Arc::new(Clockwork::default());
    let client = egito::Client::with_clock(server.settings(&json!({})), clock.clone()).unwrap();
    (client.accounts().create(&json!({})).await, clock)
}

fn answer(status: u16, retry_after: &str) -> String {
    format!("HTTP/1.1 {status} X\r\nRetry-After: {retry_after}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
}

/// Time that goes on by pauses only; chance is always a half.
#[derive(Debug)]
struct Clockwork {
    started: Instant,
    pauses: Mutex<Vec<Duration>>,
}

impl Clockwork {
    /// Where the calendar begins.
    const BEGIN: SystemTime = SystemTime::UNIX_EPOCH;

    fn pauses(&self) -> Vec<f64> {
        self.pauses.lock().unwrap().iter().map(Duration::as_secs_f64).collect()
    }

    fn passed(&self) -> Duration {
        self.pauses.lock().unwrap().iter().sum()
    }
}

impl Default for Clockwork {
    fn default() -> Self {
        Self { started: Instant::now(), pauses: Mutex::default() }
    }
}

impl Clock for Clockwork {
    fn now(&self) -> Instant {
        self.started + self.passed()
    }

    fn calendar(&self) -> SystemTime {
        Self::BEGIN + self.passed()
    }

    fn sleep(&self, pause: Duration) -> Pause {
        self.pauses.lock().unwrap().push(pause);
        Box::pin(std::future::ready(()))
    }

    fn fraction(&self) -> f64 {
        0.5
    }
}
