//! The records that the server returns: accounts as a CRM has them, and light ones with five short fields.
//!
//! All names are invented, and no address exists: `.example` is reserved, and no Polish number begins with 00.

use crate::Error;
use crate::random::Random;
use serde::Serialize;

const SEED: u64 = 13;

const COMPANIES: [&str; 8] = [
    "Zmyślona Hurtownia Jeżyn",
    "Bajkowa Spółdzielnia Żółwi",
    "Nieistniejące Zakłady Mgły",
    "Wytwórnia Źdźbeł i Chrząszczy",
    "Księżycowa Piekarnia Śnieżek",
    "Przykładowe Biuro Łąk",
    "Fabryka Ćwierćnut „Gżegżółka”",
    "Pracownia Pomyślnych Wiatrów",
];
const FORMS: [&str; 4] = ["sp. z o.o.", "S.A.", "sp. j.", "s.c."];
const FIRST_NAMES: [&str; 8] =
    ["Żelisława", "Świętopełk", "Dobrożyźń", "Łucjusz", "Gościsława", "Ćwirek", "Mściwoj", "Jagódka"];
const LAST_NAMES: [&str; 8] =
    ["Przykładowska", "Zmyślony", "Niebywała", "Wymyślacz", "Bajkowska", "Testowski", "Próbna", "Wzorcowy"];
const CITIES: [&str; 8] = [
    "Łąkowice Zmyślone",
    "Gżegżółkowo",
    "Nibyświat",
    "Bajkogród",
    "Źdźbłów Wielki",
    "Mgłożyce",
    "Jeżynów",
    "Świetlikowo",
];
const STREETS: [&str; 6] = ["Księżycowa", "Źródlanej Mgły", "Chrząszczowa", "Świetlików", "Jeżynowa", "Żółwia"];
const REGIONS: [&str; 4] = ["zamgielne", "podksiężycowe", "łąkowe", "jeżynowo-świerkowe"];
const INDUSTRIES: [&str; 5] = ["Żywność", "Usługi dla ludności", "Produkcja", "Handel detaliczny", "Ogrodnictwo"];
const SOURCES: [&str; 4] = ["polecenie", "targi", "ogłoszenie", "strona internetowa"];
const POSITIONS: [&str; 4] = ["Kierowniczka działu zakupów", "Właściciel", "Księgowa", "Specjalista ds. świerków"];
const STATUSES: [&str; 4] = ["NEW", "ACTIVE", "ON_HOLD", "LOST"];
const DESCRIPTIONS: [&str; 4] = [
    "Pyta o rabat na żółte świerki; prosi o ofertę „do końca tygodnia” i o dostawę przed południem.",
    "Umowa przedłużona o rok. Płatność przelewem, wysyłka kurierem na adres główny — bez dopłat.",
    "Czeka na korektę faktury.\nDzwonić między 9:00 a 15:00, najlepiej w środę; hasło: \"gżegżółka\".",
    "Poznani na targach w Nibyświecie, zainteresowani stałą współpracą oraz szkoleniem z hodowli chrząszczy.",
];

