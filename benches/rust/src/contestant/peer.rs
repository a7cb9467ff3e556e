//! A client as people write it with bare reqwest: no retries, no renewal, no checks.

use crate::{Account, Error, PAGE, Total, ids, new_records};
use reqwest::RequestBuilder;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A page of a list in both shapes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Page {
    Array(Vec<Account>),
    Object { list: Vec<Account> },
}

/// Runs a workload.
pub async fn run(settings: &Value, workload: &str, count: u32) -> Result<Total, Error> {
    let client = Client::log_in(settings).await?;
    let mut total = Total::default();
    match workload {
        "get" => {
            for id in ids(count) {
                total.add(&client.send(client.http.get(format!("{}/get?id={id}", client.address))).await?);
            }
        }
        "create" => {
            for record in new_records(count)? {
                let request = client.http.post(format!("{}/create", client.address));
                let request = request.header("Content-Type", "application/json").body(serde_json::to_vec(&record)?);
                let created: Value = client.send(request).await?;
                total.add_id(created["id"].as_i64().ok_or("no id")?);
            }
        }
        "list" if count > 0 => {
            let mut kept = Vec::new();
            for offset in (0..).step_by(PAGE as usize) {
                let query = format!("sort=id&order=asc&max={PAGE}&offset={offset}");
                let page = client.send(client.http.get(format!("{}/list?{query}", client.address))).await?;
                let (Page::Array(mut records) | Page::Object { list: mut records }) = page;
                if records.is_empty() {
                    break;
                }
                kept.append(&mut records);
            }
            for account in &kept {
                total.add(account);
            }
        }
        "list" => {}
        _ => return Err(format!("unknown workload: {workload}").into()),
    }
    Ok(total)
}

/// A logged-in client.
struct Client {
    http: reqwest::Client,
    address: String,
    bearer: String,
}

impl Client {
    /// Logs in by password.
    async fn log_in(settings: &Value) -> Result<Self, Error> {
        // An error means that a provider is already installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().tcp_nodelay(true).build()?;
        let text = |name: &str| settings[name].as_str().unwrap_or_default().to_owned();
        let mut form = reqwest::Url::parse("form:")?;
        form.query_pairs_mut()
            .append_pair("grant_type", "password")
            .extend_pairs(["client_id", "client_secret", "username", "password"].map(|name| (name, text(name))));
        let request = http
            .post(format!("{}/oauth/token", text("base_url")))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form.query().unwrap_or_default().to_owned());
        let response: Value = serde_json::from_slice(&request.send().await?.bytes().await?)?;
        let bearer = format!("Bearer {}", response["access_token"].as_str().ok_or("no token")?);
        Ok(Self { http, address: format!("{}/services/restapi/json/Account", text("base_url")), bearer })
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Error> {
        let response = request.header("Authorization", &self.bearer).send().await?.error_for_status()?;
        Ok(serde_json::from_slice(&response.bytes().await?)?)
    }
}
