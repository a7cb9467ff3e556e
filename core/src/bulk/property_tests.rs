//! Property tests of the scheduler, with calls that finish when and how the test decides.

use super::calls::{BulkCalls, BulkStep, CallFactory};
use super::row::{BulkAction, BulkInput, BulkRow, CallInput, CallOutput};
use crate::call::Engine;
use crate::clock::SystemClock;
use crate::error::{Code, Error, Outcome, Result};
use crate::id::RecordId;
use crate::settings::Settings;
use futures_util::future::BoxFuture;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::sync::oneshot;

/// The result that the test plans for an input.
#[derive(Clone, Copy, Debug, PartialEq)]
enum PlannedResult {
    Succeeds,
    Fails,
    Panics,
    /// The input is invalid, and not sent.
    Rejected,
}

/// The calls in flight, by the index of their input. The test decides when they finish.
#[derive(Clone, Default)]
struct InFlight(Arc<Mutex<BTreeMap<usize, oneshot::Sender<PlannedResult>>>>);

/// Makes the calls of the test.
struct Calls {
    in_flight: InFlight,
    begin_here: bool,
}

impl CallFactory for Calls {
    fn call(&self, _: &Engine, CallInput { input, .. }: CallInput) -> BoxFuture<'static, Result<CallOutput>> {
        let id = input.id.expect("the test gives an id");
        let index = id.to_json().parse().expect("a number");
        let (finish, finished) = oneshot::channel();
        self.in_flight.0.lock().unwrap().insert(index, finish);
        Box::pin(async move {
            match finished.await.expect("the test finishes every call") {
                PlannedResult::Fails => Err(Error::new(Code::NotFound, "not found")),
                PlannedResult::Panics => std::panic::resume_unwind(Box::new("a panic on purpose")), // without a message
                PlannedResult::Succeeds | PlannedResult::Rejected => Ok(CallOutput::of_id(id)),
            }
        })
    }

    fn needs_no_requests(&self) -> bool {
        self.begin_here
    }
}

impl InFlight {
    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Finishes the `nth` oldest call.
    fn finish(&self, nth: usize, results: &[PlannedResult]) -> usize {
        let mut calls = self.0.lock().unwrap();
        let index = *calls.keys().nth(nth % calls.len()).unwrap();
        assert!(calls.remove(&index).unwrap().send(results[index]).is_ok(), "the call is in flight");
        index
    }

    /// Returns whether the bulk has dropped all of them.
    fn are_dropped(&self) -> bool {
        self.0.lock().unwrap().values().all(oneshot::Sender::is_closed)
    }
}

/// The inputs of a bulk, and when its calls finish.
#[derive(Clone, Debug)]
struct Plan {
    results: Vec<PlannedResult>,
    concurrency: usize,
    keeps_all_rows: bool,
    /// Whether calls begin on the thread that pushes them.
    begin_here: bool,
    /// For each round: which call finishes, and whether one finishes although the bulk could go on without it.
    rounds: Vec<(usize, bool)>,
    /// The round in which it is cancelled.
    cancel_at: Option<usize>,
}

fn plans() -> impl Strategy<Value = Plan> {
    let result = prop_oneof![
        6 => Just(PlannedResult::Succeeds),
        1 => Just(PlannedResult::Fails),
        1 => Just(PlannedResult::Panics),
        1 => Just(PlannedResult::Rejected),
    ];
    let rounds = prop::collection::vec((prop_oneof![Just(0), Just(1), 0_usize..8], prop::bool::weighted(0.3)), 1..40);
    let cancel_at = prop_oneof![3 => Just(None), 1 => (0_usize..200).prop_map(Some)];
    (prop::collection::vec(result, 0..120), 1_usize..6, any::<bool>(), any::<bool>(), rounds, cancel_at).prop_map(
        |(results, concurrency, keeps_all_rows, begin_here, rounds, cancel_at)| Plan {
            results,
            concurrency,
            keeps_all_rows,
            begin_here,
            rounds,
            cancel_at,
        },
    )
}

