//! `egito outbox`: writes that wait in a file until the server can be reached.

use crate::confirm::confirm;
use crate::context::Context;
use crate::count::at_least_one;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::messages::messages;
use crate::output::{Cell, json_text, note, print_table, printable, progress};
use clap::{Args, Subcommand, ValueEnum};
use egito::{Counts, Delivery, Entry, EntryQuery, EntryState, Lookup, Outbox, Record, RecordKey};
use std::path::{Path, PathBuf};

/// Number of entries that are read at once.
const PAGE: u32 = 500;

messages! {
    no_outbox(path: &str)
        "there is no outbox in {path}; `egito outbox put` and programs create one"
        "nie ma skrzynki {path}; tworzy ją `egito outbox put` albo program";
    delivering() "delivering" "wysyłanie";
    delivered(count: u64) "{count} delivered" "wysłano: {count}";
    refused(count: u64, path: &str) "{count} refused by the server: see `egito outbox list {path} --state refused`"
        "odrzucone przez serwer: {count}; zobacz `egito outbox list {path} --state refused`";
    unclear(count: u64) "{count} may have been done, and will be looked for" "niepewne, zostaną odszukane: {count}";
    waiting(count: u64) "{count} waiting" "oczekuje: {count}";
    next_attempt(time: &str) "next attempt: {time}" "następna próba: {time}";
    paused(why: &str) "paused: {why}" "wstrzymano: {why}";
    no_entries() "no entries" "brak wpisów";
    stored(id: i64) "stored as entry {id}" "zapisano jako wpis {id}";
    another_record(id: i64, path: &str)
        "entry {id} has this key and another record, so this record was not stored; see `egito outbox get {path} {id}`; `outbox edit` replaces the record of an entry that is not delivered"
        "wpis {id} ma ten klucz i inny rekord, więc tego rekordu nie zapisano; zobacz `egito outbox get {path} {id}`; `outbox edit` zastępuje rekord wpisu, którego nie wysłano";
    will_be_sent(id: i64) "entry {id} is due now" "wpis {id} czeka na wysłanie";
    discarded(id: i64) "discarded entry {id}" "usunięto wpis {id}";
    really_discard(id: i64) "Remove entry {id}, so that it is never sent?" "Usunąć wpis {id}, aby nigdy nie został wysłany?";
}

