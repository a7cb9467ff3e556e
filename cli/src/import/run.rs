//! Sends the rows, and writes those that were not done into a file.

use super::decisions::{Decisions, Mode};
use super::error::ImportError;
use super::input::Input;
use super::inputs::{Inputs, PendingRow, PendingRows};
use super::problem::RowProblem;
use super::rejects::{Reason, Rejects};
use super::summary::{RowStatus, Summary};
use egito::{BulkAction, BulkRow, Code, Entity, Error, RecordKey};
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An import whose decisions are made.
pub(crate) struct Import {
    pub input: Input,
    pub decisions: Arc<Decisions>,
    pub options: RunOptions,
}

/// How the rows are sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunOptions {
    pub concurrency: Option<usize>,
    pub max_failures: Option<u64>,
}

/// What the rows have become.
pub(crate) struct Imported {
    pub summary: Summary,
    pub rejects: Option<PathBuf>,
    /// Why the file of rejected rows was not written.
    pub unwritten: Option<ImportError>,
    /// The line of a row that an earlier run has sent with other values. No further row was sent.
    pub changed_line: Option<u64>,
    /// Why not all rows have a result.
    pub stopped: Option<Error>,
}

/// One row and what became of it.
pub(crate) struct Done<'a> {
    pub line: u64,
    pub status: RowStatus,
    /// The fields that would be updated.
    pub fields: &'a [String],
    pub problem: Option<&'a RowProblem>,
    /// The result of its call; `None` if none was made.
    pub row: Option<&'a BulkRow>,
    /// Whether another run finds out what became of a row whose outcome is unknown.
    pub is_found_again: bool,
}

impl Import {
    /// Sends all rows, and records them in a journal.
    pub(crate) async fn run(
        &self,
        entity: &Entity,
        journal: &Path,
        mut rejects: Rejects,
        explain: impl Fn(&Done) -> String,
        mut on_row: impl FnMut(&Summary),
    ) -> Result<Imported, ImportError> {
        let action = match self.decisions.mode {
            Mode::Upsert => BulkAction::Upsert,
            Mode::CreateOnce => BulkAction::ApplyUpsert,
            Mode::Create => BulkAction::Create,
            Mode::Update => BulkAction::Update,
        };
        let (mut summary, mut changed_line) = (Summary::default(), None);
        let stopped = self
            .each(entity, action, Some(journal), |done, pending| {
                let error = done.row.and_then(|row| row.error.as_ref());
                if error.is_some_and(Error::is_changed_input) {
                    changed_line = changed_line.or(Some(done.line));
                }
                if changed_line.is_some() {
                    return;
                }
                summary.count(done.status, done.row.is_some_and(|row| row.resumed));
                if done.status.is_rejected() {
                    rejects.push(&pending.row, &Reason { status: done.status.name(), text: explain(&done) });
                }
                on_row(&summary);
            })
            .await?;
        if changed_line.is_some() {
            return Ok(Imported { changed_line, ..Imported::new(summary, stopped) });
        }
        let (rejects, unwritten) = match rejects.finish() {
            Ok(rejects) => (rejects, None),
            Err(error) => (None, Some(error)),
        };
        Ok(Imported { rejects, unwritten, ..Imported::new(summary, stopped) })
    }

    /// Returns what would be done, without writing anything.
    pub(crate) async fn plan(
        &self,
        entity: &Entity,
        mut on_row: impl FnMut(&Done, &Summary),
    ) -> Result<Imported, ImportError> {
        let mode = self.decisions.mode;
        let action = match mode {
            Mode::Create => return self.plan_creates(on_row),
            Mode::Update => BulkAction::Get,
            Mode::Upsert | Mode::CreateOnce => BulkAction::PlanUpsert,
        };
        let mut summary = Summary::default();
        let stopped = self
            .each(entity, action, None, |done, pending| {
                let is_missing = done.row.and_then(|row| row.error.as_ref()).is_some_and(Error::is_not_found);
                let status = match (mode, done.status) {
                    (Mode::Update, RowStatus::NotSent) if is_missing => RowStatus::Refused,
                    (Mode::CreateOnce, RowStatus::Updated) => RowStatus::Existing,
                    (_, status) => status,
                };
                let is_update = mode == Mode::Update && status == RowStatus::Updated;
                let done = Done { status, fields: if is_update { &pending.fields } else { done.fields }, ..done };
                summary.count(done.status, false);
                on_row(&done, &summary);
            })
            .await?;
        Ok(Imported::new(summary, stopped))
    }

