//! Adapter of the async client.

use egito::{Bulk, Client, Entity, EventHook, Outbox, Record, RecordId, RecordList, Response, Settings};
use egito_adapter_rust::{
    Args, BULKS, Call, CallError, CallResult, OutboxStep, Player, ProgressLog, array, ended_report, json, object,
    or_null, page, plain, response, serve, step_report, with_plan,
};
use serde_json::value::RawValue;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

fn main() {
    serve::<Async>("rust");
}

struct Async(Client);

impl Player for Async {
    fn open(settings: &RawValue, hook: Option<EventHook>) -> egito::Result<Self> {
        let client = Client::new(Settings::from_json(settings.get().as_bytes())?)?;
        client.on_event(hook);
        Ok(Self(client))
    }

    fn close(&self) {
        RUNTIME.block_on(self.0.close());
    }

    fn play(calls: &[(&Self, &Call)]) -> Vec<CallResult> {
        RUNTIME.block_on(futures_util::future::join_all(calls.iter().map(|(client, call)| play(&client.0, call))))
    }
}

async fn play(client: &Client, call: &Call) -> CallResult {
    let args = &call.args;
    Ok(match call.method.as_str() {
        "create" | "get" | "update" | "delete" | "call" if args.with_response => {
            call_with_response(client, call).await?
        }
        "create" => entity(client, args)?.create(&args.record).await?.to_json(),
        "create_once" => plain(&entity(client, args)?.create_once(&args.record, args.record_key()?).await?),
        "upsert" => plain(&entity(client, args)?.upsert(&args.record, args.record_key()?).await?),
        "get" => json(&entity(client, args)?.get(args.id()).await?),
        "update" => entity(client, args)?.update(args.id(), &args.record).await?.to_json(),
        "delete" => entity(client, args)?.delete(args.id()).await?.to_json(),
        "list" if args.delete => delete_all(&entity(client, args)?, args).await?,
        "list" => records(entity(client, args)?.list(), args).await?,
        "pages" => pages(entity(client, args)?.list(), args).await?,
        "first" => or_null(list(client, args)?.first().await?.as_ref().map(json)),
        "exists" => list(client, args)?.exists().await?.to_string(),
        "total" => or_null(list(client, args)?.total().await?),
        "count" => list(client, args)?.count().await?.to_string(),
        "changes" => changes(entity(client, args)?.list(), args).await?,
        "ids" => plain(&entity(client, args)?.ids().await?),
        "deleted" => plain(&entity(client, args)?.deleted(args.ids.iter().cloned()).await?),
        "outbox" => outbox(client, args).await?,
        "dictionary" => records(client.dictionary(&args.r#type), args).await?,
        "call" => custom_action(client, args).await?,
        "panic" => egito::binding::panic_for_tests(client).await.map(|()| "null".to_owned())?,
        "stats" => plain(&client.stats()),
        method if BULKS.contains(&method) => bulk(client, method, args).await?,
        method => return Err(CallError::Unknown(format!("method {method}"))),
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

fn list(client: &Client, args: &Args) -> egito::Result<RecordList> {
    entity(client, args)?.list().with_json(&args.list_options())
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

/// Deletes each record of a list before the next one is read.
async fn delete_all(entity: &Entity, args: &Args) -> egito::Result<String> {
    let mut records = entity.list().with_json(&args.list_options())?.records()?;
    let mut read = Vec::new();
    while let Some(record) = records.next().await.transpose()? {
        entity.delete(record.id().expect("an id")).await?;
        read.push(json(&record));
    }
    Ok(array(read))
}

async fn changes(list: RecordList, args: &Args) -> egito::Result<String> {
    let mut records = list.with_json(&args.changes_options())?.records()?;
    let mut read = Vec::new();
    while let Some(record) = records.next().await {
        read.push(json(&record?));
    }
    Ok(object([("records", array(read)), ("mark", plain(&records.mark()))]))
}

async fn pages(list: RecordList, args: &Args) -> egito::Result<String> {
    let list = if args.with_response { list.with_response() } else { list };
    let mut pages = list.with_json(&args.list_options())?.pages()?;
    let mut read = Vec::new();
    while args.take.is_none_or(|take| read.len() < take) {
        let Some(next) = pages.next().await else { break };
        read.push(page(&next?));
    }
    Ok(array(read))
}

async fn custom_action(client: &Client, args: &Args) -> egito::Result<String> {
    let entity = entity(client, args)?;
    let record = match &args.method {
        Some(method) => entity.call_with_method(&args.action, args.params(), method.parse()?).await?,
        None => entity.call(&args.action, args.params()).await?,
    };
    Ok(json(&record))
}

async fn outbox(client: &Client, args: &Args) -> egito::Result<String> {
    let outbox = client.outbox(&args.path)?;
    let mut results = Vec::new();
    for step in &args.steps {
        results.push(step_report(outbox_step(&outbox, step).await));
    }
    Ok(array(results))
}

async fn outbox_step(outbox: &Outbox, step: &OutboxStep) -> egito::Result<String> {
    Ok(match step.r#do.as_str() {
        "put" => plain(&outbox.put(&step.entity, &step.record, step.record_key()?).await?),
        "put_upsert" => plain(&outbox.put_upsert(&step.entity, &step.record, step.record_key()?).await?),
        "put_update" => plain(&outbox.put_update(&step.entity, step.record_id(), &step.record).await?),
        "put_delete" => plain(&outbox.put_delete(&step.entity, step.record_id()).await?),
        "deliver" => plain(&outbox.deliver(step.limit).await?),
        "entries" => plain(&outbox.entries(step.query()?).await?),
        "get" => plain(&outbox.get(step.entry_id()).await?),
        "counts" => plain(&outbox.counts().await?),
        "retry" => plain(&outbox.retry(step.entry_id()).await?),
        "edit" => plain(&outbox.edit(step.entry_id(), &step.record).await?),
        "discard" => plain(&outbox.discard(step.entry_id()).await?),
        other => panic!("unknown step {other}"),
    })
}

/// Makes a call and returns its response.
async fn call_with_response(client: &Client, call: &Call) -> egito::Result<String> {
    let args = &call.args;
    let entity = entity(client, args)?.with_response();
    let id = |got: Response<RecordId>| response(&got, &got.value.to_json());
    let record = |got: Response<Record>| response(&got, got.value.json());
    Ok(match (call.method.as_str(), &args.method) {
        ("create", _) => id(entity.create(&args.record).await?),
        ("get", _) => record(entity.get(args.id()).await?),
        ("update", _) => id(entity.update(args.id(), &args.record).await?),
        ("delete", _) => id(entity.delete(args.id()).await?),
        (_, None) => record(entity.call(&args.action, args.params()).await?),
        (_, Some(method)) => record(entity.call_with_method(&args.action, args.params(), method.parse()?).await?),
    })
}

async fn bulk(client: &Client, method: &str, args: &Args) -> egito::Result<String> {
    let (entity, progress_log) = (entity(client, args)?, ProgressLog::default());
    let bulk = match method {
        "create_many" => entity.create_many(args.inputs.clone()),
        "get_many" => entity.get_many(args.ids()),
        "update_many" => entity.update_many(args.changes()),
        "upsert_many" => entity.upsert_many(args.inputs.clone(), args.record_key()?),
        "plan_upsert" => entity.plan_upsert(args.inputs.clone(), args.record_key()?),
        _ => entity.delete_many(args.ids()),
    };
    let bulk = if method == "create_many" && args.key.is_some() { bulk.key(args.record_key()?) } else { bulk };
    let bulk = with_options(bulk, args)?;
    if args.apply {
        let plan = bulk.to_vec().await;
        let target = args.apply_to.as_ref().map_or(Ok(entity), |name| client.entity(name))?;
        let bulk = with_options(target.apply_upsert(plan.clone(), args.record_key()?), args)?;
        let log = progress_log.clone();
        let rows = bulk.on_progress(move |progress| log.record(progress)).to_vec().await;
        return Ok(with_plan(&progress_log.report(args, &rows), args, &plan));
    }
    let log = progress_log.clone();
    let bulk = bulk.on_progress(move |progress| log.record(progress));
    if args.cancel_after.or(args.close_after).is_some() {
        return Ok(ended(client, bulk, args).await);
    }
    let Some(stop_after) = args.stop_after else {
        return Ok(progress_log.report(args, &bulk.to_vec().await));
    };
    let (mut rows, mut read) = (bulk.rows(), Vec::new());
    while read.len() < stop_after {
        let Some(row) = rows.next().await else { break };
        read.push(row);
    }
    if args.rest {
        read.extend(rows.rest().await);
    }
    Ok(progress_log.report(args, &read))
}

/// Sets the options of the bulk.
fn with_options(bulk: Bulk, args: &Args) -> egito::Result<Bulk> {
    let bulk = if let Some(calls) = args.concurrency { bulk.concurrency(calls) } else { bulk };
    let bulk = if let Some(rows) = args.max_failures { bulk.max_failures(rows) } else { bulk };
    let timeout = args.outage_timeout.map(Duration::from_secs_f64);
    let bulk = if let Some(timeout) = timeout { bulk.outage_timeout(timeout) } else { bulk };
    let grace = args.cancel_grace.map(Duration::from_secs_f64);
    let bulk = if let Some(grace) = grace { bulk.cancel_grace(grace) } else { bulk };
    if let Some(path) = &args.journal { bulk.journal(path) } else { Ok(bulk) }
}

/// Cancels the bulk or closes the client after a number of rows, and reads the other rows.
async fn ended(client: &Client, bulk: Bulk, args: &Args) -> String {
    let (cancellation, mut rows, mut read) = (bulk.cancellation_token(), bulk.rows(), Vec::new());
    loop {
        if Some(read.len()) == args.cancel_after {
            cancellation.cancel();
        }
        if Some(read.len()) == args.close_after {
            client.close().await;
        }
        let Some(row) = rows.next().await else { break };
        read.push(row);
    }
    ended_report(args, &read, rows.check_complete())
}
