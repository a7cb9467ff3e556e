//! Finished calls on their way to JavaScript: gathered, and handed over together.
//!
//! A promise of Node-API costs more than the call that it stands for: each has a thread-safe function of its own and wakes the
//! event loop by itself. Here all calls of a JavaScript thread share one, and the promises are made in `lib/ask.ts`.

use crate::numbers::Numbers;
use crate::reply::{self, Reply, Text};
use egito::{Error, Result};
use futures_util::FutureExt;
use napi::bindgen_prelude::{Either3, Function, Status, within_runtime_if_available};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Either, Env};
use napi_derive::napi;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task::JoinSet;

/// What a JavaScript thread waits at.
#[napi]
pub struct NativeQueue(Arc<Queue>);

/// The calls under way of one JavaScript thread. Once nobody there holds it any more, those under way are dropped, and their requests closed.
struct Queue {
    inbox: Arc<Inbox>,
    calls: Mutex<JoinSet<()>>,
}

/// The calls of one client.
#[derive(Clone)]
pub struct Calls {
    queue: Arc<Queue>,
    /// How their numbers are returned.
    pub numbers: Numbers,
}

struct Inbox {
    finished: Arc<Mutex<Vec<Finished>>>,
    wake: Mutex<Wake>,
}

struct Finished {
    ticket: u32,
    reply: Reply,
}

/// For each finished call: its ticket, whether it failed, its text, its mark.
type Batch = Vec<Either3<u32, bool, Either<Text, ()>>>;
type Wake = ThreadsafeFunction<(), (), Batch, Status, false, true>;

#[napi]
impl NativeQueue {
    /// `deliver` is called with batches of finished calls. By itself it does not keep the process alive, see [`hold`](Self::hold).
    #[napi(constructor, catch_unwind)]
    pub fn new(deliver: Function<Batch, ()>) -> napi::Result<Self> {
        let finished = Arc::new(Mutex::new(Vec::new()));
        let waiting = finished.clone();
        let wake = deliver.build_threadsafe_function::<()>().weak::<true>().build_callback(move |_| {
            let batch = std::mem::take(&mut *lock(&waiting));
            Ok(batch.into_iter().flat_map(Finished::parts).collect::<Batch>())
        })?;
        let inbox = Arc::new(Inbox { finished, wake: Mutex::new(wake) });
        Ok(Self(Arc::new(Queue { inbox, calls: Mutex::default() })))
    }

    /// From now on, and until told otherwise, the process waits for calls.
    #[napi(catch_unwind)]
    #[allow(deprecated)] // for other uses of these functions there is something better
    pub fn hold(&self, env: Env, hold: bool) -> napi::Result<()> {
        let mut wake = lock(&self.0.inbox.wake);
        if hold { wake.refer(&env) } else { wake.unref(&env) }
    }
}

impl NativeQueue {
    /// The calls of a new client.
    pub fn calls(&self, numbers: Numbers) -> Calls {
        Calls { queue: self.0.clone(), numbers }
    }
}

impl Calls {
    /// Returns the calls of the same client whose numbers are returned otherwise.
    pub fn with(&self, numbers: Numbers) -> Self {
        Self { queue: self.queue.clone(), numbers }
    }

    /// Begins work, whose result is delivered under this ticket. A panic is a result like any other.
    ///
    /// The work is made where it runs: it has some kilobytes, and JavaScript's thread would spend its time on moving them.
    pub fn run<W>(&self, ticket: u32, begin: impl FnOnce() -> W + Send + 'static)
    where
        W: Future<Output = Result<Option<String>>> + Send + 'static,
    {
        let (inbox, numbers) = (self.queue.inbox.clone(), self.numbers);
        let call = async move {
            let work = async { Reply::new(Box::pin(begin()).await, numbers) };
            let reply = AssertUnwindSafe(work).catch_unwind().await;
            inbox.add(ticket, reply.unwrap_or_else(|panic| Reply::error(&Error::from_panic(&*panic), numbers)));
        };
        within_runtime_if_available(|| {
            let mut calls = lock(&self.queue.calls);
            while calls.try_join_next().is_some() {}
            calls.spawn(call);
        });
    }
}

impl Inbox {
    fn add(&self, ticket: u32, reply: Reply) {
        let mut finished = lock(&self.finished);
        finished.push(Finished { ticket, reply });
        let is_first = finished.len() == 1;
        drop(finished);
        if is_first {
            // It fails only where the thread that waits is ending.
            let _ = lock(&self.wake).call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

impl Finished {
    fn parts(self) -> [Either3<u32, bool, Either<Text, ()>>; 4] {
        let Reply { text, failed, mark } = self.reply;
        let part = |text: Option<Text>| Either3::C(text.map_or(Either::B(()), Either::A));
        [Either3::A(self.ticket), Either3::B(failed), part(text), part(mark.map(reply::text))]
    }
}

/// A panic while it was held broke nothing: what is locked here is always whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
