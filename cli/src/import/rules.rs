//! Decides which column becomes which field, and how its cells are read.
//!
//! A column keeps its texts unless there is a reason: the mapping says so, the records of the server show another type, or all its
//! cells are dates. So the zeros of `0012345678` stay.

use super::dates::DateOrder;
use super::error::ImportError;
use super::field_types::{FieldType, FieldTypes};
use super::input::Input;
use super::mapping::{CellType, ColumnRule, Empty, Mapping, Unlisted};
use super::numbers::UnknownMark;
use super::survey::{ColumnSurvey, Survey};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The start of the names of the columns that a file of rejected rows adds.
pub(crate) const OWN_COLUMNS: &str = "egito:";

/// The fields that the server sets itself, and ignores in what it receives.
const SET_BY_SERVER: [&str; 4] = ["id", "version", "dateCreated", "lastUpdated"];

/// How one column becomes one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rule {
    /// Number of the column, from 0.
    pub column: usize,
    /// Name of the column.
    pub name: String,
    pub field: String,
    #[serde(rename = "type")]
    pub kind: CellType,
    pub decimal: char,
    pub order: DateOrder,
    pub empty: Empty,
    pub reason: Reason,
}

/// Why a column has its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Reason {
    /// The mapping says so.
    Mapping,
    /// The records of the server show it.
    Records,
    /// The file has typed cells.
    File,
    /// All cells are dates.
    Dates,
    /// No record has a value in this field, so the texts stay.
    Unknown,
}

/// Something that a person should know before the import begins.
#[derive(Clone, Debug)]
pub(crate) enum Note {
    /// The letters show the encoding, so it may be wrong.
    GuessedEncoding {
        encoding: String,
        examples: Vec<String>,
    },
    /// The server sets the field itself.
    SetByServer {
        column: String,
    },
    /// The field belongs to the record that this one refers to.
    OfOtherRecord {
        column: String,
    },
    /// Its objects have no member, and their members have columns of their own.
    EmptyObjects {
        column: String,
    },
    Skipped {
        column: String,
    },
    /// No record of the server has this field, so the server may ignore it.
    UnknownField {
        column: String,
    },
    /// Texts such as `007` become numbers.
    LeadingZeros {
        column: String,
        cells: u64,
    },
    /// Numbers of a spreadsheet are sent as texts, without zeros that only their format shows.
    NumbersAsTexts {
        column: String,
        cells: u64,
    },
    DecimalMark {
        column: String,
        mark: char,
    },
    DateOrder {
        column: String,
        order: DateOrder,
    },
    /// No record can be read, so no type is known.
    NoRecords,
    /// Not all texts are dates, so that they stay texts.
    MostlyDates {
        column: String,
        dates: u64,
        texts: u64,
    },
    /// The server reads the times in its own zone, and each one counts as different.
    NoZone,
}

/// Decides about all columns.
pub(crate) struct Decider<'a> {
    pub input: &'a Input,
    pub survey: &'a Survey,
    pub mapping: &'a Mapping,
    pub types: &'a FieldTypes,
    pub empty: Empty,
    /// Whether the column `id` names the records.
    pub is_update: bool,
    pub notes: Vec<Note>,
}

