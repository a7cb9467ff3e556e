//! The client: the entry point of the library, created from settings.

use crate::call::Engine;
use crate::cancellation::CancellationToken;
use crate::clock::{Clock, SystemClock};
use crate::entity::Entity;
use crate::error::Result;
use crate::events::EventHook;
use crate::list::RecordList;
#[cfg(feature = "outbox")]
use crate::outbox::Outbox;
use crate::probe::{self, ProbeOptions, Report};
use crate::record::{IntoRecord, Record};
use crate::settings::{ClientBuilder, Settings};
use crate::stats::Stats;
use std::path::Path;
use std::sync::Arc;

/// A client of one customer's Egito. Cheap to clone: all clones share one token and one set of connections.
///
/// Calls need a tokio runtime. [`blocking::Client`](crate::blocking::Client) does not.
///
/// ```no_run
/// # async fn job() -> egito::Result<()> {
/// let client = egito::Client::from_env()?;
/// let account = client.accounts().get(7).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    engine: Engine,
}

impl Client {
    /// Creates a client from settings. Nothing is sent: the first call logs in.
    ///
    /// Error `config`, with the name of the setting: it is missing or invalid.
    ///
    /// ```
    /// let settings = egito::Settings::from_json(br#"{"name": "firma", "clientId": "4c1e", "clientSecret": "9f30"}"#)?;
    /// let error = egito::Client::new(settings).unwrap_err(); // no user name and no password
    /// assert_eq!(error.details().setting.as_deref(), Some("username"));
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn new(settings: Settings) -> Result<Self> {
        Self::with_clock(settings, Arc::new(SystemClock))
    }

    /// Returns a builder with a method for every setting.
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

    /// Creates a client from environment variables, see [`Settings::from_env`].
    ///
    /// ```no_run
    /// let client = egito::Client::from_env()?;
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn from_env() -> Result<Self> {
        Self::new(Settings::from_env(b"{}")?)
    }

