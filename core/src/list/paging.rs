//! After a page, what next? Pure: what was seen in, what to give out and where to go on out.
//!
//! The server's habits are not documented, so nothing is believed that the pages themselves do not show: a short page is
//! not the end, a count alone is not the end, and a second page equal to the first means that the server ignores the offset.

use super::ascent::Ascent;
use super::mark::Mark;
use super::news::News;
use super::seen::Seen;
use crate::envelope::Count;

/// Pages in a row that may bring nothing new before the list counts as unreadable.
const BARREN_PAGES: u32 = 3;

/// What is remembered between pages.
#[derive(Debug)]
pub(super) struct Paging {
    page_size: usize,
    /// How many records each page shall have in common with the one before.
    overlap: usize,
    offset: usize,
    previous: Option<Vec<Mark>>,
    /// A page has differed from the one before it: the server does not ignore the offset.
    honours_offset: bool,
    longest: usize,
    count: Option<u64>,
    barren: u32,
    /// The last records of the page before, with which the next one shall begin.
    joints: Vec<Mark>,
    /// Those of all pages: where the last ones are gone, an earlier one shows as well where to go on.
    all_joints: Seen,
    /// How far pages have reached so far.
    furthest: usize,
    /// The last page showed a gap: rows before it were deleted or have moved.
    stepping_back: bool,
    news: News,
    ascent: Ascent,
}

/// What to do with a page, and after it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// For each record of the page, whether it is given out.
    pub give: Vec<bool>,
    pub step: Step,
}

/// The next step.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Go on at [`Paging::offset`].
    More,
    /// The list is complete.
    End,
    /// The rest cannot be reached, for this reason.
    Unreadable(String),
}

impl Paging {
    /// `by_id`: the server is asked for ascending ids.
    pub(super) fn new(page_size: u32, overlap: u32, by_id: bool) -> Self {
        Self {
            page_size: page_size as usize,
            overlap: overlap as usize,
            offset: 0,
            previous: None,
            honours_offset: false,
            longest: 0,
            count: None,
            barren: 0,
            joints: Vec::new(),
            all_joints: Seen::default(),
            furthest: 0,
            stepping_back: false,
            news: News::default(),
            ascent: Ascent::new(by_id),
        }
    }

    /// Where the next page begins.
    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    /// Whether pages may be under way together. A server answers them in any order, so a row that is inserted in front
    /// meanwhile would hide one between two pages, unless they must join, or rows come at the end only.
    pub(super) fn allows_several(&self) -> bool {
        !self.joints.is_empty() || self.ascent.holds()
    }

    /// Where the pages after the next one will begin, if they all are as long as the longest so far: as many as the count
    /// shows to be there, and none where they would have to wait for the next one.
    pub(super) fn later_offsets(&self) -> impl Iterator<Item = usize> + use<> {
        let stride = self.longest.saturating_sub(self.shared());
        let may_ask = stride > 0 && !self.stepping_back && self.allows_several();
        let end = self.count.filter(|_| may_ask).unwrap_or(0);
        let first = self.offset + stride;
        (first..usize::try_from(end).unwrap_or(usize::MAX)).step_by(stride.max(1))
    }

    /// Decides after the page at [`Paging::offset`].
    pub(super) fn after(&mut self, page: Vec<Mark>, count: Option<Count>) -> Verdict {
        let nothing = vec![false; page.len()];
        if self.overlap > 0 && page.iter().any(|mark| matches!(mark, Mark::Bytes(_))) {
            let why = "its records have no id, so the setting `page_overlap` cannot be used with it";
            return Verdict { give: nothing, step: Step::Unreadable(why.into()) };
        }
        self.honours_offset |= !page.is_empty() && self.previous.as_ref().is_some_and(|previous| *previous != page);
        if self.shows_gap(&page) {
            return Verdict { give: nothing, step: self.step_back() };
        }
        if page.is_empty() {
            return Verdict { give: nothing, step: Step::End };
        }
        if !self.stepping_back && self.only_repeats() {
            return Verdict { give: nothing, step: self.repeated(page.len(), count) };
        }
        self.ascent.see(&page);
        let (give, news) = self.news.of(&page);
        let step = self.step(page, news, count);
        Verdict { give, step }
    }

    /// How many records the next page shares with this one; a server that caps pages may leave room for fewer.
    fn shared(&self) -> usize {
        self.overlap.min(self.longest.saturating_sub(1))
    }

    /// Whether a page that shall begin with the last records of the one before has none of them: rows before it were
    /// deleted or have moved, and hid others. A record from elsewhere shows nothing, since it may have moved here.
    fn shows_gap(&self, page: &[Mark]) -> bool {
        let joins = |mark: &Mark| {
            let known_at_all = self.stepping_back && mark.id().is_some_and(|id| self.all_joints.contains(id));
            known_at_all || self.joints.contains(mark)
        };
        self.offset > 0 && !self.joints.is_empty() && !page.iter().any(joins)
    }