impl Decider<'_> {
    /// Returns the rules, one for each column that is sent.
    pub(crate) fn rules(&mut self) -> Result<Vec<Rule>, ImportError> {
        self.check_header()?;
        if self.input.is_encoding_guessed {
            let encoding = self.input.options.encoding.clone().unwrap_or_default();
            self.notes.push(Note::GuessedEncoding { encoding, examples: self.survey.letters.clone() });
        }
        if self.types.records == 0 {
            self.notes.push(Note::NoRecords);
        }
        let mut rules = Vec::new();
        for (column, name) in self.input.header.iter().enumerate() {
            if let Some(rule) = self.rule(column, name)? {
                rules.push(rule);
            }
        }
        if rules.is_empty() {
            return Err(ImportError::NoColumns);
        }
        let constants = self.mapping.constants.keys().map(String::as_str);
        check_fields(rules.iter().map(|rule| rule.field.as_str()).chain(constants))?;
        Ok(rules)
    }

    fn check_header(&self) -> Result<(), ImportError> {
        let header = &self.input.header;
        if let Some(column) = self.mapping.columns.keys().find(|column| !header.contains(column)) {
            return Err(ImportError::NoColumn { column: column.clone(), header: header.clone() });
        }
        let mut names = HashSet::new();
        let is_filled = |column: usize| self.survey.columns[column].filled > 0;
        for (column, name) in header.iter().enumerate().filter(|(column, _)| is_filled(*column)) {
            if name.is_empty() {
                return Err(ImportError::NoHeader { column: column + 1 });
            }
            if !names.insert(name) {
                return Err(ImportError::SameHeader { name: name.clone() });
            }
        }
        Ok(())
    }

    fn rule(&mut self, column: usize, name: &str) -> Result<Option<Rule>, ImportError> {
        let survey = &self.survey.columns[column];
        if name.is_empty() || name.starts_with(OWN_COLUMNS) || (survey.filled == 0 && self.is_twice(name)) {
            return Ok(None);
        }
        let mapped = self.mapping.rule(name);
        if mapped.is_none() && (self.is_left_out(name) || self.has_empty_objects(column, name)) {
            return Ok(None);
        }
        let rule = mapped.unwrap_or_default();
        if rule.skip {
            self.notes.push(Note::Skipped { column: name.to_owned() });
            return Ok(None);
        }
        let field = rule.field.clone().unwrap_or_else(|| name.to_owned());
        if !is_path(&field) {
            return Err(ImportError::NotAField { column: name.to_owned() });
        }
        let (kind, reason) = self.kind(name, &field, &rule, survey)?;
        if kind == CellType::Text && survey.numbers > 0 {
            self.notes.push(Note::NumbersAsTexts { column: name.to_owned(), cells: survey.numbers });
        }
        Ok(Some(Rule {
            column,
            name: name.to_owned(),
            decimal: self.decimal(name, kind, &rule, survey)?,
            order: self.order(name, kind, &rule, survey)?,
            empty: rule.empty.unwrap_or(self.empty),
            field,
            kind,
            reason,
        }))
    }

    fn is_twice(&self, name: &str) -> bool {
        self.input.header.iter().filter(|other| *other == name).count() > 1
    }

    /// Returns whether a column without a mapping is not sent, with a note.
    fn is_left_out(&mut self, name: &str) -> bool {
        let column = name.to_owned();
        let note = if self.mapping.unlisted == Unlisted::Skip {
            Note::Skipped { column }
        } else if SET_BY_SERVER.contains(&name) && !(self.is_update && name == "id") {
            Note::SetByServer { column }
        } else if self.types.is_of_other_record(name) {
            Note::OfOtherRecord { column }
        } else {
            return false;
        };
        self.notes.push(note);
        true
    }

    /// Returns whether a column such as `address` has only empty objects beside `address.city`, with a note.
    fn has_empty_objects(&mut self, column: usize, name: &str) -> bool {
        let (survey, prefix) = (&self.survey.columns[column], format!("{name}."));
        let is_empty =
            survey.filled == survey.empty_objects && self.input.header.iter().any(|n| n.starts_with(&prefix));
        if is_empty && survey.filled > 0 {
            self.notes.push(Note::EmptyObjects { column: name.to_owned() });
        }
        is_empty
    }

    fn kind(
        &mut self,
        name: &str,
        field: &str,
        rule: &ColumnRule,
        survey: &ColumnSurvey,
    ) -> Result<(CellType, Reason), ImportError> {
        if let Some(kind) = rule.kind {
            return Ok((kind, Reason::Mapping));
        }
        if survey.json > 0 {
            return Ok((CellType::Json, Reason::File));
        }
        if self.is_update && field == "id" {
            return Ok((CellType::Text, Reason::Records));
        }
        let kind = match self.types.get(field) {
            Some(FieldType::Object) => {
                return Err(ImportError::Reference { column: name.to_owned(), field: field.to_owned() });
            }
            Some(FieldType::Text) => CellType::Text,
            Some(FieldType::Number) => CellType::Number,
            Some(FieldType::Bool) => CellType::Bool,
            Some(FieldType::Date) => CellType::Date,
            Some(FieldType::Json) => CellType::Json,
            None => return Ok(self.assumed_kind(name, field, survey)),
        };
        if kind == CellType::Number && survey.leading_zeros > 0 {
            self.notes.push(Note::LeadingZeros { column: name.to_owned(), cells: survey.leading_zeros });
        }
        Ok((kind, Reason::Records))
    }

    /// Returns the type of a column whose field has no value in any record.
    fn assumed_kind(&mut self, name: &str, field: &str, survey: &ColumnSurvey) -> (CellType, Reason) {
        if !self.types.has(field) && self.types.records > 0 && survey.filled > 0 {
            self.notes.push(Note::UnknownField { column: name.to_owned() });
        }
        let is_all = |cells: u64| cells > 0 && cells == survey.filled;
        if is_all(survey.numbers) {
            (CellType::Number, Reason::File)
        } else if is_all(survey.bools) {
            (CellType::Bool, Reason::File)
        } else if is_all(survey.times) {
            (CellType::Date, Reason::File)
        } else if is_all(survey.texts) && survey.orders.len() == 1 {
            (CellType::Date, Reason::Dates)
        } else {
            if survey.dates * 10 >= survey.texts * 9 && survey.dates > 0 {
                let (dates, texts) = (survey.dates, survey.texts);
                self.notes.push(Note::MostlyDates { column: name.to_owned(), dates, texts });
            }
            (CellType::Text, Reason::Unknown)
        }
    }

    fn decimal(
        &mut self,
        name: &str,
        kind: CellType,
        rule: &ColumnRule,
        survey: &ColumnSurvey,
    ) -> Result<char, ImportError> {
        if let Some(mark) = rule.decimal {
            return Ok(mark);
        }
        if kind != CellType::Number {
            return Ok('.');
        }
        match survey.decimal.get() {
            Ok('.') => Ok('.'),
            Ok(mark) => {
                self.notes.push(Note::DecimalMark { column: name.to_owned(), mark });
                Ok(mark)
            }
            Err(UnknownMark::Mixed) => Err(ImportError::MixedNumbers { column: name.to_owned() }),
            Err(UnknownMark::Ambiguous(example)) => {
                Err(ImportError::AmbiguousNumbers { column: name.to_owned(), example })
            }
        }
    }

    fn order(
        &mut self,
        name: &str,
        kind: CellType,
        rule: &ColumnRule,
        survey: &ColumnSurvey,
    ) -> Result<DateOrder, ImportError> {
        if let Some(order) = rule.order {
            return Ok(order);
        }
        if kind != CellType::Date || survey.texts == 0 {
            return Ok(DateOrder::Ymd);
        }
        match (survey.sure_orders.as_slice(), &survey.ambiguous_date) {
            (&[order], _) => {
                if order != DateOrder::Ymd {
                    self.notes.push(Note::DateOrder { column: name.to_owned(), order });
                }
                Ok(order)
            }
            ([], Some(example)) => {
                Err(ImportError::AmbiguousDates { column: name.to_owned(), example: example.clone() })
            }
            ([], None) => Ok(DateOrder::Ymd),
            (orders, _) => Err(ImportError::MixedDates { column: name.to_owned(), orders: orders.to_vec() }),
        }
    }
}

/// Checks that every field has one source.
fn check_fields<'a>(fields: impl Iterator<Item = &'a str>) -> Result<(), ImportError> {
    let mut fields: Vec<&str> = fields.collect();
    fields.sort_unstable();
    let is_same = |pair: &[&str]| pair[0] == pair[1] || pair[1].starts_with(&format!("{}.", pair[0]));
    match fields.windows(2).find(|pair| is_same(pair)) {
        Some(pair) => Err(ImportError::SameField { field: pair[1].to_owned() }),
        None => Ok(()),
    }
}

/// Returns whether the text is the name of a field, or a path such as `account.id`.
fn is_path(text: &str) -> bool {
    text.split('.').all(|name| {
        let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        starts_well && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}