    /// Creates a client from a TOML file with settings, see [`Settings::from_file`].
    ///
    /// ```
    /// # let folder = egito_test_support::Folder::new();
    /// # let path = folder.path().join("egito.toml");
    /// # std::fs::write(&path, "name = 'firma'\nclient_id = 'a'\nclient_secret = 'b'\nusername = 'c'\npassword = 'd'").unwrap();
    /// let client = egito::Client::from_file(path)?;
    /// # assert_eq!(client.settings().name.as_deref(), Some("firma"));
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        Self::new(Settings::from_file(path, b"{}")?)
    }

    /// Creates a client with another clock.
    pub(crate) fn with_clock(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        Ok(Self { engine: Engine::new(settings, clock)? })
    }

    /// Returns a client on this engine.
    pub(crate) fn from_engine(engine: Engine) -> Self {
        Self { engine }
    }

    /// Creates a client with the same settings that shares nothing with this one.
    pub(crate) fn recreate(&self) -> Result<Self> {
        Ok(Self { engine: self.engine.recreate()? })
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Returns the settings that calls of this client use.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// assert_eq!(client.settings().page_size, 500);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn settings(&self) -> &Settings {
        self.engine.settings()
    }

    /// Returns the entity `Account` (kontrahenci).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let account = client.accounts().get(1).await?;
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn accounts(&self) -> Entity {
        self.built_in("Account")
    }

    /// Returns the entity `Contact`.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let contact = client.contacts().get(1).await?;
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn contacts(&self) -> Entity {
        self.built_in("Contact")
    }

    /// Returns the entity `Opportunity` (szanse sprzedaży).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let opportunity = client.opportunities().get(1).await?;
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn opportunities(&self) -> Entity {
        self.built_in("Opportunity")
    }

    /// Returns the entity `Lead`.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let lead = client.leads().get(1).await?;
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn leads(&self) -> Entity {
        self.built_in("Lead")
    }

    /// Returns any entity by its name. Nothing is sent.
    ///
    /// Error `config`: the name is not `[A-Za-z][A-Za-z0-9_]*`.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let offers = client.entity("Offer")?;
    /// let id = offers.create(&serde_json::json!({"number": "2026/7"})).await?;
    /// assert_eq!(client.entity("no offer").unwrap_err().code(), egito::Code::Config);
    /// # Ok(()) });
    /// ```
    pub fn entity(&self, name: &str) -> Result<Entity> {
        Entity::new(self.engine.clone(), name)
    }

    /// Lists the entries of a dictionary, such as `industry`.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// for industry in client.dictionary("industry").to_vec().await? {
    ///     println!("{}", industry.json()); // {"id":1,"name":"Produkcja"}
    /// }
    /// # Ok(()) });
    /// ```
    pub fn dictionary(&self, kind: &str) -> RecordList {
        RecordList::new(self.engine.clone(), "SelectDictionary".into()).unsorted().filter("type", kind)
    }

    /// Returns the outbox in this file, which its first use creates. Every process and thread of a machine can use the same file.
    ///
    /// The file contains the records that wait, and those that were delivered in the last days; only its owner can read it. It must be on
    /// a local disk. It belongs to one server.
    ///
    /// Error `config` (setting `outbox`): the path is not that of a file in an existing folder. Problems of the file itself are errors of
    /// its first use.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// # let folder = egito_test_support::Folder::new();
    /// let outbox = client.outbox(folder.path().join("egito-outbox.db"))?;
    /// outbox.put("Lead", &serde_json::json!({"formKey": "f-1", "lastName": "Ryś"}), "formKey").await?;
    /// # Ok(()) });
    /// ```
    #[cfg(feature = "outbox")]
    pub fn outbox(&self, path: impl AsRef<Path>) -> Result<Outbox> {
        Outbox::new(self.engine.clone(), path.as_ref())
    }

    /// Calls a custom action of the API, see [`Entity::call`].
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let response = client.call("Offer", "print", &serde_json::json!({"id": 7})).await?;
    /// # Ok(()) });
    /// ```
    pub async fn call(&self, entity: &str, action: &str, params: impl IntoRecord) -> Result<Record> {
        self.entity(entity)?.call(action, params).await
    }

    /// Checks the settings on the server, and finds those that it needs: the connection, the login, the rights of the user, and what the
    /// client assumes about lists and records.
    ///
    /// It logs in two or three times, sends about 25 reads, and writes nothing unless [`ProbeOptions::write`] asks for it. What it finds
    /// is in the report, failures too.
    ///
    /// Error `config`: an invalid option, or the client is closed. Error `cancelled`: the probe was cancelled; its test record was deleted
    /// first. Error `outcome_unknown`: it was cancelled, and its test record may still be there.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let report = client.probe(&egito::ProbeOptions::default()).await?;
    /// if !report.is_ok() {
    ///     println!("{}", report.to_text());
    /// }
    /// println!("{}", report.to_toml()); // the settings for this server
    /// # Ok(()) });
    /// ```
    pub async fn probe(&self, options: &ProbeOptions) -> Result<Report> {
        probe::run(&self.engine, options).await
    }

    /// Returns a client whose calls end with the error `cancelled` once [`CancellationToken::cancel`] was called; their requests are closed.
    ///
    /// It shares token, connections and counters with this client, whose own calls continue.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let cancellation = egito::CancellationToken::default();
    /// let import = client.with_cancellation(&cancellation);
    /// cancellation.cancel(); // from any thread
    /// assert!(import.accounts().get(1).await.unwrap_err().is_cancelled());
    /// assert!(client.accounts().get(1).await.is_ok());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn with_cancellation(&self, cancellation: &CancellationToken) -> Self {
        Self { engine: self.engine.with_cancellation(cancellation) }
    }

    /// Returns a client whose calls use other values of the settings that single calls can have, such as `timeout` or `page_size`.
    ///
    /// `json` is an object of settings. The new client shares token, connections and counters with this one.
    ///
    /// Error `config`: an invalid value, or a setting that single calls cannot have.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let impatient = client.with_options(br#"{"timeout": 5, "maxRetries": 0}"#)?;
    /// let account = impatient.accounts().get(1).await?;
    /// # Ok(()) });
    /// ```
    pub fn with_options(&self, json: &[u8]) -> Result<Self> {
        Ok(Self { engine: self.engine.with_options(json)? })
    }

    pub(crate) fn tagged(&self, tag: u64) -> Self {
        Self { engine: self.engine.tagged(tag) }
    }

    /// Returns the counters of this client and its clones: calls, attempts, retries, logins and more.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// client.accounts().get(1).await?;
    /// assert_eq!((client.stats().calls, client.stats().logins), (1, 1));
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.engine.events().counters.read()
    }

    /// Sets a hook that is called at the end of every attempt, also of logins; `None` removes it. The call waits for the hook, so it
    /// should return quickly.
    ///
    /// `tracing` receives the same events with the target `egito`, at the level debug.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// # egito_test_support::run(async |client| {
    /// client.on_event(Some(Arc::new(|event| println!("{} took {:.3} s", event.action, event.elapsed))));
    /// client.accounts().get(1).await?; // login took 0.002 s, get took 0.001 s
    /// # Ok(()) });
    /// ```
    pub fn on_event(&self, hook: Option<EventHook>) {
        self.engine.events().set_hook(hook);
    }

    /// Closes the client and its clones: later calls fail with `config`, and idle connections are closed at once.
    ///
    /// Awaiting it waits for the calls in flight, up to the setting `close_timeout`. Then they are cancelled with the error `cancelled`,
    /// or `outcome_unknown` if a create was sent. Dropping the last clone of a client closes its connections too.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// client.close().await;
    /// assert_eq!(client.accounts().get(1).await.unwrap_err().code(), egito::Code::Config);
    /// # Ok(()) });
    /// ```
    #[allow(clippy::let_underscore_future)]
    pub fn close(&self) -> impl Future<Output = ()> + Send + use<> {
        self.engine.close()
    }

    #[cfg(feature = "test-panic")]
    pub(crate) async fn panic_for_tests(&self) -> Result<()> {
        self.engine.panic_for_tests().await
    }

    fn built_in(&self, name: &str) -> Entity {
        Entity::new(self.engine.clone(), name).expect("the name is valid")
    }
}
