//! The SQL of a list. The database reads the fields of records, this code does not.

use std::fmt::Write;

use rusqlite::types::Value;

use super::Key;

/// Filters, order and range of a page.
#[derive(Debug, Default)]
pub(crate) struct Query {
    /// Field (nested ones with dots) and its allowed values. An empty string means null.
    pub filters: Vec<(String, Vec<String>)>,
    pub order: Order,
    pub limit: Option<u64>,
    pub offset: u64,
}

#[derive(Debug, Default)]
pub(crate) enum Order {
    /// In the order of the index.
    #[default]
    Natural,
    Random,
    By {
        field: String,
        descending: bool,
        /// Records with equal values have a new order for each request.
        random_ties: bool,
    },
}

/// The value of a field as a parameter would have it. `->` keeps the digits of numbers.
const FIELD_TEXT: &str = "CASE json_type(body, ?) WHEN 'text' THEN json_extract(body, ?) WHEN 'null' THEN '' ELSE coalesce(body -> ?, '') END";

impl Query {
    pub(super) fn count_sql(&self, entity: &str) -> (String, Vec<Value>) {
        let mut values = vec![Value::Text(entity.to_owned())];
        let condition = self.condition(&mut values);
        (format!("SELECT count(*) FROM records WHERE {condition}"), values)
    }

    /// `before` is the position and id of a known row before the page.
    pub(super) fn page_sql(&self, entity: &str, before: Option<(u64, Key)>) -> (String, Vec<Value>) {
        let mut values = vec![Value::Text(entity.to_owned())];
        let mut condition = self.condition(&mut values);
        let (position, key) = before.unzip();
        if let Some(key) = key {
            condition += " AND id > ?";
            values.push(key.into());
        }
        let order = self.order(&mut values);
        let limit = self.limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(-1);
        values.extend(
            [limit, i64::try_from(self.offset - position.unwrap_or(0)).unwrap_or(i64::MAX)].map(Value::Integer),
        );
        (format!("SELECT body, id FROM records WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?"), values)
    }

    fn condition(&self, values: &mut Vec<Value>) -> String {
        let mut condition = "entity = ?".to_owned();
        for (field, allowed) in &self.filters {
            let placeholders = vec!["?"; allowed.len()].join(", ");
            if field == "id" {
                let _ = write!(condition, " AND id IN ({placeholders})");
                values.extend(allowed.iter().map(|text| Value::from(Key::of(text))));
            } else {
                let _ = write!(condition, " AND {FIELD_TEXT} IN ({placeholders})");
                values.extend(vec![Value::Text(path(field)); 3]);
                values.extend(allowed.iter().cloned().map(Value::Text));
            }
        }
        condition
    }

    fn order(&self, values: &mut Vec<Value>) -> String {
        match &self.order {
            Order::Natural => "id".to_owned(),
            Order::Random => "random()".to_owned(),
            Order::By { field, descending, random_ties } => {
                let direction = if *descending { "DESC" } else { "ASC" };
                if field == "id" {
                    return format!("id {direction}");
                }
                values.push(Value::Text(path(field)));
                let ties = if *random_ties { "random()".to_owned() } else { format!("id {direction}") };
                format!("json_extract(body, ?) {direction}, {ties}")
            }
        }
    }
}

/// `account.id` → `$."account"."id"`
fn path(field: &str) -> String {
    field.split('.').fold("$".to_owned(), |path, name| path + ".\"" + &name.replace('"', "") + "\"")
}
