//! `egito import`: sends a record for each row of a file.

use crate::context::Context;
use crate::count::{COLUMNS, ROWS, at_least_one};
use crate::failure::Failure;
use crate::import::{
    Decider, Decisions, Empty, FieldTypes, Import, ImportError, Imported, Input, InputFormat, InputOptions, Mapping,
    Mode, Note, Reason, Rejects, RowStatus, Rule, RunOptions, Summary, Survey, VERSION, hash_of, zone,
};
use crate::import_texts::type_name;
use crate::messages::{Language, messages};
use crate::output::{Cell, note, print_table, printable, progress};
use egito::Entity;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

/// Rows of a plan that are shown one by one.
const SHOWN_ROWS: usize = 20;

/// Create or update a record for each row of a file
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// CSV file, spreadsheet (XLSX, XLS, ODS) or JSON lines
    file: PathBuf,
    /// Name of the entity, such as Lead
    #[arg(long, value_name = "NAME", required_unless_present = "resume")]
    entity: Option<String>,
    /// Fields whose values identify a record, such as nip or account.id,number
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    key: Vec<String>,
    /// What is done with a row [default: upsert]
    #[arg(long, value_enum)]
    mode: Option<Mode>,
    /// Show what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Continue an import that was interrupted, or send the rows again that were not done
    #[arg(long, conflicts_with_all = ["entity", "key", "mode", "mapping", "format", "encoding", "separator", "sheet", "zone", "empty", "dry_run"])]
    resume: bool,
    /// TOML file that says which column is which field
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Format of the file [default: by its extension]
    #[arg(long, value_enum)]
    format: Option<InputFormat>,
    /// Encoding of a CSV file, such as windows-1250 [default: detected]
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// What separates the cells of a CSV file: a character, or `tab` [default: detected]
    #[arg(long, value_name = "CHARACTER")]
    separator: Option<String>,
    /// Sheet of a spreadsheet [default: the first one]
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Time zone of dates and times in the file, such as Europe/Warsaw [default: that of the server]
    #[arg(long, value_name = "NAME")]
    zone: Option<String>,
    /// What an empty cell means: leave the field out, or clear it [default: omit]
    #[arg(long, value_enum)]
    empty: Option<Empty>,
    /// File that records which rows are done [default: FILE.journal]
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// File for the rows that were not done [default: FILE with the extension .rejected.csv]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Calls in flight at most
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = at_least_one::<usize>)]
    concurrency: Option<usize>,
    /// Stop after so many rows that were not done
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = at_least_one::<u64>)]
    max_failures: Option<u64>,
}