    /// Ends at offset 0 at the latest, where there is nothing before the page.
    fn step_back(&mut self) -> Step {
        if !self.stepping_back {
            self.barren += 1; // going back and forth for nothing must end
        }
        self.stepping_back = true;
        let from = self.offset;
        self.offset = from.saturating_sub(self.longest.max(1));
        self.more_unless_barren(from)
    }

    fn step(&mut self, page: Vec<Mark>, news: bool, count: Option<Count>) -> Step {
        let (length, reached) = (page.len(), self.offset + page.len());
        let ends = count.is_some_and(|count| self.ends_with(count, reached, length));
        let only_joints = !news && !self.stepping_back && length <= self.joints.len();
        self.longest = self.longest.max(length);
        self.count = count.filter(|count| count.value > reached as u64).map(|count| count.value);
        if ends || only_joints {
            return Step::End;
        }
        if news {
            self.barren = 0;
        } else if self.shared() == 0 || reached > self.furthest {
            self.barren += 1; // what is read again after a step back brings nothing new, of course
        }
        self.furthest = self.furthest.max(reached);
        self.stepping_back = false;
        let joints = self.shared().min(length - 1);
        self.joints = page[length - joints..].to_vec();
        for id in self.joints.iter().filter_map(Mark::id) {
            self.all_joints.insert(id);
        }
        self.previous = Some(page);
        self.offset = reached - joints;
        self.more_unless_barren(reached)
    }

    fn more_unless_barren(&self, reached: usize) -> Step {
        if self.barren < BARREN_PAGES {
            return Step::More;
        }
        Step::Unreadable(format!("{BARREN_PAGES} pages in a row brought nothing new up to offset {reached}"))
    }

    /// Whether the server has sent nothing but the first page again. Once the offset was seen to work, a page that comes again
    /// is rows that moved.
    fn only_repeats(&self) -> bool {
        self.previous.is_some() && !self.honours_offset
    }

    /// The server ignores the offset: either it sent everything at once, or the rest cannot be reached.
    fn repeated(&self, length: usize, count: Option<Count>) -> Step {
        let says_more = count.is_some_and(|count| count.value > length as u64);
        if length != self.page_size && !says_more {
            return Step::End;
        }
        Step::Unreadable(format!(
            "the server sent the same {length} records for offset {} again, so it ignores the offset; \
             check the setting `offset_param`, or ask for all at once with a larger `page_size`",
            self.offset
        ))
    }

