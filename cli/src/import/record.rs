//! Makes the record of a row.

use super::cell::{Cell, Row};
use super::dates::{self, DateOrder};
use super::mapping::{CellType, Empty};
use super::numbers;
use super::problem::RowProblem;
use super::rules::{Reason, Rule};
use jiff::tz::TimeZone;
use serde_json::value::{RawValue, to_raw_value};
use std::fmt::Write;

/// From here on a spreadsheet has replaced digits of a number by zeros.
const SPREADSHEET_LIMIT: f64 = 1e15;

/// The fields of a record, each with its JSON.
pub(crate) type Fields<'a> = Vec<(&'a str, String)>;

/// Returns the fields that a row has. Fields of empty cells are left out, or null.
pub(crate) fn fields<'a>(rules: &'a [Rule], row: &Row, zone: Option<&TimeZone>) -> Result<Fields<'a>, RowProblem> {
    if let Some(damage) = row.damage {
        return Err(RowProblem::Damage(damage));
    }
    let mut fields = Vec::with_capacity(rules.len());
    for rule in rules {
        let cell = row.cells.get(rule.column).unwrap_or(&Cell::Empty);
        if !cell.is_empty() {
            fields.push((rule.field.as_str(), json(rule, cell, zone)?));
        } else if rule.empty == Empty::Null {
            fields.push((rule.field.as_str(), "null".to_owned()));
        }
    }
    Ok(fields)
}

/// Writes a record. A path such as `account.id` becomes a nested object.
pub(crate) fn to_json(fields: &[(&str, String)]) -> Box<RawValue> {
    let mut root = Node::default();
    for (path, json) in fields {
        root.insert(path, json);
    }
    let mut text = String::new();
    root.write(&mut text);
    RawValue::from_string(text).expect("each value is JSON, and the names are escaped")
}

/// An object with nested objects.
#[derive(Default)]
struct Node<'a> {
    members: Vec<(&'a str, Member<'a>)>,
}

enum Member<'a> {
    Value(&'a str),
    Object(Node<'a>),
}

impl<'a> Node<'a> {
    fn insert(&mut self, path: &'a str, json: &'a str) {
        let Some((name, rest)) = path.split_once('.') else {
            self.members.push((path, Member::Value(json)));
            return;
        };
        let place =
            self.members.iter().position(|(other, member)| *other == name && matches!(member, Member::Object(_)));
        let place = place.unwrap_or_else(|| {
            self.members.push((name, Member::Object(Node::default())));
            self.members.len() - 1
        });
        if let Member::Object(object) = &mut self.members[place].1 {
            object.insert(rest, json);
        }
    }

    fn write(&self, text: &mut String) {
        text.push('{');
        for (place, (name, member)) in self.members.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            let _ = write!(text, "{comma}{}:", string(name)); // a String takes everything
            match member {
                Member::Value(json) => text.push_str(json),
                Member::Object(object) => object.write(text),
            }
        }
        text.push('}');
    }
}

fn json(rule: &Rule, cell: &Cell, zone: Option<&TimeZone>) -> Result<String, RowProblem> {
    if let Cell::Error(text) = cell {
        return Err(RowProblem::SpreadsheetError { column: rule.name.clone(), text: text.clone() });
    }
    if let Cell::Formula(text) = cell {
        return Err(RowProblem::FormulaWithoutValue { column: rule.name.clone(), text: text.clone() });
    }
    if has_lost_digits(rule, cell) {
        return Err(problem(rule, cell, |column, text| RowProblem::DigitsLost { column, text }));
    }
    match rule.kind {
        CellType::Text => Ok(text(cell)),
        CellType::Number => number(rule, cell)
            .ok_or_else(|| problem(rule, cell, |column, text| RowProblem::NotANumber { column, text })),
        CellType::Bool => {
            boolean(cell).ok_or_else(|| problem(rule, cell, |column, text| RowProblem::NotABool { column, text }))
        }
        CellType::Date => date(rule, cell, zone)
            .ok_or_else(|| problem(rule, cell, |column, text| RowProblem::NotADate { column, text })),
        CellType::Json => {
            any_json(cell).ok_or_else(|| problem(rule, cell, |column, text| RowProblem::NotJson { column, text }))
        }
    }
}

