//! The options of a list: filters, order, range, page size.

use super::changes::{ChangesOptions, Origin};
use super::option_hints;
use super::row_range::RowRange;
use crate::blank::is_blank;
use crate::error::{Error, Result};
use crate::json::{Members, plain_text};
use crate::options;
use crate::settings::Settings;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// The options of one list. The bindings pass them as a JSON object.
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
    /// The options of a list of changes, as the bindings pass them.
    #[serde(rename = "changes")]
    changes_json: Option<Value>,
    #[serde(skip)]
    pub changes: Option<ChangesOptions>,
}

/// Names and values that are sent unchanged in the query. A name with several values is sent once for each value.
#[derive(Clone, Debug, Default)]
pub(super) struct Filters(pub Vec<(String, String)>);

impl ListOptions {
    pub(super) fn from_json(json: &[u8]) -> Result<Self> {
        let mut options: Self = options::read("list", json).map_err(option_hints::add_hint)?;
        let changes = options.changes_json.take().map(|json| ChangesOptions::from_json(json.to_string().as_bytes()));
        options.changes = changes.transpose()?;
        Ok(options)
    }

    /// Returns the parameters that select and sort the records.
    pub(super) fn selection(&self, default_sort: &str, sort_param: &str, order_param: &str) -> Vec<(String, String)> {
        let mut pairs = self.filters.0.clone();
        // Without a sort, a server may return rows in another order for each page, and pages then share rows.
        let (sort, order) = self.order_by(default_sort);
        if !sort.is_empty() {
            pairs.extend([(sort_param.to_owned(), sort.to_owned()), (order_param.to_owned(), order.to_owned())]);
        }
        pairs
    }

    /// Returns the field that the server is asked to sort by; empty if it is not asked.
    pub(super) fn sort_field<'a>(&'a self, default_sort: &'a str) -> &'a str {
        self.order_by(default_sort).0
    }

    /// Returns whether the server is asked for ascending ids.
    pub(super) fn is_by_id(&self, default_sort: &str) -> bool {
        self.order_by(default_sort) == ("id", "asc")
    }

    fn order_by<'a>(&'a self, default_sort: &'a str) -> (&'a str, &'a str) {
        if let Some(changes) = &self.changes {
            return (&changes.by, "desc");
        }
        (self.sort.as_deref().unwrap_or(default_sort), self.order.as_deref().unwrap_or("asc"))
    }

    /// Returns the requested part of the list.
    pub(super) fn range(&self) -> RowRange {
        RowRange::new(self.start.unwrap_or(0), self.limit)
    }

    pub(super) fn page_size(&self, settings: &Settings) -> u32 {
        self.page_size.unwrap_or(settings.page_size)
    }

    pub(super) fn check(&self, entity: &str, settings: &Settings) -> Result<()> {
        if let Some(order) = self.order.as_deref().filter(|order| !matches!(*order, "asc" | "desc")) {
            return Err(Error::config(
                "order",
                format!("invalid `order`: expected \"asc\" or \"desc\", got {order:?}"),
            ));
        }
        if self.sort.as_deref().is_some_and(|sort| !sort.is_empty() && is_blank(sort)) {
            return Err(Error::config("sort", "invalid `sort`: expected a field, got only invisible characters"));
        }
        let sent_by_client =
            [&settings.limit_param, &settings.offset_param, &settings.sort_param, &settings.order_param];
        if let Some((name, _)) = self.filters.0.iter().find(|(name, _)| sent_by_client.contains(&name)) {
            let instead = match self.changes {
                Some(_) => "changes are sorted by `by`, the newest first, and have the options `page_size` and `limit`",
                None => "use the options `page_size`, `limit`, `start`, `sort` and `order` of the list",
            };
            return Err(Error::config(
                name,
                format!("`{name}` cannot be a filter: the client sends it itself; {instead}"),
            ));
        }
        self.filters.check()?;
        let page_size = self.page_size(settings);
        if page_size == 0 {
            return Err(Error::config("page_size", "invalid `page_size`: expected at least 1, got 0"));
        }
        if let Some(changes) = &self.changes {
            self.check_options_of_changes()?;
            let origin = Origin::new(settings.address()?.as_str(), entity, &changes.by, &self.filters.0);
            return changes.check(&origin, page_size);
        }
        if let Some(overlap) = settings.page_overlap.filter(|&overlap| overlap >= page_size) {
            let message =
                format!("invalid `page_overlap`: expected less than `page_size` ({page_size}), got {overlap}");
            return Err(Error::config("page_overlap", message));
        }
        Ok(())
    }

    /// Rejects options that a list of changes sets itself.
    fn check_options_of_changes(&self) -> Result<()> {
        for (name, is_given) in
            [("sort", self.sort.is_some()), ("order", self.order.is_some()), ("start", self.start.is_some())]
        {
            if is_given {
                let message = format!("`{name}` cannot be set for changes: they are sorted by `by`, the newest first");
                return Err(Error::config(name, message));
            }
        }
        Ok(())
    }
}

impl Filters {
    /// Rejects names and values that are empty or have only invisible characters: a server may ignore such a filter, and send every record.
    fn check(&self) -> Result<()> {
        for (name, value) in &self.0 {
            if is_blank(name) {
                return Err(Error::config(
                    "filters",
                    "invalid `filters`: the name of a filter is empty; leave the filter out, or name a field",
                ));
            }
            if is_blank(value) {
                let message = format!(
                    "the filter `{name}` is empty, and a server may ignore it and send every record; leave it out, or pass a value"
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
            let values = values(value).ok_or_else(|| {
                let expected = "expected a string, a number, a boolean or a list of them";
                serde::de::Error::custom(format!("{expected} for `{name}`"))
            })?;
            pairs.extend(values.into_iter().map(|value| (name.clone(), value)));
        }
        Ok(Self(pairs))
    }
}

/// Returns the values of a filter. An empty list is one empty value, which is rejected later.
fn values(value: &RawValue) -> Option<Vec<String>> {
    if !value.get().starts_with('[') {
        return plain_text(value).map(|value| vec![value]);
    }
    let values: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
    if values.is_empty() {
        return Some(vec![String::new()]);
    }
    values.into_iter().map(plain_text).collect()
}