    /// A count ends the list only together with the page's own evidence.
    fn ends_with(&self, count: Count, reached: usize, length: usize) -> bool {
        let page_shows_it = match &self.previous {
            Some(previous) => length < previous.len(),
            None => count.is_total && length < self.page_size,
        };
        count.value == reached as u64 && page_shows_it
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(ids: std::ops::Range<i64>) -> Vec<Mark> {
        ids.map(|id| Mark::Id(id.into())).collect()
    }

    fn step(paging: &mut Paging, ids: std::ops::Range<i64>, count: Option<Count>) -> Step {
        paging.after(page(ids), count).step
    }

    #[allow(clippy::unnecessary_wraps)] // as the pages have it
    fn total(value: u64) -> Option<Count> {
        Some(Count { value, is_total: true })
    }

    #[test]
    fn a_short_page_is_not_the_end_but_an_empty_one_is() {
        let mut paging = Paging::new(500, 0, true);
        assert_eq!(step(&mut paging, 0..100, None), Step::More);
        assert_eq!(step(&mut paging, 100..150, None), Step::More);
        assert_eq!(paging.offset(), 150);
        assert_eq!(step(&mut paging, 0..0, None), Step::End);
    }

    #[test]
    fn a_count_needs_the_evidence_of_the_page() {
        let first = |count| step(&mut Paging::new(100, 0, true), 0..60, count);
        assert_eq!(first(total(60)), Step::End);
        assert_eq!(first(Some(Count { value: 60, is_total: false })), Step::More, "it may mean: on this page");
        assert_eq!(first(total(10)), Step::More, "less than received is ignored");
        let mut paging = Paging::new(100, 0, true);
        assert_eq!(step(&mut paging, 0..100, total(100)), Step::More, "a full first page proves nothing");
        let mut paging = Paging::new(100, 0, true);
        step(&mut paging, 0..100, total(130));
        assert_eq!(step(&mut paging, 100..130, total(130)), Step::End);
    }

    #[test]
    fn a_repeated_page_is_everything_or_an_error_and_gives_nothing() {
        let mut paging = Paging::new(500, 0, true);
        step(&mut paging, 0..3, None);
        assert_eq!(paging.after(page(0..3), None), Verdict { give: vec![false; 3], step: Step::End });
        let mut paging = Paging::new(3, 0, true);
        step(&mut paging, 0..3, None);
        assert!(matches!(step(&mut paging, 0..3, None), Step::Unreadable(_)));
        let mut paging = Paging::new(500, 0, true);
        step(&mut paging, 0..3, total(300));
        assert!(matches!(step(&mut paging, 0..3, total(300)), Step::Unreadable(_)));
    }

    #[test]
    fn once_the_offset_was_seen_to_work_a_page_that_comes_again_ends_nothing() {
        for page_size in [3, 500] {
            let mut paging = Paging::new(page_size, 0, true);
            step(&mut paging, 0..3, None);
            step(&mut paging, 3..6, None);
            assert_eq!(paging.after(page(3..6), None), Verdict { give: vec![false; 3], step: Step::More });
            assert_eq!((paging.offset(), step(&mut paging, 6..8, None)), (9, Step::More));
        }
    }

    #[test]
    fn pages_without_news_end_in_an_error_and_not_in_a_loop() {
        let mut paging = Paging::new(2, 0, true);
        step(&mut paging, 0..2, None);
        step(&mut paging, 2..4, None);
        assert_eq!(step(&mut paging, 0..2, None), Step::More);
        assert_eq!(step(&mut paging, 2..4, None), Step::More);
        assert!(matches!(step(&mut paging, 0..2, None), Step::Unreadable(_)));
    }

    #[test]
    fn a_known_count_tells_the_offsets_of_later_pages() {
        let mut paging = Paging::new(100, 0, true);
        step(&mut paging, 0..100, total(350));
        assert_eq!(paging.later_offsets().collect::<Vec<_>>(), [200, 300]);
        let mut paging = Paging::new(100, 1, false);
        step(&mut paging, 0..100, total(350));
        assert_eq!((paging.offset(), paging.later_offsets().collect::<Vec<_>>()), (99, vec![198, 297]));
        let mut paging = Paging::new(100, 0, true);
        step(&mut paging, 0..100, None);
        assert_eq!(paging.later_offsets().count(), 0);
    }

    #[test]
    fn where_new_rows_may_come_anywhere_pages_wait_for_each_other() {
        let mut paging = Paging::new(100, 0, false);
        step(&mut paging, 0..100, total(350));
        assert_eq!((paging.allows_several(), paging.later_offsets().count()), (false, 0));
        let mut paging = Paging::new(1, 0, true);
        step(&mut paging, 0..1, total(350));
        assert!(!paging.allows_several(), "one row shows no order");
    }

    #[test]
    fn rows_that_moved_to_a_page_do_not_join_it() {
        let mut paging = Paging::new(4, 1, true);
        step(&mut paging, 1..5, None);
        // 1 and 2 were renamed and stand at the end: the list is 3, 4, 5, 6, 1, 2 now.
        let moved = [6, 1, 2].map(|id: i64| Mark::Id(id.into())).to_vec();
        assert_eq!(paging.after(moved, None), Verdict { give: vec![false; 3], step: Step::More });
        assert_eq!(paging.offset(), 0);
        assert_eq!(paging.after(page(3..7), None).give, [false, false, true, true]);
    }

    #[test]
    fn where_the_last_joint_is_gone_an_earlier_one_shows_where_to_go_on() {
        let mut paging = Paging::new(4, 1, true);
        for first in [0, 3, 6] {
            assert_eq!(step(&mut paging, first..first + 4, None), Step::More);
        }
        // 9 was deleted, where the next page should have begun; 6 still joins.
        assert_eq!((paging.offset(), step(&mut paging, 10..14, None)), (9, Step::More));
        assert_eq!((paging.offset(), step(&mut paging, 5..9, None)), (5, Step::More));
        assert_eq!(paging.offset(), 8);
        let verdict = paging.after([8, 10, 11, 12].map(|id: i64| Mark::Id(id.into())).to_vec(), None);
        assert_eq!(verdict, Verdict { give: vec![false, true, true, true], step: Step::More });
    }

    #[test]
    fn going_back_and_forth_for_nothing_ends_in_an_error() {
        let mut paging = Paging::new(4, 1, true);
        step(&mut paging, 0..4, None);
        let (mut back, mut steps) = (false, 0);
        loop {
            back = !back;
            steps += 1;
            match step(&mut paging, if back { 10..14 } else { 0..4 }, None) {
                Step::More => assert!(steps < 10),
                step => break assert!(matches!(step, Step::Unreadable(_))),
            }
        }
    }

    #[test]
    fn with_overlap_a_gap_is_stepped_back_over() {
        let mut paging = Paging::new(4, 1, true);
        step(&mut paging, 0..4, None);
        assert_eq!(paging.offset(), 3);
        // 0, 1 and 2 were deleted: row 3 now stands at 0, and 4, 5 before what was asked for.
        assert_eq!(paging.after(page(6..9), None), Verdict { give: vec![false; 3], step: Step::More });
        assert_eq!(paging.offset(), 0);
        assert_eq!(paging.after(page(3..7), None), Verdict { give: vec![false, true, true, true], step: Step::More });
    }
}
