//! What a list asks for, as SQL. Records are looked into by the database, never here.

use std::fmt::Write;

use rusqlite::types::Value;

use super::Key;

/// Filters, order and place of a page.
#[derive(Debug, Default)]
pub(crate) struct Query {
    /// Field (with dots for what lies deeper) and the values it may have; an empty text stands for null.
    pub filters: Vec<(String, Vec<String>)>,
    pub order: Order,
    pub limit: Option<u64>,
    pub offset: u64,
}

#[derive(Debug, Default)]
pub(crate) enum Order {
    /// As the index has them.
    #[default]
    Natural,
    Random,
    By {
        field: String,
        descending: bool,
    },
}

/// A field's value as the text that a parameter would carry. `->` hands out numbers with their own digits.
const FIELD_TEXT: &str = "CASE json_type(body, ?) WHEN 'text' THEN json_extract(body, ?) WHEN 'null' THEN '' ELSE coalesce(body -> ?, '') END";

impl Query {
    pub(super) fn count_sql(&self, entity: &str) -> (String, Vec<Value>) {
        let mut values = vec![Value::Text(entity.to_owned())];
        let condition = self.condition(&mut values);
        (format!("SELECT count(*) FROM records WHERE {condition}"), values)
    }

    /// `before`: a row that is known to lie before the page, with the number of rows up to it.
    pub(super) fn page_sql(&self, entity: &str, before: Option<(u64, Key)>) -> (String, Vec<Value>) {
        let mut values = vec![Value::Text(entity.to_owned())];
        let mut condition = self.condition(&mut values);
        let (passed, key) = before.unzip();
        if let Some(key) = key {
            condition += " AND id > ?";
            values.push(key.into());
        }
        let order = self.order(&mut values);
        let limit = self.limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(-1);
        values
            .extend([limit, i64::try_from(self.offset - passed.unwrap_or(0)).unwrap_or(i64::MAX)].map(Value::Integer));
        (format!("SELECT body, id FROM records WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?"), values)
    }

    fn condition(&self, values: &mut Vec<Value>) -> String {
        let mut condition = "entity = ?".to_owned();
        for (field, wanted) in &self.filters {
            let places = vec!["?"; wanted.len()].join(", ");
            if field == "id" {
                let _ = write!(condition, " AND id IN ({places})");
                values.extend(wanted.iter().map(|text| Value::from(Key::of(text))));
            } else {
                let _ = write!(condition, " AND {FIELD_TEXT} IN ({places})");
                values.extend(vec![Value::Text(path(field)); 3]);
                values.extend(wanted.iter().cloned().map(Value::Text));
            }
        }
        condition
    }

    fn order(&self, values: &mut Vec<Value>) -> String {
        match &self.order {
            Order::Natural => "id".to_owned(),
            Order::Random => "random()".to_owned(),
            Order::By { field, descending } => {
                let direction = if *descending { "DESC" } else { "ASC" };
                if field == "id" {
                    return format!("id {direction}");
                }
                values.push(Value::Text(path(field)));
                format!("json_extract(body, ?) {direction}, id {direction}")
            }
        }
    }
}

/// `account.id` → `$."account"."id"`
fn path(field: &str) -> String {
    field.split('.').fold("$".to_owned(), |path, name| path + ".\"" + &name.replace('"', "") + "\"")
}
