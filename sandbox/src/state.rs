//! The state that all requests share, and its reset.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::barrier::Barriers;
use crate::clock::Clock;
use crate::config::Config;
use crate::crm::Crm;
use crate::fault::Faults;
use crate::journal::Journal;
use crate::lock::lock;
use crate::oauth::tokens::Tokens;
use crate::request::Request;
use crate::response::ActionResult;
use crate::routes;
use crate::seed::{self, Document, SeedError};

/// The running sandbox, as every connection sees it.
#[derive(Debug)]
pub(crate) struct State {
    pub crm: Mutex<Crm>,
    pub faults: Mutex<Faults>,
    pub barriers: Barriers,
    pub journal: Journal,
    /// The seed that the sandbox was started with.
    pub seed: Document,
    epoch: AtomicU64,
}

impl State {
    pub fn new(crm: Crm, seed: Document) -> Self {
        Self {
            crm: Mutex::new(crm),
            faults: Mutex::default(),
            barriers: Barriers::default(),
            journal: Journal::default(),
            seed,
            epoch: AtomicU64::new(0),
        }
    }

    /// Does what the request asks for. The CRM is locked meanwhile.
    pub fn run(&self, request: &Request) -> ActionResult {
        let mut crm = lock(&self.crm);
        let now = crm.clock.now();
        crm.store.commit(now)?;
        routes::dispatch(&mut crm, request)
    }

    /// Returns the number of resets. A request that began before one must not change the state after it.
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }

    /// Resets everything: records, people, tokens, clock, config, faults and journal.
    pub fn reset(&self, seed: &Document, records: &BTreeMap<String, i64>, config: Config) -> Result<(), SeedError> {
        let mut crm = lock(&self.crm);
        // What can fail comes first, so a failed reset changes nothing.
        crm.store.in_transaction(|store| {
            store.clear()?;
            seed.store(store)?;
            for (entity, total) in records {
                seed::fill(store, entity, *total)?;
            }
            Ok::<_, SeedError>(())
        })?;
        self.epoch.fetch_add(1, Ordering::SeqCst);
        crm.tokens = Tokens::default();
        crm.clock = Clock::default();
        crm.config = config;
        seed.set_rules(&mut crm);
        lock(&self.faults).clear();
        self.journal.reset();
        self.barriers.release_all();
        Ok(())
    }
}
