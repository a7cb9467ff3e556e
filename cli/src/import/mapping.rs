//! The mapping file: which column is which field.

use super::dates::DateOrder;
use super::error::ImportError;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;

/// The content of a mapping file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Mapping {
    /// By the names of the columns.
    pub columns: BTreeMap<String, ColumnMapping>,
    /// Values that every record gets, by the names of the fields.
    pub constants: BTreeMap<String, toml::Value>,
    /// The treatment of columns that are not named.
    pub unlisted: Unlisted,
    pub empty: Option<Empty>,
    pub zone: Option<String>,
}

/// The rule for a column: the name of a field, or a table.
#[derive(Clone, Debug)]
pub(crate) enum ColumnMapping {
    Field(String),
    Rule(ColumnRule),
}

/// The table of a column.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ColumnRule {
    /// The name of the column by default.
    pub field: Option<String>,
    pub skip: bool,
    #[serde(rename = "type")]
    pub kind: Option<CellType>,
    /// The decimal mark: a comma or a dot.
    pub decimal: Option<char>,
    /// The order of the parts of dates.
    pub order: Option<DateOrder>,
    pub empty: Option<Empty>,
}

/// How a cell becomes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CellType {
    Text,
    Number,
    Bool,
    Date,
    Json,
}

/// What an empty cell means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Empty {
    /// The field is not sent.
    #[default]
    Omit,
    /// The field is cleared.
    Null,
}

/// The treatment of columns that a mapping does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unlisted {
    /// The name of the column is the name of the field.
    #[default]
    Field,
    Skip,
}

impl<'de> Deserialize<'de> for ColumnMapping {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(deserializer)? {
            toml::Value::String(field) => Ok(Self::Field(field)),
            rule => rule.try_into().map(Self::Rule).map_err(serde::de::Error::custom),
        }
    }
}

impl Mapping {
    /// Reads a mapping file.
    pub(crate) fn read(path: &Path) -> Result<Self, ImportError> {
        let invalid = |why: &dyn Display| ImportError::Mapping { message: format!("{}: {why}", path.display()) };
        let text = std::fs::read_to_string(path).map_err(|error| invalid(&error))?;
        let mapping: Self = toml::from_str(&text).map_err(|error| invalid(&error))?;
        for (column, rule) in &mapping.columns {
            if let ColumnMapping::Rule(ColumnRule { decimal: Some(mark), .. }) = rule
                && !matches!(mark, ',' | '.')
            {
                let message =
                    format!("invalid `decimal` of the column {column:?}: expected \",\" or \".\", got {mark:?}");
                return Err(ImportError::Mapping { message });
            }
        }
        Ok(mapping)
    }

    /// Returns what the mapping says about a column.
    pub(crate) fn rule(&self, column: &str) -> Option<ColumnRule> {
        match self.columns.get(column)? {
            ColumnMapping::Field(field) if field.is_empty() => Some(ColumnRule { skip: true, ..ColumnRule::default() }),
            ColumnMapping::Field(field) => Some(ColumnRule { field: Some(field.clone()), ..ColumnRule::default() }),
            ColumnMapping::Rule(rule) => Some(rule.clone()),
        }
    }
}

impl Mapping {
    /// Returns the constants as JSON.
    pub(crate) fn constants_as_json(&self) -> Result<BTreeMap<String, Box<RawValue>>, ImportError> {
        let json = |value: &toml::Value| match value {
            toml::Value::Datetime(time) => to_raw_value(&time.to_string()),
            value => to_raw_value(value),
        };
        let invalid = |error: serde_json::Error| ImportError::Mapping { message: error.to_string() };
        self.constants.iter().map(|(field, value)| Ok((field.clone(), json(value).map_err(invalid)?))).collect()
    }
}
