//! The fields of a record on the command line: `FIELD=TEXT`, `FIELD:=JSON`, or a JSON file.

use crate::context::Context;
use crate::failure::Failure;
use crate::messages::{Language, messages};
use clap::Args;
use egito::Record;
use std::fmt::Write;
use std::io::Read;
use std::path::{Path, PathBuf};

messages! {
    no_assignment(given: &str)
        "invalid field {given:?}: expected FIELD=TEXT or FIELD:=JSON, such as city=Kraków or employees:=12"
        "nieprawidłowe pole {given:?}: oczekiwano POLE=TEKST lub POLE:=JSON, na przykład city=Kraków lub employees:=12";
    no_field_name(given: &str)
        "invalid field {given:?}: the name before `=` is empty"
        "nieprawidłowe pole {given:?}: nazwa przed `=` jest pusta";
    invalid_json(name: &str, why: &str)
        "invalid JSON of the field `{name}`: {why}; write `{name}=…` for a text"
        "nieprawidłowy JSON pola `{name}`: {why}; dla tekstu napisz `{name}=…`";
    given_twice(name: &str)
        "the field `{name}` is given twice"
        "pole `{name}` podano dwa razy";
    no_fields()
        "no fields: give FIELD=TEXT or FIELD:=JSON, or a JSON object with `--file`"
        "brak pól: podaj POLE=TEKST lub POLE:=JSON albo obiekt JSON opcją `--file`";
    many_records(why: &str)
        "{why}. For many records use `egito import`"
        "{why}. Wiele rekordów przyjmuje `egito import`";
}

/// The fields of a record.
#[derive(Args, Debug)]
pub struct Fields {
    /// Fields: `city=Kraków` is a text, `employees:=12` is JSON; `address.city=Kraków` is a field of an object
    #[arg(value_name = "FIELD=TEXT | FIELD:=JSON")]
    values: Vec<String>,
    /// File with the record as a JSON object; `-` reads it from stdin
    #[arg(short, long, value_name = "FILE", conflicts_with = "values")]
    file: Option<PathBuf>,
}

impl Fields {
    /// Returns the record. Fails if no field is given.
    pub fn record(&self, context: &Context) -> Result<Record, Failure> {
        if self.values.is_empty() && self.file.is_none() {
            return Err(Failure::Usage(context.language.no_fields()));
        }
        self.record_or_empty(context)
    }

    /// Returns the record, which is an empty object if no field is given.
    pub fn record_or_empty(&self, context: &Context) -> Result<Record, Failure> {
        let json = match &self.file {
            Some(path) => read(path, context)?,
            None => from_values(&self.values, context.language)?.into_bytes(),
        };
        let is_list = json.trim_ascii_start().starts_with(b"[");
        Record::from_bytes(json).map_err(|error| {
            let message = error.to_string();
            Failure::Usage(if is_list { context.language.many_records(&message) } else { message })
        })
    }
}

fn read(path: &Path, context: &Context) -> Result<Vec<u8>, Failure> {
    if path.as_os_str() != "-" {
        return std::fs::read(path).map_err(|error| Failure::reading(context.language, path.display(), &error));
    }
    let mut json = Vec::new();
    let read = context.interrupts.while_idle(|| std::io::stdin().lock().read_to_end(&mut json));
    read.map(|_| json).map_err(|error| Failure::reading(context.language, "stdin", &error))
}

/// A value of the record: JSON text, so that numbers keep their digits, or an object that further fields are added to.
#[derive(Debug)]
enum Node {
    Json(String),
    Object(Vec<(String, Node)>),
}

fn from_values(values: &[String], language: Language) -> Result<String, Failure> {
    let mut record = Vec::new();
    for given in values {
        let (name, value) = value(given, language)?;
        let path = names(name);
        if path.iter().any(String::is_empty) {
            return Err(Failure::Usage(language.no_field_name(given)));
        }
        if !insert(&mut record, &path, Node::Json(value)) {
            return Err(Failure::Usage(language.given_twice(name)));
        }
    }
    let mut json = String::new();
    write(&mut json, &Node::Object(record));
    Ok(json)
}

