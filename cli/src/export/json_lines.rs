//! JSON lines: each record is one line, as the server sent it.

use super::error::ExportError;
use super::target::Target;
use egito::Record;
use std::io::Write;

/// Writes a record as one line. A line break between two tokens becomes a space.
pub(crate) fn write_record(target: &mut impl Write, record: &Record) -> Result<(), ExportError> {
    let json = record.json();
    if json.contains(['\n', '\r']) {
        target.write_all(json.replace(['\n', '\r'], " ").as_bytes())?;
    } else {
        target.write_all(json.as_bytes())?;
    }
    Ok(target.write_all(b"\n")?)
}

/// Writes the given fields of a record as one line.
pub(crate) fn write_fields(target: &mut impl Write, record: &Record, fields: &[String]) -> Result<(), ExportError> {
    for (place, field) in fields.iter().enumerate() {
        target.write_all(if place == 0 { b"{" } else { b"," })?;
        serde_json::to_writer(&mut *target, field)?;
        let value = record.raw(field).unwrap_or("null").replace(['\n', '\r'], " ");
        write!(target, ":{value}")?;
    }
    Ok(target.write_all(b"}\n")?)
}

/// A target whose lines are written in larger pieces.
pub(crate) type Lines = std::io::BufWriter<Target>;
