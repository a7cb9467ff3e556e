//! Runs an ignored test of this program in a process of its own, and measures its memory.

use egito::Settings;
use serde_json::{Value, json};
use std::process::{Command, Stdio};

pub const MIB: u64 = 1 << 20;

const SETTINGS: &str = "EGITO_TEST_SETTINGS";

/// The prefix of the line with the peak in bytes, which the process prints at its end.
const PEAK: &str = "peak: ";

/// A test to run in a process of its own.
pub struct MeasuredProcess {
    name: &'static str,
    settings: Value,
}

impl MeasuredProcess {
    pub fn test(name: &'static str) -> Self {
        let settings =
            json!({"client_id": "c", "client_secret": "secret", "username": "jan@firma", "password": "hasło"});
        Self { name, settings }
    }

    /// Adds settings to the credentials.
    pub fn with(mut self, over: &Value) -> Self {
        self.settings.as_object_mut().unwrap().extend(over.as_object().unwrap().clone());
        self
    }

    /// Runs the test and returns its peak memory in bytes.
    pub fn peak(&self) -> u64 {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", self.name, "--ignored", "--nocapture", "--quiet"])
            .env(SETTINGS, self.settings.to_string())
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{text}");
        let peak = text.lines().find_map(|line| line.split_once(PEAK)).unwrap_or_else(|| panic!("no peak in {text}"));
        peak.1.parse().unwrap()
    }

    /// Returns the settings, in the measured test.
    pub fn settings() -> Settings {
        Settings::from_json(std::env::var(SETTINGS).unwrap().as_bytes()).unwrap()
    }

    /// Prints the peak memory, at the end of the measured test.
    pub fn report_peak() {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kib: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
        println!("{PEAK}{}", kib << 10);
    }
}
