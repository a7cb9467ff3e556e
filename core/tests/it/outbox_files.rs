//! The file of an outbox: its mode, and everything that can be wrong with it.

use crate::sandbox::Server;
use egito::blocking::{Client, Outbox};
use egito::{Code, EntryQuery, EntryState, Error};
use egito_test_support::Folder;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The settings and the outbox of a process of these tests.
const SETTINGS: &str = "EGITO_TEST_SETTINGS";
const PATH: &str = "EGITO_TEST_OUTBOX";

#[test]
#[cfg(unix)]
fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let (_server, folder, outbox) = new_outbox();
    put(&outbox, 1).unwrap();
    outbox.counts().unwrap();
    let files = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap());
    let modes: Vec<_> =
        files.map(|file| (file.file_name(), file.metadata().unwrap().permissions().mode() & 0o777)).collect();
    assert!(modes.len() >= 3, "{modes:?}");
    assert!(modes.iter().all(|(_, mode)| *mode == 0o600), "{modes:?}");
}

#[test]
fn an_entry_is_on_the_disk_when_put_returns() {
    let (_server, folder, outbox) = new_outbox();
    put(&outbox, 1).unwrap();
    let db = Connection::open(path(&folder)).unwrap();
    let pragma = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(pragma("journal_mode"), "wal");
    let copy = folder.path().join("copy.db");
    fs::copy(path(&folder), &copy).unwrap();
    fs::copy(with_ending(&path(&folder), "-wal"), with_ending(&copy, "-wal")).unwrap();
    let entries: i64 =
        Connection::open(copy).unwrap().query_row("SELECT count(*) FROM entries", [], |row| row.get(0)).unwrap();
    assert_eq!(entries, 1);
}

#[test]
fn a_file_of_another_program_is_not_touched() {
    let (_server, folder, outbox) = new_outbox();
    fs::write(path(&folder), "this is a text, and it is quite long, so that it has more bytes than a header of SQLite")
        .unwrap();
    let error = assert_unusable(put(&outbox, 1), "not an outbox, so use another file");
    assert!(error.to_string().contains("recover the entries as the page"), "{error}");
    assert!(fs::read_to_string(path(&folder)).unwrap().starts_with("this is a text"));

    let (_server, folder, outbox) = new_outbox();
    let other = Connection::open(path(&folder)).unwrap();
    other.execute_batch("CREATE TABLE customers (name TEXT)").unwrap();
    assert_unusable(put(&outbox, 1), "a database of another program");
    let tables: i64 = other.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);
}

#[test]
fn a_file_of_a_newer_version_is_not_touched() {
    let (server, folder, outbox) = new_outbox();
    put(&outbox, 1).unwrap();
    drop(outbox);
    Connection::open(path(&folder)).unwrap().pragma_update(None, "user_version", 3).unwrap();
    let outbox = client(&server).outbox(path(&folder)).unwrap();
    assert_unusable(
        put(&outbox, 2),
        "a newer version of the Egito SDK has written it (format 3, this version knows 2)",
    );
    assert_unusable(outbox.deliver(None), "newer version");
}

/// In version 1, the order of the fields of a key made other groups.
#[test]
fn a_file_of_version_1_keeps_its_entries_and_their_keys() {
    let (server, folder, outbox) = new_outbox();
    let record = json!({"formKey": "f-1", "lastName": "Ryś", "source": "www"});
    let one = outbox.put("Lead", &record, ["source", "formKey"]).unwrap();
    let other = json!({"formKey": "f-2", "lastName": "Ryś", "source": "www"});
    let later = outbox.put_upsert("Lead", &other, ["source", "formKey"]).unwrap();
    drop(outbox);
    let db = Connection::open(path(&folder)).unwrap();
    db.execute("UPDATE entries SET grp = zeroblob(16)", []).unwrap();
    db.execute("UPDATE entries SET head = 0 WHERE id = ?1", [later]).unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
    drop(db);

    let outbox = client(&server).outbox(path(&folder)).unwrap();
    assert_eq!(outbox.put("Lead", &record, ["formKey", "source"]).unwrap(), one);
    let delivery = outbox.deliver(None).unwrap();
    assert_eq!((delivery.delivered, delivery.waiting), (2, 0));
    assert_eq!(server.journal("create").len(), 2);
    let version = Connection::open(path(&folder)).unwrap();
    assert_eq!(version.pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0)).unwrap(), 2);
}

