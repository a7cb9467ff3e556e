//! An outbox in a process that forks: each process has its own connection.
#![cfg(unix)]

use crate::fork::{exited_with_success, in_a_child};
use crate::sandbox::Server;
use egito::blocking::{Client, Outbox};
use egito_test_support::Folder;
use serde_json::json;
use std::io::{PipeReader, Read, Write, pipe};
use std::path::PathBuf;
use std::process::{Command, Stdio};

#[test]
fn each_process_has_its_own_connection() {
    // Each in a process of its own: other tests use outboxes and SQLite in other threads, and `fork` copies only one.
    for test in ["parent_and_child", "child_survives_parent", "children_deliver"] {
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("outbox_fork::{test}"), "--ignored", "--quiet", "--test-threads=1"])
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "{test}");
    }
}

#[test]
#[ignore = "runs in a process that the test above starts"]
fn parent_and_child() {
    let (_server, folder, outbox) = new_outbox();
    put(&outbox, 1);
    let child = in_a_child(|| {
        put(&outbox, 2);
        drop(outbox.clone());
        outbox.counts().unwrap().waiting == 2
    });
    assert!(exited_with_success(child));
    put(&outbox, 3);
    assert_eq!(outbox.counts().unwrap().waiting, 3);
    let db = rusqlite::Connection::open(path(&folder)).unwrap();
    let check: String = db.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

/// The log of a database is removed when its last connection is closed, so the connection of the child must be known.
#[test]
#[ignore = "runs in a process that the first test starts"]
fn child_survives_parent() {
    let (_server, folder, outbox) = new_outbox();
    put(&outbox, 1);
    let (mut ready, mut is_ready) = pipe().unwrap();
    let (mut may_go, mut go) = pipe().unwrap();
    let mut outbox = Some(outbox);
    let child = in_a_child(|| {
        let outbox = outbox.take().unwrap();
        put(&outbox, 2);
        is_ready.write_all(b"1").unwrap();
        await_byte(&mut may_go);
        put(&outbox, 3);
        true
    });
    drop(is_ready);
    await_byte(&mut ready);
    drop(outbox.take());
    // Another program opens and closes the file, while no other connection of this process is open.
    let db = rusqlite::Connection::open(path(&folder)).unwrap();
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(db);
    go.write_all(b"1").unwrap();
    assert!(exited_with_success(child));
    let db = rusqlite::Connection::open(path(&folder)).unwrap();
    let entries: i64 = db.query_row("SELECT count(*) FROM entries", [], |row| row.get(0)).unwrap();
    assert_eq!(entries, 3);
}

/// The children begin after the last `fork`, since a thread of the parent serves their requests.
#[test]
#[ignore = "runs in a process that the first test starts"]
fn children_deliver() {
    let (server, _folder, outbox) = new_outbox();
    (0..20).for_each(|n| put(&outbox, n));
    let (mut may_go, mut go) = pipe().unwrap();
    let deliver = |may_go: &mut PipeReader| {
        await_byte(may_go);
        outbox.deliver(None).is_ok()
    };
    let children: Vec<_> = (0..4).map(|_| in_a_child(|| deliver(&mut may_go))).collect();
    go.write_all(b"1234").unwrap();
    assert!(children.into_iter().all(exited_with_success));
    assert_eq!(outbox.counts().unwrap().delivered, 20);
    assert_eq!(server.journal("create").len(), 20);
}

fn await_byte(pipe: &mut PipeReader) {
    pipe.read_exact(&mut [0]).unwrap();
}

fn new_outbox() -> (Server, Folder, Outbox) {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = Client::new(server.settings(&json!({}))).unwrap().outbox(path(&folder)).unwrap();
    (server, folder, outbox)
}

fn path(folder: &Folder) -> PathBuf {
    folder.path().join("outbox.db")
}

fn put(outbox: &Outbox, key: u32) {
    outbox.put("Lead", &json!({"formKey": key, "lastName": "Ryś"}), "formKey").unwrap();
}
