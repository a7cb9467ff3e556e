//! A process that forks while a bulk is in flight: the bulk belongs to the parent.
#![cfg(unix)]
#![allow(unsafe_code)] // there is no safe `fork`

use crate::raw_server::{RawServer, ok};
use crate::sandbox::Server;
use crate::temp_folder::Folder;
use egito::Code;
use egito::blocking::{BulkRows, Client};
use serde_json::json;
use std::io::Write;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

unsafe extern "C" {
    fn fork() -> i32;
    fn waitpid(process: i32, status: *mut i32, options: i32) -> i32;
    fn _exit(status: i32) -> !;
}

/// Runs a function in a forked child, and returns the id of its process.
pub(crate) fn in_a_child(work: impl FnOnce() -> bool) -> i32 {
    // SAFETY: the child runs only `work`, and exits without running other destructors.
    unsafe {
        let child = fork();
        if child == 0 {
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
            _exit(i32::from(!result.unwrap_or(false)));
        }
        child
    }
}

pub(crate) fn exited_with_success(child: i32) -> bool {
    let mut status = -1;
    // SAFETY: the pointer to the status is valid during the call.
    let ended = unsafe { waitpid(child, &raw mut status, 0) };
    ended == child && status == 0
}

/// Returns a bulk of four inputs whose first row was read. The other three calls get their responses once the sender is dropped.
fn running_bulk() -> (BulkRows, Sender<()>, RawServer) {
    let (release, released) = channel::<()>();
    let released = Arc::new(Mutex::new(released));
    let server = RawServer::start(move |stream, number| {
        let _ = released.lock().unwrap().recv(); // until the sender is dropped
        stream.write_all(ok(&format!("{{\"id\": {number}}}")).as_bytes()).unwrap();
    });
    let client = Client::new(server.settings(&json!({"read_timeout": 5, "max_retries": 0}))).unwrap();
    let mut rows =
        client.accounts().create_many((0..4).map(|n| if n == 0 { json!([]) } else { json!({"n": n}) })).unwrap().rows();
    assert!(rows.next().unwrap().error.is_some(), "the first row is not a record");
    while server.requests() < 3 {
        std::thread::yield_now();
    }
    (rows, release, server)
}

#[test]
fn a_child_that_drops_a_bulk_does_not_cancel_the_calls_of_its_parent() {
    let (rows, release, server) = running_bulk();
    let mut rows = Some(rows);
    let child = in_a_child(|| rows.take().is_some());
    assert!(exited_with_success(child));
    drop(release);
    let rows: Vec<_> = rows.unwrap().collect();
    assert!(rows.len() == 3 && rows.iter().all(|row| row.id.is_some()), "{rows:?}");
    assert_eq!(server.requests(), 3);
}

#[test]
fn a_child_that_continues_to_read_a_bulk_gets_no_outcome() {
    let (mut rows, release, server) = running_bulk();
    let child = in_a_child(|| {
        let codes: Vec<_> = rows.by_ref().map(|row| row.error.map(|error| error.code())).collect();
        codes == [Some(Code::OutcomeUnknown); 3]
    });
    assert!(exited_with_success(child));
    drop(release);
    assert_eq!(rows.filter(|row| row.id.is_some()).count(), 3);
    assert_eq!(server.requests(), 3);
}

#[test]
fn rows_of_responses_before_the_fork_belong_to_the_parent() {
    let (mut rows, release, server) = running_bulk();
    for _ in 0..2 {
        release.send(()).unwrap();
        server.await_close();
    }
    let child = in_a_child(|| {
        let codes: Vec<_> = rows.by_ref().map(|row| row.error.map(|error| error.code())).collect();
        codes == [Some(Code::OutcomeUnknown); 3]
    });
    assert!(exited_with_success(child));
    drop(release);
    assert_eq!(rows.filter(|row| row.id.is_some()).count(), 3);
}

#[test]
fn a_child_that_drops_a_bulk_with_a_journal_does_not_unlock_the_file_of_its_parent() {
    let (server, folder) = (Server::start(), Folder::new("journal-fork"));
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let bulk = || client.leads().delete_many([1, 2]).unwrap().journal(folder.0.join("journal"));
    let mut rows = Some(bulk().unwrap().rows());
    assert!(rows.as_mut().unwrap().next().is_some());
    let child = in_a_child(|| {
        let mut rows = rows.take().unwrap();
        rows.next().is_none_or(|row| row.error.is_some()) && rows.next().is_none()
    });
    assert!(exited_with_success(child));
    assert!(bulk().is_err(), "the parent uses it");
    assert!(rows.unwrap().next().unwrap().id.is_some());
    assert!(bulk().unwrap().rows().all(|row| row.resumed));
}
