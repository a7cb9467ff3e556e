//! `changes`: what was created or changed since a mark, and `ids` and `deleted`.

use crate::sandbox::Server;
use egito::blocking::Client;
use egito::{Code, Record, RecordId};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Starts a server with so many offers.
fn server(offers: usize) -> Server {
    let server = Server::start();
    server.control("POST", "reset", &json!({"seed": "empty", "records": {"Offer": offers}}));
    server
}

fn offers(server: &Server, settings: &Value) -> egito::blocking::Entity {
    Client::new(server.settings(settings)).unwrap().entity("Offer").unwrap()
}

/// Reads all changes since the mark.
fn changes(offers: &egito::blocking::Entity, mark: &mut Option<String>) -> egito::Result<Vec<Record>> {
    let list = offers.changes().since(mark.clone());
    let records = list.clone().to_vec()?;
    *mark = list.mark();
    assert!(mark.is_some());
    Ok(records)
}

fn ids(records: &[Record]) -> Vec<i64> {
    let mut ids: Vec<i64> = records.iter().map(|record| record.id().unwrap().as_i64().unwrap()).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn each_list_has_only_what_changed_since_the_one_before() {
    let server = server(40);
    let offers = offers(&server, &json!({"page_size": 7}));
    let mut mark = None;
    assert_eq!(ids(&changes(&offers, &mut mark).unwrap()), (1..=40).collect::<Vec<_>>());
    assert!(changes(&offers, &mut mark).unwrap().is_empty());

    let new = offers.create(&json!({"number": "2026/1"})).unwrap().as_i64().unwrap();
    for city in ["Kraków", "Łódź"] {
        offers.update(7, &json!({"city": city})).unwrap(); // twice in the same second
        let found = changes(&offers, &mut mark).unwrap();
        assert!(ids(&found).starts_with(&[7]), "{found:?}");
        let seven = found.iter().find(|record| record.id() == Some(7.into())).unwrap();
        assert_eq!(seven.raw("city"), Some(format!("\"{city}\"").as_str()));
        assert_eq!(found.len(), if city == "Kraków" { 2 } else { 1 }, "{new} is new in the first one");
    }
    offers.delete(8).unwrap();
    assert!(changes(&offers, &mut mark).unwrap().is_empty(), "a deleted record is not a change");
    server.control("POST", "clock", &json!({"advance": 86_400}));
    offers.update(9, &json!({"city": "Gdynia"})).unwrap();
    assert_eq!(ids(&changes(&offers, &mut mark).unwrap()), [9]);
    assert!(changes(&offers, &mut mark).unwrap().is_empty());
}

#[test]
fn a_list_that_continues_an_earlier_one_reads_one_small_page() {
    let server = server(400);
    let offers = offers(&server, &json!({}));
    let mut mark = None;
    assert_eq!(changes(&offers, &mut mark).unwrap().len(), 400);
    server.control("POST", "clock", &json!({"advance": 86_400}));
    offers.update(9, &json!({"city": "Gdynia"})).unwrap();
    server.control("DELETE", "journal", &json!(null));
    assert_eq!(ids(&changes(&offers, &mut mark).unwrap()), [9]);
    let requests = server.journal("list");
    assert_eq!((requests.len(), &requests[0]["query"]["max"]), (1, &json!("50")));
    assert_eq!(
        (&requests[0]["query"]["sort"], &requests[0]["query"]["order"]),
        (&json!("lastUpdated"), &json!("desc"))
    );
}

#[test]
fn equal_times_over_many_pages_are_read_completely() {
    for (page_size, cap) in [(500, Value::Null), (10, Value::Null), (500, json!(7)), (2, Value::Null)] {
        let server = server(0);
        server.control("POST", "config", &json!({"timestamp": "2026-07-01T10:00:00Z", "page_cap": cap}));
        let offers = offers(&server, &json!({"page_size": page_size}));
        let rows = offers.create_many((0..60).map(|number| json!({"number": number}))).unwrap().to_vec();
        assert!(rows.iter().all(|row| row.error.is_none()));
        let mut mark = None;
        assert_eq!(changes(&offers, &mut mark).unwrap().len(), 60, "{page_size} {cap}");
        assert!(changes(&offers, &mut mark).unwrap().is_empty());
        offers.update(rows[30].id.as_ref().unwrap(), &json!({"number": "new"})).unwrap();
        assert_eq!(changes(&offers, &mut mark).unwrap().len(), 1, "its time is the same, its content is not");
    }
}

#[test]
fn equal_times_in_a_new_order_for_each_request_are_complete_or_an_error() {
    let server = server(0);
    server.control("POST", "config", &json!({"random_ties": true}));
    let record = |id: i64| json!({"id": id, "number": id, "lastUpdated": format!("2026-07-01T10:{:02}:00Z", id / 6)});
    let records: Vec<Value> = (0..120).map(record).collect();
    server.control("POST", "seed", &json!({"entities": {"Offer": records}}));
    // Six records of one time fit in a page.
    let all = offers(&server, &json!({"page_size": 10})).changes().to_vec().unwrap();
    assert_eq!(ids(&all), (0..120).collect::<Vec<_>>());
    // These do not.
    let error = offers(&server, &json!({"page_size": 5})).changes().to_vec().unwrap_err();
    assert_eq!(error.code(), Code::Pagination);
    assert!(
        error.details().reason.as_ref().unwrap().contains("equal values of `lastUpdated` changed places"),
        "{error}"
    );
}

#[test]
fn records_of_one_time_that_fit_in_one_page_come_in_any_order() {
    for (count, newer, page_size) in [(30, 0, 30), (30, 0, 100), (30, 1, 500), (2, 0, 500), (60, 3, 100)] {
        let server = server(0);
        let time = |id| if id < newer { "2026-07-01T11:00:00Z" } else { "2026-07-01T10:00:00Z" };
        let record = |id| json!({"id": id, "number": id, "lastUpdated": time(id)});
        let records: Vec<Value> = (0..count).map(record).collect();
        server.control("POST", "config", &json!({"random_ties": true}));
        server.control("POST", "seed", &json!({"entities": {"Offer": records}}));
        let offers = offers(&server, &json!({"page_size": page_size}));
        for _ in 0..5 {
            let mut mark = None;
            assert_eq!(ids(&changes(&offers, &mut mark).unwrap()), (0..count).collect::<Vec<_>>(), "{count} {newer}");
            assert!(changes(&offers, &mut mark).unwrap().is_empty());
        }
    }
}

#[test]
fn a_server_that_ignores_the_sort_or_has_no_times_is_an_error() {
    let server = server(30);
    server.control("POST", "config", &json!({"ignore_sort": true}));
    let offers = offers(&server, &json!({}));
    let reason = |list: egito::blocking::RecordList| {
        let error = list.clone().to_vec().unwrap_err();
        assert_eq!((error.code(), list.mark()), (Code::Pagination, None), "{error}");
        error.details().reason.clone().unwrap()
    };
    let why = reason(offers.changes());
    assert!(
        why.contains("record 1 comes before record 2, whose `lastUpdated` is newer: the server does not sort"),
        "{why}"
    );
    let why = reason(offers.changes().by("name"));
    assert!(why.contains("the `name` of record 1 is ") && why.contains("neither a time nor an integer"), "{why}");
    let why = reason(offers.changes().by("changedAt"));
    assert!(why.contains("record 1 has no `changedAt`"), "{why}");
}

#[test]
fn a_server_that_ignores_the_offset_is_complete_or_an_error() {
    let server = server(30);
    for (page_size, cap, expected) in
        [(500, Value::Null, Some(30)), (10, Value::Null, None), (30, Value::Null, None), (500, json!(12), None)]
    {
        server.control("POST", "config", &json!({"ignore_offset": true, "page_cap": cap}));
        let result = offers(&server, &json!({"page_size": page_size})).changes().to_vec();
        match expected {
            Some(expected) => assert_eq!(result.unwrap().len(), expected),
            None => assert!(result.unwrap_err().details().reason.as_ref().unwrap().contains("it ignores the offset")),
        }
    }
    server.control("POST", "config", &json!({"ignore_offset": false, "page_cap": 1}));
    let error = offers(&server, &json!({})).changes().to_vec().unwrap_err();
    assert!(error.details().reason.as_ref().unwrap().contains("one record per page"), "{error}");
}

#[test]
fn options_are_checked_before_anything_is_sent() {
    let server = server(3);
    let offers = offers(&server, &json!({}));
    let mark = {
        let list = offers.changes();
        list.clone().to_vec().unwrap();
        list.mark().unwrap()
    };
    server.control("DELETE", "journal", &json!(null));
    let leads = Client::new(server.settings(&json!({}))).unwrap().leads();
    for (list, setting) in [
        (offers.changes().sort("name"), "sort"),
        (offers.changes().order("asc"), "order"),
        (offers.changes().start(1), "start"),
        (offers.changes().filter("sort", "name"), "sort"),
        (offers.changes().page_size(1), "page_size"),
        (offers.changes().by(" "), "by"),
        (offers.changes().since("2026-11-27".to_owned()), "since"),
        (offers.changes().since(mark[..mark.len() - 2].to_owned()), "since"),
        (offers.changes().since(mark.clone()).by("dateCreated"), "since"),
        (offers.changes().since(mark.clone()).filter("city", "Kraków"), "since"),
        (leads.changes().since(mark.clone()), "since"),
    ] {
        let error = list.to_vec().unwrap_err();
        assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some(setting)), "{error}");
    }
    for (json, setting) in [
        (r#"{"changes": {"lag": -1}}"#, "lag"),
        (r#"{"changes": {"lagMs": "1"}}"#, "lagMs"),
        (r#"{"changes": {"from": 1}}"#, "from"),
        (r#"{"changes": {"since": 1}}"#, "since"),
        (r#"{"changes": true}"#, "options"),
    ] {
        let error = offers.list().with_json(json.as_bytes()).unwrap_err();
        assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some(setting)), "{error}");
    }
    assert!(server.journal("list").is_empty());
}

#[test]
fn the_options_of_bindings_are_the_same() {
    let server = server(3);
    let offers = offers(&server, &json!({}));
    let list = offers.list().with_json(br#"{"changes": {}, "page_size": 2}"#).unwrap();
    assert_eq!(list.clone().to_vec().unwrap().len(), 3);
    let options = json!({"changes": {"since": list.mark(), "by": "lastUpdated", "lag": 60}}).to_string();
    let list = offers.list().with_json(options.as_bytes()).unwrap();
    assert_eq!((list.clone().count().unwrap(), list.first().unwrap().map(|record| record.id())), (0, None));
    let list = offers.changes().with_json(br#"{"limit": 2}"#).unwrap();
    assert_eq!((list.clone().to_vec().unwrap().len(), list.mark()), (2, None), "a limit ends it early");
    assert_eq!(offers.list().with_json(br#"{"changes": null}"#).unwrap().to_vec().unwrap().len(), 3);
    assert_eq!(egito::binding::camel_case_setting("lag"), "lagMs");
}

/// A binding reads the same changes as records and as tables, which keep every digit.
#[test]
fn a_mark_does_not_depend_on_the_type_of_decimals() {
    let server = server(0);
    let offer = json!({"id": 1, "price": 2.5, "lastUpdated": "2026-01-01T10:00:00Z"});
    server.control("POST", "seed", &json!({"entities": {"Offer": [offer]}}));
    for (first, second) in [("float", "string"), ("string", "float")] {
        let mut mark = None;
        assert_eq!(changes(&offers(&server, &json!({"decimals": first})), &mut mark).unwrap().len(), 1);
        assert_eq!(changes(&offers(&server, &json!({"decimals": second})), &mut mark).unwrap().len(), 0);
    }
}

/// A program that stops early must not continue later from the end.
#[test]
fn the_mark_is_returned_only_after_the_last_record() {
    let server = server(40);
    for (prefetch, page_size) in [(0, 10), (2, 10), (2, 500)] {
        let offers = offers(&server, &json!({"page_size": page_size, "prefetch": prefetch}));
        let list = offers.changes();
        let mut records = list.clone().records().unwrap();
        for _ in 0..40 {
            assert!(records.next().unwrap().is_ok());
            assert_eq!((records.mark(), list.mark()), (None, None));
        }
        assert!(records.next().is_none());
        assert!(records.mark().is_some() && records.mark() == list.mark());
        let mut again = list.clone().pages().unwrap();
        again.next().unwrap().unwrap();
        assert_eq!((again.mark(), list.mark()), (None, None), "the last read has not reached the end");
        assert_eq!(list.clone().to_vec().unwrap().len(), 40);
        let mark = list.mark();
        assert!(mark.is_some() && again.all(|page| page.is_ok()));
        assert_eq!(list.mark(), mark, "that of another reader does not count");
    }
    server.control(
        "POST",
        "faults",
        &json!({"on": {"action": "list"}, "skip": 2, "times": 0, "response": {"status": 400}}),
    );
    let offers = offers(&server, &json!({"page_size": 10}));
    let list = offers.changes();
    let mut pages = list.clone().pages().unwrap();
    while let Some(Ok(_)) = pages.next() {}
    assert!(pages.next().is_none());
    assert_eq!((pages.mark(), list.mark()), (None, None), "the list has failed");
}

#[test]
fn a_call_without_records_does_not_change_the_mark() {
    let server = server(3);
    let offers = offers(&server, &json!({}));
    let list = offers.changes();
    let call_all = || {
        assert_eq!((list.clone().count().unwrap(), list.clone().exists().unwrap()), (3, true));
        assert!(list.clone().first().unwrap().is_some() && list.clone().total().unwrap().is_none());
    };
    call_all();
    assert_eq!(list.mark(), None);
    list.clone().to_vec().unwrap();
    let mark = list.mark();
    call_all();
    assert!(mark.is_some() && list.mark() == mark);
}

#[tokio::test]
async fn a_cancelled_list_has_no_mark() {
    let server = server(5);
    let cancellation = egito::CancellationToken::default();
    let client = egito::Client::new(server.settings(&json!({}))).unwrap().with_cancellation(&cancellation);
    let mut mark = None;
    for (is_cancelled, expected) in [(false, true), (true, false)] {
        let list = client.entity("Offer").unwrap().changes().since(mark.clone());
        let mut pages = list.clone().pages().unwrap();
        while let Some(Ok(_)) = pages.next().await {
            if is_cancelled {
                cancellation.cancel();
            }
        }
        assert!(pages.next().await.is_none());
        assert_eq!((pages.mark().is_some(), list.mark().is_some()), (expected, expected));
        mark = list.mark();
        server.control("POST", "clock", &json!({"advance": 86_400}));
        let new = egito::Client::new(server.settings(&json!({}))).unwrap();
        new.entity("Offer").unwrap().update(1, &json!({"number": 1})).await.unwrap();
    }
}

/// A wrong clock must not hide what changes afterwards.
#[test]
fn a_record_of_the_future_hides_no_later_change() {
    let server = server(0);
    let seed = |id: i64, time: &str| json!({"entities": {"Offer": [{"id": id, "lastUpdated": time}]}});
    server.control("POST", "seed", &seed(1, "2099-01-01T00:00:00Z"));
    server.control("POST", "seed", &seed(2, "2020-01-01T00:00:00Z"));
    let offers = offers(&server, &json!({}));
    let mut mark = None;
    assert_eq!(changes(&offers, &mut mark).unwrap().len(), 2);
    let new = offers.create(&json!({"number": 1})).unwrap();
    assert_eq!(ids(&changes(&offers, &mut mark).unwrap()), [new.as_i64().unwrap()]);
}

#[test]
fn numbers_and_responses_work_too() {
    let server = server(0);
    let record = |id: i64| json!({"id": id, "sequence": 1000 + id});
    server.control("POST", "seed", &json!({"entities": {"Offer": (1..=30).map(record).collect::<Vec<_>>()}}));
    let offers = offers(&server, &json!({"page_size": 8}));
    let list = offers.changes().by("sequence").lag(Duration::ZERO).with_response();
    let pages: Vec<_> = list.clone().pages().unwrap().map(Result::unwrap).collect();
    assert_eq!(pages.iter().map(egito::Page::len).sum::<usize>(), 30);
    assert!(pages.iter().all(|page| page.response().is_some_and(|response| response.status == 200)));
    server.control("POST", "seed", &json!({"entities": {"Offer": [record(31)]}}));
    let since = offers.changes().by("sequence").lag(Duration::ZERO).since(list.mark());
    let new: Vec<_> = since.pages().unwrap().map(Result::unwrap).collect();
    assert_eq!((new.len(), new[0].len()), (1, 1));
    assert!(new[0].response().is_none());
}

#[test]
fn nothing_is_missed_while_others_write_and_delete() {
    read_while_others_write(0);
}

/// `scripts/torture.sh changes` runs it with these variables.
#[test]
#[ignore = "takes minutes"]
fn nothing_is_missed_while_others_write_and_delete_for_long() {
    let number = |name: &str, default: u64| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let (first, runs) = (number("EGITO_TORTURE_SEED", 1), number("EGITO_TORTURE_RUNS", 1));
    let begun = Instant::now();
    let (mut lists, mut errors) = (0, 0);
    for seed in first..first + runs {
        let counts = read_while_others_write(seed);
        (lists, errors) = (lists + counts.0, errors + counts.1);
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{runs} seeds from {first}: {lists} lists were complete and {errors} were errors in {seconds:.0} s; nothing was missed"
    );
}

/// Several programs write and delete while two clients read again and again: nothing is missed, and nothing comes twice. Returns the
/// number of lists that were complete, and of those that were an error and were read again.
fn read_while_others_write(seed: u64) -> (u32, u32) {
    let mut rng = fastrand::Rng::with_seed(seed);
    let rows = rng.usize(1..300);
    let server = server(rows);
    if rng.bool() {
        server.control("POST", "config", &json!({"commit_delay_ms": rng.u64(1..40)}));
    }
    let is_done = AtomicBool::new(false);
    let settings = |page_size: u32| json!({"page_size": page_size});
    let page_sizes = [rng.u32(3..12), rng.u32(12..120)];
    let (mut lists, mut errors) = (0, 0);
    let marks: Vec<_> = std::thread::scope(|threads| {
        let readers: Vec<_> = page_sizes
            .map(|page_size| {
                let (offers, is_done) = (offers(&server, &settings(page_size)), &is_done);
                threads.spawn(move || {
                    let (mut reader, mut all) = (Reader::new(offers), Vec::new());
                    while !is_done.load(Ordering::Acquire) {
                        all.extend(reader.read());
                    }
                    all.extend(reader.read()); // no one writes any more
                    (reader, all)
                })
            })
            .into();
        let writers: Vec<_> = (0..rng.u64(1..4))
            .map(|_| {
                let (offers, seed, writes) = (offers(&server, &settings(100)), rng.u64(..), rng.u32(10..150));
                threads.spawn(move || write(&offers, seed, writes, rows))
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        server.control("POST", "config", &json!({"commit_delay_ms": 0}));
        server.control("POST", "clock", &json!({"advance": 1})); // what was written is committed before the next request
        is_done.store(true, Ordering::Release);
        readers.into_iter().map(|reader| reader.join().unwrap()).collect()
    });
    for (Reader { offers, lists: complete, errors: failed, .. }, all) in marks {
        (lists, errors) = (lists + complete, errors + failed);
        let mut times: HashMap<&str, u32> = HashMap::new();
        for record in &all {
            *times.entry(record.json()).or_default() += 1;
        }
        assert!(times.values().all(|&times| times == 1), "seed {seed}: a record came twice");
        for record in offers.list().to_vec().unwrap() {
            assert!(times.contains_key(record.json()), "seed {seed}: missed: {record:?}");
        }
        let known: BTreeSet<String> = all.iter().map(|record| record.id().unwrap().to_string()).collect();
        let known: Vec<RecordId> = known.iter().filter_map(|id| RecordId::from_json(id)).collect();
        let deleted = offers.deleted(&known).unwrap();
        let existing = offers.ids().unwrap();
        assert_eq!(
            known.iter().filter(|id| !existing.contains(id)).collect::<Vec<_>>(),
            deleted.iter().collect::<Vec<_>>()
        );
    }
    (lists, errors)
}

/// A program that reads the changes again and again.
struct Reader {
    offers: egito::blocking::Entity,
    mark: Option<String>,
    lists: u32,
    errors: u32,
}

impl Reader {
    fn new(offers: egito::blocking::Entity) -> Self {
        Self { offers, mark: None, lists: 0, errors: 0 }
    }

    /// Reads the changes. While others write, that can fail: then the next list begins at the same mark.
    fn read(&mut self) -> Vec<Record> {
        loop {
            let list = self.offers.changes().since(self.mark.clone());
            match list.clone().to_vec() {
                Ok(records) => {
                    self.mark = list.mark();
                    self.lists += 1;
                    return records;
                }
                Err(error) => assert_eq!(error.code(), Code::Pagination, "{error}"),
            }
            self.errors += 1;
        }
    }
}

fn write(offers: &egito::blocking::Entity, seed: u64, writes: u32, rows: usize) {
    let mut rng = fastrand::Rng::with_seed(seed);
    for number in 0..writes {
        let id = rng.i64(1..=i64::try_from(rows).unwrap());
        let result = match number % 3 {
            0 => offers.create(&json!({"number": number, "seed": seed})),
            1 => offers.delete(id),
            _ => offers.update(id, &json!({"number": number, "seed": seed})),
        };
        assert!(result.err().is_none_or(|error| error.is_not_found()));
    }
}

#[test]
fn ids_are_read_with_filters_and_in_every_form() {
    let server = server(30);
    let all = offers(&server, &json!({"page_size": 7}));
    assert_eq!(all.ids().unwrap(), (1..=30).map(RecordId::from).collect::<Vec<_>>());
    all.update(3, &json!({"city": "Gdynia"})).unwrap();
    assert_eq!(all.list().filter("city", "Gdynia").ids().unwrap(), [3.into()]);
    assert_eq!(all.list().limit(2).start(5).ids().unwrap(), [6.into(), 7.into()]);
    server.control("POST", "config", &json!({"id_form": "string"}));
    assert_eq!(all.list().limit(2).ids().unwrap(), ["1".into(), "2".into()]);
    server.control("POST", "faults", &json!({"on": {"action": "list"}, "response": {"json": [{"name": "x"}]}}));
    assert_eq!(all.ids().unwrap_err().code(), Code::UnexpectedResponse);
}

#[test]
fn deleted_ids_are_found_and_existing_ones_never() {
    let server = server(300);
    let all = offers(&server, &json!({"page_size": 50}));
    for id in [7, 8, 250] {
        all.delete(id).unwrap();
    }
    let known: Vec<i64> = (1..=300).rev().collect();
    server.control("DELETE", "journal", &json!(null));
    assert_eq!(all.deleted(known.clone()).unwrap(), [250.into(), 8.into(), 7.into()]);
    assert_eq!(
        server.journal("get").len(),
        6,
        "only what the list lacks is requested, and what is not found once more"
    );
    let texts = known.iter().map(|id| RecordId::from(id.to_string()));
    assert_eq!(
        all.deleted(texts.chain(["7".into(), "x".into()])).unwrap(),
        ["250".into(), "8".into(), "7".into(), "x".into()]
    );

    // A list without some of the records.
    let some: Vec<Value> = (10..200).map(|id| json!({"id": id})).collect();
    server.control("POST", "faults", &json!({"on": {"action": "list"}, "response": {"json": some}}));
    server.control("POST", "faults", &json!({"on": {"action": "list"}, "times": 0, "response": {"json": []}}));
    assert_eq!(all.deleted(known).unwrap(), [250.into(), 8.into(), 7.into()]);

    server.control("DELETE", "journal", &json!(null));
    assert_eq!(all.deleted([7, 9, 7]).unwrap(), [7.into()]);
    assert_eq!((server.journal("list").len(), server.journal("get").len()), (1, 3), "a few are requested one by one");
    assert_eq!(all.deleted(Vec::<RecordId>::new()).unwrap(), []);
}

#[test]
fn a_server_that_finds_nothing_at_all_has_not_deleted_everything() {
    let server = server(5);
    let client = Client::new(server.settings(&json!({"max_retries": 0}))).unwrap();
    let offers = client.entity("Offer").unwrap();
    for response in [json!({"status": 404, "body": "<html>"}), json!({"status": 404}), json!({"json": null})] {
        server.control("POST", "faults", &json!({"on": {"action": "get"}, "times": 0, "response": response}));
        server.control("POST", "faults", &json!({"on": {"action": "list"}, "times": 0, "response": response}));
        assert!(offers.deleted([1, 2, 3]).is_err(), "{response}");
        server.control("DELETE", "faults", &json!(null));
    }
    server.control("POST", "faults", &json!({"on": {"action": "get"}, "times": 3, "response": {"status": 404}}));
    assert_eq!(offers.deleted([1, 2, 700]).unwrap(), [700.into()], "the server was not ready for a moment");
}

#[test]
fn a_mark_of_another_server_is_refused() {
    let (one, other) = (server(5), server(5));
    let mut mark = None;
    changes(&offers(&one, &json!({})), &mut mark).unwrap();
    let error = changes(&offers(&other, &json!({})), &mut mark).unwrap_err();
    assert!(error.code() == Code::Config && error.to_string().contains("another server"), "{error}");
}

#[tokio::test]
async fn an_error_is_not_a_deletion() {
    let server = server(5);
    let client = egito::Client::new(server.settings(&json!({"max_retries": 0}))).unwrap();
    let offers = client.entity("Offer").unwrap();
    server.control("POST", "faults", &json!({"on": {"action": "get"}, "times": 1, "response": {"status": 403}}));
    assert_eq!(offers.deleted([1]).await.unwrap_err().code(), Code::Permission);
    assert_eq!(offers.deleted([1]).await.unwrap(), []);
    let ids = egito::binding::ids_from_json(br#"[1, "x", 700]"#).unwrap();
    let deleted = tokio::spawn(async move { offers.deleted(ids).await }).await.unwrap().unwrap();
    assert_eq!(egito::binding::ids_to_json(&deleted), r#"["x",700]"#);
}