#[test]
fn a_damaged_file_is_an_error() {
    let (server, folder, outbox) = new_outbox();
    (0..200).for_each(|n| {
        put(&outbox, n).unwrap();
    });
    drop(outbox);
    Connection::open(path(&folder)).unwrap().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let mut bytes = fs::read(path(&folder)).unwrap();
    bytes[8192..].fill(0xa5);
    fs::write(path(&folder), bytes).unwrap();
    let outbox = client(&server).outbox(path(&folder)).unwrap();
    assert_unusable(put(&outbox, 1000), "it is damaged");
    assert_unusable(outbox.deliver(None), "it is damaged");
    assert!(server.journal("create").is_empty());
}

/// A damaged entry is refused, and does not hold back the others. Later entries of its group wait for it, as for any refused one.
#[test]
fn a_damaged_entry_is_refused_and_the_others_are_delivered() {
    let (server, folder, outbox) = new_outbox();
    let id = put(&outbox, 1).unwrap();
    let later = outbox.put_upsert("Lead", &json!({"formKey": 1, "lastName": "Żbik"}), "formKey").unwrap();
    let other = put(&outbox, 2).unwrap();
    damage(&folder, "record = '{'", id);
    let entry = outbox.get(id).unwrap();
    assert_eq!((entry.state, entry.record.is_none()), (EntryState::Waiting, true));
    let error = assert_unusable::<()>(Err(entry.error.unwrap()), "damaged (entry 1: invalid `record`");
    assert!(error.to_string().contains("`edit` it with its whole record"), "{error}");

    let delivery = outbox.deliver(None).unwrap();
    assert_eq!((delivery.delivered, delivery.refused, delivery.waiting), (1, 1, 1));
    let states = outbox.entries(EntryQuery::default()).unwrap().into_iter().map(|entry| (entry.id, entry.state));
    let expected = [(id, EntryState::Refused), (later, EntryState::Waiting), (other, EntryState::Delivered)];
    assert_eq!(states.collect::<Vec<_>>(), expected);
    outbox.retry(id).unwrap();
    assert_eq!(outbox.deliver(None).unwrap().refused, 1, "it is still damaged");

    outbox.edit(id, &json!({"formKey": 1, "lastName": "Ryś"})).unwrap();
    assert_eq!(outbox.deliver(None).unwrap().delivered, 2);
    assert!(outbox.get(id).unwrap().error.is_none());
    assert_eq!((server.journal("create").len(), server.journal("update").len()), (2, 1));
}

/// An entry in doubt stays in doubt, whatever is damaged.
#[test]
fn a_damaged_entry_that_may_be_done_is_looked_for_after_it_is_edited() {
    let (server, folder, outbox) = new_outbox();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "cut": "before"}));
    let key = egito::RecordKey::from("formKey").settle(Duration::from_millis(200));
    let record = json!({"formKey": 1, "lastName": "Ryś"});
    let id = outbox.put("Lead", &record, key).unwrap();
    assert_eq!(outbox.deliver(None).unwrap().unclear, 1);
    damage(&folder, "record = CAST(x'ff' AS TEXT), at = 0", id);
    assert_eq!(outbox.deliver(None).unwrap().refused, 1);
    server.control("POST", "seed", &json!({"entities": {"Lead": [{"id": 77, "formKey": 1}]}}));
    outbox.edit(id, &record).unwrap();
    assert_eq!(outbox.deliver(None).unwrap().delivered, 1);
    assert_eq!(outbox.get(id).unwrap().record_id, Some(77.into()));
    assert_eq!(server.journal("create").len(), 1);
}

#[test]
fn an_entry_whose_key_or_id_is_damaged_can_be_discarded() {
    for what in ["key = '{'", "record_id = '['", "entity = CAST(x'ff' AS TEXT)", "action = 9"] {
        let (server, folder, outbox) = new_outbox();
        let id = put(&outbox, 1).unwrap();
        let other = put(&outbox, 2).unwrap();
        damage(&folder, what, id);
        let delivery = outbox.deliver(None).unwrap();
        assert_eq!((delivery.delivered, delivery.refused), (1, 1), "{what}");
        assert_eq!(outbox.counts().unwrap().refused, 1);
        if what.starts_with("key") {
            assert_unusable(outbox.edit(id, &json!({"formKey": 1})), "damaged (entry 1: ");
        }
        outbox.discard(id).unwrap();
        assert_eq!(outbox.get(other).unwrap().state, EntryState::Delivered);
        assert_eq!(server.journal("create").len(), 1);
    }
}

#[test]
fn entries_do_not_reach_another_server() {
    let (_server, folder, outbox) = new_outbox();
    put(&outbox, 1).unwrap();
    let other = Server::start();
    assert_unusable(client(&other).outbox(path(&folder)).unwrap().deliver(None), "its entries are for the server");
    assert!(other.journal("create").is_empty());
    assert_eq!(outbox.deliver(None).unwrap().delivered, 1);
}

