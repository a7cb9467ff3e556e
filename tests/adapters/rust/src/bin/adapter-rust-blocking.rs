//! The suite plays the blocking client through this program.

use egito::Settings;
use egito::blocking::{Client, Entity, RecordList};
use egito_adapter_rust::{Args, Call, Failed, Played, Player, array, json, serve};
use serde_json::value::RawValue;

fn main() {
    serve::<Blocking>("rust-blocking");
}

struct Blocking(Client);

impl Player for Blocking {
    fn open(settings: &RawValue) -> egito::Result<Self> {
        Client::new(Settings::from_json(settings.get().as_bytes())?).map(Self)
    }

    fn close(&self) {
        self.0.close();
    }

    fn play(calls: &[(&Self, &Call)]) -> Vec<Played> {
        std::thread::scope(|scope| {
            let threads: Vec<_> = calls.iter().map(|(client, call)| scope.spawn(|| play(&client.0, call))).collect();
            threads.into_iter().map(|thread| thread.join().expect("the library does not panic")).collect()
        })
    }
}

fn play(client: &Client, call: &Call) -> Played {
    let args = &call.args;
    Ok(match call.method.as_str() {
        "create" => entity(client, args)?.create(&args.record)?.to_json(),
        "get" => json(&entity(client, args)?.get(args.id())?),
        "update" => entity(client, args)?.update(args.id(), &args.record)?.to_json(),
        "delete" => entity(client, args)?.delete(args.id())?.to_json(),
        "list" => records(entity(client, args)?.list(), args)?,
        "pages" => pages(entity(client, args)?.list(), args)?,
        "dictionary" => records(client.dictionary(&args.r#type), args)?,
        "call" => other(client, args)?,
        "panic" => client.panic_for_tests().map(|()| "null".to_owned())?,
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

fn records(list: RecordList, args: &Args) -> egito::Result<String> {
    let records = list.with_json(&args.list_options())?.records()?.take(args.take.unwrap_or(usize::MAX));
    records.map(|record| Ok(json(&record?))).collect::<egito::Result<Vec<_>>>().map(array)
}

fn pages(list: RecordList, args: &Args) -> egito::Result<String> {
    let pages = list.with_json(&args.list_options())?.pages()?.take(args.take.unwrap_or(usize::MAX));
    let texts = pages.map(|page| Ok(array(page?.records().map(|record| json(&record)))));
    texts.collect::<egito::Result<Vec<_>>>().map(array)
}

fn other(client: &Client, args: &Args) -> egito::Result<String> {
    let entity = entity(client, args)?;
    let answer = match &args.method {
        Some(method) => entity.call_with_method(&args.action, &args.params(), method.parse()?)?,
        None => entity.call(&args.action, &args.params())?,
    };
    Ok(json(&answer))
}
