//! The options of a probe.

use crate::blank::is_blank;
use crate::call::check_name;
use crate::error::{Error, Result};
use crate::options;
use crate::record::{self, IntoRecord, Record};
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;

/// The options of [`Client::probe`](crate::Client::probe). By default it only reads.
///
/// ```
/// use egito::ProbeOptions;
///
/// # egito_test_support::run(async |client| {
/// let report = client.probe(&ProbeOptions::default().entities(["Account"]).write("Lead")).await?;
/// assert!(report.is_ok());
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ProbeOptions {
    pub(super) entities: Vec<String>,
    pub(super) write: Option<String>,
    pub(super) record: Option<Record>,
    pub(super) timeout: Duration,
}

/// The options as the bindings pass them.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Json {
    entities: Option<Vec<String>>,
    write: Option<String>,
    /// Only whether it is there: its text is read from the JSON, digit by digit.
    record: Option<Value>,
    timeout: Option<f64>,
    #[serde(alias = "timeoutMs")]
    timeout_ms: Option<f64>,
}

/// The entities that Egito's documentation names.
const ENTITIES: [&str; 4] = ["Account", "Contact", "Lead", "Opportunity"];

const DEFAULT_TIMEOUT: Duration = Duration::from_mins(2);

impl Default for ProbeOptions {
    fn default() -> Self {
        let entities = ENTITIES.map(str::to_owned).to_vec();
        Self { entities, write: None, record: None, timeout: DEFAULT_TIMEOUT }
    }
}

impl ProbeOptions {
    /// Sets the entities whose lists are read. The default is `Account`, `Contact`, `Lead` and `Opportunity`.
    ///
    /// ```
    /// let options = egito::ProbeOptions::default().entities(["Account", "Offer"]);
    /// ```
    pub fn entities<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.entities = names.into_iter().map(Into::into).collect();
        self
    }

    /// Also creates one marked test record of this entity, changes it and deletes it.
    ///
    /// ```
    /// let options = egito::ProbeOptions::default().write("Lead");
    /// ```
    pub fn write(mut self, entity: impl Into<String>) -> Self {
        self.write = Some(entity.into());
        self
    }

    /// Sets the fields of the test record. The default is a `name` and a `lastName`, which say that it can be deleted.
    ///
    /// Error `config`: not a JSON object.
    ///
    /// ```
    /// let record = serde_json::json!({"lastName": "Test", "source": "probe"});
    /// let options = egito::ProbeOptions::default().write("Lead").record(&record)?;
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn record(mut self, record: impl IntoRecord) -> Result<Self> {
        self.record = Some(record.into_record()?);
        Ok(self)
    }

    /// Sets the maximum duration of the probe. The default is 120 s. Checks that are not made in time are skipped.
    ///
    /// ```
    /// let options = egito::ProbeOptions::default().timeout(std::time::Duration::from_secs(30));
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Reads the options from one JSON object with `entities`, `write`, `record` and `timeout` (in seconds) or `timeout_ms`.
    ///
    /// Error `config`: an unknown option, or an invalid value.
    ///
    /// ```
    /// let options = egito::ProbeOptions::from_json(br#"{"entities": ["Account"], "timeout": 30}"#)?;
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let given: Json = options::read("probe", json)?;
        let mut options = Self { write: given.write, ..Self::default() };
        if let Some(entities) = given.entities {
            options.entities = entities;
        }
        if let Some(timeout) = options::duration("timeout", given.timeout, given.timeout_ms)? {
            options.timeout = timeout;
        }
        if given.record.is_some() {
            options.record = record::field(std::str::from_utf8(json).unwrap_or_default(), "record")
                .map(Record::from_json)
                .transpose()?;
        }
        options.check()?;
        Ok(options)
    }

    pub(super) fn check(&self) -> Result<()> {
        if self.entities.iter().all(|name| is_blank(name)) {
            let message = "invalid `entities`: expected at least one name, such as \"Account\"";
            return Err(Error::config("entities", message));
        }
        for name in self.entities.iter().chain(&self.write) {
            check_name("entity", name)?;
        }
        if self.timeout.is_zero() {
            return Err(Error::config("timeout", "invalid `timeout`: expected more than 0, got 0"));
        }
        if self.record.is_some() && self.write.is_none() {
            let message = "`record` has no effect without `write`; set `write` to the entity of the test record";
            return Err(Error::config("record", message));
        }
        Ok(())
    }
}
