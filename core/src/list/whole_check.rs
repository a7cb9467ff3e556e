//! Whether the one page of a server that ignores the offset is the whole list. Such a server may cap its pages, and the page
//! alone does not show it. The last row does: it is asked for as the first one of the opposite order.

use super::mark::Mark;

/// The state of the check.
#[derive(Debug, Default)]
pub(super) enum WholeCheck {
    /// Nothing was asked.
    #[default]
    Idle,
    /// The next page is the last row of the list, to be looked for in this one.
    LastRow { page: Vec<Mark> },
    /// The next page is the whole list again, up to its last row, to be given out.
    Passed { last: Mark },
}

/// What the last row shows about a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// The page is the whole list.
    Whole,
    /// The page is a part of the list.
    Part,
    /// Nothing: the server ignores the order, or records have no ids.
    Nothing,
}

impl WholeCheck {
    /// Whether the last row is asked for next.
    pub(super) fn wants_last_row(&self) -> bool {
        matches!(self, Self::LastRow { .. })
    }

    /// Whether the next page is known to be the whole list.
    pub(super) fn has_passed(&self) -> bool {
        matches!(self, Self::Passed { .. })
    }
}

/// Compares the page with the answer to the request for the last row.
pub(super) fn shown(page: &[Mark], answer: &[Mark]) -> Shown {
    match answer.first() {
        Some(last @ Mark::Id(_)) if !page.contains(last) => Shown::Part,
        Some(last @ Mark::Id(_)) if page.first() != Some(last) => Shown::Whole,
        _ => Shown::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(ids: impl IntoIterator<Item = i64>) -> Vec<Mark> {
        ids.into_iter().map(|id| Mark::Id(id.into())).collect()
    }

    #[test]
    fn only_a_last_row_with_an_id_shows_something() {
        assert_eq!(shown(&marks(0..5), &marks([4])), Shown::Whole);
        assert_eq!(shown(&marks(0..5), &marks([4, 3])), Shown::Whole, "the server ignores `max`");
        assert_eq!(shown(&marks([7]), &marks([7])), Shown::Nothing, "one row has no order");
        assert_eq!(shown(&marks(0..5), &marks([9])), Shown::Part);
        assert_eq!(shown(&marks(0..5), &marks([0])), Shown::Nothing, "the server ignores the order");
        assert_eq!(shown(&marks(0..5), &[]), Shown::Nothing);
        assert_eq!(shown(&[Mark::of(None, b"{}")], &[Mark::of(None, b"{}")]), Shown::Nothing);
    }
}
