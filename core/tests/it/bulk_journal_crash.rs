//! An import that is killed at random moments, again and again: each row is done once.
#![cfg(unix)]

use crate::outbox_processes::random_fault;
use crate::sandbox::Server;
use crate::temp_folder::Folder;
use egito::{BulkAction, BulkInput, BulkRow, RecordKey, Settings, blocking};
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const IMPORT: &str = "EGITO_TEST_IMPORT";

/// Number of inputs of an import in CI.
const INPUTS: usize = 120;

/// Number of times that it is killed at most. If it is not done then, it may end.
const KILLS: usize = 25;

/// Returns the command that imports the leads in a process of its own.
fn import(server: &Server, folder: &Folder, action: &str, key: Option<&str>) -> Command {
    // The time to settle is far more than the sandbox needs to store a record.
    let options = json!({"action": action, "key": key, "inputs": INPUTS, "settle_ms": 200});
    import_with(server, folder, &options, &impatient())
}

fn impatient() -> Value {
    json!({"max_retries": 0, "read_timeout_ms": 700})
}

fn import_with(server: &Server, folder: &Folder, options: &Value, settings: &Value) -> Command {
    let settings = server.settings_json(settings);
    let settings: Value = serde_json::from_str(&settings).unwrap();
    let mut arguments = json!({"settings": settings, "journal": folder.0.join("import.journal")});
    arguments.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "bulk_journal_crash::imports", "--ignored", "--nocapture", "--quiet"]);
    command.env(IMPORT, arguments.to_string()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

#[test]
#[ignore = "runs in a process that a test kills"]
fn imports() {
    let arguments = serde_json::from_str(&std::env::var(IMPORT).unwrap()).unwrap();
    assert_eq!(run_import(&arguments).len(), inputs_of(&arguments));
}

fn inputs_of(arguments: &Value) -> usize {
    usize::try_from(arguments["inputs"].as_u64().unwrap()).unwrap()
}

/// Runs the import of a command in this process.
fn run_here(import: &Command) -> Vec<BulkRow> {
    let arguments = import.get_envs().find(|(name, _)| *name == IMPORT).unwrap().1.unwrap();
    run_import(&serde_json::from_str(arguments.to_str().unwrap()).unwrap())
}

fn run_import(arguments: &Value) -> Vec<BulkRow> {
    let client =
        blocking::Client::new(Settings::from_json(arguments["settings"].to_string().as_bytes()).unwrap()).unwrap();
    let action: BulkAction = arguments["action"].as_str().unwrap().parse().unwrap();
    let mut calls = client.leads().bulk_calls(action).unwrap().concurrency(4);
    if let Some(key) = arguments["key"].as_str() {
        calls = calls.key(RecordKey::from(key).settle(Duration::from_millis(arguments["settle_ms"].as_u64().unwrap())));
    }
    let mut calls = calls.journal(arguments["journal"].as_str().unwrap()).unwrap();
    calls.keep_all_rows();
    let (mut rows, mut inputs) = (Vec::new(), (0..inputs_of(arguments)).map(input));
    loop {
        match calls.step(inputs.len() > 0) {
            egito::BulkStep::NeedsInput => calls.push(Ok(inputs.next().unwrap())),
            egito::BulkStep::Row(row) => rows.push(row),
            egito::BulkStep::Progress(_) => {}
            egito::BulkStep::Done => return rows,
        }
    }
}

fn input(number: usize) -> BulkInput {
    let lead = json!({"lastName": format!("Lead {number}"), "formKey": format!("f-{number}")});
    BulkInput::from_record(to_raw_value(&lead).unwrap())
}

/// Starts imports and kills them, each after a random number of further creates. Returns how often that was.
fn kill_imports(server: &Server, mut import: impl FnMut() -> Command) -> usize {
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos();
    println!("seed {seed}");
    let mut random = u64::from(seed);
    for killed in 0..KILLS {
        let mut child = import().spawn().unwrap();
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let further = (random >> 33) % 12;
        if has_ended(server, &mut child, further) {
            return killed;
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let output = import().output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    KILLS
}

/// Waits for so many further creates. Returns whether the import has ended instead.
fn has_ended(server: &Server, child: &mut Child, further: u64) -> bool {
    let before = server.journal("create").len() as u64;
    while (server.journal("create").len() as u64) < before + further {
        match child.try_wait().unwrap() {
            Some(status) => {
                assert!(status.success(), "{status}");
                return true;
            }
            None => std::thread::yield_now(),
        }
    }
    false
}

/// Returns how many records each key has.
fn stored(server: &Server) -> HashMap<String, usize> {
    let records = server.control("GET", "records/Lead", &Value::Null);
    let mut stored = HashMap::new();
    for key in records.as_array().unwrap().iter().filter_map(|lead| lead["formKey"].as_str()) {
        *stored.entry(key.to_owned()).or_default() += 1;
    }
    stored
}

fn check_each_once(server: &Server, inputs: usize) {
    let stored = stored(server);
    assert!(stored.values().all(|records| *records == 1), "{stored:?}");
    assert_eq!(stored.len(), inputs);
}

#[test]
fn an_import_with_a_key_that_is_killed_again_and_again_creates_each_record_once() {
    for action in ["create", "upsert"] {
        let (server, folder) = (Server::start(), Folder::new(&format!("journal-killed-{action}")));
        server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 0, "delay_ms": 5}));
        let killed = kill_imports(&server, || import(&server, &folder, action, Some("formKey")));
        assert!(killed > 3, "{killed}");
        check_each_once(&server, INPUTS);
    }
}