/// Deliver and inspect writes that wait in a file while the server is down
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Count the entries in each state
    Status {
        /// File of the outbox
        outbox: PathBuf,
    },
    /// List the entries
    List {
        /// File of the outbox
        outbox: PathBuf,
        /// Only the entries in this state
        #[arg(long)]
        state: Option<State>,
    },
    /// Show an entry with its record and its error
    Get {
        /// File of the outbox
        outbox: PathBuf,
        /// Number of the entry
        entry: i64,
    },
    /// Store a record to be created once, or to be created or updated with `--upsert`
    Put {
        /// File of the outbox
        outbox: PathBuf,
        /// Name of the entity
        entity: String,
        /// Field that identifies the record, or several, separated by commas
        #[arg(long, value_name = "FIELD,FIELD…", value_delimiter = ',', required = true)]
        key: Vec<String>,
        /// Update the record if one with this key exists
        #[arg(long)]
        upsert: bool,
        #[command(flatten)]
        fields: Fields,
    },
    /// Send the entries that are due
    Deliver {
        /// File of the outbox
        outbox: PathBuf,
        /// Maximum number of entries
        #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = at_least_one::<u64>)]
        max: Option<u64>,
        /// Maximum number of calls in flight
        #[arg(long, value_name = "N", default_value_t = 8, allow_negative_numbers = true, value_parser = at_least_one::<usize>)]
        concurrency: usize,
        /// How records that may exist are looked for; the default is that of each entry
        #[arg(long)]
        lookup: Option<LookupBy>,
    },
    /// Make an entry due now, also one that the server refused
    Retry {
        /// File of the outbox
        outbox: PathBuf,
        /// Number of the entry
        entry: i64,
    },
    /// Replace the record of an entry, and make it due now
    Edit {
        /// File of the outbox
        outbox: PathBuf,
        /// Number of the entry
        entry: i64,
        #[command(flatten)]
        fields: Fields,
    },
    /// Remove an entry that is not delivered, after a question
    Discard {
        /// File of the outbox
        outbox: PathBuf,
        /// Number of the entry
        entry: i64,
        /// Do not ask
        #[arg(short, long)]
        yes: bool,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    /// Not sent yet
    Waiting,
    /// Being sent now
    Sending,
    /// Refused by the server
    Refused,
    /// May have been done
    Unclear,
    /// Done
    Delivered,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LookupBy {
    /// By a filter of the list
    Filter,
    /// By reading the list
    Scan,
}

impl Arguments {
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        match &self.action {
            Action::Status { outbox } => status(context, outbox).await,
            Action::List { outbox, state } => list(context, outbox, *state).await,
            Action::Get { outbox, entry } => get(context, outbox, *entry).await,
            Action::Put { outbox, entity, key, upsert, fields } => {
                let (record, key) = (fields.record(context)?, RecordKey::from(key.clone()));
                put(context, outbox, entity, record, key, *upsert).await
            }
            Action::Deliver { outbox: path, max, concurrency, lookup } => {
                let outbox = open(context, path)?.concurrency(*concurrency);
                let outbox = match lookup {
                    None => outbox,
                    Some(LookupBy::Filter) => outbox.lookup(Lookup::Filter),
                    Some(LookupBy::Scan) => outbox.lookup(Lookup::Scan),
                };
                deliver(context, path, &outbox, *max).await
            }
            Action::Retry { outbox, entry } => {
                open(context, outbox)?.retry(*entry).await?;
                context.report_id(entry, &context.language.will_be_sent(*entry))
            }
            Action::Edit { outbox, entry, fields } => {
                open(context, outbox)?.edit(*entry, fields.record(context)?).await?;
                context.report_id(entry, &context.language.will_be_sent(*entry))
            }
            Action::Discard { outbox, entry, yes } => {
                let outbox = open(context, outbox)?;
                outbox.get(*entry).await?;
                confirm(context, *yes, &context.language.really_discard(*entry))?;
                outbox.discard(*entry).await?;
                context.report_id(entry, &context.language.discarded(*entry))
            }
        }
    }
}

/// Opens an outbox that exists. Its first use would create another one where the path is mistyped.
fn open(context: &Context, path: &Path) -> Result<Outbox, Failure> {
    if !path.is_file() {
        return Err(Failure::File(context.language.no_outbox(&path.display().to_string())));
    }
    Ok(context.client()?.outbox(path)?)
}

async fn status(context: &Context, path: &Path) -> Result<(), Failure> {
    let counts = open(context, path)?.counts().await?;
    let mut out = context.out();
    if context.json {
        out.line(&to_json(&counts))?;
    } else {
        let Counts { waiting, sending, refused, unclear, delivered, .. } = counts;
        let states = [("waiting", waiting), ("sending", sending), ("refused", refused), ("unclear", unclear)];
        for (state, count) in states.into_iter().chain([("delivered", delivered)]) {
            out.line(&format!("{state:<9}  {count}"))?;
        }
    }
    out.flush()
}

async fn list(context: &Context, path: &Path, state: Option<State>) -> Result<(), Failure> {
    let outbox = open(context, path)?;
    let mut query = EntryQuery::default().limit(PAGE);
    if let Some(state) = state {
        query = query.state(state.into());
    }
    let (mut out, mut rows) = (context.out(), Vec::new());
    loop {
        let entries = outbox.entries(query).await?;
        let Some(last) = entries.last() else { break };
        query = query.after(last.id);
        for entry in &entries {
            if context.json {
                out.line(&to_json(entry))?;
            } else {
                rows.push(row(entry));
            }
        }
    }
    if rows.is_empty() && !context.json {
        note(&context.language.no_entries());
    } else if !context.json {
        let names = ["id", "state", "action", "entity", "record_id", "attempts", "created_at", "error"];
        print_table(&mut out, &names, &rows)?;
    }
    out.flush()
}

