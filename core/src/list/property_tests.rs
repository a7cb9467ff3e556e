//! Property tests of paging against the model server.

#![allow(clippy::cast_possible_wrap)] // the lists are short

use super::decision::{NextStep, PageRequest};
use super::model_server::{Change, Changes, Deletes, Ids, Order, ReadResult, Scenario, ServerBehavior, read};
use super::overlap::OverlapSetting;
use super::paging::Paging;
use super::record_key::{RecordKey, hash};
use super::row_range::RowRange;
use crate::envelope::Count;
use proptest::prelude::*;
use std::collections::HashSet;

fn changes(change: impl Strategy<Value = Change>) -> impl Strategy<Value = Changes> {
    let position = prop_oneof![1 => Just(0.0), 2 => 0.0_f64..1.0, 1 => Just(1.0)];
    prop::collection::vec((0_usize..40, position, change), 0..30)
}

fn insertions() -> impl Strategy<Value = Change> {
    prop_oneof![Just(1), 1_usize..40].prop_map(Change::Insert)
}

fn any_change() -> impl Strategy<Value = Change> {
    let to = prop_oneof![Just(1.0), 0.0_f64..=1.0];
    prop_oneof![Just(Change::Delete), to.prop_map(Change::Move), insertions()]
}

fn scenarios(
    page_size: std::ops::Range<u32>,
    overlap: std::ops::Range<u32>,
    changes: impl Strategy<Value = Changes>,
) -> impl Strategy<Value = Scenario> {
    let order = prop_oneof![2 => Just(Order::ById), 1 => Just(Order::Ignored), 1 => Just(Order::Other)];
    let response_order = prop::collection::vec(0_usize..4, 1..20);
    (page_size, overlap, range(), 0_usize..5, order, response_order, changes)
        .prop_filter("the overlap is less than a page", |(page_size, overlap, ..)| overlap < page_size)
        .prop_map(|(page_size, overlap, (start, limit), prefetch, order, response_order, changes)| Scenario {
            page_size,
            overlap,
            start,
            limit,
            prefetch,
            order,
            response_order,
            changes,
            by_default: false,
            deletes: None,
        })
}

/// A client that deletes the records that it reads, or some of them.
fn deleting_client(page_size: std::ops::Range<u32>, overlap: std::ops::Range<u32>) -> impl Strategy<Value = Scenario> {
    let which = prop_oneof![2 => Just(vec![true]), 1 => prop::collection::vec(any::<bool>(), 1..7)];
    let pace = prop::collection::vec(prop_oneof![0_usize..3, 0_usize..60], 1..20);
    let deletes = (which, pace, any::<bool>()).prop_map(|(which, pace, before_next_page)| Deletes {
        which,
        pace,
        before_next_page,
    });
    (unchanged(page_size, overlap), deletes, any::<bool>())
        .prop_filter("the default overlap is less than a page", |(scenario, _, by_default)| {
            !by_default || scenario.page_size > 1
        })
        .prop_map(|(scenario, deletes, by_default)| Scenario {
            limit: None,
            by_default,
            overlap: if by_default { 1 } else { scenario.overlap },
            deletes: Some(deletes),
            ..scenario
        })
}

/// `start` and `limit`.
fn range() -> impl Strategy<Value = (usize, Option<usize>)> {
    let limit = || prop_oneof![Just(None), (0_usize..60).prop_map(Some)];
    prop_oneof![1 => Just((0, None)), 1 => limit().prop_map(|limit| (0, limit)), 2 => (0_usize..130, limit())]
}

/// A list that does not change.
fn unchanged(page_size: std::ops::Range<u32>, overlap: std::ops::Range<u32>) -> impl Strategy<Value = Scenario> {
    scenarios(page_size, overlap, Just(Vec::new()))
}

fn behaviors() -> impl Strategy<Value = ServerBehavior> {
    let count = prop_oneof![Just(None), any::<bool>().prop_map(|is_total| Some((0, is_total)))];
    let cap = prop_oneof![Just(None), (1_usize..30).prop_map(Some)];
    let rarely = prop::bool::weighted(0.15);
    let ids = prop_oneof![3 => Just(Ids::Numbers), 1 => Just(Ids::Texts), 1 => Just(Ids::None)];
    (cap, rarely, rarely, ids, count, prop_oneof![4 => Just(0), 1 => 1_usize..4]).prop_map(
        |(cap, ignores_offset, ignores_max, ids, count, duplicate_rows)| ServerBehavior {
            cap,
            ignores_offset,
            ignores_max,
            ids,
            count,
            duplicate_rows,
        },
    )
}

