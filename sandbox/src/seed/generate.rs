//! Generates records, the same in every run.

use crate::store::{Key, Query, Store};

const ROOTS: [&str; 12] = [
    "Żubrowisko",
    "Błękitna Łódź",
    "Szósta Wieża",
    "Ćmawiec",
    "Gęśla",
    "Jaźnia",
    "Źródlisko",
    "Wąwozex",
    "Kłosomir",
    "Pięciogwiazd",
    "Świetlikon",
    "Ósmy Ląd",
];
const TRADES: [&str; 8] =
    ["Produkcja", "Handel", "Logistyka", "Budownictwo", "Usługi", "Rolnictwo", "Energetyka", "Informatyka"];
const CITIES: [(&str, &str); 8] = [
    ("Kraków", "małopolskie"),
    ("Łódź", "łódzkie"),
    ("Gdańsk", "pomorskie"),
    ("Wrocław", "dolnośląskie"),
    ("Poznań", "wielkopolskie"),
    ("Rzeszów", "podkarpackie"),
    ("Białystok", "podlaskie"),
    ("Toruń", "kujawsko-pomorskie"),
];
const FIRST_NAMES: [&str; 6] = ["Bożydar", "Świętosława", "Gniewomir", "Dąbrówka", "Ścibor", "Żywia"];
const LAST_NAMES: [&str; 6] = ["Próbny", "Wzorcowicz", "Zmyślony", "Przykładowska", "Testowicz", "Fikcyjna"];
const NOTE: &str = "Rekord wygenerowany do prób: żadna z tych firm nie istnieje. Zażółć gęślą jaźń, a potem zadzwoń \
                    w sprawie oferty i ustal termin spotkania w siedzibie klienta. Płatność przelewem w terminie 14 dni, \
                    dostawa kurierem na adres oddziału.";

/// Adds generated records until the entity has `total` records.
pub(crate) fn fill(store: &mut Store, entity: &str, total: i64) -> rusqlite::Result<()> {
    for _ in store.count(entity, &Query::default())?..total {
        let id = store.next_id(entity)?;
        store.put(entity, &Key::Number(id), &record(entity, id))?;
    }
    Ok(())
}

fn record(entity: &str, id: i64) -> String {
    match entity {
        "Account" => account(id),
        "Contact" | "Lead" => person(id),
        _ => named(entity, id),
    }
}

/// Returns an account of about 1.1 KB, as a real one has.
fn account(id: i64) -> String {
    let (root, trade, (city, region)) = (pick(&ROOTS, id), pick(&TRADES, id / 3), pick(&CITIES, id / 5));
    let (first, last) = (pick(&FIRST_NAMES, id / 2), pick(&LAST_NAMES, id / 7));
    let (date, industry, digits) = (date(id), id / 3 % 8 + 1, id % 10_000_000);
    let (street, employees, cents, is_active) = (id % 200 + 1, id * 7 % 500 + 1, id % 100, id % 10 != 0);
    format!(
        r#"{{"id":{id},"name":"{root} {trade} {id:06} sp. z o.o.","shortName":"{root} {id:06}","type":"firma","nip":"000{digits:07}","regon":"00{digits:07}","krs":"000{digits:07}","phone":"+48 00 {digits:07}","email":"biuro{id}@przyklad.invalid","www":"https://firma{id}.przyklad.invalid","address":{{"street":"ul. Zmyślona {street}","postalCode":"00-{postal:03}","city":"{city}","region":"{region}","country":"Polska"}},"city":"{city}","industry":{{"id":{industry},"name":"{trade}"}},"relationshipType":{{"id":{relation}}},"source":{{"id":{source}}},"owner":{{"id":1,"name":"jan@firma"}},"contactPerson":{{"firstName":"{first}","lastName":"{last}","position":"kierownik działu zakupów"}},"employees":{employees},"revenue":{revenue}.{cents:02},"creditLimit":{limit},"isActive":{is_active},"tags":["próbny","{region}"],"description":"{NOTE}","parent":null,"version":{version},"dateCreated":"{date}","lastUpdated":"{date}"}}"#,
        postal = id % 1000,
        relation = id % 4 + 1,
        source = id % 5 + 1,
        revenue = id * 9_973 % 100_000_000,
        limit = id % 50 * 1000,
        version = id % 4,
    )
}

fn person(id: i64) -> String {
    let (first, last, (city, _)) = (pick(&FIRST_NAMES, id), pick(&LAST_NAMES, id / 6), pick(&CITIES, id));
    let (date, account) = (date(id), id % 20 + 1);
    format!(
        r#"{{"id":{id},"firstName":"{first}","lastName":"{last} {id:06}","email":"osoba{id}@przyklad.invalid","phone":"+48 00 {id:07}","city":"{city}","account":{{"id":{account}}},"version":0,"dateCreated":"{date}","lastUpdated":"{date}"}}"#
    )
}

fn named(entity: &str, id: i64) -> String {
    let (root, date, account, amount) = (pick(&ROOTS, id), date(id), id % 20 + 1, id * 131 % 900_000);
    format!(
        r#"{{"id":{id},"name":"{entity} {root} {id:06}","amount":{amount}.50,"account":{{"id":{account}}},"version":0,"dateCreated":"{date}","lastUpdated":"{date}"}}"#
    )
}

fn pick<T: Copy>(choices: &[T], index: i64) -> T {
    choices[usize::try_from(index).unwrap_or_default() % choices.len()]
}

fn date(id: i64) -> String {
    format!("2024-{:02}-{:02}T{:02}:{:02}:00Z", id % 12 + 1, id % 28 + 1, id % 24, id % 60)
}
