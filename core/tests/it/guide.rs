//! Runs the examples of docs/rust.md and of the README. The first test checks that all of them are here unchanged.

use crate::sandbox::Server;
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

#[test]
fn every_example_is_in_this_file() {
    let ours = lines(include_str!("guide.rs"));
    for page in ["../docs/rust.md", "README.md"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let text = std::fs::read_to_string(path).unwrap();
        let examples: Vec<&str> =
            text.split("```rust\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
        assert!(!examples.is_empty(), "{page}");
        for example in examples {
            assert!(ours.contains(&lines(example)), "{page} has an example that no test runs:\n{example}");
        }
    }
}

/// Returns the lines without their indentation, which differs inside of a test.
fn lines(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).flat_map(|line| [line, "\n"]).collect()
}

fn client(server: &Server) -> egito::Client {
    egito::Client::new(server.settings(&json!({}))).unwrap()
}

#[tokio::test]
async fn store_writes_first() -> egito::Result<()> {
    let (server, folder) = (Server::start(), egito_test_support::Folder::new());
    let (client, path) = (client(&server), folder.path().join("outbox.db"));
    let outbox = client.outbox(&path)?;

    let lead = json!({"formKey": "2026-11-27-0017", "lastName": "Ryś"});
    outbox.put("Lead", &lead, "formKey").await?; // on the disk; nothing is sent

    let delivery = outbox.deliver(None).await?; // in a job, or `outbox.start(…)`
    println!("{} delivered, {} refused, {} waiting", delivery.delivered, delivery.refused, delivery.waiting);
    assert_eq!(delivery.delivered, 1);
    Ok(())
}

#[test]
fn log_in() -> egito::Result<()> {
    let client = egito::Client::builder()
        .name("firma") // the server is https://firma.egito.pl
        .client_id("4c1e7b")
        .client_secret("9f30a2")
        .username("jan@firma")
        .password("zażółć gęślą jaźń")
        .timeout(Duration::from_secs(30))
        .build()?;
    assert_eq!(client.settings().timeout.as_secs(), 30);
    Ok(())
}

#[tokio::test]
async fn create_a_record_once() -> egito::Result<()> {
    let server = Server::start();
    let client = client(&server);

    let lead = json!({"formKey": "2026-11-27-0017", "lastName": "Ryś"});
    let first = client.leads().create_once(&lead, "formKey").await?;

    let patient = egito::RecordKey::from("formKey").settle(Duration::from_secs(30));
    let again = client.leads().create_once(&lead, patient).await?;
    assert!(first.created && !again.created && first.id == again.id);
    Ok(())
}