/// A bulk of calls that the test finishes.
fn bulk(in_flight: &InFlight, concurrency: usize, begin_here: bool) -> BulkCalls {
    let settings = br#"{"name": "firma", "client_id": "i", "client_secret": "s", "username": "u@f", "password": "p"}"#;
    let engine = Engine::new(Settings::from_json(settings).unwrap(), Arc::new(SystemClock)).unwrap();
    let calls = Calls { in_flight: in_flight.clone(), begin_here };
    BulkCalls::new(&engine, "Account".into(), BulkAction::Delete, Arc::new(calls)).concurrency(concurrency)
}

fn input(index: usize) -> BulkInput {
    BulkInput::from_id(RecordId::from_json(&index.to_string()).unwrap())
}

/// Runs all tasks until they wait.
async fn settle() {
    for _ in 0..8 {
        tokio::task::yield_now().await;
    }
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(test)
}

fn check_row(row: &BulkRow, index: usize, result: PlannedResult) {
    assert_eq!(row.index, index as u64);
    let code = row.error.as_ref().map(Error::code);
    let expected = match result {
        PlannedResult::Succeeds => None,
        PlannedResult::Fails => Some(Code::NotFound),
        PlannedResult::Panics => Some(Code::Internal),
        PlannedResult::Rejected => Some(Code::Config),
    };
    assert_eq!((code, row.id.is_some()), (expected, expected.is_none()), "{row:?}");
    assert!(result == PlannedResult::Rejected || row.input.id.as_ref().unwrap().to_json() == index.to_string());
}

/// Runs a bulk to its end and checks the invariants. Returns the number of rows.
async fn check(plan: &Plan) -> usize {
    let Plan { results, concurrency, .. } = plan;
    let in_flight = InFlight::default();
    let mut calls = bulk(&in_flight, *concurrency, plan.begin_here);
    if plan.keeps_all_rows {
        calls.keep_all_rows();
    }
    let window = if plan.keeps_all_rows { usize::MAX } else { 16 * concurrency };
    let mut finished: Vec<bool> = results.iter().map(|result| *result == PlannedResult::Rejected).collect();
    let (mut taken, mut read, mut more) = (0, 0, true);
    for round in 0.. {
        if plan.cancel_at == Some(round) {
            calls.cancellation_token().cancel();
        }
        let (nth, early) = plan.rounds[round % plan.rounds.len()];
        if early && in_flight.len() > 0 {
            finished[in_flight.finish(nth, results)] = true;
            settle().await;
        }
        match calls.try_step(more) {
            Some(BulkStep::NeedsInput) => {
                assert!(
                    taken - read < *concurrency || !finished[read],
                    "no input is taken ahead of rows that are ready"
                );
                assert!(calls.has_room() && !calls.cancellation_token().is_cancelled());
                match results.get(taken) {
                    Some(PlannedResult::Rejected) => calls.push(Err(Error::config("input", "invalid input"))),
                    Some(_) => calls.push(Ok(input(taken))),
                    None => more = false,
                }
                taken += usize::from(more);
                settle().await;
            }
            Some(BulkStep::Row(row)) => {
                check_row(&row, read, results[read]);
                read += 1;
                let done = finished[..taken].iter().filter(|finished| **finished).count();
                assert_eq!(calls.progress().done, done as u64, "calls count as they finish");
            }
            Some(BulkStep::Progress(_)) => unreachable!("progress is not reported"),
            Some(BulkStep::Done) => break,
            None => {
                let should_take_input = more && taken < results.len() && !calls.cancellation_token().is_cancelled();
                let is_busy = in_flight.len() == *concurrency || taken - read == window;
                assert!(!should_take_input || is_busy, "{} of {concurrency} in flight", in_flight.len());
                finished[in_flight.finish(nth, results)] = true;
                settle().await;
            }
        }
        assert!(in_flight.len() <= *concurrency, "{} calls in flight", in_flight.len());
        assert!(taken - read <= window, "{read} rows of {taken} were read");
    }
    assert_eq!(read, taken, "every input that was taken has its row");
    assert!(read == results.len() || calls.cancellation_token().is_cancelled());
    let failed = results[..read].iter().filter(|result| **result != PlannedResult::Succeeds).count();
    assert_eq!(calls.progress().failed, failed as u64);
    read
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_input_has_one_row_in_order_within_all_bounds(plan in plans()) {
        run(check(&plan));
    }
}

