//! Adapter of the blocking client.

use egito::blocking::{Bulk, Client, Entity, Outbox, RecordList};
use egito::{EventHook, Record, RecordId, Response, Settings};
use egito_adapter_rust::{
    Args, BULKS, Call, CallError, CallResult, OutboxStep, Player, ProgressLog, array, ended_report, json, object,
    or_null, page, plain, response, serve, step_report, with_plan,
};
use serde_json::value::RawValue;
use std::time::Duration;

fn main() {
    serve::<Blocking>("rust-blocking");
}

struct Blocking(Client);

impl Player for Blocking {
    fn open(settings: &RawValue, hook: Option<EventHook>) -> egito::Result<Self> {
        let client = Client::new(Settings::from_json(settings.get().as_bytes())?)?;
        client.on_event(hook);
        Ok(Self(client))
    }

    fn close(&self) {
        self.0.close();
    }

    fn play(calls: &[(&Self, &Call)]) -> Vec<CallResult> {
        std::thread::scope(|scope| {
            let threads: Vec<_> = calls.iter().map(|(client, call)| scope.spawn(|| play(&client.0, call))).collect();
            threads.into_iter().map(|thread| thread.join().expect("the library does not panic")).collect()
        })
    }
}

fn play(client: &Client, call: &Call) -> CallResult {
    let args = &call.args;
    Ok(match call.method.as_str() {
        "create" | "get" | "update" | "delete" | "call" if args.with_response => call_with_response(client, call)?,
        "create" => entity(client, args)?.create(&args.record)?.to_json(),
        "create_once" => plain(&entity(client, args)?.create_once(&args.record, args.record_key()?)?),
        "upsert" => plain(&entity(client, args)?.upsert(&args.record, args.record_key()?)?),
        "get" => json(&entity(client, args)?.get(args.id())?),
        "update" => entity(client, args)?.update(args.id(), &args.record)?.to_json(),
        "delete" => entity(client, args)?.delete(args.id())?.to_json(),
        "list" if args.delete => delete_all(&entity(client, args)?, args)?,
        "list" => records(entity(client, args)?.list(), args)?,
        "pages" => pages(entity(client, args)?.list(), args)?,
        "first" => or_null(list(client, args)?.first()?.as_ref().map(json)),
        "exists" => list(client, args)?.exists()?.to_string(),
        "total" => or_null(list(client, args)?.total()?),
        "count" => list(client, args)?.count()?.to_string(),
        "changes" => changes(entity(client, args)?.list(), args)?,
        "ids" => plain(&entity(client, args)?.ids()?),
        "deleted" => plain(&entity(client, args)?.deleted(args.ids.iter().cloned())?),
        "outbox" => outbox(client, args)?,
        "dictionary" => records(client.dictionary(&args.r#type), args)?,
        "call" => custom_action(client, args)?,
        "panic" => egito::binding::blocking_panic_for_tests(client).map(|()| "null".to_owned())?,
        "stats" => plain(&client.stats()),
        method if BULKS.contains(&method) => bulk(client, method, args)?,
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

fn records(list: RecordList, args: &Args) -> egito::Result<String> {
    let records = list.with_json(&args.list_options())?.records()?.take(args.take.unwrap_or(usize::MAX));
    records.map(|record| Ok(json(&record?))).collect::<egito::Result<Vec<_>>>().map(array)
}

/// Deletes each record of a list before the next one is read.
fn delete_all(entity: &Entity, args: &Args) -> egito::Result<String> {
    let mut read = Vec::new();
    for record in entity.list().with_json(&args.list_options())?.records()? {
        let record = record?;
        entity.delete(record.id().expect("an id"))?;
        read.push(json(&record));
    }
    Ok(array(read))
}

fn changes(list: RecordList, args: &Args) -> egito::Result<String> {
    let mut records = list.with_json(&args.changes_options())?.records()?;
    let mut read = Vec::new();
    for record in records.by_ref() {
        read.push(json(&record?));
    }
    Ok(object([("records", array(read)), ("mark", plain(&records.mark()))]))
}

fn pages(list: RecordList, args: &Args) -> egito::Result<String> {
    let list = if args.with_response { list.with_response() } else { list };
    let pages = list.with_json(&args.list_options())?.pages()?.take(args.take.unwrap_or(usize::MAX));
    pages.map(|next| next.map(|next| page(&next))).collect::<egito::Result<Vec<_>>>().map(array)
}

fn custom_action(client: &Client, args: &Args) -> egito::Result<String> {
    let entity = entity(client, args)?;
    let record = match &args.method {
        Some(method) => entity.call_with_method(&args.action, args.params(), method.parse()?)?,
        None => entity.call(&args.action, args.params())?,
    };
    Ok(json(&record))
}

fn outbox(client: &Client, args: &Args) -> egito::Result<String> {
    let outbox = client.outbox(&args.path)?;
    let mut results = Vec::new();
    for step in &args.steps {
        results.push(step_report(outbox_step(&outbox, step)));
    }
    Ok(array(results))
}

fn outbox_step(outbox: &Outbox, step: &OutboxStep) -> egito::Result<String> {
    Ok(match step.r#do.as_str() {
        "put" => plain(&outbox.put(&step.entity, &step.record, step.record_key()?)?),
        "put_upsert" => plain(&outbox.put_upsert(&step.entity, &step.record, step.record_key()?)?),
        "put_update" => plain(&outbox.put_update(&step.entity, step.record_id(), &step.record)?),
        "put_delete" => plain(&outbox.put_delete(&step.entity, step.record_id())?),
        "deliver" => plain(&outbox.deliver(step.limit)?),
        "entries" => plain(&outbox.entries(step.query()?)?),
        "get" => plain(&outbox.get(step.entry_id())?),
        "counts" => plain(&outbox.counts()?),
        "retry" => plain(&outbox.retry(step.entry_id())?),
        "edit" => plain(&outbox.edit(step.entry_id(), &step.record)?),
        "discard" => plain(&outbox.discard(step.entry_id())?),
        other => panic!("unknown step {other}"),
    })
}

/// Makes a call and returns its response.
fn call_with_response(client: &Client, call: &Call) -> egito::Result<String> {
    let args = &call.args;
    let entity = entity(client, args)?.with_response();
    let id = |got: Response<RecordId>| response(&got, &got.value.to_json());
    let record = |got: Response<Record>| response(&got, got.value.json());
    Ok(match (call.method.as_str(), &args.method) {
        ("create", _) => id(entity.create(&args.record)?),
        ("get", _) => record(entity.get(args.id())?),
        ("update", _) => id(entity.update(args.id(), &args.record)?),
        ("delete", _) => id(entity.delete(args.id())?),
        (_, None) => record(entity.call(&args.action, args.params())?),
        (_, Some(method)) => record(entity.call_with_method(&args.action, args.params(), method.parse()?)?),
    })
}

fn bulk(client: &Client, method: &str, args: &Args) -> egito::Result<String> {
    let (entity, progress_log) = (entity(client, args)?, ProgressLog::default());
    let bulk = match method {
        "create_many" => entity.create_many(args.inputs.clone())?,
        "get_many" => entity.get_many(args.ids())?,
        "update_many" => entity.update_many(args.changes())?,
        "upsert_many" => entity.upsert_many(args.inputs.clone(), args.record_key()?)?,
        "plan_upsert" => entity.plan_upsert(args.inputs.clone(), args.record_key()?)?,
        _ => entity.delete_many(args.ids())?,
    };
    let bulk = if method == "create_many" && args.key.is_some() { bulk.key(args.record_key()?) } else { bulk };
    let bulk = with_options(bulk, args)?;
    if args.apply {
        let plan = bulk.to_vec();
        let target = args.apply_to.as_ref().map_or(Ok(entity), |name| client.entity(name))?;
        let bulk = with_options(target.apply_upsert(plan.clone(), args.record_key()?)?, args)?;
        let log = progress_log.clone();
        let rows = bulk.on_progress(move |progress| log.record(progress)).to_vec();
        return Ok(with_plan(&progress_log.report(args, &rows), args, &plan));
    }
    let log = progress_log.clone();
    let bulk = bulk.on_progress(move |progress| log.record(progress));
    if args.cancel_after.or(args.close_after).is_some() {
        return Ok(ended(client, bulk, args));
    }
    let rows: Vec<_> = match args.stop_after {
        Some(stop_after) => {
            let mut rows = bulk.rows();
            let mut read: Vec<_> = rows.by_ref().take(stop_after).collect();
            read.extend(if args.rest { rows.rest() } else { Vec::new() });
            read
        }
        None => bulk.to_vec(),
    };
    Ok(progress_log.report(args, &rows))
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
fn ended(client: &Client, bulk: Bulk, args: &Args) -> String {
    let (cancellation, mut rows, mut read) = (bulk.cancellation_token(), bulk.rows(), Vec::new());
    loop {
        if Some(read.len()) == args.cancel_after {
            cancellation.cancel();
        }
        if Some(read.len()) == args.close_after {
            client.close();
        }
        let Some(row) = rows.next() else { break };
        read.push(row);
    }
    ended_report(args, &read, rows.check_complete())
}
