//! The client: settings in, entities out. The only place that puts the parts together.

use crate::call::Engine;
use crate::cancel::Cancel;
use crate::clock::{Clock, SystemClock};
use crate::entity::Entity;
use crate::error::Result;
use crate::events::EventHook;
use crate::list::RecordList;
use crate::record::{IntoRecord, Record};
use crate::settings::{ClientBuilder, Settings};
use crate::stats::Stats;
use std::sync::Arc;

/// The connection to one customer's Egito. Cheap to clone; all clones share one token and one set of connections.
///
/// Its calls need a tokio runtime; [`blocking::Client`](crate::blocking::Client) needs none.
#[derive(Clone, Debug)]
pub struct Client {
    engine: Engine,
}

impl Client {
    /// A client from settings. Nothing is sent yet: the first call logs in.
    ///
    /// Error `config`, naming the setting that is missing or wrong.
    pub fn new(settings: Settings) -> Result<Self> {
        Self::with_clock(settings, Arc::new(SystemClock))
    }

    /// Returns a builder, with a method for every setting.
    ///
    /// ```
    /// let client = egito::Client::builder()
    ///     .name("firma")
    ///     .client_id("4c1e")
    ///     .client_secret("9f30")
    ///     .username("jan@firma")
    ///     .password("zażółć gęślą jaźń")
    ///     .build()?;
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new(Self::new)
    }

    /// A client from the environment, see [`Settings::from_env`].
    pub fn from_env() -> Result<Self> {
        Self::new(Settings::from_env(b"{}")?)
    }

    /// A client whose time and chance come from elsewhere. For tests.
    #[doc(hidden)]
    pub fn with_clock(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        Ok(Self { engine: Engine::new(settings, clock)? })
    }

    /// Returns a client on this engine.
    pub(crate) fn from_engine(engine: Engine) -> Self {
        Self { engine }
    }

    /// Returns a client with the same settings that shares nothing with this one. For a forked child: what was in flight in its
    /// parent would stay locked in the child.
    #[doc(hidden)]
    pub fn anew(&self) -> Result<Self> {
        Ok(Self { engine: self.engine.recreate()? })
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The settings it was made with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        self.engine.settings()
    }

    /// Accounts (kontrahenci).
    #[must_use]
    pub fn accounts(&self) -> Entity {
        self.known("Account")
    }

    /// Contacts.
    #[must_use]
    pub fn contacts(&self) -> Entity {
        self.known("Contact")
    }

    /// Opportunities (szanse sprzedaży).
    #[must_use]
    pub fn opportunities(&self) -> Entity {
        self.known("Opportunity")
    }

    /// Leads.
    #[must_use]
    pub fn leads(&self) -> Entity {
        self.known("Lead")
    }

    /// Any entity by its name. Error `config`: the name is not `[A-Za-z][A-Za-z0-9_]*`.
    pub fn entity(&self, name: &str) -> Result<Entity> {
        Entity::new(self.engine.clone(), name)
    }

    /// The entries of a dictionary such as `industry`, as a list.
    pub fn dictionary(&self, kind: &str) -> RecordList {
        RecordList::new(self.engine.clone(), "SelectDictionary".into()).unsorted().filter("type", kind)
    }

    /// Any other action of the API, see [`Entity::call`].
    pub async fn call(&self, entity: &str, action: &str, params: impl IntoRecord) -> Result<Record> {
        self.entity(entity)?.call(action, params).await
    }

    /// The same client, whose calls end with the error `cancelled` once `cancel` says so; their requests are closed.
    #[must_use]
    pub fn cancelled_by(&self, cancel: &Cancel) -> Self {
        Self { engine: self.engine.cancelled_by(cancel) }
    }

    /// The same client, whose calls go by other settings: those of one call, such as `timeout`, `max_retries` or `page_size`,
    /// as a JSON object. Token, connections and counters are shared.
    ///
    /// Error `config`: a wrong value, or a setting that belongs to the whole client.
    pub fn with_options(&self, json: &[u8]) -> Result<Self> {
        Ok(Self { engine: self.engine.with_context(self.engine.context().with_options(json)?) })
    }

    /// What this client and its clones have done so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.engine.events().counters.read()
    }

    /// Calls `hook` at the end of every attempt, logins included; `None` ends that. It should be quick: the call waits for it.
    ///
    /// The same is told to `tracing` under the target `egito`, at the level debug.
    pub fn on_event(&self, hook: Option<EventHook>) {
        self.engine.events().set_hook(hook);
    }

    /// Later calls fail with `config`; those under way go on. Not needed at the end: dropping the last clone closes its connections.
    pub fn close(&self) {
        self.engine.close();
    }

    /// Panics inside the core, so that a test can see it come out as the error `internal`.
    #[doc(hidden)]
    pub async fn panic_for_tests(&self) -> Result<()> {
        self.engine.panic_for_tests().await
    }

    fn known(&self, name: &str) -> Entity {
        Entity::new(self.engine.clone(), name).expect("the name is a valid one")
    }
}