/// Some rows, as the server sorts them.
fn rows(length: i64, order: Order) -> Vec<i64> {
    if order == Order::Ignored { (0..length).rev().collect() } else { (0..length).collect() }
}

/// Checks the result. Every row of the range that existed all the time and did not move was returned, and in order; no row twice
/// if there are ids. With an overlap, no row that was before the range all the time was returned, unless the range is empty.
fn check(all: &[i64], result: &ReadResult, scenario: &Scenario, has_ids: bool) -> Result<(), TestCaseError> {
    let (returned, rows_at_start) = (&result.returned, &result.rows_at_start);
    let stayed = |row: &&i64| all.contains(row) && result.rows.contains(row) && !result.moved.contains(row);
    let (before, range) = rows_at_start.split_at(scenario.start.min(rows_at_start.len()));
    prop_assert!(scenario.limit.is_none_or(|limit| returned.len() <= limit), "too many: {:?}", returned);
    if scenario.overlap > 0 && !range.is_empty() {
        let before_range: Vec<_> = returned.iter().filter(stayed).filter(|row| before.contains(row)).collect();
        prop_assert!(before_range.is_empty(), "from before the range: {:?}", before_range);
    }
    let positions = returned.iter().filter(stayed).filter_map(|row| range.iter().position(|other| other == row));
    if has_ids {
        prop_assert!(
            returned.iter().enumerate().all(|(position, row)| !returned[..position].contains(row)),
            "once: {:?}",
            returned
        );
        prop_assert!(positions.clone().is_sorted(), "in order: {:?}", returned);
    }
    if result.complete {
        let is_full = scenario.limit == Some(returned.len());
        let reached = if is_full { positions.max().unwrap_or(0) } else { range.len() };
        let skipped: Vec<_> = range[..reached].iter().filter(stayed).filter(|row| !returned.contains(row)).collect();
        prop_assert!(skipped.is_empty(), "skipped: {:?}", skipped);
    }
    Ok(())
}

/// Checks the result of a list whose count is wrong. If it ends too early, then only at the count itself: it is then read as a list of
/// that many rows, in which a range that begins later is empty.
fn check_wrong_count(all: &[i64], result: &ReadResult, scenario: &Scenario, count: i64) -> Result<(), TestCaseError> {
    let (returned, range) = (&result.returned, scenario.range(all));
    prop_assert_eq!(&returned[..], &range[..returned.len()]);
    if result.complete && returned.len() < range.len() {
        let counted = usize::try_from(count).unwrap_or(0).min(all.len());
        prop_assert_eq!(&returned[..], scenario.range(&all[..counted]), "only at the count itself");
    }
    Ok(())
}

/// Other users insert rows in front, twice, and the client steps back to rows before the range both times.
#[test]
fn rows_before_the_range_that_are_read_to_find_the_overlap_are_not_returned() {
    let scenario = nine_rows_a_page();
    let all = rows(104, scenario.order);
    check(&all, &read(&capped_at_nine(None), all.clone(), &scenario), &scenario, true).unwrap();
}

/// The next page is empty. Before the client has stepped back, a row is added that the client has not read.
#[test]
fn no_row_is_skipped_if_the_list_grows_while_the_client_steps_back() {
    let delete = |when| (when, 0.0, Change::Delete);
    let insert = |when| (when, 0.0, Change::Insert(1));
    let scenario = Scenario {
        changes: vec![delete(10), insert(0), insert(11), delete(6), delete(5), delete(10)],
        overlap: 1,
        start: 0,
        ..nine_rows_a_page()
    };
    let all = rows(66, scenario.order);
    check(&all, &read(&capped_at_nine(None), all.clone(), &scenario), &scenario, true).unwrap();
}

/// The server ignores the offset and caps its pages at the count that it reports, which is too small; the range begins after it.
#[test]
fn a_range_after_a_wrong_count_is_empty_if_the_offset_is_ignored() {
    let scenario = Scenario { page_size: 9, overlap: 0, start: 6, changes: Vec::new(), ..nine_rows_a_page() };
    let behavior = ServerBehavior { ignores_offset: true, ..compliant_server(Some(5), Some((-3, true)), Ids::Numbers) };
    let all = rows(8, scenario.order);
    check_wrong_count(&all, &read(&behavior, all.clone(), &scenario), &scenario, 5).unwrap();
}

fn capped_at_nine(count: Option<(i64, bool)>) -> ServerBehavior {
    compliant_server(Some(9), count, Ids::Texts)
}

/// A server that obeys all parameters, up to its `cap`.
fn compliant_server(cap: Option<usize>, count: Option<(i64, bool)>, ids: Ids) -> ServerBehavior {
    ServerBehavior { cap, ignores_offset: false, ignores_max: false, ids, count, duplicate_rows: 0 }
}

