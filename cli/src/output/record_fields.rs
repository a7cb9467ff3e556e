//! The fields of one record, one on each line.

use super::json_text::one_line;
use super::value::{printable, text};
use crate::members::Members;
use console::{measure_text_width, pad_str};
use egito::Record;

/// Fields of a record with the JSON text of their values.
#[derive(Debug)]
pub struct RecordFields(Vec<(String, String)>);

impl RecordFields {
    /// Returns the fields that were asked for; all without `asked`.
    pub fn new(record: &Record, asked: Option<&[String]>) -> Self {
        let value = |field: &String| (field.clone(), one_line(record.raw(field).unwrap_or("null")).into_owned());
        Self(match asked {
            Some(fields) => fields.iter().map(value).collect(),
            None => all(record),
        })
    }

    /// Returns one JSON object.
    pub fn to_json(&self) -> String {
        let members = self.0.iter().map(|(name, json)| format!("{}:{json}", serde_json::Value::from(name.as_str())));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }

    /// Returns a line for each field, its value not cut.
    pub fn to_text(&self) -> String {
        let names: Vec<String> = self.0.iter().map(|(name, _)| printable(name)).collect();
        let width = names.iter().map(|name| measure_text_width(name)).max().unwrap_or(0);
        let line = |(name, (_, json)): (&String, &(String, String))| {
            let line = format!("{}  {}", pad_str(name, width, console::Alignment::Left, None), text(json));
            line.trim_end().to_owned() + "\n"
        };
        names.iter().zip(&self.0).map(line).collect()
    }
}

fn all(record: &Record) -> Vec<(String, String)> {
    let Members(members) = serde_json::from_str(record.json()).unwrap_or(Members(Vec::new()));
    members.into_iter().map(|(name, value)| (name, one_line(value.get()).into_owned())).collect()
}
