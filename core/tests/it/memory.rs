//! Memory does not grow with the number of records or inputs, except by a few bits for each id.

use crate::measured_process::{MIB, MeasuredProcess};
use crate::raw_server::TOKEN;
use egito::{Client, blocking};
use serde_json::json;
use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};

const PAGE: usize = 1000;
const FEW: usize = 20_000;
const MANY: usize = 200_000;

/// Maximum additional memory for ten times as many records or inputs. The records of the list are 200 MiB.
const MORE: u64 = 8 * MIB;

#[test]
fn ten_times_as_many_records_need_no_more_memory() {
    for test in ["memory::reads_all", "memory::reads_all_blocking"] {
        let peak = |records| {
            let settings = json!({"base_url": generator(records), "page_size": PAGE, "prefetch": 2});
            MeasuredProcess::test(test).with(&settings).peak()
        };
        let (few, many) = (peak(FEW), peak(MANY));
        assert!(many < few + MORE, "{test}: {} MiB, then {} MiB", few / MIB, many / MIB);
    }
}

#[test]
fn ten_times_as_many_inputs_need_no_more_memory() {
    let peak = |inputs: usize| {
        let settings = json!({"base_url": generator(0), "user_agent": inputs.to_string()});
        MeasuredProcess::test("memory::creates_all").with(&settings).peak()
    };
    let (few, many) = (peak(FEW / 10), peak(FEW));
    assert!(many < few + MORE, "{} MiB, then {} MiB", few / MIB, many / MIB);
}

#[tokio::test]
#[ignore = "runs in a process that a test above measures"]
async fn reads_all() {
    let mut records = Client::new(MeasuredProcess::settings()).unwrap().accounts().list().records().unwrap();
    let mut expected = 1_i64..;
    while let Some(record) = records.next().await {
        assert_eq!(record.unwrap().id(), expected.next().map(Into::into));
    }
    assert!(expected.start > 20_000);
    MeasuredProcess::report_peak();
}

#[test]
#[ignore = "runs in a process that a test above measures"]
fn reads_all_blocking() {
    let mut expected = 1_i64..;
    for record in blocking::Client::new(MeasuredProcess::settings()).unwrap().accounts().list().records().unwrap() {
        assert_eq!(record.unwrap().id(), expected.next().map(Into::into));
    }
    assert!(expected.start > 20_000);
    MeasuredProcess::report_peak();
}

#[tokio::test]
#[ignore = "runs in a process that a test above measures"]
async fn creates_all() {
    let settings = MeasuredProcess::settings();
    let inputs: usize = settings.user_agent.parse().unwrap();
    let note = "Zażółć gęślą jaźń. ".repeat(50);
    let records = (0..inputs).map(move |number| json!({"name": format!("Firma {number}"), "notes": note}));
    let mut rows = Client::new(settings).unwrap().accounts().create_many(records).rows();
    let mut created = 0;
    while let Some(row) = rows.next().await {
        assert!(row.id.is_some(), "{row:?}");
        created += 1;
    }
    assert_eq!(created, inputs);
    MeasuredProcess::report_peak();
}

/// Starts a server with this many generated records of one KiB, and returns its address. It responds to creates with an id.
fn generator(records: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || serve(&stream.unwrap(), records));
        }
    });
    address
}

fn serve(stream: &TcpStream, records: usize) {
    let note = "x".repeat(960);
    let mut reader = BufReader::new(stream);
    while let Some(target) = crate::raw_server::read_request(&mut reader) {
        let offset = target.split("offset=").nth(1).map_or(records, |offset| offset.parse().unwrap());
        let page =
            (offset..records.min(offset + PAGE)).map(|row| format!(r#"{{"id": {}, "notes": "{note}"}}"#, row + 1));
        let body = match target.split('?').next() {
            Some("/oauth/token") => TOKEN.to_owned(),
            Some(path) if path.ends_with("/list") => format!("[{}]", page.collect::<Vec<_>>().join(",")),
            _ => r#"{"id": 7}"#.to_owned(),
        };
        if (&*stream).write_all(crate::raw_server::ok(&body).as_bytes()).is_err() {
            return;
        }
    }
}
