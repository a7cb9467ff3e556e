//! A client as people write it with bare reqwest: no retries, no renewal, no checks.

use crate::{Error, check};
use serde::Deserialize;
use serde_json::Value;

/// A logged-in reqwest client.
pub struct Bare {
    http: reqwest::Client,
    base: String,
    bearer: String,
}

/// The two fields that every contestant reads.
#[derive(Deserialize)]
pub struct Account {
    pub id: i64,
    #[serde(rename = "name")]
    _name: String,
}

impl Bare {
    /// Logs in by password.
    pub async fn log_in(settings: &Value) -> Result<Self, Error> {
        // An error means that a provider is already installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().tcp_nodelay(true).build()?;
        let text = |name: &str| settings[name].as_str().unwrap_or_default().to_owned();
        let base = text("base_url");
        let mut url = reqwest::Url::parse(&format!("{base}/oauth/token"))?;
        url.query_pairs_mut()
            .append_pair("grant_type", "password")
            .extend_pairs(["client_id", "client_secret", "username", "password"].map(|name| (name, text(name))));
        let response = http.post(url).send().await?.bytes().await?;
        let response: Value = serde_json::from_slice(&response)?;
        let bearer = format!("Bearer {}", response["access_token"].as_str().ok_or("no token")?);
        Ok(Self { http, base, bearer })
    }

    /// Reads the first `count` accounts into a struct, one by one.
    pub async fn gets(&self, count: u32) -> Result<(), Error> {
        for id in 1..=count {
            let url = format!("{}/services/restapi/json/Account/get?id={id}", self.base);
            let bytes = self.http.get(url).header("Authorization", &self.bearer).send().await?.bytes().await?;
            let account: Account = serde_json::from_slice(&bytes)?;
            check(account.id == i64::from(id))?;
        }
        Ok(())
    }

    /// Fetches the same pages without parsing them.
    pub async fn pages(&self, records: u32, page: u32) -> Result<(), Error> {
        for offset in (0..=records).step_by(page as usize) {
            let query = format!("sort=id&order=asc&max={page}&offset={offset}");
            let url = format!("{}/services/restapi/json/Account/list?{query}", self.base);
            let bytes = self.http.get(url).header("Authorization", &self.bearer).send().await?.bytes().await?;
            check(bytes.starts_with(b"["))?;
        }
        Ok(())
    }
}
