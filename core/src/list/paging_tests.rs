//! Unit tests of paging, page by page.

use super::*;

/// Paging over a whole list.
fn whole(page_size: u32, overlap: u32, by_id: bool) -> Paging {
    Paging::new(page_size, OverlapSetting::new(Some(overlap)), by_id, RowRange::new(0, None))
}

fn page(ids: std::ops::Range<i64>) -> Vec<RecordKey> {
    ids.map(|id| RecordKey::Id(id.into())).collect()
}

fn step(paging: &mut Paging, ids: std::ops::Range<i64>, count: Option<Count>) -> NextStep {
    paging.on_page(page(ids), count, |_| 0).step
}

#[allow(clippy::unnecessary_wraps)] // pages have an optional count
fn total(value: u64) -> Option<Count> {
    Some(Count { value, is_total: true })
}

fn following(paging: &Paging) -> Vec<usize> {
    paging.following_requests().map(|request| request.offset).collect()
}

#[test]
fn a_short_page_is_not_the_end_but_an_empty_one_is() {
    let mut paging = whole(500, 0, true);
    assert_eq!(step(&mut paging, 0..100, None), NextStep::More);
    assert_eq!(step(&mut paging, 100..150, None), NextStep::More);
    assert_eq!(paging.request().offset, 150);
    assert_eq!(step(&mut paging, 0..0, None), NextStep::End);
}

#[test]
fn a_count_ends_the_list_only_if_the_page_agrees() {
    let first = |count| step(&mut whole(100, 0, true), 0..60, count);
    assert_eq!(first(total(60)), NextStep::End);
    assert_eq!(first(Some(Count { value: 60, is_total: false })), NextStep::More, "it may be the length of the page");
    assert_eq!(first(total(10)), NextStep::More, "a count of less than what was received is ignored");
    let mut paging = whole(100, 0, true);
    assert_eq!(step(&mut paging, 0..100, total(100)), NextStep::More, "a full first page proves nothing");
    let mut paging = whole(100, 0, true);
    step(&mut paging, 0..100, total(130));
    assert_eq!(step(&mut paging, 100..130, total(130)), NextStep::End);
}

#[test]
fn a_duplicate_page_ends_the_list_or_is_an_error_and_is_not_returned() {
    let mut paging = whole(500, 0, true);
    step(&mut paging, 0..3, None);
    assert_eq!(paging.on_page(page(0..3), None, |_| 0), PageDecision { keep: vec![false; 3], step: NextStep::End });
    let mut paging = whole(3, 0, true);
    step(&mut paging, 0..3, None);
    assert!(matches!(step(&mut paging, 0..3, None), NextStep::Unreadable(_)));
    let mut paging = whole(500, 0, true);
    step(&mut paging, 0..3, total(300));
    assert!(matches!(step(&mut paging, 0..3, total(300)), NextStep::Unreadable(_)));
}

#[test]
fn a_duplicate_page_is_the_whole_list_if_it_has_the_last_row() {
    let last_row_after_duplicate = |last: i64| {
        let mut paging = whole(500, 0, true).sorted_by("id");
        step(&mut paging, 0..3, None);
        step(&mut paging, 0..3, None);
        assert_eq!(paging.request(), PageRequest { reversed: true, ..PageRequest::new(0, 1) });
        (step(&mut paging, last..last + 1, None), paging)
    };
    assert_eq!(last_row_after_duplicate(2).0, NextStep::End);
    assert_eq!(last_row_after_duplicate(0).0, NextStep::End, "the server ignores the order");
    // The row may be new: the page is requested again.
    let (next, mut paging) = last_row_after_duplicate(3);
    assert_eq!((next, paging.request().max), (NextStep::More, 500));
    let grown = PageDecision { keep: vec![false, false, false, true], step: NextStep::End };
    assert_eq!(paging.on_page(page(0..4), None, |_| 0), grown);
    let (_, mut paging) = last_row_after_duplicate(3);
    assert!(matches!(step(&mut paging, 0..3, None), NextStep::Unreadable(_)));
}

#[test]
fn a_duplicate_page_does_not_end_the_list_once_the_offset_is_known_to_work() {
    for page_size in [3, 500] {
        let mut paging = whole(page_size, 0, true);
        step(&mut paging, 0..3, None);
        step(&mut paging, 3..6, None);
        assert_eq!(
            paging.on_page(page(3..6), None, |_| 0),
            PageDecision { keep: vec![false; 3], step: NextStep::More }
        );
        assert_eq!((paging.request().offset, step(&mut paging, 6..8, None)), (9, NextStep::More));
    }
}

#[test]
fn pages_without_new_records_end_in_an_error_and_not_in_a_loop() {
    let mut paging = whole(2, 0, true);
    step(&mut paging, 0..2, None);
    step(&mut paging, 2..4, None);
    assert_eq!(step(&mut paging, 0..2, None), NextStep::More);
    assert_eq!(step(&mut paging, 2..4, None), NextStep::More);
    assert!(matches!(step(&mut paging, 0..2, None), NextStep::Unreadable(_)));
}

