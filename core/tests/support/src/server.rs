//! A sandbox: its settings, journal and control requests.

use egito_sandbox::{Options, Sandbox};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;

/// A sandbox that runs on its own thread.
pub struct Server(Sandbox);

impl Server {
    /// Starts a sandbox with the default seed.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(Options::default())
    }

    /// Starts a sandbox with other options, such as a port or a file for its records.
    #[must_use]
    pub fn start_with(options: Options) -> Self {
        // On another thread, since the caller may be in a runtime.
        let start = || Sandbox::start_on_thread(options).unwrap();
        Self(std::thread::spawn(start).join().unwrap())
    }

    /// Returns the port of the sandbox.
    #[must_use]
    pub fn port(&self) -> u16 {
        let address = self.0.address().to_string();
        address.rsplit(':').next().and_then(|port| port.trim_end_matches('/').parse().ok()).unwrap()
    }

    /// Returns the settings for the sandbox. `over` replaces some of them.
    #[must_use]
    pub fn settings(&self, over: &Value) -> egito::Settings {
        egito::Settings::from_json(self.settings_json(over).as_bytes()).unwrap()
    }

    /// Returns the settings for the sandbox as JSON, for another process.
    #[must_use]
    pub fn settings_json(&self, over: &Value) -> String {
        let mut settings = serde_json::to_value(self.0.settings()).unwrap();
        settings.as_object_mut().unwrap().extend(over.as_object().unwrap().clone());
        settings.to_string()
    }

    /// Returns the requests of this action so far.
    #[must_use]
    pub fn journal(&self, action: &str) -> Vec<Value> {
        let response = self.control("GET", &format!("journal?action={action}"), &json!(null));
        serde_json::from_value(response).unwrap()
    }

    /// Sends a control request.
    #[allow(clippy::must_use_candidate)] // the responses of most commands are not needed
    pub fn control(&self, method: &str, what: &str, body: &Value) -> Value {
        let body = body.to_string();
        let address = self.0.address().trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!(
            "{method} /_sandbox/{what} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nConnection: close\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (_, body) = response.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap_or(Value::Null)
    }
}
