//! JSON lines: each line is a record, whose values are sent as they are.

use super::Rows;
use super::text_file::TextFile;
use crate::import::cell::{Cell, Row, RowDamage};
use crate::import::error::ImportError;
use crate::members::Members;
use std::collections::{HashMap, HashSet};
use std::io::BufRead;

/// Returns the names of all members of all records.
pub(super) fn header(text: &TextFile) -> Result<Vec<String>, ImportError> {
    let (mut names, mut seen) = (Vec::new(), HashSet::new());
    for line in text.reader()?.lines() {
        let line = line?;
        let Ok(Members(members)) = serde_json::from_str(&line) else { continue };
        for (name, _) in members {
            if seen.insert(name.clone()) {
                names.push(name);
            }
        }
    }
    Ok(names)
}

/// Reads the records as rows.
pub(super) fn rows(text: &TextFile, header: &[String]) -> Result<Rows, ImportError> {
    let places: HashMap<String, usize> = header.iter().cloned().zip(0..).collect();
    let lines = (1..).zip(text.reader()?.lines());
    Ok(Box::new(lines.map(move |(line, text)| {
        let text = text?;
        let mut cells = vec![Cell::Empty; places.len()];
        if text.trim().is_empty() {
            return Ok(Row { line, cells, damage: None });
        }
        let Ok(Members(members)) = serde_json::from_str::<Members>(&text) else {
            return Ok(Row { line, cells: vec![Cell::Text(text)], damage: Some(RowDamage::NotAnObject) });
        };
        for (name, value) in members {
            if let Some(&place) = places.get(&name) {
                cells[place] = Cell::Json(value.to_owned());
            }
        }
        Ok(Row { line, cells, damage: None })
    })))
}