#[test]
fn a_file_that_another_program_locks_is_an_error_and_nothing_is_lost() {
    let (_server, folder, outbox) = new_outbox();
    put(&outbox, 1).unwrap();
    let other = Connection::open(path(&folder)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let started = Instant::now();
    std::thread::scope(|scope| {
        let threads = [
            scope.spawn(|| put(&outbox, 2).map(drop)),
            scope.spawn(|| put(&outbox, 3).map(drop)),
            scope.spawn(|| outbox.deliver(None).map(drop)),
        ];
        for thread in threads {
            assert_unusable(thread.join().unwrap(), "another program has locked it for too long");
        }
    });
    assert!(
        started.elapsed() < Duration::from_secs(18),
        "all wait for 10 s, at the same time: {:?}",
        started.elapsed()
    );
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(outbox.counts().unwrap().waiting, 1);
    put(&outbox, 2).unwrap();
    assert_eq!(outbox.deliver(None).unwrap().delivered, 2);
}

/// The lock comes while the delivery has a call in flight, so its result cannot be stored.
#[test]
fn a_delivery_waits_once_for_a_program_that_locks_the_file() {
    let (server, folder, outbox) = new_outbox();
    let id = put(&outbox, 1).unwrap();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "hold": "gate"}));
    std::thread::scope(|scope| {
        let delivery = scope.spawn(|| outbox.deliver(None));
        server.control("GET", "journal?action=create&wait=1", &Value::Null);
        let other = Connection::open(path(&folder)).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        server.control("POST", "release", &json!({"name": "gate"}));
        let started = Instant::now();
        assert_unusable(delivery.join().unwrap(), "another program has locked it for too long");
        assert!(started.elapsed() < Duration::from_secs(18), "{:?}", started.elapsed());
    });
    let delivery = outbox.deliver(None).unwrap();
    assert_eq!((delivery.delivered, outbox.get(id).unwrap().state), (1, EntryState::Delivered));
    assert_eq!(server.journal("create").len(), 1, "it was looked for, and found");
}

/// Another user, if the tests run as root, and a file and a folder without the right to write stand for a read-only disk.
#[test]
#[cfg(unix)]
fn an_outbox_that_cannot_be_written_is_an_error() {
    use std::os::unix::{fs::PermissionsExt, process::CommandExt};
    const OTHER_USER: u32 = 65534;
    let (server, folder, outbox) = new_outbox();
    put(&outbox, 1).unwrap();
    drop(outbox);
    let is_root = std::os::unix::fs::MetadataExt::uid(&folder.path().metadata().unwrap()) == 0;
    for endings in [["", "-wal", "-shm"].as_slice(), &[""]] {
        if endings.len() == 1 {
            Connection::open(path(&folder)).unwrap().execute_batch("PRAGMA journal_mode = DELETE").unwrap();
        }
        let files = endings.iter().map(|ending| with_ending(&path(&folder), ending));
        files.for_each(|file| fs::set_permissions(file, fs::Permissions::from_mode(0o444)).unwrap());
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "outbox_files::uses_a_read_only_outbox", "--ignored", "--nocapture", "--quiet"]);
        command.env(SETTINGS, server.settings_json(&json!({}))).env(PATH, path(&folder)).current_dir(folder.path());
        if is_root {
            command.uid(OTHER_USER);
        }
        let output = command.output().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert!(server.journal("login").is_empty());
    }
}

#[test]
#[ignore = "runs in the process that the test above starts"]
fn uses_a_read_only_outbox() {
    let settings = std::env::var(SETTINGS).unwrap();
    let client = Client::new(egito::Settings::from_json(settings.as_bytes()).unwrap()).unwrap();
    let outbox = client.outbox(std::env::var_os(PATH).unwrap()).unwrap();
    for error in [
        outbox.counts().unwrap_err(),
        outbox.get(1).unwrap_err(),
        put(&outbox, 2).unwrap_err(),
        outbox.deliver(None).unwrap_err(),
    ] {
        let error = assert_unusable::<()>(Err(error), "the file");
        assert!(error.to_string().contains("must be writable"), "{error}");
    }
}

