//! What a list is asked for: filters, order, page size.

use crate::error::{Error, Result};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// The options of one list, in the form in which the bindings hand them over.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ListOptions {
    pub filters: Filters,
    pub sort: Option<String>,
    pub order: Option<String>,
    #[serde(alias = "pageSize")]
    pub page_size: Option<u32>,
}

/// Names and values that go into the query as they are.
#[derive(Clone, Debug, Default)]
pub(super) struct Filters(pub Vec<(String, String)>);

impl ListOptions {
    pub(super) fn from_json(json: &[u8]) -> Result<Self> {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        serde_path_to_error::deserialize(&mut deserializer).map_err(|e| {
            let option = e.path().to_string();
            Error::config(&option, format!("the list's option `{option}` is wrong: {}", e.inner()))
        })
    }

    /// The query's pairs that say which records, in which order.
    pub(super) fn selection(&self, default_sort: &str, sort_param: &str, order_param: &str) -> Vec<(String, String)> {
        let mut pairs = self.filters.0.clone();
        // Without an order a server may give rows in any order, and pages then overlap.
        let sort = self.sort.as_deref().unwrap_or(default_sort);
        if !sort.is_empty() {
            let order = self.order.as_deref().unwrap_or("asc");
            pairs.extend([(sort_param.to_owned(), sort.to_owned()), (order_param.to_owned(), order.to_owned())]);
        }
        pairs
    }

    pub(super) fn check(&self) -> Result<()> {
        if let Some(order) = self.order.as_deref().filter(|order| !matches!(*order, "asc" | "desc")) {
            return Err(Error::config("order", format!("`order` is \"asc\" or \"desc\", not \"{order}\"")));
        }
        if self.page_size == Some(0) {
            return Err(Error::config("page_size", "`page_size` must be at least 1"));
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Filters {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Pairs;
        impl<'de> serde::de::Visitor<'de> for Pairs {
            type Value = Filters;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of names and values")
            }

            fn visit_map<M: serde::de::MapAccess<'de>>(self, mut map: M) -> std::result::Result<Filters, M::Error> {
                let mut pairs = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    pairs.push((name, as_parameter(&value).map_err(serde::de::Error::custom)?));
                }
                Ok(Filters(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// The members of an object as pairs of a query, for actions that are called with GET.
pub(crate) fn query_pairs(params: &RawValue) -> Result<Vec<(String, String)>> {
    let Filters(pairs) = serde_json::from_str(params.get())
        .map_err(|e| Error::config("params", format!("these cannot go into a query: {e}")))?;
    Ok(pairs)
}

/// A value as it stands in a query. Numbers keep their digits.
fn as_parameter(json: &RawValue) -> std::result::Result<String, &'static str> {
    match serde_json::from_str(json.get()) {
        Ok(Value::String(text)) => Ok(text),
        Ok(Value::Number(_) | Value::Bool(_)) => Ok(json.get().to_owned()),
        _ => Err("a filter's value is a text, a number or a boolean"),
    }
}
