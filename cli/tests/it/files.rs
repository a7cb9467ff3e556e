//! Files and records, for the tests of exports and imports.

use crate::egito::{Egito, PROGRAM, Ran};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Stdio};

impl Egito {
    /// Runs a command that succeeds.
    pub fn ok(&self, arguments: &[&str]) -> Ran {
        let ran = self.run_each(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {ran}");
        ran
    }

    /// Starts a command.
    pub fn launch(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(PROGRAM);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the program starts")
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
}