messages! {
    needs_key()
        "name the field that identifies a record with --key, or create a record for each row with --mode create"
        "podaj w --key pole, które identyfikuje rekord, albo utwórz rekord dla każdego wiersza z --mode create";
    key_of_update()
        "--mode update finds the records by the column `id`, so it has no --key"
        "--mode update znajduje rekordy po kolumnie `id`, więc nie ma --key";
    reads_rows() "reading the file" "odczyt pliku";
    reads_records() "reading records of Egito" "odczyt rekordów z Egito";
    found_file(rows: &str, columns: &str, form: &str)
        "{rows}, {columns} ({form})"
        "{rows}, {columns} ({form})";
    column_title() "column" "kolumna";
    field_title() "field" "pole";
    type_title() "type" "typ";
    because_title() "because of" "na podstawie";
    line_title() "line" "wiersz";
    change_title() "change" "zmiana";
    detail_title() "fields, or reason" "pola lub powód";
    no_rows() "the file has no rows: nothing to import" "plik nie ma wierszy: nie ma czego importować";
    would_be(created: u64, updated: u64, unchanged: u64)
        "would be created: {created}, updated: {updated}, unchanged: {unchanged}"
        "zostałoby utworzonych: {created}, zmienionych: {updated}, bez zmian: {unchanged}";
    was_done(created: u64, updated: u64, unchanged: u64)
        "created: {created}, updated: {updated}, unchanged: {unchanged}"
        "utworzono: {created}, zmieniono: {updated}, bez zmian: {unchanged}";
    existing_rows(rows: u64)
        "left as they are, since a record has their key: {rows}"
        "pozostawiono, bo istnieje rekord o tym kluczu: {rows}";
    resumed_rows(rows: u64)
        "of these done by an earlier run: {rows}"
        "w tym wykonano wcześniej: {rows}";
    rejected_rows(rejected: u64, reasons: &str)
        "not done: {rejected} ({reasons})"
        "nie wykonano: {rejected} ({reasons})";
    invalid_rows(rows: u64) "invalid data: {rows}" "błędne dane: {rows}";
    ambiguous_rows(rows: u64) "several records with the key: {rows}" "kilka rekordów o tym kluczu: {rows}";
    refused_rows(rows: u64) "refused by the server: {rows}" "odrzucone przez serwer: {rows}";
    unsent_rows(rows: u64) "not sent: {rows}" "niewysłane: {rows}";
    unknown_rows(rows: u64) "outcome unknown: {rows}" "wynik nieznany: {rows}";
    rejects_file(path: &str)
        "rows that were not done, with the reasons: {path}"
        "niewykonane wiersze z powodami: {path}";
    stopped_at(done: u64, rows: u64)
        "stopped after row {done} of {rows}"
        "zatrzymano po wierszu {done} z {rows}";
    stopped_because(why: &str)
        "no further rows were sent: {why}"
        "dalszych wierszy nie wysłano: {why}";
    resume_with(command: &str)
        "continue with: {command}"
        "aby kontynuować: {command}";
    correct_and_resume(input: &str, command: &str)
        "correct these rows in {input}, and send them with: {command}"
        "popraw te wiersze w {input} i wyślij je: {command}";
    look_for_rows(rows: u64)
        "look in Egito for the rows whose outcome is unknown ({rows}): --resume does not send them again, so import those that are missing from another file"
        "poszukaj w Egito wierszy, których wynik jest nieznany ({rows}): --resume nie wyśle ich ponownie, więc brakujące zaimportuj z innego pliku";
    row_changed(line: u64, file: &str)
        "line {line} of {file} was changed after an earlier run had sent it, or a row before it was added or removed. Restore the file, and use --resume; import new rows from another file"
        "wiersz {line} w {file} zmieniono po wysłaniu go albo dodano lub usunięto wiersz przed nim. Przywróć plik i użyj --resume; nowe wiersze zaimportuj z innego pliku";
    more_rows(rows: u64)
        "… and {rows} more"
        "… i jeszcze {rows}";
    keep_journal(journal: &str)
        "{journal} knows what is done; delete it when the import is finished"
        "{journal} wie, co już wykonano; usuń go po zakończeniu importu";
}

