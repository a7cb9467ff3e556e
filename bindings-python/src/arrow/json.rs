//! Values of columns → JSON, for columns with values of different types.

use super::column::{Column, Data, Mixed, row_range};

/// Writes the value of one row. The row must have a value.
pub(super) fn write_json(column: &Column, row: usize, json: &mut Vec<u8>) {
    match &column.data {
        Data::Null => json.extend_from_slice(b"null"),
        Data::Bool(bools) => json.extend_from_slice(if bools.get_bit(row) { b"true" } else { b"false" }),
        Data::Int(ints) => json.extend_from_slice(ints.values[row].to_string().as_bytes()),
        Data::Float(floats) if floats.whole.get_bit(row) => {
            #[allow(clippy::cast_possible_truncation)] // it was an integer
            let int = floats.values[row] as i64;
            json.extend_from_slice(int.to_string().as_bytes());
        }
        Data::Float(floats) => {
            json.extend_from_slice(serde_json::Value::from(floats.values[row]).to_string().as_bytes());
        }
        Data::Text(texts) => write_string(&String::from_utf8_lossy(texts.get(row)), json),
        Data::Mixed(Mixed { texts, plain }) if plain.get_bit(row) => {
            write_string(&String::from_utf8_lossy(texts.get(row)), json);
        }
        Data::Digits(texts) | Data::Mixed(Mixed { texts, .. }) => json.extend_from_slice(texts.get(row)),
        Data::Struct(fields) => {
            json.push(b'{');
            let mut first = true;
            for (name, column) in
                fields.names.iter().zip(&fields.columns).filter(|(_, column)| column.valid.get_bit(row))
            {
                separate(&mut first, json);
                write_string(name, json);
                json.push(b':');
                write_json(column, row, json);
            }
            json.push(b'}');
        }
        Data::List(items) => {
            json.push(b'[');
            let mut first = true;
            for row in row_range(&items.ends, row) {
                separate(&mut first, json);
                if items.item.valid.get_bit(row) {
                    write_json(&items.item, row, json);
                } else {
                    json.extend_from_slice(b"null");
                }
            }
            json.push(b']');
        }
    }
}

/// Writes a string in quotes.
fn write_string(text: &str, json: &mut Vec<u8>) {
    json.extend_from_slice(serde_json::Value::from(text).to_string().as_bytes());
}

fn separate(first: &mut bool, json: &mut Vec<u8>) {
    if !std::mem::take(first) {
        json.push(b',');
    }
}