    /// Returns which rows would create a record: all that can be sent.
    fn plan_creates(&self, mut on_row: impl FnMut(&Done, &Summary)) -> Result<Imported, ImportError> {
        let (pending, mut summary) = (PendingRows::default(), Summary::default());
        for _ in self.inputs(&pending, BulkAction::Create)? {
            let Some(read) = pending.pop() else { break };
            let status = if read.problem.is_some() { RowStatus::Invalid } else { RowStatus::Created };
            summary.count(status, false);
            let (line, problem) = (read.row.line, read.problem.as_ref());
            on_row(&Done { line, status, fields: &[], problem, row: None, is_found_again: true }, &summary);
        }
        pending.take_failure().map_or(Ok(Imported::new(summary, None)), Err)
    }

    fn inputs(&self, pending: &PendingRows, action: BulkAction) -> Result<Inputs, ImportError> {
        let zone = self.decisions.zone.as_deref().map(zone).transpose()?;
        Ok(Inputs::new(self.input.rows()?, self.decisions.clone(), zone, action, pending.clone()))
    }

    /// Makes a call for each row. Returns why the bulk has ended early.
    async fn each(
        &self,
        entity: &Entity,
        action: BulkAction,
        journal: Option<&Path>,
        mut use_row: impl FnMut(Done, &PendingRow),
    ) -> Result<Option<Error>, ImportError> {
        let (pending, decisions) = (PendingRows::default(), &self.decisions);
        let mut bulk = entity.bulk(action, self.inputs(&pending, action)?);
        if !decisions.key.is_empty() && decisions.mode != Mode::Update {
            bulk = bulk.key(RecordKey::from(decisions.key.clone()));
        }
        if let Some(calls) = self.options.concurrency {
            bulk = bulk.concurrency(calls);
        }
        if let Some(rows) = self.options.max_failures {
            bulk = bulk.max_failures(rows);
        }
        if let Some(journal) = journal {
            bulk = bulk.journal(journal)?;
        }
        let (mut rows, mut stopped) = (bulk.rows(), None);
        while let Some(row) = rows.next().await {
            let Some(read) = pending.pop() else { break };
            stopped = stopped.or_else(|| row.error.as_ref().filter(|error| ends_import(error)).cloned());
            let status = RowStatus::of(&row, decisions.mode, read.problem.is_some());
            let done = Done {
                line: read.row.line,
                status,
                fields: &row.fields,
                problem: read.problem.as_ref(),
                row: Some(&row),
                is_found_again: decisions.finds_again(),
            };
            use_row(done, &read);
        }
        if let Some(failure) = pending.take_failure() {
            return Err(failure);
        }
        Ok(rows.check_complete().err().or(stopped))
    }
}

/// Returns whether no further row is sent after this error.
fn ends_import(error: &Error) -> bool {
    error.is_cancelled() || is_of_journal(error)
}

fn is_of_journal(error: &Error) -> bool {
    error.code() == Code::Config && error.details().setting.as_deref() == Some("journal")
}

impl Imported {
    fn new(summary: Summary, stopped: Option<Error>) -> Self {
        Self { summary, rejects: None, unwritten: None, changed_line: None, stopped }
    }
}

/// Returns a time zone by its name.
pub(crate) fn zone(name: &str) -> Result<TimeZone, ImportError> {
    TimeZone::get(name).map_err(|_| ImportError::UnknownZone { name: name.to_owned() })
}