/// Splits `FIELD=TEXT` and `FIELD:=JSON` into the name and the JSON text of the value.
fn value(given: &str, language: Language) -> Result<(&str, String), Failure> {
    let Some((name, text)) = given.split_once('=') else {
        return Err(Failure::Usage(language.no_assignment(given)));
    };
    let Some(name) = name.strip_suffix(':') else {
        return Ok((name, serde_json::Value::from(text).to_string()));
    };
    // Only checked: a number keeps its digits.
    match serde_json::from_str::<&serde_json::value::RawValue>(text) {
        Ok(json) => Ok((name, json.get().to_owned())),
        Err(error) => Err(Failure::Usage(language.invalid_json(name, &error.to_string()))),
    }
}

/// Splits a path such as `address.city`; `\.` is a dot of a name.
fn names(path: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut chars = path.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '.' => names.push(String::new()),
            c => {
                let escaped = (c == '\\').then(|| chars.next_if(|next| matches!(next, '.' | '\\'))).flatten();
                names.last_mut().expect("it starts with one name").push(escaped.unwrap_or(c));
            }
        }
    }
    names
}

/// Adds a value. Returns false if there is already a value at this path.
fn insert(members: &mut Vec<(String, Node)>, path: &[String], value: Node) -> bool {
    let Some((name, rest)) = path.split_first() else { return false };
    let known = members.iter_mut().find(|(member, _)| member == name).map(|(_, node)| node);
    match (known, rest) {
        (None, []) => members.push((name.clone(), value)),
        (Some(_), []) | (Some(Node::Json(_)), _) => return false,
        (Some(Node::Object(inner)), rest) => return insert(inner, rest, value),
        (None, rest) => {
            let mut inner = Vec::new();
            let added = insert(&mut inner, rest, value);
            members.push((name.clone(), Node::Object(inner)));
            return added;
        }
    }
    true
}

fn write(json: &mut String, node: &Node) {
    match node {
        Node::Json(text) => json.push_str(text),
        Node::Object(members) => {
            for (index, (name, value)) in members.iter().enumerate() {
                let start = if index == 0 { '{' } else { ',' };
                let _ = write!(json, "{start}{}:", serde_json::Value::from(name.as_str()));
                write(json, value);
            }
            json.push_str(if members.is_empty() { "{}" } else { "}" });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(values: &[&str]) -> Result<String, String> {
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        from_values(&values, Language::English).map_err(|failure| match failure {
            Failure::Usage(message) => message,
            other => format!("{other:?}"),
        })
    }

    #[test]
    fn a_value_is_a_text_or_json() {
        let given = ["nip=0012", "note=a=b", "empty=", "n:=12345678901234567890.10", "list:=[1, \"2\"]", "x:=null"];
        assert_eq!(
            json(&given).unwrap(),
            r#"{"nip":"0012","note":"a=b","empty":"","n":12345678901234567890.10,"list":[1, "2"],"x":null}"#
        );
    }

    #[test]
    fn a_dot_is_a_field_of_an_object() {
        let given = ["address.city=Łódź", "name=Żubr", "address.geo.lat:=51.7", r"v1\.2=x"];
        assert_eq!(json(&given).unwrap(), r#"{"address":{"city":"Łódź","geo":{"lat":51.7}},"name":"Żubr","v1.2":"x"}"#);
    }

    #[test]
    fn an_error_says_what_was_expected() {
        assert!(json(&["city"]).unwrap_err().starts_with("invalid field \"city\": expected FIELD=TEXT or FIELD:=JSON"));
        assert!(json(&["=x"]).unwrap_err().contains("the name before `=` is empty"));
        assert!(json(&["n:=007"]).unwrap_err().contains("write `n=…` for a text"));
        assert_eq!(json(&["a=1", "a=2"]).unwrap_err(), "the field `a` is given twice");
        assert_eq!(json(&["a=1", "a.b=2"]).unwrap_err(), "the field `a.b` is given twice");
        assert_eq!(json(&["a.b=1", "a=2"]).unwrap_err(), "the field `a` is given twice");
    }
}