/// An account with 40 fields, in about 1.1 KB of JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_excessive_bools, reason = "records of a CRM have many flags")]
struct Account {
    id: u32,
    version: u32,
    name: String,
    short_name: &'static str,
    legal_form: &'static str,
    tax_id: String,
    registry_number: Option<String>,
    external_id: Option<String>,
    email: String,
    phone: String,
    mobile: Option<String>,
    fax: Option<String>,
    website: String,
    description: &'static str,
    comment: Option<String>,
    industry: &'static str,
    source: &'static str,
    status: &'static str,
    priority: u32,
    employees: u32,
    revenue: f64,
    credit_limit: f64,
    discount: f64,
    currency: &'static str,
    payment_days: u32,
    active: bool,
    supplier: bool,
    newsletter: bool,
    blocked: bool,
    contact_person: String,
    contact_position: &'static str,
    owner: String,
    owner_id: u32,
    parent_id: Option<u32>,
    last_order: Option<String>,
    next_contact: Option<String>,
    language: &'static str,
    date_created: String,
    last_updated: String,
    address: Address,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Address {
    street: String,
    postal_code: String,
    city: &'static str,
    region: &'static str,
    country: &'static str,
    latitude: f64,
    longitude: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LightAccount {
    id: u32,
    name: &'static str,
    city: &'static str,
    employees: u32,
    date_created: String,
}

/// Returns a number that contestants add up, so that the runner can check that they have read every record.
fn employees(id: u32) -> u32 {
    id * 7919 % 5000 + 1
}

fn account(id: u32, random: &mut Random) -> Account {
    let (company, form) = (random.one_of(&COMPANIES), random.one_of(&FORMS));
    let city = random.one_of(&CITIES);
    let person = |random: &mut Random| format!("{} {}", random.one_of(&FIRST_NAMES), random.one_of(&LAST_NAMES));
    Account {
        id,
        version: random.number(0, 40),
        name: format!("{company} {city} {form}"),
        short_name: company,
        legal_form: form,
        tax_id: format!("000{:07}", random.number(0, 9_999_999)),
        registry_number: random.chance(60).then(|| format!("000{:06}", random.number(0, 999_999))),
        external_id: random.chance(30).then(|| format!("ERP/{:08}", random.number(0, 99_999_999))),
        email: format!("biuro{id}@zmyslona.example"),
        phone: format!("+48 00 {:07}", random.number(0, 9_999_999)),
        mobile: random.chance(40).then(|| format!("+48 00 {:07}", random.number(0, 9_999_999))),
        fax: None,
        website: format!("https://firma{id}.zmyslona.example/"),
        description: random.one_of(&DESCRIPTIONS),
        comment: None,
        industry: random.one_of(&INDUSTRIES),
        source: random.one_of(&SOURCES),
        status: random.one_of(&STATUSES),
        priority: random.number(1, 5),
        employees: employees(id),
        revenue: random.decimal(0, 900_000_000, 100.0),
        credit_limit: random.decimal(0, 50_000_000, 100.0),
        discount: random.decimal(0, 300, 10.0),
        currency: "PLN",
        payment_days: random.number(1, 9) * 7,
        active: random.chance(90),
        supplier: random.chance(20),
        newsletter: random.chance(50),
        blocked: false,
        contact_person: person(random),
        contact_position: random.one_of(&POSITIONS),
        owner: person(random),
        owner_id: random.number(1, 200),
        parent_id: random.chance(10).then(|| random.number(1, 100_000)),
        last_order: random.chance(60).then(|| random.time()),
        next_contact: random.chance(30).then(|| random.date()),
        language: "pl",
        date_created: random.time(),
        last_updated: random.time(),
        address: Address {
            street: format!("ul. {} {}/{}", random.one_of(&STREETS), random.number(1, 200), random.number(1, 60)),
            postal_code: format!("00-{:03}", random.number(0, 999)),
            city,
            region: random.one_of(&REGIONS),
            country: "PL",
            latitude: random.decimal(490_000_000, 548_000_000, 1e7),
            longitude: random.decimal(141_000_000, 241_000_000, 1e7),
        },
    }
}

fn light_account(id: u32, random: &mut Random) -> LightAccount {
    LightAccount {
        id,
        name: random.one_of(&COMPANIES),
        city: random.one_of(&CITIES),
        employees: employees(id),
        date_created: random.time(),
    }
}

/// Records as JSON, separated by commas, with the start of each.
pub struct Records {
    json: Vec<u8>,
    starts: Vec<usize>,
}

impl Records {
    /// Returns the accounts with 40 fields.
    pub fn full(count: u32) -> Result<Self, Error> {
        Self::new(count, account)
    }

    /// Returns the accounts with five fields.
    pub fn light(count: u32) -> Result<Self, Error> {
        Self::new(count, light_account)
    }

    fn new<T: Serialize>(count: u32, record: impl Fn(u32, &mut Random) -> T) -> Result<Self, Error> {
        let mut random = Random::new(SEED);
        let (mut json, mut starts) = (Vec::new(), Vec::new());
        for id in 1..=count {
            starts.push(json.len());
            serde_json::to_writer(&mut json, &record(id, &mut random))?;
            json.push(b',');
        }
        starts.push(json.len());
        Ok(Self { json, starts })
    }

    /// Returns the number of records.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Returns the records from `offset` on, at most `max`, separated by commas; none beyond the last one.
    pub fn slice(&self, offset: usize, max: usize) -> &[u8] {
        let first = offset.min(self.len());
        let end = offset.saturating_add(max).min(self.len());
        if first >= end {
            return &[];
        }
        &self.json[self.starts[first]..self.starts[end] - 1]
    }
}
