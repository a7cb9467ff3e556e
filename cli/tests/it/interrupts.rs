//! Ctrl-C and SIGTERM.

use crate::egito::{Egito, PROGRAM, Ran};
use serde_json::json;
use std::process::{Child, Command, Stdio};

impl Egito {
    fn spawn(&self, arguments: &str) -> Child {
        let mut command = self.command(PROGRAM);
        command.args(arguments.split_whitespace()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Waits until the sandbox has received requests of this action.
    fn wait_for(&self, action: &str, count: usize) {
        self.server.control("GET", &format!("journal?action={action}&wait={count}&timeout_ms=20000"), &json!(null));
    }
}

fn signal(name: &str, child: &Child) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

fn ended(child: Child) -> Ran {
    Ran::of(&child.wait_with_output().unwrap())
}

#[test]
fn ctrl_c_cancels_the_call() {
    let egito = Egito::start();
    egito.fault(&json!({"on": {"action": "list"}, "times": 0, "hold": "page"}));
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let before = egito.server.journal("list").len();
        let child = egito.spawn("list Account");
        egito.wait_for("list", before + 1);
        signal(name, &child);
        assert_eq!(ended(child).fails(code), "interrupted\n");
    }
}

#[test]
fn a_create_that_was_sent_is_not_reported_as_cancelled() {
    let egito = Egito::start();
    egito.fault(&json!({"on": {"action": "create"}, "hold": "create"}));
    let child = egito.spawn("create Lead lastName=Ryś");
    egito.wait_for("create", 1);
    signal("INT", &child);
    let error = ended(child).fails(7);
    assert!(error.contains("outcome_unknown") && error.contains(r#"{"lastName":"Ryś"}"#), "{error}");
}

#[test]
fn signals_that_come_together_are_one() {
    let egito = Egito::start();
    egito.fault(&json!({"on": {"action": "create"}, "times": 0, "hold": "create"}));
    let child = egito.spawn("create Lead lastName=Ryś");
    egito.wait_for("create", 1);
    signal("INT", &child);
    signal("TERM", &child); // as `timeout` does, which signals the program and its group
    let error = ended(child).fails(7);
    assert!(error.contains("outcome_unknown"), "{error}");
}

#[test]
fn an_interrupted_doctor_deletes_its_test_record() {
    let egito = Egito::start();
    let before = egito.records("Lead");
    egito.fault(&json!({"on": {"action": "update"}, "times": 0, "hold": "update"}));
    for (run, (signals, code)) in (1..).zip([("INT", 130), ("TERM", 143), ("INT TERM", 130)]) {
        let child = egito.spawn("doctor --write Lead --yes");
        egito.wait_for("update", run);
        signals.split(' ').for_each(|name| signal(name, &child));
        assert_eq!(ended(child).fails(code), "interrupted\n");
        assert_eq!((egito.server.journal("create").len(), egito.records("Lead")), (run, before.clone()));
    }
}