impl Arguments {
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        let language = context.language;
        let (import, rows) = if self.resume { self.resumed(language)? } else { self.first(context).await? };
        if rows == 0 {
            note(&language.no_rows());
            return Ok(());
        }
        let entity = context.client()?.entity(&import.decisions.entity)?;
        if self.dry_run {
            self.plan(context, &import, &entity, rows).await
        } else {
            self.send(context, &import, &entity, rows).await
        }
    }

    /// Decides how the file is imported.
    async fn first(&self, context: &Context) -> Result<(Import, u64), Failure> {
        let language = context.language;
        let entity = context.client()?.entity(self.entity.as_deref().unwrap_or_default())?;
        let (mode, key) = self.mode_and_key(language)?;
        self.check_is_file().map_err(|error| Failure::reading(language, self.file.display(), &error))?;
        self.check_files(self.format).map_err(|error| self.failure(language, error))?;
        if !self.dry_run {
            self.check_no_journal().map_err(|error| self.failure(language, error))?;
        }
        let spinner = progress::spinner(language.reads_rows());
        let read = self.read();
        spinner.finish_and_clear();
        let (mapping, input, survey) = read.map_err(|error| self.failure(language, error))?;
        let spinner = progress::spinner(language.reads_records());
        let types = FieldTypes::read(&entity).await;
        spinner.finish_and_clear();
        let types = match types {
            // A user who may only create records can still do that.
            Err(error) if error.is_permission() && mode == Mode::Create => FieldTypes::default(),
            types => types?,
        };
        let decider = Decider {
            input: &input,
            survey: &survey,
            mapping: &mapping,
            types: &types,
            empty: self.empty.or(mapping.empty).unwrap_or_default(),
            is_update: mode == Mode::Update,
            notes: Vec::new(),
        };
        let zone = self.zone.clone().or_else(|| mapping.zone.clone());
        let plan = decide(decider, mode, key, zone, entity.name());
        let (decisions, notes) = plan.map_err(|error| self.failure(language, error))?;
        report_decisions(context, &input, survey.rows, &decisions, &notes);
        Ok((self.import(input, decisions), survey.rows))
    }

    fn read(&self) -> Result<(Mapping, Input, Survey), ImportError> {
        let mapping = self.mapping.as_deref().map(Mapping::read).transpose()?.unwrap_or_default();
        let separator = match self.separator.as_deref() {
            None => None,
            Some(given) => Some(
                super::export::separator(given)
                    .map(char::from)
                    .ok_or_else(|| ImportError::Separator { separator: given.chars().next().unwrap_or_default() })?,
            ),
        };
        let options =
            InputOptions { format: self.format, encoding: self.encoding.clone(), separator, sheet: self.sheet.clone() };
        let input = Input::open(&self.file, options)?;
        let survey = Survey::read(&input)?;
        Ok((mapping, input, survey))
    }

    /// Uses the decisions of the first run.
    fn resumed(&self, language: Language) -> Result<(Import, u64), Failure> {
        let read = || -> Result<(Import, u64), ImportError> {
            let journal = self.journal();
            if !journal.exists() {
                return Err(ImportError::NoJournal { journal: journal.display().to_string() });
            }
            let decisions = Decisions::read(&journal)?;
            self.check_files(decisions.input.format)?;
            self.check_rejects(&decisions)?;
            let input = Input::open(&self.file, decisions.input.clone())?;
            if input.header != decisions.header {
                return Err(ImportError::OtherHeader { path: Decisions::path(&journal).display().to_string() });
            }
            let rows = Survey::read(&input)?.rows;
            Ok((self.import(input, decisions), rows))
        };
        read().map_err(|error| self.failure(language, error))
    }

    fn import(&self, input: Input, decisions: Decisions) -> Import {
        let options = RunOptions { concurrency: self.concurrency, max_failures: self.max_failures };
        Import { input, decisions: Arc::new(decisions), options }
    }

    fn mode_and_key(&self, language: Language) -> Result<(Mode, Vec<String>), Failure> {
        let is_id = self.key == ["id"];
        let mode = self.mode.unwrap_or(if is_id { Mode::Update } else { Mode::Upsert });
        match mode {
            Mode::Update if self.key.is_empty() || is_id => Ok((mode, vec!["id".to_owned()])),
            Mode::Update => Err(Failure::Usage(language.key_of_update())),
            Mode::Upsert | Mode::CreateOnce if self.key.is_empty() => Err(Failure::Usage(language.needs_key())),
            _ => Ok((mode, self.key.clone())),
        }
    }

    /// Checks that the file can be read several times.
    fn check_is_file(&self) -> io::Result<()> {
        let metadata = fs::metadata(&self.file)?;
        let wrong = if metadata.is_dir() { io::ErrorKind::IsADirectory } else { io::ErrorKind::NotSeekable };
        if metadata.is_file() { Ok(()) } else { Err(wrong.into()) }
    }

    /// Checks that no file would replace another one.
    fn check_files(&self, format: Option<InputFormat>) -> Result<(), ImportError> {
        let journal = self.journal();
        let files = [self.file.clone(), self.rejects_path(format), Decisions::path(&journal), journal];
        let files = files.iter().chain(&self.mapping);
        let mut seen: Vec<(PathBuf, &PathBuf)> = Vec::new();
        for file in files {
            let real = real_path(file);
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == real) {
                let (first, second) = (first.display().to_string(), file.display().to_string());
                return Err(ImportError::SameFile { first, second });
            }
            seen.push((real, file));
        }
        Ok(())
    }

    /// Checks that no person has corrected the rejected rows of the last run, which this run replaces.
    fn check_rejects(&self, decisions: &Decisions) -> Result<(), ImportError> {
        let path = self.rejects_path(decisions.input.format);
        let found = hash_of(&path)?;
        if found.is_some() && found != decisions.rejects {
            let (path, input) = (path.display().to_string(), self.file.display().to_string());
            return Err(ImportError::RejectsChanged { path, input });
        }
        Ok(())
    }

    fn check_no_journal(&self) -> Result<(), ImportError> {
        let (journal, rejects) = (self.journal(), self.rejects_path(self.format));
        if journal.exists() {
            return Err(ImportError::JournalExists { journal: journal.display().to_string() });
        }
        if rejects.exists() {
            return Err(ImportError::RejectsExist { path: rejects.display().to_string() });
        }
        Ok(())
    }

    async fn plan(&self, context: &Context, import: &Import, entity: &Entity, rows: u64) -> Result<(), Failure> {
        let language = context.language;
        let (bar, mut shown) = (progress::bar(Some(rows)), Vec::new());
        let planned = import.plan(entity, |done, summary| {
            bar.set_position(summary.rows);
            let is_shown = done.status != RowStatus::Unchanged && (context.json || shown.len() < SHOWN_ROWS);
            if is_shown {
                let reason = language.row_reason(done);
                shown.push((done.line, done.status, done.fields.to_vec(), reason));
            }
        });
        let planned = planned.await;
        bar.finish_and_clear();
        let planned = planned.map_err(|error| self.failure(language, error))?;
        let mut out = context.out();
        if context.json {
            let rows: Vec<_> = shown
                .iter()
                .map(|(line, status, fields, reason)| {
                    serde_json::json!({"line": line, "change": status.name(), "fields": fields, "reason": reason})
                })
                .collect();
            out.last_line(&serde_json::json!({"summary": planned.summary, "rows": rows}).to_string())?;
        } else {
            let names = [language.line_title(), language.change_title(), language.detail_title()];
            let cells: Vec<Vec<Cell>> = shown
                .into_iter()
                .map(|(line, status, fields, reason)| {
                    let detail = if reason.is_empty() { fields.join(", ") } else { printable(&reason) };
                    vec![Cell::exact(line.to_string()), Cell::exact(status.name().to_owned()), Cell::text(detail)]
                })
                .collect();
            if !cells.is_empty() {
                print_table(&mut out, &names, &cells)?;
            }
            let all = planned.summary.rows - planned.summary.unchanged;
            let more = all.saturating_sub(cells.len() as u64);
            if more > 0 && !cells.is_empty() {
                out.line(&language.more_rows(more))?;
            }
            out.flush()?;
            let Summary { created, updated, unchanged, .. } = planned.summary;
            note(&language.would_be(created, updated, unchanged));
            report_others(language, &planned.summary);
        }
        Self::end(context, &planned)
    }

    async fn send(&self, context: &Context, import: &Import, entity: &Entity, rows: u64) -> Result<(), Failure> {
        let (language, journal) = (context.language, self.journal());
        let path = self.rejects_path(import.input.options.format);
        let rejects = Rejects::new(path, &import.input, &import.decisions.rules);
        rejects.check().map_err(|error| self.failure(language, error))?;
        if !self.resume {
            import.decisions.write(&journal).map_err(|error| self.failure(language, error))?;
        }
        let bar = progress::bar(Some(rows));
        let imported = import.run(
            entity,
            &journal,
            rejects,
            |done| language.row_reason(done),
            |summary| {
                bar.set_position(summary.rows);
                if summary.rejected() > 0 {
                    bar.set_message(format!("✗ {}", summary.rejected()));
                }
            },
        );
        let imported = imported.await;
        bar.finish_and_clear();
        let mut imported = imported.map_err(|error| self.failure(language, error))?;
        if let Err(error) = self.store_hash(import, &imported) {
            imported.unwritten = Some(error);
        }
        let summary = &imported.summary;
        let has_done = summary.created + summary.updated + summary.unchanged + summary.existing > summary.resumed;
        if context.json || has_done || imported.changed_line.is_none() {
            self.report(context, &import.decisions, &imported, rows)?;
        }
        if let Some(line) = imported.changed_line {
            return Err(Failure::Usage(language.row_changed(line, &self.file.display().to_string())));
        }
        if let Some(error) = imported.unwritten.take() {
            return Err(self.failure(language, error));
        }
        Self::end(context, &imported)
    }

    /// Stores a hash of the rejected rows, by which the next run knows whether a person has corrected them.
    fn store_hash(&self, import: &Import, imported: &Imported) -> Result<(), ImportError> {
        let Some(path) = &imported.rejects else { return Ok(()) };
        let decisions = Decisions { rejects: hash_of(path)?, ..Decisions::clone(&import.decisions) };
        decisions.write(&self.journal())
    }

    fn report(&self, context: &Context, decisions: &Decisions, imported: &Imported, rows: u64) -> Result<(), Failure> {
        let (language, summary) = (context.language, &imported.summary);
        let resume = self.resume_command();
        // Another run changes nothing about these rows: a person has to look for their records.
        let lost = if decisions.finds_again() { 0 } else { summary.unknown };
        let is_resumable = imported.stopped.is_some() || summary.rejected() > lost;
        if context.json {
            let report = serde_json::json!({
                "summary": summary, "complete": imported.stopped.is_none(), "rejects": imported.rejects,
                "resume": is_resumable.then_some(&resume),
            });
            return context.out().last_line(&report.to_string());
        }
        note(&language.was_done(summary.created, summary.updated, summary.unchanged));
        report_others(language, summary);
        if let Some(path) = &imported.rejects {
            note(&language.rejects_file(&path.display().to_string()));
        }
        if let Some(error) = &imported.stopped {
            note(&language.stopped_at(summary.rows, rows));
            if !error.is_cancelled() && imported.changed_line.is_none() {
                note(&language.stopped_because(&error.to_string()));
            }
        }
        if lost > 0 {
            note(&language.look_for_rows(lost));
        }
        if is_resumable {
            let is_stopped = imported.stopped.is_some() || summary.not_sent + summary.unknown > lost;
            note(&if is_stopped {
                language.resume_with(&resume)
            } else {
                language.correct_and_resume(&self.file.display().to_string(), &resume)
            });
        } else {
            note(&language.keep_journal(&self.journal().display().to_string()));
        }
        Ok(())
    }

    /// Returns the failure of rows that were not done.
    fn end(context: &Context, imported: &Imported) -> Result<(), Failure> {
        match &imported.stopped {
            Some(error) if error.is_cancelled() && context.interrupts.signal().is_some() => {
                Err(Failure::Call(egito::Error::cancelled()))
            }
            None if imported.summary.rejected() == 0 => Ok(()),
            _ => Err(Failure::Problems),
        }
    }

    fn resume_command(&self) -> String {
        let mut words = vec!["egito".to_owned(), "import".to_owned(), quoted(&self.file), "--resume".to_owned()];
        for (name, path) in [("--journal", &self.journal), ("--rejects", &self.rejects)] {
            if let Some(path) = path {
                words.extend([name.to_owned(), quoted(path)]);
            }
        }
        words.join(" ")
    }

    fn journal(&self) -> PathBuf {
        self.journal.clone().unwrap_or_else(|| {
            let mut path = self.file.as_os_str().to_owned();
            path.push(".journal");
            path.into()
        })
    }

    fn rejects_path(&self, format: Option<InputFormat>) -> PathBuf {
        self.rejects.clone().unwrap_or_else(|| {
            let is_json = self.file.extension().is_some_and(|extension| extension == "jsonl" || extension == "ndjson");
            let format = format.unwrap_or(if is_json { InputFormat::Jsonl } else { InputFormat::Csv });
            Rejects::path(&self.file, format)
        })
    }

    fn failure(&self, language: Language, error: ImportError) -> Failure {
        match (language.import_error(&error), error) {
            (_, ImportError::Api(error)) => Failure::Call(error),
            (_, ImportError::Write { path, error }) => Failure::writing(language, path, &error),
            (_, ImportError::File(error)) => Failure::reading(language, self.file.display(), &error),
            (Some(text), ImportError::Csv(_) | ImportError::Spreadsheet(_)) => {
                Failure::reading(language, self.file.display(), &text)
            }
            (Some(text), _) => Failure::Usage(text),
            (None, error) => Failure::reading(language, self.file.display(), &format!("{error:?}")),
        }
    }
}

