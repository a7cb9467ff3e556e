//! What a list is asked for: filters, order, range, page size.

use super::range::RowRange;
use crate::error::{Error, Result};
use crate::json::{Members, plain_text};
use crate::options;
use crate::settings::Settings;
use serde::Deserialize;

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

/// Names and values that go into the query as they are.
#[derive(Clone, Debug, Default)]
pub(super) struct Filters(pub Vec<(String, String)>);

impl ListOptions {
    pub(super) fn from_json(json: &[u8]) -> Result<Self> {
        options::read("list", json)
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
        let (page_size, overlap) = (self.page_size(settings), settings.page_overlap);
        if page_size == 0 {
            return Err(Error::config("page_size", "`page_size` must be at least 1"));
        }
        if overlap >= page_size {
            let message = format!("`page_overlap` ({overlap}) must be less than `page_size` ({page_size})");
            return Err(Error::config("page_overlap", message));
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Filters {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let Members(members) = Members::deserialize(deserializer)?;
        let pairs = members.into_iter().map(|(name, value)| match plain_text(value) {
            Some(text) => Ok((name, text)),
            None => Err(serde::de::Error::custom(format!("expected a string, a number or a boolean for `{name}`"))),
        });
        pairs.collect::<std::result::Result<_, _>>().map(Filters)
    }
}
