//! Pages → record batches that all have one schema, so that they can be read as a stream.

use super::append::Appender;
use super::column::Fields;
use super::fit::{Fit, Misfit, Stop};
use super::plan::Plan;
use super::table::ArrowTable;
use super::type_names;
use crate::errors::OrRaise;
use crate::records::Shape;
use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::{Schema, SchemaRef};
use egito::{Decimals, Error};
use pyo3::prelude::*;
use std::sync::Arc;

/// What the caller says about the schema.
pub(crate) struct Wishes {
    /// The whole schema, instead of that of the first page.
    schema: Option<Vec<Plan>>,
    overrides: Vec<Plan>,
    strict: bool,
}

/// Makes one batch of each page.
pub(crate) struct Batches {
    wishes: Wishes,
    /// Only the fields that were asked for.
    fields: Option<Arc<[String]>>,
    exact: bool,
    plans: Option<Plans>,
    /// How many records became batches so far.
    rows: usize,
}

struct Plans {
    plans: Vec<Plan>,
    schema: SchemaRef,
}

impl Wishes {
    /// `schema` is a table, or names and types, as `overrides` is.
    pub(crate) fn new(
        py: Python<'_>,
        schema: Option<&Bound<'_, PyAny>>,
        overrides: Vec<(String, String)>,
        strict: bool,
    ) -> PyResult<Self> {
        let schema = match schema.map(|schema| (schema, schema.cast::<ArrowTable>())) {
            None => None,
            Some((_, Ok(table))) => Some(table.get().plans().map_err(|name| unknown_type("schema", &name))),
            Some((pairs, Err(_))) => Some(read_plans("schema", pairs.extract()?)),
        };
        let schema = schema.transpose().or_raise(py)?;
        let overrides = read_plans("schema_overrides", overrides).or_raise(py)?;
        Ok(Self { schema, overrides, strict })
    }
}

impl Batches {
    pub(crate) fn new(wishes: Wishes, shape: &Shape) -> Self {
        let exact = shape.decimals != Decimals::Float;
        Self { wishes, fields: shape.fields.clone(), exact, plans: None, rows: 0 }
    }

    /// The schema of all batches, where it is known.
    pub(crate) fn schema(&self) -> Option<SchemaRef> {
        self.plans.as_ref().map(|plans| plans.schema.clone())
    }

    /// The schema as it follows from the first page, of which none is there where the list has no records.
    pub(crate) fn learn(&mut self, first: Option<&egito::Page>) -> Result<SchemaRef, String> {
        let fields = match first {
            Some(page) => self.read(page)?.0,
            None => self.no_fields(),
        };
        Ok(self.plans(&fields).schema.clone())
    }

    /// The records of the next page. Where a page does not fit, it can be asked for again, and does not fit again.
    pub(crate) fn batch(&mut self, page: &egito::Page) -> Result<RecordBatch, String> {
        let (fields, rows) = self.read(page)?;
        let (fit, before) = (Fit { strict: self.wishes.strict, exact: self.exact }, self.rows);
        let Plans { plans, schema } = self.plans(&fields);
        let arrays = fit.columns(plans, fields, rows).map_err(|stop| explain(stop, before))?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(schema.clone(), arrays, &options);
        let batch = batch.map_err(|error| explain(Stop::Arrow(error), before))?;
        self.rows += rows;
        Ok(batch)
    }

    /// The page's own columns.
    fn read(&self, page: &egito::Page) -> Result<(Fields, usize), String> {
        let (json, mut fields) = (page.json(), self.no_fields());
        let rows = Appender::new(&json, self.exact).page(&mut fields, self.fields.is_some(), 0);
        let rows = rows.map_err(|error| {
            format!("Python cannot hold this answer: {}", error.description(&jiter::Jiter::new(&json)))
        })?;
        Ok((fields, rows))
    }

    fn no_fields(&self) -> Fields {
        Fields::of(self.fields.as_deref().unwrap_or_default())
    }

    fn plans(&mut self, first: &Fields) -> &Plans {
        let wishes = &self.wishes;
        self.plans.get_or_insert_with(|| {
            let mut plans = match &wishes.schema {
                Some(schema) => schema.clone(),
                None => {
                    first.names.iter().zip(&first.columns).map(|(name, column)| Plan::inferred(name, column)).collect()
                }
            };
            for plan in &wishes.overrides {
                match plans.iter_mut().find(|other| other.field.name() == plan.field.name()) {
                    Some(other) => *other = plan.clone(),
                    None => plans.push(plan.clone()),
                }
            }
            let schema = Schema::new(plans.iter().map(|plan| plan.field.clone()).collect::<Vec<_>>());
            Plans { plans, schema: Arc::new(schema) }
        })
    }
}

fn read_plans(option: &str, pairs: Vec<(String, String)>) -> egito::Result<Vec<Plan>> {
    let read = |(name, type_name): (String, String)| {
        let field = type_names::parse_field(&name, &type_name).ok_or_else(|| unknown_type(option, &type_name))?;
        Plan::chosen(&Arc::new(field)).map_err(|type_name| unknown_type(option, &type_name))
    };
    let plans: Vec<Plan> = pairs.into_iter().map(read).collect::<egito::Result<_>>()?;
    for (place, plan) in plans.iter().enumerate() {
        if plans[..place].iter().any(|other| other.field.name() == plan.field.name()) {
            let name = plan.field.name();
            return Err(Error::config(option, format!("`{option}` names the column `{name}` twice; keep one of them")));
        }
    }
    Ok(plans)
}

fn unknown_type(option: &str, type_name: &str) -> Error {
    Error::config(
        option,
        format!(
            "`{option}` has the type `{type_name}`, which no column can have; use bool, int8 to int64, uint8 to uint64, \
             float32, float64, string, large_string, list<…> or struct<…>, and convert dates and decimals afterwards"
        ),
    )
}

fn explain(stop: Stop, before: usize) -> String {
    let Misfit { row, mut path, found, wanted } = match stop {
        Stop::Misfit(misfit) => misfit,
        Stop::Arrow(error) => return format!("the page that begins with record {} is no batch: {error}", before + 1),
    };
    path.reverse();
    let (record, path) = (before + row + 1, path.join(".").replace(".[]", "[]"));
    match wanted {
        Some(wanted) => format!(
            "`{path}` of record {record} is {found}, but the column's type is {wanted}: \
             choose another type in `schema_overrides` or `schema`, or make such values null with `strict=False`"
        ),
        None => format!(
            "record {record} has a field `{path}`, but the schema has no such column: \
             add it in `schema_overrides` or `schema`, read chosen `fields` only, or leave such fields out with `strict=False`"
        ),
    }
}
