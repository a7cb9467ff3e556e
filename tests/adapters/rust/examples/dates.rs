//! Writes dates in the types of a crate, reads them back and prints them. Arguments: the crate, then see `test_grails_dates.py`.

use std::error::Error;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use egito::blocking::Client;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json, to_value};
use time::OffsetDateTime;
use time::macros::format_description;

#[derive(Deserialize)]
struct Offer {
    point: Timestamp,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let (zone, client) = (TimeZone::get(&arguments[2])?, Client::from_env()?);
    let offers = client.entity("Offer")?;
    for one in &arguments[3..] {
        let (kind, text) = one.split_once(':').ok_or("an argument has no colon")?;
        let point = if kind == "day" { day(&arguments[1], text)? } else { moment(&arguments[1], text.parse()?)? };
        let id = offers.create(&json!({ "point": point }))?;
        let Offer { point: read } = offers.get(&id)?.deserialize()?;
        match kind {
            "day" => println!("{}", read.to_zoned(zone.clone()).date()),
            _ => println!("{}", read.as_second()),
        }
    }
    Ok(())
}

/// Returns a point in time as a program sends it.
fn moment(crate_name: &str, seconds: i64) -> Result<Value, Box<dyn Error>> {
    let chrono = DateTime::<Utc>::from_timestamp(seconds, 0).ok_or("not a point in time")?;
    Ok(match crate_name {
        "chrono" => chrono.to_rfc3339_opts(SecondsFormat::Millis, true).into(),
        "time" => {
            let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
            OffsetDateTime::from_unix_timestamp(seconds)?.format(&format)?.into()
        }
        "jiff" => format!("{:.3}", Timestamp::from_second(seconds)?).into(),
        "chrono-serde" => to_value(chrono)?,
        "jiff-serde" => to_value(Timestamp::from_second(seconds)?)?,
        other => return Err(format!("no such crate: {other}").into()),
    })
}

/// Returns a day without a time, as serde writes it.
fn day(crate_name: &str, text: &str) -> Result<Value, Box<dyn Error>> {
    Ok(match crate_name {
        "jiff" | "jiff-serde" => to_value(text.parse::<jiff::civil::Date>()?)?,
        _ => to_value(text.parse::<NaiveDate>()?)?,
    })
}