fn problem(rule: &Rule, cell: &Cell, kind: impl FnOnce(String, String) -> RowProblem) -> RowProblem {
    kind(rule.name.clone(), cell.text().to_owned())
}

/// Returns whether a spreadsheet has damaged the value: `5.25E+09`, or a number of more than 15 digits.
fn has_lost_digits(rule: &Rule, cell: &Cell) -> bool {
    match cell {
        Cell::Number(number) => number.parse::<f64>().is_ok_and(|number| number.abs() >= SPREADSHEET_LIMIT),
        Cell::Text(text) => rule.reason != Reason::Mapping && rule.kind != CellType::Json && is_scientific(text.trim()),
        _ => false,
    }
}

fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once("E+") else { return false };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once([',', '.']).unwrap_or((mantissa, "0"));
    is_digits(exponent) && is_digits(fraction) && is_digits(whole) && whole.len() == 1
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Json(json) if json.get().starts_with('"') || json.get() == "null" => json.get().to_owned(),
        cell => string(cell.text()),
    }
}

fn number(rule: &Rule, cell: &Cell) -> Option<String> {
    match cell {
        Cell::Number(number) => Some(number.clone()),
        Cell::Text(text) => numbers::to_json(text, rule.decimal),
        Cell::Json(json) => Some(json.get().to_owned()),
        _ => None,
    }
}

fn boolean(cell: &Cell) -> Option<String> {
    let value = match cell {
        Cell::Bool(value) => *value,
        Cell::Json(json) => return Some(json.get().to_owned()),
        cell => match cell.text().trim().to_lowercase().as_str() {
            "true" | "tak" | "yes" | "t" | "y" | "1" | "prawda" => true,
            "false" | "nie" | "no" | "n" | "0" | "fałsz" => false,
            _ => return None,
        },
    };
    Some(value.to_string())
}

fn date(rule: &Rule, cell: &Cell, zone: Option<&TimeZone>) -> Option<String> {
    let time = match cell {
        Cell::Time(text) => dates::to_server(text, DateOrder::Ymd, zone)?,
        Cell::Text(text) => dates::to_server(text, rule.order, zone)?,
        Cell::Json(json) => return Some(json.get().to_owned()),
        _ => return None,
    };
    Some(string(&time))
}

fn any_json(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Json(json) => Some(json.get().to_owned()),
        Cell::Number(number) => Some(number.clone()),
        Cell::Bool(value) => Some(value.to_string()),
        cell => serde_json::from_str::<&RawValue>(cell.text()).ok().map(|json| json.get().to_owned()),
    }
}

fn string(text: &str) -> String {
    to_raw_value(text).expect("a string is JSON").get().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(kind: CellType) -> Rule {
        let (name, field) = ("Kolumna".to_owned(), "field".to_owned());
        Rule {
            column: 0,
            name,
            field,
            kind,
            decimal: ',',
            order: DateOrder::Dmy,
            empty: Empty::Omit,
            reason: Reason::Records,
        }
    }

    fn sent(kind: CellType, cell: &Cell) -> Option<String> {
        json(&rule(kind), cell, None).ok()
    }

    #[test]
    fn cells_become_values_of_their_type() {
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(sent(CellType::Text, &text("0012345678")).unwrap(), r#""0012345678""#);
        assert_eq!(sent(CellType::Text, &Cell::Number("5250001009".into())).unwrap(), r#""5250001009""#);
        assert_eq!(sent(CellType::Number, &text("1 234,50")).unwrap(), "1234.50");
        assert_eq!(sent(CellType::Bool, &text("TAK")).unwrap(), "true");
        assert_eq!(sent(CellType::Date, &text("31.12.2026")).unwrap(), r#""2026-12-31""#);
        assert_eq!(sent(CellType::Text, &text("5,25E+09")), None);
        assert_eq!(sent(CellType::Text, &Cell::Number("12345678901234500000".into())), None);
        assert_eq!(sent(CellType::Number, &text("brak")), None);
        assert_eq!(sent(CellType::Text, &Cell::Error("#N/A".into())), None);
    }

    #[test]
    fn paths_become_nested_objects() {
        let fields =
            [("name", r#""Żubr""#.to_owned()), ("account.id", "5".to_owned()), ("account.owner.id", "7".to_owned())];
        assert_eq!(to_json(&fields).get(), r#"{"name":"Żubr","account":{"id":5,"owner":{"id":7}}}"#);
    }
}
