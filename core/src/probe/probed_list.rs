//! The findings about the list that a probe reads.

use super::rows::Rows;

/// Number of rows of most requests.
pub(super) const FEW: usize = 3;

/// A list, and the habits of the server with it.
#[allow(clippy::struct_excessive_bools)] // each one is another habit of the server
pub(super) struct List {
    pub(super) entity: String,
    /// Whether pages have as many rows as asked for.
    pub(super) has_limit: bool,
    /// Whether the server sorts by the parameters of the settings.
    pub(super) is_sorted: bool,
    /// Whether two requests return the same order.
    pub(super) is_stable: bool,
    pub(super) has_offset: bool,
    /// The first rows, in the order of the settings.
    pub(super) first: Rows,
}

/// Returns the name of the settings, and then the others.
pub(super) fn candidates(own: &str, known: &[&str]) -> Vec<String> {
    let others = known.iter().filter(|name| **name != own).map(|name| (*name).to_owned());
    std::iter::once(own.to_owned()).chain(others).collect()
}
