//! A sandbox for each test, and helpers to send requests.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use egito_sandbox::{Options, Sandbox};
use serde_json::Value;
use ureq::Agent;
use ureq::http::{Method, Request};

pub const CLIENT: [(&str, &str); 2] = [("client_id", "sandbox-client"), ("client_secret", "sandbox-secret-7c41e0")];
pub const JAN: [(&str, &str); 2] = [("username", "jan@firma"), ("password", "zażółć gęślą jaźń & 100%")];
pub const READER: [(&str, &str); 2] = [("username", "czytelnik@firma"), ("password", "tylko-do-odczytu")];

/// Maximum time for a response, so that a test fails instead of waiting forever.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// A running sandbox and a connection pool.
pub struct Crm {
    pub sandbox: Sandbox,
    agent: Agent,
}

pub struct Response {
    pub status: u16,
    pub text: String,
    pub headers: ureq::http::HeaderMap,
}

impl Crm {
    pub fn new() -> Self {
        Self::with(Options::default())
    }

    pub fn with(options: Options) -> Self {
        let agent = Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        Self { sandbox: Sandbox::start_on_thread(options).expect("a sandbox"), agent }
    }

    /// Sends any request.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("{}{path}", self.sandbox.address()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = if body.is_empty() && method != "POST" {
            self.agent.run(request.body(()).unwrap())
        } else {
            self.agent.run(request.body(body.to_owned()).unwrap())
        };
        let mut response = response.expect("a response");
        Response {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.body_mut().read_to_string().unwrap(),
        }
    }

    /// Sends a token request as a form.
    pub fn request_token(&self, params: &[&[(&str, &str)]]) -> Response {
        self.send("POST", "/oauth/token", &[("content-type", FORM)], &form(&params.concat()))
    }

    pub fn login(&self) -> Value {
        self.request_token(&[&[("grant_type", "password")], &CLIENT, &JAN]).json()
    }

    pub fn token(&self) -> String {
        self.login()["access_token"].as_str().unwrap().to_owned()
    }

    /// Sends a GET request such as `Account/get?id=1` as Jan.
    pub fn get(&self, call: &str) -> Response {
        let bearer = format!("Bearer {}", self.token());
        self.send("GET", &format!("/services/restapi/json/{call}"), &[("authorization", &bearer)], "")
    }

    /// Posts a JSON body as Jan.
    pub fn post(&self, call: &str, json: &str) -> Response {
        self.post_as(call, json, "application/json", &self.token())
    }

    pub fn post_form(&self, call: &str, form: &str) -> Response {
        self.post_as(call, form, FORM, &self.token())
    }

    pub fn post_as(&self, call: &str, body: &str, content_type: &str, token: &str) -> Response {
        let headers = [("authorization", &*format!("Bearer {token}")), ("content-type", content_type)];
        self.send("POST", &format!("/services/restapi/json/{call}"), &headers, body)
    }

    pub fn control(&self, path: &str, json: &str) {
        let response = self.send("POST", &format!("/_sandbox/{path}"), &[], json);
        assert_eq!(response.status, 200, "{}", response.text);
    }

    pub fn journal(&self, query: &str) -> Vec<Value> {
        let response = self.send("GET", &format!("/_sandbox/journal?{query}"), &[], "");
        assert_eq!(response.status, 200, "{}", response.text);
        serde_json::from_str(&response.text).unwrap()
    }

    /// Sends a `get` of the first account on a new connection.
    pub fn raw_get(&self) -> TcpStream {
        let token = self.token();
        self.raw(&format!(
            "GET /services/restapi/json/Account/get?id=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
        ))
    }

    pub fn raw(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.sandbox.address().trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(READ_TIMEOUT)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }
}

impl Response {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Returns status and `error` of a refusal.
    pub fn refusal(&self) -> (u16, String) {
        (self.status, self.json()["error"].as_str().unwrap_or_default().to_owned())
    }

    /// Returns the ids of a list.
    pub fn ids(&self) -> Vec<i64> {
        self.json().as_array().unwrap().iter().map(|record| record["id"].as_i64().unwrap()).collect()
    }
}

pub const FORM: &str = "application/x-www-form-urlencoded";

pub fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Reads until the other side closes the connection.
pub fn read_all(mut stream: TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A connection reset is also an end.
    let _ = stream.read_to_end(&mut bytes);
    bytes
}
