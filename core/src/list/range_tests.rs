//! Unit tests of paging over a part of a list.

use super::*;

const ROWS: std::ops::Range<i64> = 0..100;

fn range(page_size: u32, overlap: u32, start: u64, limit: Option<u64>) -> Paging {
    Paging::new(page_size, OverlapSetting::new(Some(overlap)), true, RowRange::new(start, limit))
}

fn keys(ids: impl IntoIterator<Item = i64>) -> Vec<RecordKey> {
    ids.into_iter().map(|id| RecordKey::Id(id.into())).collect()
}

fn without_ids(rows: &[&str]) -> Vec<RecordKey> {
    rows.iter().map(|row| RecordKey::new(None, row.as_bytes())).collect()
}

/// Responds to the next request from these rows. Returns the request and the ids that are returned to the caller.
fn respond(paging: &mut Paging, rows: &[i64]) -> ((usize, usize), Vec<i64>, NextStep) {
    let PageRequest { offset, max, .. } = paging.request();
    let page: Vec<i64> = rows.iter().skip(offset).take(max).copied().collect();
    let decision = paging.on_page(keys(page.iter().copied()), None, |_| 0);
    let kept = page.into_iter().zip(decision.keep).filter(|&(_, keep)| keep).map(|(id, _)| id).collect();
    ((offset, max), kept, decision.step)
}

/// Reads the list to its end. Returns its requests and records.
fn read(mut paging: Paging, rows: &[i64]) -> (Vec<(usize, usize)>, Vec<i64>) {
    let (mut requests, mut all) = (Vec::new(), Vec::new());
    loop {
        let (request, kept, step) = respond(&mut paging, rows);
        requests.push(request);
        all.extend(kept);
        match step {
            NextStep::More => {}
            NextStep::End => return (requests, all),
            NextStep::Unreadable(reason) => panic!("{reason}"),
        }
    }
}

#[test]
fn a_limit_ends_the_list_and_makes_the_last_page_smaller() {
    let rows: Vec<i64> = ROWS.collect();
    assert_eq!(read(range(40, 0, 0, Some(50)), &rows), (vec![(0, 40), (40, 10)], (0..50).collect()));
    assert_eq!(read(range(40, 2, 0, Some(50)), &rows), (vec![(0, 40), (38, 12)], (0..50).collect()));
    assert_eq!(read(range(500, 0, 0, Some(1)), &rows), (vec![(0, 1)], vec![0]));
    assert!(range(500, 0, 0, Some(0)).is_empty());
}

#[test]
fn records_beyond_the_limit_are_not_returned() {
    let mut paging = range(500, 0, 0, Some(2));
    assert_eq!(
        paging.on_page(keys(0..4), None, |_| 0),
        PageDecision { keep: vec![true, true, false, false], step: NextStep::End }
    );
}

#[test]
fn a_range_requests_the_first_row_of_the_list_to_check_the_offset() {
    let rows: Vec<i64> = ROWS.collect();
    assert_eq!(read(range(40, 0, 30, Some(20)), &rows), (vec![(0, 1), (30, 20)], (30..50).collect()));
    assert_eq!(read(range(40, 1, 30, Some(20)), &rows), (vec![(0, 1), (29, 21)], (30..50).collect()));
    assert_eq!(
        read(range(40, 1, 1, Some(20)), &rows),
        (vec![(0, 21)], (1..21).collect()),
        "the row before the range is the first row of the list"
    );
    assert_eq!(read(range(40, 0, 200, None), &rows), (vec![(0, 1), (200, 40)], vec![]));
    assert_eq!(read(range(40, 0, 5, None), &[]), (vec![(0, 1)], vec![]), "a list without rows");
}

#[test]
fn a_range_of_a_server_that_ignores_the_offset_is_an_error() {
    let mut paging = range(20, 0, 30, None);
    for _ in 0..2 {
        assert_eq!(paging.on_page(keys(0..1), None, |_| 0).step, NextStep::More);
        assert_eq!(paging.request(), PageRequest::new(30, 20));
        let decision = paging.on_page(keys(0..20), None, |_| 0);
        assert_eq!(decision.keep, [false; 20]);
        match decision.step {
            NextStep::More => assert_eq!(paging.request(), PageRequest::new(0, 1), "both are requested again"),
            step => assert!(matches!(step, NextStep::Unreadable(reason) if reason.contains("offset_param"))),
        }
    }
}

#[test]
fn a_range_is_cut_out_of_a_whole_list_in_one_response() {
    for count in [None, Some(Count { value: 6, is_total: true })] {
        let mut paging = range(20, 0, 3, Some(2));
        let page = keys(0..6);
        let decisions: Vec<_> = (0..4).map(|_| paging.on_page(page.clone(), count, |_| 0)).collect();
        assert!(decisions[..3].iter().all(|decision| *decision == PageDecision::keep_none(&page, NextStep::More)));
        let keep = vec![false, false, false, true, true, false];
        assert_eq!(decisions[3], PageDecision { keep, step: NextStep::End });
    }
}