fn row(entry: &Entry) -> Vec<Cell> {
    let error = entry.error.as_ref().map(|error| format!("{}: {error}", error.code())).unwrap_or_default();
    vec![
        Cell::exact(entry.id.to_string()),
        Cell::exact(word(&entry.state)),
        Cell::exact(word(&entry.action)),
        Cell::text(printable(&entry.entity)),
        Cell::exact(entry.record_id.as_ref().map(|id| printable(&id.to_string())).unwrap_or_default()),
        Cell::exact(entry.attempts.to_string()),
        Cell::exact(entry.created_at.clone()),
        Cell::text(printable(&error)),
    ]
}

async fn get(context: &Context, path: &Path, id: i64) -> Result<(), Failure> {
    let entry = open(context, path)?.get(id).await?;
    let json = to_json(&entry);
    context.out().last_line(&if context.json { json } else { json_text::indented(&json) })
}

async fn put(
    context: &Context,
    path: &Path,
    entity: &str,
    record: Record,
    key: RecordKey,
    upsert: bool,
) -> Result<(), Failure> {
    let outbox = context.client()?.outbox(path)?;
    if upsert {
        let id = outbox.put_upsert(entity, record, key).await?;
        return context.report_id(&id, &context.language.stored(id));
    }
    let id = outbox.put(entity, &record, key).await?;
    // The entry can be that of an earlier put.
    if !outbox.get(id).await?.has_record(&record) {
        return Err(Failure::Usage(context.language.another_record(id, &path.display().to_string())));
    }
    context.report_id(&id, &context.language.stored(id))
}

async fn deliver(context: &Context, path: &Path, outbox: &Outbox, max: Option<u64>) -> Result<(), Failure> {
    let spinner = progress::spinner(context.language.delivering());
    let delivery = outbox.deliver(max).await;
    spinner.finish_and_clear();
    let delivery = delivery?;
    let text = if context.json { to_json(&delivery) } else { summary(context, path, &delivery) };
    context.out().last_line(&text)?;
    let has_problems = delivery.refused > 0 || delivery.unclear > 0 || delivery.paused_by.is_some();
    if has_problems { Err(Failure::Problems) } else { Ok(()) }
}

fn summary(context: &Context, path: &Path, delivery: &Delivery) -> String {
    let language = context.language;
    let mut lines = vec![language.delivered(delivery.delivered)];
    if delivery.refused > 0 {
        lines.push(language.refused(delivery.refused, &path.display().to_string()));
    }
    if delivery.unclear > 0 {
        lines.push(language.unclear(delivery.unclear));
    }
    if delivery.waiting > 0 {
        lines.push(language.waiting(delivery.waiting));
    }
    if let Some(error) = &delivery.paused_by {
        lines.push(language.paused(&format!("{}: {error}", error.code())));
    }
    if let Some(time) = &delivery.next_attempt_at {
        lines.push(language.next_attempt(time));
    }
    lines.join("\n")
}

/// Returns the name of a state or an action, as in JSON.
fn word(value: &impl serde::Serialize) -> String {
    to_json(value).trim_matches('"').to_owned()
}

fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| format!("{{\"error\":{:?}}}", error.to_string()))
}

impl From<State> for EntryState {
    fn from(state: State) -> Self {
        match state {
            State::Waiting => Self::Waiting,
            State::Sending => Self::Sending,
            State::Refused => Self::Refused,
            State::Unclear => Self::Unclear,
            State::Delivered => Self::Delivered,
        }
    }
}
