//! Unit tests of paging, page by page.

use super::*;

/// A list of which all rows are wanted.
fn whole(page_size: u32, overlap: u32, by_id: bool) -> Paging {
    Paging::new(page_size, Overlap::new(Some(overlap)), by_id, RowRange::new(0, None))
}

fn page(ids: std::ops::Range<i64>) -> Vec<RecordKey> {
    ids.map(|id| RecordKey::Id(id.into())).collect()
}

fn step(paging: &mut Paging, ids: std::ops::Range<i64>, count: Option<Count>) -> NextStep {
    paging.on_page(page(ids), count).step
}

#[allow(clippy::unnecessary_wraps)] // as the pages have it
fn total(value: u64) -> Option<Count> {
    Some(Count { value, is_total: true })
}

fn later(paging: &Paging) -> Vec<usize> {
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
fn a_count_needs_the_evidence_of_the_page() {
    let first = |count| step(&mut whole(100, 0, true), 0..60, count);
    assert_eq!(first(total(60)), NextStep::End);
    assert_eq!(first(Some(Count { value: 60, is_total: false })), NextStep::More, "it may mean: on this page");
    assert_eq!(first(total(10)), NextStep::More, "less than received is ignored");
    let mut paging = whole(100, 0, true);
    assert_eq!(step(&mut paging, 0..100, total(100)), NextStep::More, "a full first page proves nothing");
    let mut paging = whole(100, 0, true);
    step(&mut paging, 0..100, total(130));
    assert_eq!(step(&mut paging, 100..130, total(130)), NextStep::End);
}

#[test]
fn a_repeated_page_is_everything_or_an_error_and_gives_nothing() {
    let mut paging = whole(500, 0, true);
    step(&mut paging, 0..3, None);
    assert_eq!(paging.on_page(page(0..3), None), PageDecision { keep: vec![false; 3], step: NextStep::End });
    let mut paging = whole(3, 0, true);
    step(&mut paging, 0..3, None);
    assert!(matches!(step(&mut paging, 0..3, None), NextStep::Unreadable(_)));
    let mut paging = whole(500, 0, true);
    step(&mut paging, 0..3, total(300));
    assert!(matches!(step(&mut paging, 0..3, total(300)), NextStep::Unreadable(_)));
}

#[test]
fn once_the_offset_was_seen_to_work_a_page_that_comes_again_ends_nothing() {
    for page_size in [3, 500] {
        let mut paging = whole(page_size, 0, true);
        step(&mut paging, 0..3, None);
        step(&mut paging, 3..6, None);
        assert_eq!(paging.on_page(page(3..6), None), PageDecision { keep: vec![false; 3], step: NextStep::More });
        assert_eq!((paging.request().offset, step(&mut paging, 6..8, None)), (9, NextStep::More));
    }
}

#[test]
fn pages_without_news_end_in_an_error_and_not_in_a_loop() {
    let mut paging = whole(2, 0, true);
    step(&mut paging, 0..2, None);
    step(&mut paging, 2..4, None);
    assert_eq!(step(&mut paging, 0..2, None), NextStep::More);
    assert_eq!(step(&mut paging, 2..4, None), NextStep::More);
    assert!(matches!(step(&mut paging, 0..2, None), NextStep::Unreadable(_)));
}

#[test]
fn a_known_count_tells_the_offsets_of_later_pages() {
    let mut paging = whole(100, 0, true);
    step(&mut paging, 0..100, total(350));
    assert_eq!(later(&paging), [200, 300]);
    let mut paging = whole(100, 1, false);
    step(&mut paging, 0..100, total(350));
    assert_eq!((paging.request().offset, later(&paging)), (99, vec![198, 297]));
    let mut paging = whole(100, 0, true);
    step(&mut paging, 0..100, None);
    assert_eq!(later(&paging).len(), 0);
}

#[test]
fn where_new_rows_may_come_anywhere_pages_wait_for_each_other() {
    let mut paging = whole(100, 0, false);
    step(&mut paging, 0..100, total(350));
    assert_eq!((paging.allows_parallel_requests(), later(&paging).len()), (false, 0));
    let mut paging = whole(1, 0, true);
    step(&mut paging, 0..1, total(350));
    assert!(!paging.allows_parallel_requests(), "one row shows no order");
}

#[test]
fn rows_that_moved_to_a_page_do_not_join_it() {
    let mut paging = whole(4, 1, true);
    step(&mut paging, 1..5, None);
    // 1 and 2 were renamed and stand at the end: the list is 3, 4, 5, 6, 1, 2 now.
    let moved = [6, 1, 2].map(|id: i64| RecordKey::Id(id.into())).to_vec();
    assert_eq!(paging.on_page(moved, None), PageDecision { keep: vec![false; 3], step: NextStep::More });
    assert_eq!(paging.request().offset, 0);
    assert_eq!(paging.on_page(page(3..7), None).keep, [false, false, true, true]);
}

#[test]
fn where_the_last_joint_is_gone_an_earlier_one_shows_where_to_go_on() {
    let mut paging = whole(4, 1, true);
    for first in [0, 3, 6] {
        assert_eq!(step(&mut paging, first..first + 4, None), NextStep::More);
    }
    // 9 was deleted, where the next page should have begun; 6 still joins.
    assert_eq!((paging.request().offset, step(&mut paging, 10..14, None)), (9, NextStep::More));
    assert_eq!((paging.request().offset, step(&mut paging, 5..9, None)), (5, NextStep::More));
    assert_eq!(paging.request().offset, 8);
    let decision = paging.on_page([8, 10, 11, 12].map(|id: i64| RecordKey::Id(id.into())).to_vec(), None);
    assert_eq!(decision, PageDecision { keep: vec![false, true, true, true], step: NextStep::More });
}

#[test]
fn going_back_and_forth_for_nothing_ends_in_an_error() {
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
fn with_overlap_a_gap_is_stepped_back_over() {
    let mut paging = whole(4, 1, true);
    step(&mut paging, 0..4, None);
    assert_eq!(paging.request().offset, 3);
    // 0, 1 and 2 were deleted: row 3 now stands at 0, and 4, 5 before what was asked for.
    assert_eq!(paging.on_page(page(6..9), None), PageDecision { keep: vec![false; 3], step: NextStep::More });
    assert_eq!(paging.request().offset, 0);
    assert_eq!(
        paging.on_page(page(3..7), None),
        PageDecision { keep: vec![false, true, true, true], step: NextStep::More }
    );
}
