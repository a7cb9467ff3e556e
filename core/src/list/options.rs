//! What a list is asked for: filters, order, range, page size.

use super::option_hints;
use super::row_range::RowRange;
use crate::error::{Error, Result};
use crate::json::{Members, plain_text};
use crate::options;
use crate::settings::Settings;
use serde::Deserialize;
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
    pub limit: Option<u64>,
    pub start: Option<u64>,
}

/// Names and values that go into the query as they are. A name with several values stands there as often.
#[derive(Clone, Debug, Default)]
pub(super) struct Filters(pub Vec<(String, String)>);

impl ListOptions {
    pub(super) fn from_json(json: &[u8]) -> Result<Self> {
        options::read("list", json).map_err(option_hints::add_hint)
    }

    /// The query's pairs that say which records, in which order.
    pub(super) fn selection(&self, default_sort: &str, sort_param: &str, order_param: &str) -> Vec<(String, String)> {
        let mut pairs = self.filters.0.clone();
        // Without an order a server may give rows in any order, and pages then overlap.
        let (sort, order) = self.order_by(default_sort);
        if !sort.is_empty() {
            pairs.extend([(sort_param.to_owned(), sort.to_owned()), (order_param.to_owned(), order.to_owned())]);
        }
        pairs
    }

    /// Whether rows are asked for in an order.
    pub(super) fn is_sorted(&self, default_sort: &str) -> bool {
        !self.order_by(default_sort).0.is_empty()
    }

    /// Whether rows are asked for by ascending id.
    pub(super) fn is_by_id(&self, default_sort: &str) -> bool {
        self.order_by(default_sort) == ("id", "asc")
    }

    fn order_by<'a>(&'a self, default_sort: &'a str) -> (&'a str, &'a str) {
        (self.sort.as_deref().unwrap_or(default_sort), self.order.as_deref().unwrap_or("asc"))
    }

    /// The rows that are wanted.
    pub(super) fn range(&self) -> RowRange {
        RowRange::new(self.start.unwrap_or(0), self.limit)
    }

    pub(super) fn page_size(&self, settings: &Settings) -> u32 {
        self.page_size.unwrap_or(settings.page_size)
    }

    pub(super) fn check(&self, settings: &Settings) -> Result<()> {
        if let Some(order) = self.order.as_deref().filter(|order| !matches!(*order, "asc" | "desc")) {
            return Err(Error::config("order", format!("`order` is \"asc\" or \"desc\", not \"{order}\"")));
        }
        let own = [&settings.limit_param, &settings.offset_param, &settings.sort_param, &settings.order_param];
        if let Some((name, _)) = self.filters.0.iter().find(|(name, _)| own.contains(&name)) {
            let instead = "use the list's own `page_size`, `limit`, `start`, `sort` and `order`";
            return Err(Error::config(name, format!("`{name}` is no filter; {instead}")));
        }
        self.filters.check()?;
        let page_size = self.page_size(settings);
        if page_size == 0 {
            return Err(Error::config("page_size", "`page_size` must be at least 1"));
        }
        if let Some(overlap) = settings.page_overlap.filter(|&overlap| overlap >= page_size) {
            let message = format!("`page_overlap` ({overlap}) must be less than `page_size` ({page_size})");
            return Err(Error::config("page_overlap", message));
        }
        Ok(())
    }
}

impl Filters {
    /// A server may ignore a filter without a value, and send every record.
    fn check(&self) -> Result<()> {
        for (name, value) in &self.0 {
            if name.trim().is_empty() {
                return Err(Error::config("filters", "a filter has an empty name; leave it out, or name the field"));
            }
            if value.trim().is_empty() {
                let message = format!(
                    "the filter `{name}` is empty; a server may ignore it and send every record, so leave it out or give a value"
                );
                return Err(Error::config(name, message));
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Filters {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let Members(members) = Members::deserialize(deserializer)?;
        let mut pairs = Vec::with_capacity(members.len());
        for (name, value) in members {
            let texts = texts(value).ok_or_else(|| {
                let expected = "expected a string, a number, a boolean or a list of them";
                serde::de::Error::custom(format!("{expected} for `{name}`"))
            })?;
            pairs.extend(texts.into_iter().map(|text| (name.clone(), text)));
        }
        Ok(Self(pairs))
    }
}

/// The values of a filter. An empty list is one empty value, which is refused like any.
fn texts(value: &RawValue) -> Option<Vec<String>> {
    if !value.get().starts_with('[') {
        return plain_text(value).map(|text| vec![text]);
    }
    let values: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
    if values.is_empty() {
        return Some(vec![String::new()]);
    }
    values.into_iter().map(plain_text).collect()
}