/// Decides which column is which field, and checks that the key has its columns.
fn decide(
    mut decider: Decider,
    mode: Mode,
    key: Vec<String>,
    zone_name: Option<String>,
    entity: &str,
) -> Result<(Decisions, Vec<Note>), ImportError> {
    zone_name.as_deref().map(zone).transpose()?;
    let rules = decider.rules()?;
    let constants = decider.mapping.constants_as_json()?;
    let has = |field: &String| rules.iter().any(|rule| rule.field == *field) || constants.contains_key(field);
    if let Some(field) = key.iter().find(|field| !has(field)) {
        return Err(ImportError::NoKeyColumn { field: field.clone(), header: decider.input.header.clone() });
    }
    // A person who sets the type of a column knows a field that no record has yet.
    let is_certain = |field: &String| {
        let is_mapped = |rule: &Rule| rule.field == *field && rule.reason == Reason::Mapping;
        decider.types.records == 0 || decider.types.has(field) || rules.iter().any(is_mapped)
    };
    if let Some(field) = key.iter().find(|field| !is_certain(field)) {
        return Err(ImportError::UnknownKey { field: field.clone(), similar: decider.types.similar(field) });
    }
    let mut notes = decider.notes;
    if zone_name.is_none() && rules.iter().any(|rule| rule.kind == crate::import::CellType::Date) {
        notes.push(Note::NoZone);
    }
    let decisions = Decisions {
        egito_import: VERSION,
        entity: entity.to_owned(),
        mode,
        key,
        input: decider.input.options.clone(),
        header: decider.input.header.clone(),
        zone: zone_name,
        constants,
        rules,
        rejects: None,
    };
    Ok((decisions, notes))
}