/// `scripts/torture.sh` runs it with these variables.
#[test]
#[ignore = "takes minutes"]
fn an_upsert_that_is_killed_fifty_times_on_a_failing_server_stores_each_record_once() {
    let number = |name: &str, default: u64| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let first = number("EGITO_TORTURE_SEED", 1);
    let inputs = usize::try_from(number("EGITO_TORTURE_ROWS", 5_000)).unwrap();
    for seed in first..first + number("EGITO_TORTURE_RUNS", 1) {
        torture(seed, inputs);
    }
}

/// Breaks an import off 50 times while the server responds late, cuts connections and fails after the work.
fn torture(seed: u64, inputs: usize) {
    let (server, folder) = (Server::start(), Folder::new(&format!("journal-torture-{seed}")));
    let mut random = fastrand::Rng::with_seed(seed);
    // A fault delays a create by less than a second.
    let options = json!({"action": "upsert", "key": "formKey", "inputs": inputs, "settle_ms": 1_500});
    let import = || import_with(&server, &folder, &options, &impatient());
    let mut kills = 0;
    while kills < 50 {
        for _ in 0..random.u32(0..4) {
            server.control("POST", "faults", &random_fault(&mut random));
        }
        let mut child = import().spawn().unwrap();
        let further = random.u64(0..inputs as u64 / 120);
        let has_ended = has_ended(&server, &mut child, further);
        child.kill().unwrap();
        child.wait().unwrap();
        server.control("POST", "release", &json!({"name": "slow"})); // the server stores what it has received only now
        if has_ended {
            break;
        }
        kills += 1;
    }
    server.control("DELETE", "faults", &Value::Null);
    // With the default timeouts: the machine may be slow, too.
    let rows = run_here(&import_with(&server, &folder, &options, &json!({})));
    let failed: Vec<_> = rows.iter().filter(|row| row.error.is_some()).collect();
    assert!(failed.is_empty(), "seed {seed}: {failed:?}");
    check_each_once(&server, inputs);
    println!("seed {seed}: {inputs} rows, {kills} kills, {} creates received", server.journal("create").len());
}

/// Without a key, rows in doubt are reported instead of sent again.
#[test]
fn an_import_without_a_key_that_is_killed_again_and_again_creates_no_record_twice() {
    let (server, folder) = (Server::start(), Folder::new("journal-killed"));
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 0, "delay_ms": 5}));
    let command = || import(&server, &folder, "create", None);
    let killed = kill_imports(&server, command);
    assert!(killed > 3, "{killed}");
    let rows = run_here(&command());
    let stored = stored(&server);
    assert!(stored.values().all(|records| *records == 1), "{stored:?}");
    let in_doubt = rows.iter().filter(|row| row.error.as_ref().is_some_and(egito::Error::is_outcome_unknown)).count();
    for row in &rows {
        let key = format!("f-{}", row.index);
        assert!(row.error.is_some() || (row.resumed && stored.contains_key(&key)), "{row:?}");
    }
    assert_eq!(rows.iter().filter(|row| row.error.is_none()).count() + in_doubt, INPUTS);
}

/// A disk that is full: nothing is sent without its line, and what was sent is in the file or in doubt.
#[test]
fn a_full_disk_stops_the_bulk_and_a_later_run_continues() {
    let (server, folder) = (Server::start(), Folder::new("journal-full"));
    let program = import(&server, &folder, "create", Some("formKey"));
    let mut limited = Command::new("sh");
    // Files have at most 4 KiB; a write beyond that is an error instead of a signal.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh"]);
    limited.arg(program.get_program()).args(program.get_args());
    limited.env(IMPORT, program.get_envs().find(|(name, _)| *name == IMPORT).unwrap().1.unwrap());
    let output = limited.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let created = server.journal("create").len();
    assert!(created > 3 && created < INPUTS, "{created}");

    let rows = run_here(&program);
    assert!(rows.iter().all(|row| row.error.is_none()), "{rows:?}");
    check_each_once(&server, INPUTS);
}