#[test]
fn a_slow_call_does_not_hold_back_others_within_the_window() {
    run(async {
        for (keeps_all_rows, expected) in [(false, 32), (true, 100)] {
            let in_flight = InFlight::default();
            let mut calls = bulk(&in_flight, 2, false);
            if keeps_all_rows {
                calls.keep_all_rows();
            }
            let mut taken = 0;
            while let Some(BulkStep::NeedsInput) = calls.try_step(taken < 100) {
                calls.push(Ok(input(taken)));
                taken += 1;
                settle().await;
                if in_flight.len() == 2 {
                    in_flight.finish(1, &[PlannedResult::Succeeds; 100]); // never the first
                    settle().await;
                }
            }
            assert_eq!(taken, expected);
        }
    });
}

#[test]
fn a_bulk_that_is_dropped_drops_its_calls() {
    run(async {
        let in_flight = InFlight::default();
        let mut calls = bulk(&in_flight, 3, false);
        (0..3).for_each(|index| calls.push(Ok(input(index))));
        settle().await;
        assert!(in_flight.len() == 3 && !in_flight.are_dropped());
        drop(calls);
        settle().await;
        assert!(in_flight.are_dropped());
    });
}

#[test]
fn the_row_of_a_dropped_call_has_the_outcome_unknown() {
    let in_flight = InFlight::default();
    let mut calls = bulk(&in_flight, 3, false);
    run(async {
        (0..3).for_each(|index| calls.push(Ok(input(index))));
        settle().await;
    });
    for _ in 0..3 {
        let Some(BulkStep::Row(row)) = calls.try_step(false) else { panic!("a row") };
        let error = row.error.unwrap();
        assert_eq!((error.code(), error.outcome()), (Code::Cancelled, Some(Outcome::Unknown)));
    }
    assert!(matches!(calls.try_step(false), Some(BulkStep::Done)));
}

#[test]
fn a_wait_that_is_cancelled_loses_no_row_and_no_input() {
    run(async {
        let in_flight = InFlight::default();
        let mut calls = bulk(&in_flight, 1, false);
        calls.push(Ok(input(0)));
        for more in [true, false] {
            let waited = tokio::select! {
                biased;
                step = calls.step(more) => Some(step),
                () = settle() => None,
            };
            assert!(waited.is_none(), "{waited:?}");
        }
        in_flight.finish(0, &[PlannedResult::Succeeds]);
        assert!(matches!(calls.step(true).await, BulkStep::Row(row) if row.index == 0));
        assert!(matches!(calls.step(true).await, BulkStep::NeedsInput));
    });
}

#[test]
fn calls_that_are_pushed_outside_of_a_runtime_count_as_in_flight() {
    let in_flight = InFlight::default();
    let mut calls = bulk(&in_flight, 2, false);
    (0..2).for_each(|index| calls.push(Ok(input(index))));
    assert!(!calls.has_room() && in_flight.len() == 0 && calls.try_step(true).is_none());
    run(async {
        let ready = calls.ready(true);
        assert!(calls.try_step(true).is_none());
        settle().await;
        in_flight.finish(1, &[PlannedResult::Succeeds; 2]);
        ready.await;
        assert!(matches!(calls.try_step(true), Some(BulkStep::NeedsInput)));
        in_flight.finish(0, &[PlannedResult::Succeeds; 2]);
        let rows: Vec<Result<RecordId>> = vec![row(&mut calls).await, row(&mut calls).await];
        assert!(rows.iter().all(Result::is_ok) && calls.next().await.is_none());
    });
}

async fn row(calls: &mut BulkCalls) -> Result<RecordId> {
    let row = calls.next().await.unwrap();
    row.error.map_or_else(|| Ok(row.id.unwrap()), Err)
}
