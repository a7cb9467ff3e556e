//! The suite plays the async client through this program.

use egito::{Client, Entity, RecordList, Settings};
use egito_adapter_rust::{Args, Call, Failed, Played, Player, array, json, serve};
use serde_json::value::RawValue;
use std::sync::LazyLock;
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

fn main() {
    serve::<Async>("rust");
}

struct Async(Client);

impl Player for Async {
    fn open(settings: &RawValue) -> egito::Result<Self> {
        Client::new(Settings::from_json(settings.get().as_bytes())?).map(Self)
    }

    fn close(&self) {
        self.0.close();
    }

    fn play(calls: &[(&Self, &Call)]) -> Vec<Played> {
        RUNTIME.block_on(futures_util::future::join_all(calls.iter().map(|(client, call)| play(&client.0, call))))
    }
}

async fn play(client: &Client, call: &Call) -> Played {
    let args = &call.args;
    Ok(match call.method.as_str() {
        "create" => entity(client, args)?.create(&args.record).await?.to_json(),
        "get" => json(&entity(client, args)?.get(args.id()).await?),
        "update" => entity(client, args)?.update(args.id(), &args.record).await?.to_json(),
        "delete" => entity(client, args)?.delete(args.id()).await?.to_json(),
        "list" => records(entity(client, args)?.list(), args).await?,
        "pages" => pages(entity(client, args)?.list(), args).await?,
        "dictionary" => records(client.dictionary(&args.r#type), args).await?,
        "call" => other(client, args).await?,
        "panic" => client.panic_for_tests().await.map(|()| "null".to_owned())?,
        method => return Err(Failed::Unknown(format!("method {method}"))),
    })
}

fn entity(client: &Client, args: &Args) -> egito::Result<Entity> {
    match (args.shortcut, args.entity.as_str()) {
        (true, "Account") => Ok(client.accounts()),
        (true, "Contact") => Ok(client.contacts()),
        (true, "Opportunity") => Ok(client.opportunities()),
        (true, "Lead") => Ok(client.leads()),
        (_, name) => client.entity(name),
    }
}

async fn records(list: RecordList, args: &Args) -> egito::Result<String> {
    let mut records = list.with_json(&args.list_options())?.records()?;
    let mut read = Vec::new();
    while args.take.is_none_or(|take| read.len() < take) {
        let Some(record) = records.next().await else { break };
        read.push(json(&record?));
    }
    Ok(array(read))
}

async fn pages(list: RecordList, args: &Args) -> egito::Result<String> {
    let mut pages = list.with_json(&args.list_options())?.pages()?;
    let mut read = Vec::new();
    while args.take.is_none_or(|take| read.len() < take) {
        let Some(page) = pages.next().await else { break };
        read.push(array(page?.records().map(|record| json(&record))));
    }
    Ok(array(read))
}

async fn other(client: &Client, args: &Args) -> egito::Result<String> {
    let entity = entity(client, args)?;
    let answer = match &args.method {
        Some(method) => entity.call_with_method(&args.action, &args.params(), method.parse()?).await?,
        None => entity.call(&args.action, &args.params()).await?,
    };
    Ok(json(&answer))
}
