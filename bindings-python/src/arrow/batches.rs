//! Pages → record batches that all have one schema, so that they can be read as a stream.

use super::append::Layout;
use super::column::{Column, Fields};
use super::fit::Fit;
use super::infer::Inference;
use super::plan::Plan;
use super::reading::{FrameOptions, read_page, schema_of, to_batch};
use super::table::ArrowTable;
use super::type_names;
use crate::errors::OrRaise;
use crate::records::Shape;
use arrow_array::RecordBatch;
use arrow_schema::{DataType, SchemaRef};
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
    layout: Layout,
    dates: bool,
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
    pub(crate) fn new(wishes: Wishes, shape: &Shape, options: FrameOptions) -> Self {
        let fields = shape.fields.clone();
        let exact = shape.decimals != Decimals::Float;
        let layout = Layout { closed: fields.is_some(), exact, flatten: options.flatten };
        Self { wishes, fields, layout, dates: options.dates, plans: None, rows: 0 }
    }

    /// The schema of all batches, where it is known.
    pub(crate) fn schema(&self) -> Option<SchemaRef> {
        self.plans.as_ref().map(|plans| plans.schema.clone())
    }

    /// The schema as it follows from the first page, of which none is there where the list has no records.
    pub(crate) fn learn(&mut self, first: Option<&egito::Page>) -> Result<SchemaRef, String> {
        if self.plans.is_none() {
            self.plans = Some(self.plan(first)?);
        }
        Ok(self.schema().unwrap_or_else(|| schema_of(&[], &[])))
    }

    /// The records of the next page. Where a page does not fit, it can be asked for again, and does not fit again.
    pub(crate) fn batch(&mut self, page: &egito::Page) -> Result<RecordBatch, String> {
        self.learn(Some(page))?;
        let Plans { plans, schema } = self.plans.as_ref().ok_or("no schema")?;
        let (fields, rows) = self.read(page, self.planned(plans))?;
        let fit = Fit { strict: self.wishes.strict, exact: self.layout.exact };
        let batch = to_batch(fit, plans, schema, fields, (self.rows, rows))?;
        self.rows += rows;
        Ok(batch)
    }

    fn plan(&self, first: Option<&egito::Page>) -> Result<Plans, String> {
        let Wishes { schema, overrides, .. } = &self.wishes;
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

    /// The columns of the first page as they are. It is read again with the types that follow from them.
    fn first_fields(&self, first: Option<&egito::Page>) -> Result<Fields, String> {
        let fields = Fields::of(self.fields.as_deref().unwrap_or_default());
        let Some(page) = first else { return Ok(fields) };
        let fields = self.read(page, fields)?.0;
        Ok(if self.layout.flatten { fields.drop_flattened() } else { fields })
    }

    fn read(&self, page: &egito::Page, mut fields: Fields) -> Result<(Fields, usize), String> {
        let rows = read_page(&page.json(), self.layout, &mut fields, 0);
        let rows = rows.map_err(|why| format!("Python cannot hold this answer: {why}"))?;
        Ok((fields, rows))
    }

    /// Empty columns for the values of a page: the planned ones that are to be read.
    fn planned(&self, plans: &[Plan]) -> Fields {
        let start = |plan: &Plan| (plan.field.name().clone(), plan.start());
        let Some(fields) = &self.fields else { return plans.iter().map(start).collect() };
        let is_inside = |name: &str, field: &String| {
            self.layout.flatten && name.strip_prefix(field.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        let is_read = |name: &String| fields.contains(name) || fields.iter().any(|field| is_inside(name, field));
        let is_planned = |name: &String| plans.iter().any(|plan| plan.field.name() == name);
        let planned = plans.iter().filter(|plan| is_read(plan.field.name())).map(start);
        let others = fields.iter().filter(|name| !is_planned(name)).map(|name| (name.clone(), Column::nulls(0)));
        planned.chain(others).collect()
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
             float32, float64, decimal128(p, s), string, large_string, timestamp[ms, UTC], list<type>, large_list<type> or \
             struct<name: type, …>"
        ),
    )
}