/// The true count, if the server sends one.
fn true_count(total: bool) -> Option<(i64, bool)> {
    total.then_some((0, true))
}

fn texts_or_numbers(texts: bool) -> Ids {
    if texts { Ids::Texts } else { Ids::Numbers }
}

fn nine_rows_a_page() -> Scenario {
    Scenario {
        page_size: 9,
        overlap: 3,
        by_default: false,
        start: 81,
        limit: None,
        prefetch: 0,
        order: Order::ById,
        response_order: vec![0],
        changes: vec![(4, 0.0, Change::Insert(17)), (8, 0.0, Change::Insert(10))],
        deletes: None,
    }
}

/// At least 4000 cases; `PROPTEST_CASES` sets more.
fn config() -> ProptestConfig {
    let cases = ProptestConfig::default().cases.max(4_000);
    ProptestConfig { cases, max_global_rejects: cases * 10, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_wrong_count_ends_the_list_only_if_a_short_page_confirms_it(
        behavior in behaviors(), length in 0_i64..120, scenario in unchanged(1..40, 0..1), difference in 1_i64..4, too_many: bool,
    ) {
        let error = if too_many { difference } else { -difference };
        let without_count = ServerBehavior { count: None, ..behavior };
        prop_assume!(without_count.can_be_read(length, &scenario));
        let behavior = ServerBehavior { count: Some((error, true)), ..without_count };
        let all = rows(length, scenario.order);
        check_wrong_count(&all, &read(&behavior, all.clone(), &scenario), &scenario, length + error)?;
    }

    #[test]
    fn every_row_is_returned_once_and_in_order_or_reading_fails(behavior in behaviors(), length in 0_i64..120, scenario in unchanged(1..40, 0..1)) {
        prop_assume!(behavior.can_be_read(length, &scenario));
        let all = rows(length, scenario.order);
        let ReadResult { returned, complete, .. } = read(&behavior, all.clone(), &scenario);
        let range = scenario.range(&all);
        if complete {
            prop_assert_eq!(returned, range);
        } else {
            prop_assert_eq!(&returned[..], &range[..returned.len()], "the records before the error are right");
        }
    }

    #[test]
    fn no_more_rows_are_requested_than_needed(length in 0_i64..120, scenario in unchanged(1..40, 0..4), total: bool) {
        let behavior = compliant_server(None, true_count(total), Ids::Numbers);
        let all = rows(length, scenario.order);
        let result = read(&behavior, all.clone(), &scenario);
        prop_assert_eq!(&result.returned[..], scenario.range(&all));
        prop_assert!(scenario.requests_no_more_than_needed(&result), "{:?}", result.requests);
    }

    #[test]
    fn insertions_skip_no_row(
        behavior in behaviors(), length in 0_i64..120, scenario in scenarios(1..40, 0..1, changes(insertions())),
    ) {
        prop_assume!(behavior.can_be_read(length, &scenario) && behavior.can_be_read(length + 1_200, &scenario)); // with the inserted rows
        // Rows that are inserted in front of a part that is sent for every offset make it look like another page.
        prop_assume!(!behavior.ignores_offset || behavior.cap.is_none());
        let all = rows(length, scenario.order);
        let result = read(&behavior, all.clone(), &scenario);
        // If a page of rows is inserted in front between the first two requests, no client can detect it.
        prop_assume!(!(result.complete && result.only_first_page && result.returned.len() < result.rows.len()));
        check(&all, &result, &scenario, behavior.ids != Ids::None)?;
    }

    #[test]
    fn no_row_is_skipped_with_an_overlap_if_the_list_changes(
        cap in prop_oneof![Just(None), (2_usize..30).prop_map(Some)],
        length in 0_i64..120,
        scenario in scenarios(2..40, 1..4, changes(any_change())),
        total: bool,
        texts: bool,
    ) {
        let behavior = compliant_server(cap, true_count(total), texts_or_numbers(texts));
        let all = rows(length, scenario.order);
        let result = read(&behavior, all.clone(), &scenario);
        prop_assume!(!(result.complete && result.only_first_page));
        // A row that moves may be missed, as in any list that is read by offset.
        check(&all, &result, &scenario, true)?;
    }

    #[test]
    fn a_client_that_deletes_what_it_reads_gets_every_row(
        cap in prop_oneof![Just(None), (2_usize..30).prop_map(Some)],
        length in 0_i64..300,
        scenario in deleting_client(2..40, 1..4),
        total: bool,
        texts: bool,
    ) {
        let behavior = compliant_server(cap, true_count(total), texts_or_numbers(texts));
        let all = rows(length, scenario.order);
        let result = read(&behavior, all.clone(), &scenario);
        let (range, returned) = (scenario.range(&all), &result.returned);
        prop_assert_eq!(&returned[..], &range[..returned.len()]);
        prop_assert!(result.complete || !scenario.deletes.unwrap().before_next_page, "an error after {} of {}", returned.len(), range.len());
        prop_assert!(!result.complete || returned.len() == range.len(), "{} of {}", returned.len(), range.len());
    }

    #[test]
    fn a_client_that_deletes_every_row_gets_all_if_pages_have_one_row(length in 0_i64..60, page_size in 1_u32..40, prefetch in 0_usize..5, total: bool) {
        let deletes = Some(Deletes { which: vec![true], pace: vec![1], before_next_page: true });
        let scenario = Scenario {
            page_size,
            overlap: 1,
            by_default: true,
            start: 0,
            prefetch,
            changes: Vec::new(),
            deletes,
            ..nine_rows_a_page()
        };
        let all = rows(length, scenario.order);
        let result = read(&compliant_server(Some(1), true_count(total), Ids::Numbers), all.clone(), &scenario);
        let returned: HashSet<i64> = result.returned.iter().copied().collect();
        prop_assert_eq!((result.complete, returned.len()), (true, all.len()));
    }

    #[test]
    fn a_list_that_does_not_change_is_read_completely_with_an_overlap(
        behavior in behaviors(), length in 0_i64..120, scenario in unchanged(2..40, 1..4), by_default: bool,
    ) {
        let scenario = Scenario { by_default, ..scenario };
        prop_assume!((behavior.ids != Ids::None || scenario.by_default) && behavior.can_be_read(length, &scenario));
        let all = rows(length, scenario.order);
        let ReadResult { returned, complete, .. } = read(&behavior, all.clone(), &scenario);
        if complete {
            prop_assert_eq!(returned, scenario.range(&all));
        }
    }

    #[test]
    fn equal_records_without_ids_are_all_returned(all in prop::collection::vec(0_u8..4, 0..40), page_size in 1_usize..8, cap in 1_usize..8) {
        let length = page_size.min(cap);
        prop_assume!(all.len() <= length || all[..length] != all[length..all.len().min(length * 2)]); // no client can detect that
        let mut paging = Paging::new(u32::try_from(page_size).unwrap(), OverlapSetting::new(Some(0)), true, RowRange::new(0, None));
        let mut returned = Vec::new();
        loop {
            let page = &all[paging.request().offset..all.len().min(paging.request().offset + length)];
            let decision = paging.on_page(page.iter().map(|row| RecordKey::new(None, &[*row])).collect(), None, |_| 0);
            returned.extend(page.iter().zip(decision.keep).filter(|(_, keep)| *keep).map(|(row, _)| *row));
            match decision.step {
                NextStep::More => {}
                NextStep::End => break prop_assert_eq!(returned, all),
                NextStep::Unreadable(_) => break,
            }
        }
    }

    #[test]
    fn a_list_whose_equal_rows_change_places_is_complete_or_an_error(
        groups in prop::collection::vec(0_u64..4, 0..60), page_size in 2_u32..20, overlap in 0_u32..3, orders in prop::collection::vec(0_u64..3, 1..40),
        reports_total: bool,
    ) {
        prop_assume!(overlap < page_size);
        let mut paging = Paging::new(page_size, OverlapSetting::new(Some(overlap)), false, RowRange::new(0, None)).sorted_by("city");
        let total = reports_total.then_some(Count { value: groups.len() as u64, is_total: true });
        let mut returned = Vec::new();
        for order in orders.iter().cycle().take(1000) {
            let mut rows: Vec<(u64, usize)> = groups.iter().copied().zip(0..).collect();
            rows.sort_by_key(|&(group, id)| (group, hash(&(order, id))));
            let PageRequest { offset, max, .. } = paging.request();
            let page: Vec<_> = rows.into_iter().skip(offset).take(max).collect();
            let keys = page.iter().map(|&(_, id)| RecordKey::Id((id as i64).into())).collect();
            let decision = paging.on_page(keys, total, |index| page[index].0);
            returned.extend(page.iter().zip(decision.keep).filter(|(_, keep)| *keep).map(|(&(_, id), _)| id));
            match decision.step {
                NextStep::More => {}
                NextStep::End => {
                    returned.sort_unstable();
                    prop_assert_eq!(returned, (0..groups.len()).collect::<Vec<_>>());
                    return Ok(());
                }
                NextStep::Unreadable(_) => return Ok(()),
            }
        }
        prop_assert!(false, "the list does not end");
    }
}