/// A process that may only write small files stands for a full disk.
#[test]
#[cfg(unix)]
fn a_disk_that_is_full_is_an_error_and_nothing_stored_is_lost() {
    let (server, folder, outbox) = new_outbox();
    put(&outbox, 0).unwrap();
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 400; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "outbox_files::puts_until_the_disk_is_full", "--ignored", "--nocapture", "--quiet"])
        .env(SETTINGS, server.settings_json(&json!({})))
        .env(PATH, path(&folder))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let stored: u64 = text.lines().find_map(|line| line.split_once("stored: ")).unwrap().1.parse().unwrap();
    assert!(stored > 5, "{text}");
    assert_eq!(outbox.counts().unwrap().waiting, stored + 1);
    assert_eq!(outbox.deliver(None).unwrap().delivered, stored + 1);
}

#[test]
#[ignore = "runs in the process that the test above starts"]
fn puts_until_the_disk_is_full() {
    let settings = std::env::var(SETTINGS).unwrap();
    let client = Client::new(egito::Settings::from_json(settings.as_bytes()).unwrap()).unwrap();
    let outbox = client.outbox(std::env::var_os(PATH).unwrap()).unwrap();
    let mut stored = 0;
    let error = loop {
        match put(&outbox, stored + 1) {
            Ok(_) => stored += 1,
            Err(error) => break error,
        }
    };
    assert_unusable::<()>(Err(error), "the disk");
    println!("stored: {stored}");
}

#[test]
#[cfg(unix)]
fn a_file_that_was_removed_is_created_again() {
    let (_server, folder, outbox) = new_outbox();
    put(&outbox, 1).unwrap();
    for ending in ["", "-wal", "-shm"] {
        fs::remove_file(with_ending(&path(&folder), ending)).unwrap();
    }
    put(&outbox, 2).unwrap();
    let db = Connection::open(path(&folder)).unwrap();
    let entries: i64 = db.query_row("SELECT count(*) FROM entries", [], |row| row.get(0)).unwrap();
    assert_eq!(entries, 1, "it is in the file that has this path now");
}

#[test]
fn delivered_entries_are_removed_after_their_time() {
    let (server, folder, outbox) = new_outbox();
    let id = put(&outbox, 1).unwrap();
    outbox.deliver(None).unwrap();
    outbox.deliver(None).unwrap();
    assert!(outbox.get(id).is_ok());
    let db = Connection::open(path(&folder)).unwrap();
    db.execute("UPDATE entries SET at = at - 29 * 86400000", []).unwrap();
    outbox.deliver(None).unwrap();
    assert!(outbox.get(id).is_ok());
    db.execute("UPDATE entries SET at = at - 2 * 86400000", []).unwrap();
    outbox.deliver(None).unwrap();
    assert!(outbox.get(id).unwrap_err().is_not_found());
    let waiting = put(&outbox, 2).unwrap();
    assert!(waiting > id, "ids are not used again");
    db.execute("UPDATE entries SET at = 0, created_at = 0", []).unwrap();
    assert_eq!(outbox.keep_days(0.0).unwrap().deliver(None).unwrap().delivered, 1, "an old entry that waits is kept");
    assert_eq!(server.journal("create").len(), 2);
}

#[test]
fn a_clock_that_was_set_back_does_not_hold_entries() {
    let (_server, folder, outbox) = new_outbox();
    put(&outbox, 1).unwrap();
    let db = Connection::open(path(&folder)).unwrap();
    // As if the entry had failed, and the outbox had been paused, a year in the future.
    db.execute("UPDATE entries SET at = at + 365 * 86400000", []).unwrap();
    db.execute("UPDATE outbox SET failures = 5, paused_until = (SELECT at FROM entries)", []).unwrap();
    assert_eq!(outbox.deliver(None).unwrap().delivered, 1);
}

fn new_outbox() -> (Server, Folder, Outbox) {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = client(&server).outbox(path(&folder)).unwrap();
    (server, folder, outbox)
}

fn client(server: &Server) -> Client {
    Client::new(server.settings(&json!({}))).unwrap()
}

fn path(folder: &Folder) -> PathBuf {
    folder.path().join("outbox.db")
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    path.into()
}

/// Changes columns of an entry.
fn damage(folder: &Folder, columns: &str, id: i64) {
    Connection::open(path(folder))
        .unwrap()
        .execute(&format!("UPDATE entries SET {columns} WHERE id = ?1"), [id])
        .unwrap();
}

fn put(outbox: &Outbox, key: u32) -> egito::Result<i64> {
    outbox.put("Lead", &json!({"formKey": key, "lastName": "Ryś"}), "formKey")
}

fn assert_unusable<T: std::fmt::Debug>(result: egito::Result<T>, why: &str) -> Error {
    let error = result.unwrap_err();
    assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("outbox")), "{error}");
    assert!(error.to_string().contains(why), "{error}");
    error
}
