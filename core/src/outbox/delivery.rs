//! Sends the entries that are due: takes them in batches, keeps a number of calls in flight, and stores the results in batches.

use super::cycle::{Claim, Finished, Taken, Verdict};
use super::entry::Delivery;
use super::options::OutboxOptions;
use super::queue::Queue;
use super::send::send;
use super::time::rfc3339;
use super::writer::{Writer, died, not_sent};
use crate::bulk::GracefulCancel;
use crate::call::Engine;
use crate::error::{Error, Result};
use crate::key::Lookup;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// How many entries are taken for each call in flight, at first. After `kill -9`, so many are in doubt.
const WINDOW_PER_CALL: usize = 8;

/// How many entries are taken for each call in flight on a slow disk.
const MAX_WINDOW_PER_CALL: usize = 64;

/// How long a result waits for others, to be stored together with them.
const MAX_RESULT_AGE: Duration = Duration::from_millis(50);

/// One delivery.
struct Run {
    writer: Writer,
    concurrency: usize,
    lookup: Option<Lookup>,
    /// How many entries are taken, and not finished.
    window: usize,
    /// Entries that were taken and not sent yet.
    ready: VecDeque<Claim>,
    sending: FuturesUnordered<BoxFuture<'static, Finished>>,
    /// How many of these count towards the concurrency. Entries in doubt do not: they mostly wait.
    in_flight: usize,
    results: Vec<Finished>,
    step: Option<Step>,
    /// How many entries may still be taken.
    left: u64,
    /// Whether the last step found fewer entries than it asked for.
    is_exhausted: bool,
    /// Why no further entry is taken.
    stopped: Option<Error>,
    delivery: Delivery,
    has_ended: bool,
}

/// A step of the writer that has not ended.
struct Step {
    reply: oneshot::Receiver<Result<Taken>>,
    limit: usize,
    /// Whether entries are in flight that the step may be too slow for.
    may_be_slow: bool,
}

/// What a delivery waits for.
enum Event {
    Finished(Finished),
    Stepped(Result<Taken>),
    Stop(Error),
    ResultsAreOld,
}

/// Sends the entries that are due, at most `limit` of them.
pub(super) async fn deliver(
    engine: &Engine,
    queue: &Arc<Queue>,
    options: &OutboxOptions,
    limit: Option<u64>,
) -> Result<Delivery> {
    engine.check_running()?;
    let cancel = GracefulCancel::new(engine.cancellation());
    let engine = engine.with_only_cancellation(&cancel.calls);
    let mut run = Run::start(queue, options, limit)?;
    while run.begin_work(&engine, &cancel) {
        let event = run.next_event(&engine, &cancel).await;
        run.handle(event);
    }
    run.end().await
}

impl Run {
    fn start(queue: &Arc<Queue>, options: &OutboxOptions, limit: Option<u64>) -> Result<Self> {
        Ok(Self {
            writer: Writer::start(queue, options.keep())?,
            concurrency: options.concurrency(),
            lookup: options.lookup,
            window: options.concurrency().saturating_mul(WINDOW_PER_CALL),
            ready: VecDeque::new(),
            sending: FuturesUnordered::new(),
            in_flight: 0,
            results: Vec::new(),
            step: None,
            left: limit.unwrap_or(u64::MAX),
            is_exhausted: false,
            stopped: None,
            delivery: Delivery::default(),
            has_ended: false,
        })
    }

    /// Starts calls and a step of the writer. Returns false if there is nothing to wait for.
    fn begin_work(&mut self, engine: &Engine, cancel: &GracefulCancel) -> bool {
        if self.stopped.is_some() {
            self.results.extend(self.ready.drain(..).map(not_sent));
        }
        while self.ready.front().is_some_and(|claim| claim.is_in_doubt || self.in_flight < self.concurrency) {
            let Some(claim) = self.ready.pop_front() else { break };
            self.in_flight += usize::from(!claim.is_in_doubt);
            self.sending.push(Box::pin(send(engine.clone(), cancel.clone(), claim)));
        }
        if self.step.is_none() && self.needs_step() {
            self.begin_step();
        }
        if self.in_flight < self.concurrency {
            self.widen_window();
        }
        self.step.is_some() || !self.sending.is_empty()
    }