/// Shows what was detected and assumed.
fn report_decisions(context: &Context, input: &Input, rows: u64, decisions: &Decisions, notes: &[Note]) {
    let language = context.language;
    if context.json || rows == 0 {
        return;
    }
    let separator = input.options.separator.map(|separator| format!("{separator:?}"));
    let form: Vec<String> =
        [input.options.encoding.clone(), separator, input.options.sheet.clone()].into_iter().flatten().collect();
    let (rows, columns) = (language.count(rows, ROWS), language.count(input.header.len() as u64, COLUMNS));
    note(&language.found_file(&rows, &columns, &form.join(", ")));
    let names = [language.column_title(), language.field_title(), language.type_title(), language.because_title()];
    let cells: Vec<Vec<Cell>> = decisions
        .rules
        .iter()
        .map(|rule| {
            let reason = language.type_reason(rule.reason);
            [printable(&rule.name), rule.field.clone(), type_name(rule.kind).to_owned(), reason]
                .map(Cell::text)
                .to_vec()
        })
        .collect();
    crate::output::note_table(&names, &cells);
    for remark in notes {
        note(&format!("- {}", printable(&language.import_note(remark))));
    }
}

/// Shows the rows that were neither created, updated nor unchanged.
fn report_others(language: Language, summary: &Summary) {
    if summary.existing > 0 {
        note(&language.existing_rows(summary.existing));
    }
    if summary.resumed > 0 {
        note(&language.resumed_rows(summary.resumed));
    }
    if summary.rejected() > 0 {
        let reasons = [
            (summary.invalid, language.invalid_rows(summary.invalid)),
            (summary.ambiguous, language.ambiguous_rows(summary.ambiguous)),
            (summary.refused, language.refused_rows(summary.refused)),
            (summary.not_sent, language.unsent_rows(summary.not_sent)),
            (summary.unknown, language.unknown_rows(summary.unknown)),
        ];
        let reasons: Vec<String> = reasons.into_iter().filter(|(rows, _)| *rows > 0).map(|(_, text)| text).collect();
        note(&language.rejected_rows(summary.rejected(), &reasons.join(", ")));
    }
}

/// Returns a path by which other spellings and links of the same file are recognized.
fn real_path(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let of_new_file = || Some(fs::canonicalize(folder).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(of_new_file).unwrap_or_else(|| path.to_owned())
}

fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | ':' | '\\'));
    if is_plain { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
