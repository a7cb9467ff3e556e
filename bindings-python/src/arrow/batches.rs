//! Pages → record batches with one schema, so that they can be read as a stream.

use super::append::Layout;
use super::cast::Cast;
use super::column::{Column, Fields};
use super::infer::Inference;
use super::page_error::PageError;
use super::plan::Plan;
use super::table::ArrowTable;
use super::table_builder::{FrameOptions, read_page, schema_of, to_batch};
use super::type_names;
use crate::convert::decode::unreadable_message;
use crate::convert::errors::IntoPyResult;
use crate::convert::records::DecodeOptions;
use arrow_array::RecordBatch;
use arrow_schema::{DataType, SchemaRef};
use egito::{Decimals, Error};
use pyo3::prelude::*;
use std::sync::Arc;

/// Options of the caller for the schema.
pub(crate) struct SchemaOptions {
    /// The complete schema, instead of that of the first page.
    schema: Option<Vec<Plan>>,
    overrides: Vec<Plan>,
    strict: bool,
}

/// Converts each page to a batch.
pub(crate) struct Batches {
    schema_options: SchemaOptions,
    /// Only these fields.
    fields: Option<Arc<[String]>>,
    layout: Layout,
    dates: bool,
    plans: Option<Plans>,
    /// Number of records in the batches so far.
    rows: usize,
}

struct Plans {
    plans: Vec<Plan>,
    schema: SchemaRef,
}

impl SchemaOptions {
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
        let schema = schema.transpose().into_py_result(py)?;
        let overrides = read_plans("schema_overrides", overrides).into_py_result(py)?;
        Ok(Self { schema, overrides, strict })
    }
}

impl Batches {
    pub(crate) fn new(schema_options: SchemaOptions, decode_options: &DecodeOptions, options: FrameOptions) -> Self {
        let fields = decode_options.fields.clone();
        let exact = decode_options.decimals != Decimals::Float;
        let layout = Layout { closed: fields.is_some(), exact, flatten: options.flatten };
        Self { schema_options, fields, layout, dates: options.dates, plans: None, rows: 0 }
    }

    /// Returns the schema of all batches, if it is known.
    pub(crate) fn schema(&self) -> Option<SchemaRef> {
        self.plans.as_ref().map(|plans| plans.schema.clone())
    }

    /// Returns the schema that follows from the first page, or from an empty list.
    pub(crate) fn infer_schema(&mut self, first: Option<&egito::Page>) -> Result<SchemaRef, PageError> {
        if self.plans.is_none() {
            self.plans = Some(self.plan(first)?);
        }
        Ok(self.schema().unwrap_or_else(|| schema_of(&[], &[])))
    }

    /// Converts the next page. If it does not fit, the same page can be passed again, with the same error.
    pub(crate) fn batch(&mut self, page: &egito::Page) -> Result<RecordBatch, PageError> {
        self.infer_schema(Some(page))?;
        let Plans { plans, schema } = self.plans.as_ref().ok_or_else(|| "no schema".to_owned())?;
        let (fields, rows) = self.read(page, self.planned(plans))?;
        let cast = Cast { strict: self.schema_options.strict, exact: self.layout.exact };
        let batch = to_batch(cast, plans, schema, fields, rows);
        let batch = batch.map_err(|error| error.in_page(self.rows, |row| page.get(row)?.id()))?;
        self.rows += rows;
        Ok(batch)
    }

    fn plan(&self, first: Option<&egito::Page>) -> Result<Plans, String> {
        let SchemaOptions { schema, overrides, .. } = &self.schema_options;
        let mut inference = Inference::new(self.dates, DataType::Utf8, self.layout.exact);
        let mut plans = if let Some(schema) = schema {
            schema.clone()
        } else {
            let fields = self.first_fields(first)?;
            inference.plans(&[&fields])
        };
        for plan in overrides {
            let name = plan.field.name();
            inference.notes.retain(|note| note.path.first() != Some(&Some(name.clone())));
            match plans.iter_mut().find(|other| other.field.name() == name) {
                Some(other) => *other = plan.clone(),
                None => plans.push(plan.clone()),
            }
        }
        let schema = schema_of(&plans, &inference.notes);
        Ok(Plans { plans, schema })
    }

    /// Reads the columns of the first page with their own types. The page is read again with the types of the plans.
    fn first_fields(&self, first: Option<&egito::Page>) -> Result<Fields, String> {
        let fields = Fields::of(self.fields.as_deref().unwrap_or_default());
        let Some(page) = first else { return Ok(fields) };
        let fields = self.read(page, fields)?.0;
        Ok(if self.layout.flatten { fields.drop_flattened() } else { fields })
    }

    fn read(&self, page: &egito::Page, mut fields: Fields) -> Result<(Fields, usize), String> {
        let rows = read_page(&page.json(), self.layout, &mut fields, 0);
        let rows = rows.map_err(|why| unreadable_message(&why))?;
        Ok((fields, rows))
    }

    /// Returns empty columns for a page: the planned ones, without those that `fields` excludes.
    fn planned(&self, plans: &[Plan]) -> Fields {
        let empty = |plan: &Plan| (plan.field.name().clone(), plan.empty_column());
        let Some(fields) = &self.fields else { return plans.iter().map(empty).collect() };
        let is_inside = |name: &str, field: &String| {
            self.layout.flatten && name.strip_prefix(field.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        let is_read = |name: &String| fields.contains(name) || fields.iter().any(|field| is_inside(name, field));
        let is_planned = |name: &String| plans.iter().any(|plan| plan.field.name() == name);
        let planned = plans.iter().filter(|plan| is_read(plan.field.name())).map(empty);
        let others = fields.iter().filter(|name| !is_planned(name)).map(|name| (name.clone(), Column::nulls(0)));
        planned.chain(others).collect()
    }
}

fn read_plans(option: &str, pairs: Vec<(String, String)>) -> egito::Result<Vec<Plan>> {
    let read = |(name, type_name): (String, String)| {
        let field = type_names::parse_field(&name, &type_name).ok_or_else(|| unknown_type(option, &type_name))?;
        Plan::from_field(&Arc::new(field)).map_err(|type_name| unknown_type(option, &type_name))
    };
    let plans: Vec<Plan> = pairs.into_iter().map(read).collect::<egito::Result<_>>()?;
    for (index, plan) in plans.iter().enumerate() {
        if plans[..index].iter().any(|other| other.field.name() == plan.field.name()) {
            let name = plan.field.name();
            return Err(Error::config(
                option,
                format!("invalid `{option}`: expected each column once, got `{name}` twice"),
            ));
        }
    }
    Ok(plans)
}

fn unknown_type(option: &str, type_name: &str) -> Error {
    Error::config(
        option,
        format!(
            "invalid `{option}`: expected the types bool, int8 to int64, uint8 to uint64, float32, float64, \
             decimal128(p, s), string, large_string, timestamp[ms, UTC], list<type>, large_list<type> or \
             struct<name: type, …>, got `{type_name}`"
        ),
    )
}
