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
    /// Why not all rows have a result.
    pub stopped: Option<Error>,
}

/// One row and what became of it.
pub(crate) struct Done<'a> {
    pub line: u64,
    pub status: RowStatus,
    pub row: &'a BulkRow,
    pub problem: Option<&'a RowProblem>,
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
        let mut summary = Summary::default();
        let stopped = self
            .each(entity, action, Some(journal), |done, pending| {
                summary.count(done.status, done.row.resumed);
                if done.status.is_rejected() {
                    rejects.push(&pending.row, &Reason { status: done.status.name(), text: explain(&done) })?;
                }
                on_row(&summary);
                Ok(())
            })
            .await?;
        Ok(Imported { summary, rejects: rejects.finish()?, stopped })
    }

    /// Returns what would be done, without writing anything.
    pub(crate) async fn plan(
        &self,
        entity: &Entity,
        mut on_row: impl FnMut(&Done, &Summary),
    ) -> Result<Imported, ImportError> {
        let mut summary = Summary::default();
        if matches!(self.decisions.mode, Mode::Create | Mode::Update) {
            self.check_rows(&mut summary)?;
            return Ok(Imported { summary, rejects: None, stopped: None });
        }
        let is_once = self.decisions.mode == Mode::CreateOnce;
        let stopped = self
            .each(entity, BulkAction::PlanUpsert, None, |done, _| {
                let exists = is_once && done.status == RowStatus::Updated;
                let done = Done { status: if exists { RowStatus::Existing } else { done.status }, ..done };
                summary.count(done.status, false);
                on_row(&done, &summary);
                Ok(())
            })
            .await?;
        Ok(Imported { summary, rejects: None, stopped })
    }

    /// Counts the rows that can be sent.
    fn check_rows(&self, summary: &mut Summary) -> Result<(), ImportError> {
        let pending = PendingRows::default();
        for input in self.inputs(&pending)? {
            let _ = pending.pop();
            let status = match (input, self.decisions.mode) {
                (Err(_), _) => RowStatus::Invalid,
                (Ok(_), Mode::Update) => RowStatus::Updated,
                (Ok(_), _) => RowStatus::Created,
            };
            summary.count(status, false);
        }
        pending.take_failure().map_or(Ok(()), Err)
    }

    fn inputs(&self, pending: &PendingRows) -> Result<Inputs, ImportError> {
        let zone = self.decisions.zone.as_deref().map(zone).transpose()?;
        Ok(Inputs::new(self.input.rows()?, self.decisions.clone(), zone, pending.clone()))
    }

    /// Makes a call for each row. Returns why the bulk has ended early.
    async fn each(
        &self,
        entity: &Entity,
        action: BulkAction,
        journal: Option<&Path>,
        mut use_row: impl FnMut(Done, &PendingRow) -> Result<(), ImportError>,
    ) -> Result<Option<Error>, ImportError> {
        let (pending, decisions) = (PendingRows::default(), &self.decisions);
        let mut bulk = entity.bulk(action, self.inputs(&pending)?);
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
            let done = Done { line: read.row.line, status, row: &row, problem: read.problem.as_ref() };
            use_row(done, &read)?;
        }
        if let Some(failure) = pending.take_failure() {
            return Err(failure);
        }
        Ok(rows.check_complete().err().or(stopped))
    }
}

/// Returns whether no further row is sent after this error.
fn ends_import(error: &Error) -> bool {
    let is_journal = error.details().setting.as_deref() == Some("journal");
    error.is_cancelled() || (error.code() == Code::Config && is_journal)
}

/// Returns a time zone by its name.
pub(crate) fn zone(name: &str) -> Result<TimeZone, ImportError> {
    TimeZone::get(name).map_err(|_| ImportError::UnknownZone { name: name.to_owned() })
}
