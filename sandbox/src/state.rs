//! What all requests share, and how it becomes fresh again.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::answer::Reply;
use crate::clock::Clock;
use crate::config::Config;
use crate::exchange::Exchange;
use crate::fault::Faults;
use crate::hold::Holds;
use crate::journal::Journal;
use crate::lock::locked;
use crate::oauth::tokens::Tokens;
use crate::routes;
use crate::seed::{self, Document, SeedError};
use crate::world::World;

/// The running sandbox, as every connection sees it.
#[derive(Debug)]
pub(crate) struct State {
    pub world: Mutex<World>,
    pub faults: Mutex<Faults>,
    pub holds: Holds,
    pub journal: Journal,
    /// The seed that it was started with.
    pub seed: Document,
    epoch: AtomicU64,
}

impl State {
    pub fn new(world: World, seed: Document) -> Self {
        Self {
            world: Mutex::new(world),
            faults: Mutex::default(),
            holds: Holds::default(),
            journal: Journal::default(),
            seed,
            epoch: AtomicU64::new(0),
        }
    }

    /// Does what the request asks for, with the CRM for itself.
    pub fn answer(&self, request: &Exchange) -> Reply {
        routes::answer(&mut locked(&self.world), request)
    }

    /// Counts the resets: what began before one must not touch the state after it.
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }

    /// Makes everything fresh: records, people, tokens, clock, config, faults, journal.
    pub fn reset(&self, seed: &Document, records: &BTreeMap<String, i64>, config: Config) -> Result<(), SeedError> {
        let mut world = locked(&self.world);
        // What can fail comes first, so that a reset is done or has changed nothing.
        world.store.at_once(|store| {
            store.clear()?;
            seed.store(store)?;
            for (entity, total) in records {
                seed::fill(store, entity, *total)?;
            }
            Ok::<_, SeedError>(())
        })?;
        self.epoch.fetch_add(1, Ordering::SeqCst);
        world.tokens = Tokens::default();
        world.clock = Clock::default();
        world.config = config;
        seed.set_rules(&mut world);
        locked(&self.faults).clear();
        self.journal.reset();
        self.holds.release_all();
        Ok(())
    }
}
