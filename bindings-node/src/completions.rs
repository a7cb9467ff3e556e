//! Delivers the results of finished calls to JavaScript, in batches.
//!
//! A promise of Node-API costs more than a call itself: each has its own thread-safe function, which wakes the event loop. Here all
//! calls of a JavaScript thread share one thread-safe function, and `lib/native-call.ts` creates the promises.

use crate::native_result::{self, JsString, NativeResult};
use crate::numbers::NumberFormat;
use egito::{Error, Result};
use futures_util::FutureExt;
use napi::bindgen_prelude::{Either3, Function, Status, within_runtime_if_available};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Either, Env};
use napi_derive::napi;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task::JoinSet;

/// The completions of one JavaScript thread.
#[napi]
pub struct NativeCompletions(Arc<CallSet>);

/// The calls in flight of one JavaScript thread. When the thread drops its last reference, the calls are dropped, and their requests
/// cancelled.
struct CallSet {
    completed: Arc<Completed>,
    tasks: Mutex<JoinSet<()>>,
}

/// Runs the calls of one client.
#[derive(Clone)]
pub struct CallRunner {
    calls: Arc<CallSet>,
    /// How numbers in results are returned.
    pub numbers: NumberFormat,
}

/// Completed calls that were not delivered yet.
struct Completed {
    calls: Arc<Mutex<Vec<CompletedCall>>>,
    wake: Mutex<WakeFunction>,
}

struct CompletedCall {
    id: u32,
    result: NativeResult,
}

/// For each completed call: its id, whether it failed, its JSON, its sentinel.
type Batch = Vec<Either3<u32, bool, Either<JsString, ()>>>;
type WakeFunction = ThreadsafeFunction<(), (), Batch, Status, false, true>;

#[napi]
impl NativeCompletions {
    /// Calls `deliver` with batches of completed calls. It keeps the process alive only after [`keep_alive`](Self::keep_alive).
    #[napi(constructor, catch_unwind)]
    pub fn new(deliver: Function<Batch, ()>) -> napi::Result<Self> {
        let completed = Arc::new(Mutex::new(Vec::new()));
        let pending = completed.clone();
        let wake = deliver.build_threadsafe_function::<()>().weak::<true>().build_callback(move |_| {
            let batch = std::mem::take(&mut *lock(&pending));
            Ok(batch.into_iter().flat_map(CompletedCall::parts).collect::<Batch>())
        })?;
        let completed = Arc::new(Completed { calls: completed, wake: Mutex::new(wake) });
        Ok(Self(Arc::new(CallSet { completed, tasks: Mutex::default() })))
    }

    /// Keeps the process alive from now on.
    #[napi(js_name = "ref", catch_unwind)]
    #[allow(deprecated)] // deprecated for other uses of thread-safe functions
    pub fn keep_alive(&self, env: Env) -> napi::Result<()> {
        lock(&self.0.completed.wake).refer(&env)
    }

    /// Lets the process end from now on.
    #[napi(js_name = "unref", catch_unwind)]
    #[allow(deprecated)] // deprecated for other uses of thread-safe functions
    pub fn let_end(&self, env: Env) -> napi::Result<()> {
        lock(&self.0.completed.wake).unref(&env)
    }
}

impl NativeCompletions {
    /// Returns the runner for the calls of a new client.
    pub fn runner(&self, numbers: NumberFormat) -> CallRunner {
        CallRunner { calls: self.0.clone(), numbers }
    }
}

impl CallRunner {
    /// Returns a runner with another number format.
    pub fn with(&self, numbers: NumberFormat) -> Self {
        Self { calls: self.calls.clone(), numbers }
    }

    /// Starts a call, whose result is delivered with this id. A panic becomes an error.
    ///
    /// `start` creates the future on the thread that runs it. A future has some kilobytes, which JavaScript's thread would have to move.
    pub fn run<W>(&self, call_id: u32, start: impl FnOnce() -> W + Send + 'static)
    where
        W: Future<Output = Result<Option<String>>> + Send + 'static,
    {
        let (completed, numbers) = (self.calls.completed.clone(), self.numbers);
        let call = async move {
            let work = async { NativeResult::new(Box::pin(start()).await, numbers) };
            let result = AssertUnwindSafe(work).catch_unwind().await;
            let result = result.unwrap_or_else(|panic| NativeResult::error(&Error::from_panic(&*panic), numbers));
            completed.add(call_id, result);
        };
        within_runtime_if_available(|| {
            let mut tasks = lock(&self.calls.tasks);
            while tasks.try_join_next().is_some() {}
            tasks.spawn(call);
        });
    }
}

impl Completed {
    fn add(&self, id: u32, result: NativeResult) {
        let mut calls = lock(&self.calls);
        calls.push(CompletedCall { id, result });
        let is_first = calls.len() == 1;
        drop(calls);
        if is_first {
            // This fails only if the JavaScript thread is ending.
            let _ = lock(&self.wake).call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

impl CompletedCall {
    fn parts(self) -> [Either3<u32, bool, Either<JsString, ()>>; 4] {
        let NativeResult { json, is_error, sentinel } = self.result;
        let string = |text: Option<JsString>| Either3::C(text.map_or(Either::B(()), Either::A));
        [Either3::A(self.id), Either3::B(is_error), string(json), string(sentinel.map(native_result::js_string))]
    }
}

/// Locks a mutex, also if a panic poisoned it: no code here panics while its data is inconsistent.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