    /// Returns whether to store results or take entries now.
    fn needs_step(&self) -> bool {
        if self.results.is_empty() {
            return self.room() > 0 && !self.is_exhausted && self.ready.len() < self.concurrency;
        }
        self.is_exhausted || self.room() == 0 || self.ready.len() < self.window / 2
    }

    /// Takes more entries at a time from now on, if calls could be sent while the disk is waited for.
    fn widen_window(&mut self) {
        if let Some(step) = self.step.as_mut().filter(|step| step.may_be_slow) {
            step.may_be_slow = false;
            self.window = self.window.saturating_mul(2).min(self.concurrency.saturating_mul(MAX_WINDOW_PER_CALL));
        }
    }

    fn begin_step(&mut self) {
        let limit = self.room();
        let reply = self.writer.step(std::mem::take(&mut self.results), limit);
        let may_be_slow = !self.is_exhausted && self.in_flight == self.concurrency;
        self.step = Some(Step { reply, limit, may_be_slow });
    }

    /// Returns how many entries may be taken. Those whose results are stored in the same step do not count.
    fn room(&self) -> usize {
        if self.stopped.is_some() {
            return 0;
        }
        let taken = self.ready.len() + self.sending.len();
        self.window.saturating_sub(taken).min(usize::try_from(self.left).unwrap_or(usize::MAX))
    }

    async fn next_event(&mut self, engine: &Engine, cancel: &GracefulCancel) -> Event {
        let Self { sending, step, stopped, results, .. } = self;
        let must_store = step.is_none() && !results.is_empty();
        let stepped = async {
            match step {
                Some(step) => (&mut step.reply).await.unwrap_or_else(|_| Err(died())),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            stepped = stepped => Event::Stepped(stepped),
            Some(finished) = sending.next() => Event::Finished(finished),
            () = cancel.requested.cancelled(), if stopped.is_none() => Event::Stop(Error::cancelled()),
            () = engine.closed(), if stopped.is_none() => Event::Stop(engine.check_running().err().unwrap_or_else(Error::cancelled)),
            () = engine.clock().sleep(MAX_RESULT_AGE), if must_store => Event::ResultsAreOld,
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Finished(finished) => {
                self.in_flight -= usize::from(!finished.claim.is_in_doubt);
                self.count(&finished.verdict);
                self.results.push(finished);
            }
            Event::Stepped(Ok(Taken { claims, damaged })) => {
                let limit = self.step.take().map_or(0, |step| step.limit);
                self.is_exhausted = claims.len() < limit;
                self.delivery.refused += damaged.len() as u64;
                self.left = self.left.saturating_sub(claims.len() as u64);
                self.ready.extend(claims.into_iter().map(|claim| claim.with_lookup(self.lookup)));
            }
            Event::Stepped(Err(error)) => {
                self.step = None;
                self.stopped.get_or_insert(error);
            }
            Event::Stop(error) => self.stopped = Some(error),
            Event::ResultsAreOld => self.begin_step(),
        }
    }

    fn count(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Delivered(_) => self.delivery.delivered += 1,
            Verdict::Refused(_) => self.delivery.refused += 1,
            Verdict::Unclear(_) | Verdict::Waiting { .. } | Verdict::NotSent => {} // counted at the end
        }
    }

    async fn end(mut self) -> Result<Delivery> {
        self.has_ended = true;
        let results = std::mem::take(&mut self.results);
        let summary = self.writer.end(results).await;
        if let Some(error) = self.stopped.take() {
            return Err(error);
        }
        let summary = summary?;
        let mut delivery = std::mem::take(&mut self.delivery);
        delivery.waiting = summary.waiting;
        delivery.unclear = summary.unclear;
        delivery.due_at = summary.next_attempt_at;
        delivery.next_attempt_at = summary.next_attempt_at.map(rfc3339);
        delivery.paused_by = summary.paused_by;
        Ok(delivery)
    }
}

/// A delivery that is dropped gives back what it has not sent. What it has sent stays in doubt.
impl Drop for Run {
    fn drop(&mut self) {
        if self.has_ended {
            return;
        }
        let mut results = std::mem::take(&mut self.results);
        results.extend(self.ready.drain(..).map(not_sent));
        self.writer.abandon(results);
    }
}
