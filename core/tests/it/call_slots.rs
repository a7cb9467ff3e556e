//! Many threads on one blocking client use no more connections and file descriptors than calls in flight.

use crate::measured_process::MeasuredProcess;
use crate::sandbox::Server;
use egito::blocking::Client;
use egito::{CancellationToken, Code, Outcome};
use serde_json::{Value, json};

#[test]
fn many_threads_use_few_descriptors() {
    let server = Server::start();
    let settings: Value = serde_json::from_str(&server.settings_json(&json!({"max_concurrency": 20}))).unwrap();
    MeasuredProcess::test("call_slots::has_few_descriptors").with(&settings).peak();
}

#[test]
#[ignore = "runs in the process that the test above starts"]
fn has_few_descriptors() {
    let client = Client::new(MeasuredProcess::settings()).unwrap();
    client.accounts().get(1).unwrap();
    let before = descriptors();
    std::thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| client.accounts().get(1).unwrap());
        }
    });
    let idle = descriptors() - before;
    assert!(idle <= 8 * 8, "{idle} descriptors are open while no call is in flight");
    MeasuredProcess::report_peak();
}

#[test]
fn a_call_that_waits_for_a_slot_has_a_timeout_and_can_be_cancelled() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "get"}, "hold": "still"}));
    let client = Client::new(server.settings(&json!({"max_concurrency": 1}))).unwrap();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| client.accounts().get(1));
        server.control("GET", "journal?action=get&wait=1", &Value::Null);
        let impatient = client.with_options(br#"{"timeout": 0.2}"#).unwrap();
        let late = impatient.accounts().create(&json!({"name": "Żubr"})).unwrap_err();
        assert_eq!((late.code(), late.outcome()), (Code::Timeout, Some(Outcome::NotSent)));
        assert!(late.to_string().contains("max_concurrency"), "{late}");
        let cancellation = CancellationToken::default();
        let ended = client.with_cancellation(&cancellation);
        let waiting = scope.spawn(move || ended.accounts().create(&json!({"name": "Smok"})));
        cancellation.cancel();
        assert_eq!(waiting.join().unwrap().unwrap_err().code(), Code::Cancelled);
        let next = scope.spawn(|| client.accounts().create(&json!({"name": "Jeż"})));
        server.control("POST", "release", &json!({"name": "still"}));
        first.join().unwrap().unwrap();
        next.join().unwrap().unwrap();
    });
    assert_eq!(server.journal("create").len(), 1);
}

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}