#[test]
fn rows_inserted_in_front_are_not_taken_for_a_server_that_ignores_the_offset() {
    let rows: Vec<i64> = (0..6).collect();
    let mut paging = range(20, 0, 3, None);
    assert_eq!(respond(&mut paging, &rows).2, NextStep::More);
    // Three rows are inserted in front, so row 0 is where the range begins.
    let rows: Vec<i64> = (-3..6).collect();
    assert_eq!(respond(&mut paging, &rows), ((3, 20), vec![], NextStep::More));
    assert_eq!(respond(&mut paging, &rows).0, (0, 1));
    assert_eq!(respond(&mut paging, &rows).1, (0..6).collect::<Vec<_>>());
}

#[test]
fn a_range_of_equal_records_without_ids_is_an_error() {
    let mut paging = range(20, 0, 2, None);
    for _ in 0..3 {
        assert_eq!(paging.on_page(without_ids(&["a"]), None, |_| 0).step, NextStep::More);
    }
    assert!(
        matches!(paging.on_page(without_ids(&["a"]), None, |_| 0).step, NextStep::Unreadable(reason) if reason.contains("no `id`"))
    );
    // The server ignores `max` and sends all rows, which differ from those of the range.
    let mut paging = range(20, 0, 2, None);
    paging.on_page(without_ids(&["a", "b", "a"]), None, |_| 0);
    assert_eq!(
        paging.on_page(without_ids(&["a"]), None, |_| 0),
        PageDecision { keep: vec![true], step: NextStep::More }
    );
}

#[test]
fn a_smaller_page_that_is_part_of_the_page_before_is_requested_again_in_full_size() {
    let mut paging = range(20, 0, 0, Some(30));
    assert_eq!(paging.on_page(keys(0..20), None, |_| 0).step, NextStep::More);
    assert_eq!(paging.request(), PageRequest::new(20, 10));
    assert_eq!(paging.on_page(keys(0..10), None, |_| 0), PageDecision { keep: vec![false; 10], step: NextStep::More });
    assert_eq!(paging.request(), PageRequest::new(20, 20));
    assert!(matches!(paging.on_page(keys(0..20), None, |_| 0).step, NextStep::Unreadable(_)));
}

#[test]
fn a_page_that_is_shorter_because_less_was_requested_does_not_confirm_a_count() {
    let mut paging = range(20, 0, 0, Some(30));
    let count = Some(Count { value: 30, is_total: true });
    paging.on_page(keys(0..20), count, |_| 0);
    // One row was returned before, so one more is needed.
    assert_eq!(paging.on_page(keys(19..29), count, |_| 0).step, NextStep::More);
    assert_eq!(paging.request(), PageRequest::new(30, 1));
}

#[test]
fn following_pages_are_requested_within_the_range_only() {
    let total = Some(Count { value: 1_000, is_total: true });
    let mut paging = range(20, 0, 0, Some(70));
    paging.on_page(keys(0..20), total, |_| 0);
    let following: Vec<_> = paging.following_requests().map(|request| (request.offset, request.max)).collect();
    assert_eq!((paging.request().max, following), (20, vec![(40, 20), (60, 10)]));
    let mut paging = range(20, 1, 0, Some(58));
    paging.on_page(keys(0..20), total, |_| 0);
    let following: Vec<_> = paging.following_requests().map(|request| (request.offset, request.max)).collect();
    assert_eq!((paging.request().max, following), (20, vec![(38, 20)]), "the page at 57 would not have a new record");
}

#[test]
fn the_row_before_a_range_shows_where_to_continue_if_all_read_rows_were_deleted() {
    let mut rows: Vec<i64> = ROWS.collect();
    let mut paging = range(20, 1, 30, None);
    respond(&mut paging, &rows);
    let mut all = Vec::new();
    for _ in 0..30 {
        let (_, kept, step) = respond(&mut paging, &rows);
        rows.retain(|row| !kept.contains(row));
        all.extend(kept);
        if step == NextStep::End {
            break;
        }
    }
    assert_eq!((all, rows), ((30..100).collect(), (0..30).collect()));
}

#[test]
fn no_row_of_a_range_is_skipped_if_rows_before_it_are_deleted() {
    let mut rows: Vec<i64> = ROWS.collect();
    let mut paging = range(20, 1, 30, Some(40));
    respond(&mut paging, &rows);
    assert_eq!(respond(&mut paging, &rows).1, (30..49).collect::<Vec<_>>());
    rows.drain(0..10);
    assert_eq!(
        respond(&mut paging, &rows),
        ((48, 20), vec![], NextStep::More),
        "the page does not contain the overlap"
    );
    assert_eq!(respond(&mut paging, &rows), ((28, 20), (49..58).collect(), NextStep::More));
    assert_eq!(respond(&mut paging, &rows), ((47, 13), (58..70).collect(), NextStep::End));
}

#[test]
fn a_range_without_any_known_row_is_an_error() {
    let mut paging = range(20, 1, 10, None);
    paging.on_page(keys(0..1), None, |_| 0);
    assert_eq!(paging.on_page(keys(9..29), None, |_| 0).step, NextStep::More);
    assert_eq!(paging.on_page(keys(60..80), None, |_| 0).step, NextStep::More);
    assert_eq!(paging.request().offset, 8);
    assert_eq!(paging.on_page(keys(60..80), None, |_| 0).step, NextStep::More);
    assert_eq!(paging.request().offset, 0);
    assert!(
        matches!(paging.on_page(keys(40..60), None, |_| 0).step, NextStep::Unreadable(reason) if reason.contains("`start`"))
    );
}