#[tokio::test]
async fn create_read_update_delete() -> egito::Result<()> {
    let server = Server::start();
    let client = client(&server);

    let accounts = client.accounts();
    let id = accounts.create(&json!({"name": "Żubr sp. z o.o.", "city": "Kraków"})).await?;
    accounts.update(&id, &json!({"phone": "+48 12 446 66 66"})).await?;

    let account = accounts.get(&id).await?;
    assert_eq!(account.raw("phone"), Some(r#""+48 12 446 66 66""#));

    accounts.delete(&id).await?;

    assert!(accounts.get(&id).await.unwrap_err().is_not_found());

    let offers = client.entity("Offer")?;
    let id = offers.create(&json!({"number": "2026/7"})).await?;
    let printed = offers.call("print", &json!({"id": id})).await?;
    println!("{}", printed.json());
    Ok(())
}

#[tokio::test]
async fn use_your_own_types() -> egito::Result<()> {
    #[derive(Serialize, Deserialize)]
    struct Contact {
        #[serde(rename = "lastName")]
        last_name: String,
        email: Option<String>,
    }

    let server = Server::start();
    let client = client(&server);

    let contact = Contact { last_name: "Ryś".into(), email: None };
    let id = client.contacts().create(&contact).await?;
    let again: Contact = client.contacts().get(&id).await?.deserialize()?;
    assert_eq!(again.last_name, "Ryś");

    assert_eq!(again.email, None);
    Ok(())
}

#[tokio::test]
async fn list() -> egito::Result<()> {
    let server = Server::start();
    let client = client(&server);

    let mut accounts = client.accounts().list().records()?;
    while let Some(account) = accounts.next().await {
        println!("{}", account?.json());
    }

    let mut pages = client.accounts().list().page_size(100).pages()?;
    while let Some(page) = pages.next().await {
        println!("{} accounts", page?.len());
    }

    let industries = client.dictionary("industry").await?; // all at once
    println!("{} industries", industries.len());

    let names: Vec<String> = client
        .accounts()
        .list()
        .records()?
        .try_filter_map(async |account| Ok(account.raw("name").map(str::to_owned)))
        .try_collect()
        .await?;

    let newest = client.accounts().list().filter("city", "Gdynia").sort("dateCreated").order("desc");
    for account in newest.clone().limit(20).await? {
        println!("{}", account.raw("name").unwrap_or("null"));
    }

    println!("{} accounts in Gdynia, the newest: {:?}", newest.clone().count().await?, newest.first().await?);

    assert!(!industries.is_empty() && !names.is_empty());
    Ok(())
}

#[tokio::test]
async fn follow_changes() -> egito::Result<()> {
    let server = Server::start();
    let client = client(&server);
    let (stored, known) = (None, [1, 2]);

    let mut changes = client.accounts().changes().since(stored).records()?;
    while let Some(account) = changes.next().await {
        println!("{}", account?.json());
    }
    let to_store: Option<String> = changes.mark();

    for id in client.accounts().deleted(known).await? {
        println!("{id} was deleted");
    }

    assert!(to_store.is_some());
    Ok(())
}

#[tokio::test]
async fn handle_errors() -> egito::Result<()> {
    let server = Server::start();
    let client = client(&server);

    match client.accounts().create(&json!({"city": "Łomża"})).await {
        Ok(id) => println!("created {id}"),
        Err(error) if error.is_validation() => {
            for field_error in &error.details().errors {
                println!("{}: {}", field_error.field.as_deref().unwrap_or("record"), field_error.message);
            }
        }
        Err(error) if error.is_outcome_unknown() => println!("look in Egito before you send it again: {error}"),
        Err(error) => return Err(error),
    }
    Ok(())
}

#[test]
fn save_an_account() -> egito::Result<()> {
    fn save(client: &egito::blocking::Client, account: &serde_json::Value) -> egito::Result<()> {
        match client.accounts().create(account) {
            Ok(id) => println!("created {id}"),
            Err(error) if error.is_validation() => {
                for field_error in &error.details().errors {
                    println!("{}: {}", field_error.field.as_deref().unwrap_or("record"), field_error.message);
                }
            }
            Err(error) if error.is_outcome_unknown() => println!("look in Egito before you send it again: {error}"),
            Err(error) if error.is_retryable() => println!("try again later: {error}"),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    let server = Server::start();
    let client = egito::blocking::Client::new(server.settings(&json!({})))?;
    save(&client, &json!({"name": "Żubr"}))?;
    save(&client, &json!({"city": "Łomża"}))?;
    assert!(save(&client, &json!([])).unwrap_err().code() == egito::Code::Config);
    Ok(())
}

#[tokio::test]
async fn retry() -> egito::Result<()> {
    let server = Server::start();
    let busy = json!({"on": {"action": "create"}, "response": {"status": 429, "headers": {"Retry-After": "1"}}});
    server.control("POST", "faults", &busy);
    let client = egito::Client::new(server.settings(&json!({"retry_after_max": 0.5})))?;

    let id = loop {
        match client.accounts().create(&json!({"name": "Żubr"})).await {
            Err(error) if error.is_retryable() => {
                let pause = error.details().retry_after.unwrap_or(60.0);
                tokio::time::sleep(Duration::from_secs_f64(pause)).await;
            }
            result => break result?,
        }
    };

    assert_eq!(client.accounts().get(&id).await?.raw("name"), Some(r#""Żubr""#));
    assert_eq!(server.journal("create").len(), 2);

    let impatient = client.with_options(br#"{"timeout": 5, "maxRetries": 0}"#)?;
    let account = impatient.accounts().get(1).await?;
    assert_eq!(account.id(), Some(1.into()));
    Ok(())
}

#[tokio::test]
async fn send_many_records() {
    let server = Server::start();
    let client = client(&server);

    let leads = ["Ryś", "Żbik", "Wilk"].map(|name| json!({"lastName": name}));
    let mut rows = client.leads().create_many(leads).concurrency(4).rows();
    while let Some(row) = rows.next().await {
        match (row.id, row.error) {
            (Some(id), _) => println!("{}: created {id}", row.index),
            (_, error) => println!("{}: {error:?}", row.index),
        }
    }

    assert_eq!(server.journal("create").len(), 3);
}

#[tokio::test]
async fn cancel() -> egito::Result<()> {
    let server = Server::start();
    let client = client(&server);

    let accounts = client.accounts();
    tokio::select! {
        account = accounts.get(1) => println!("{}", account?.json()),
        () = tokio::time::sleep(Duration::from_secs(5)) => println!("too slow"),
    }

    let cancellation = egito::CancellationToken::default();
    let call = tokio::spawn({
        let accounts = client.with_cancellation(&cancellation).accounts();
        async move { accounts.create(&json!({"name": "Żubr"})).await }
    });
    cancellation.cancel();
    if let Err(error) = call.await.expect("the task does not panic") {
        println!("{:?}: {error}", error.outcome());
    }

    assert!(server.journal("create").is_empty(), "it was cancelled before it began");
    Ok(())
}

#[test]
fn run_several_processes_and_call_from_blocking_code() {
    let server = Server::start();
    let settings: std::collections::HashMap<String, String> =
        serde_json::from_str(&server.settings_json(&json!({}))).unwrap();
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "guide::in_this_environment_only", "--ignored", "--nocapture"])
        .env_remove("EGITO_NAME")
        .envs([("EGITO_BASE_URL", &settings["base_url"]), ("EGITO_API_ID", &settings["client_id"])])
        .envs([("EGITO_API_SECRET", &settings["client_secret"]), ("EGITO_USERNAME", &settings["username"])])
        .env("EGITO_PASSWORD", &settings["password"])
        .output()
        .unwrap();
    assert!(child.status.success() && String::from_utf8(child.stdout).unwrap().contains("Kraków"));
}

#[test]
#[ignore = "runs in the process that the test above starts"]
fn in_this_environment_only() -> egito::Result<()> {
    let file = std::env::temp_dir().join(format!("egito-guide-{}", std::process::id()));
    let client = egito::Client::builder().from_env().token_store(egito::TokenStore::File(file)).build()?;
    assert!(client.settings().base_url.is_some());

    let client = egito::blocking::Client::builder().from_env().build()?;
    for account in client.accounts().list().filter("city", "Kraków") {
        println!("{}", account?.json());
    }
    Ok(())
}

#[tokio::test]
async fn a_lead_is_saved() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = egito_sandbox::Sandbox::start(egito_sandbox::Options::default()).await?;
    let settings = egito::Settings::from_json(&serde_json::to_vec(sandbox.settings())?)?;
    let client = egito::Client::new(settings)?;

    let id = client.leads().create(&json!({"lastName": "Ryś"})).await?;
    assert_eq!(client.leads().get(&id).await?.raw("lastName"), Some(r#""Ryś""#));
    Ok(())
}

#[tokio::test]
async fn read_status_and_headers() -> egito::Result<()> {
    let server = Server::start();
    let client = client(&server);

    let response = client.leads().with_response().create(&json!({"lastName": "Ryś"})).await?;
    println!("created {} with status {}", response.value, response.status);
    println!("request id {:?}, {} attempts", response.headers.get("x-request-id"), response.attempts);

    let mut pages = client.accounts().list().with_response().pages()?;
    while let Some(page) = pages.next().await {
        let page = page?;
        println!("{} accounts, {:?}", page.len(), page.response().map(|response| response.elapsed));
    }

    assert_eq!((response.status, response.attempts), (200, 1));
    Ok(())
}

#[tokio::test]
async fn trace_and_count() -> egito::Result<()> {
    let server = Server::start();
    let client = client(&server);

    client.on_event(Some(Arc::new(|event| {
        println!("{} {:?} took {:.3} s", event.action, event.status, event.elapsed);
    })));
    client.accounts().get(1).await?;
    println!("{} requests, {} retries", client.stats().attempts, client.stats().retries);

    assert_eq!(client.stats().attempts, 1);
    Ok(())
}