#[test]
fn a_count_determines_the_offsets_of_the_following_pages() {
    let mut paging = whole(100, 0, true);
    step(&mut paging, 0..100, total(350));
    assert_eq!(following(&paging), [200, 300]);
    let mut paging = whole(100, 1, false);
    step(&mut paging, 0..100, total(350));
    assert_eq!((paging.request().offset, following(&paging)), (99, vec![198, 297]));
    let mut paging = whole(100, 0, true);
    step(&mut paging, 0..100, None);
    assert_eq!(following(&paging).len(), 0);
}

#[test]
fn pages_are_requested_one_by_one_if_new_rows_may_appear_anywhere() {
    let mut paging = whole(100, 0, false);
    step(&mut paging, 0..100, total(350));
    assert_eq!((paging.allows_parallel_requests(), following(&paging).len()), (false, 0));
    let mut paging = whole(1, 0, true);
    step(&mut paging, 0..1, total(350));
    assert!(!paging.allows_parallel_requests(), "one row does not show an order");
}

#[test]
fn rows_that_moved_to_a_page_are_not_its_overlap() {
    let mut paging = whole(4, 1, true);
    step(&mut paging, 1..5, None);
    // 1 and 2 were renamed and have moved to the end: the list is 3, 4, 5, 6, 1, 2 now.
    let moved = [6, 1, 2].map(|id: i64| RecordKey::Id(id.into())).to_vec();
    assert_eq!(paging.on_page(moved, None, |_| 0), PageDecision { keep: vec![false; 3], step: NextStep::More });
    assert_eq!(paging.request().offset, 0);
    assert_eq!(paging.on_page(page(3..7), None, |_| 0).keep, [false, false, true, true]);
}

#[test]
fn an_earlier_overlap_record_shows_where_to_continue_if_the_last_one_was_deleted() {
    let mut paging = whole(4, 1, true);
    for first in [0, 3, 6] {
        assert_eq!(step(&mut paging, first..first + 4, None), NextStep::More);
    }
    // 9, the overlap with the next page, was deleted; 6, the overlap before it, is still there.
    assert_eq!((paging.request().offset, step(&mut paging, 10..14, None)), (9, NextStep::More));
    assert_eq!((paging.request().offset, step(&mut paging, 5..9, None)), (5, NextStep::More));
    assert_eq!(paging.request().offset, 8);
    let decision = paging.on_page([8, 10, 11, 12].map(|id: i64| RecordKey::Id(id.into())).to_vec(), None, |_| 0);
    assert_eq!(decision, PageDecision { keep: vec![false, true, true, true], step: NextStep::More });
}

#[test]
fn stepping_back_and_forth_without_progress_ends_in_an_error() {
    let mut paging = whole(4, 1, true);
    step(&mut paging, 0..4, None);
    let (mut back, mut steps) = (false, 0);
    loop {
        back = !back;
        steps += 1;
        match step(&mut paging, if back { 10..14 } else { 0..4 }, None) {
            NextStep::More => assert!(steps < 10),
            step => break assert!(matches!(step, NextStep::Unreadable(_))),
        }
    }
}

#[test]
fn the_last_row_is_requested_again_after_a_page_of_one_row_only_if_rows_may_be_removed() {
    let second_step = |has_removals: bool, count: Option<Count>| {
        let mut paging = whole(500, 1, true);
        paging.set_may_have_removals(has_removals);
        step(&mut paging, 0..1, count);
        assert_eq!(paging.request(), PageRequest::new(1, 500));
        (step(&mut paging, 0..0, None), paging.request())
    };
    assert_eq!(second_step(false, None).0, NextStep::End);
    assert_eq!(second_step(true, None), (NextStep::More, PageRequest::new(0, 1)));
    assert_eq!(second_step(false, total(2)), (NextStep::More, PageRequest::new(0, 1)), "the server had two rows");
}

#[test]
fn a_list_whose_only_row_was_deleted_ends_with_the_request_for_it() {
    let mut paging = whole(500, 1, true);
    paging.set_may_have_removals(true);
    assert_eq!(step(&mut paging, 0..1, None), NextStep::More);
    assert_eq!(step(&mut paging, 0..0, None), NextStep::More);
    assert_eq!((paging.request(), step(&mut paging, 0..0, None)), (PageRequest::new(0, 1), NextStep::End));
}

#[test]
fn the_client_steps_back_over_a_gap() {
    let mut paging = whole(4, 1, true);
    step(&mut paging, 0..4, None);
    assert_eq!(paging.request().offset, 3);
    // 0, 1 and 2 were deleted: row 3 is at offset 0 now, and 4 and 5 are before the requested offset.
    assert_eq!(paging.on_page(page(6..9), None, |_| 0), PageDecision { keep: vec![false; 3], step: NextStep::More });
    assert_eq!(paging.request().offset, 0);
    assert_eq!(
        paging.on_page(page(3..7), None, |_| 0),
        PageDecision { keep: vec![false, true, true, true], step: NextStep::More }
    );
}
