//! A program `egito` with a sandbox and a folder of its own, for the tests of files.

use egito_test_support::{Folder, Server};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

pub struct Desk {
    pub server: Server,
    pub folder: Folder,
}

/// The result of a command.
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Desk {
    pub fn new() -> Self {
        Self { server: Server::start(), folder: Folder::new() }
    }

    /// Runs a command, in English.
    pub fn egito(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().expect("the program starts").into()
    }

    /// Runs a command that succeeds.
    pub fn ok(&self, arguments: &[&str]) -> Ran {
        let ran = self.egito(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}{}", ran.stdout, ran.stderr);
        ran
    }

    pub fn spawn(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let settings: Value = serde_json::from_str(&self.server.settings_json(&json!({}))).expect("settings are JSON");
        let mut command = Command::new(env!("CARGO_BIN_EXE_egito"));
        command.env_clear().env("LC_ALL", "en_US.UTF-8").current_dir(self.folder.path()).args(arguments);
        let names = [
            ("EGITO_BASE_URL", "base_url"),
            ("EGITO_API_ID", "client_id"),
            ("EGITO_API_SECRET", "client_secret"),
            ("EGITO_USERNAME", "username"),
            ("EGITO_PASSWORD", "password"),
        ];
        for (variable, setting) in names {
            command.env(variable, settings[setting].as_str().expect("a text"));
        }
        command
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("the folder is writable");
    }

    pub fn read(&self, name: &str) -> String {
        String::from_utf8(fs::read(self.path(name)).expect("the file exists")).expect("the file is UTF-8")
    }

    /// Returns the names of all files, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).expect("the folder exists");
        let name =
            |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let mut names: Vec<String> = entries.map(name).collect();
        names.sort();
        names
    }

    /// Replaces all records.
    pub fn seed(&self, entities: &Value) {
        self.server.control("POST", "reset", &json!({"seed": "empty"}));
        self.server.control("POST", "seed", &json!({"entities": entities}));
    }

    /// Returns the stored records.
    pub fn records(&self, entity: &str) -> Vec<Value> {
        let records = self.server.control("GET", &format!("records/{entity}"), &Value::Null);
        records.as_array().expect("a list").clone()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is UTF-8");
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}
