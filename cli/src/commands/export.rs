//! `egito export`: writes a list to a file.

use super::list::Selection;
use crate::context::Context;
use crate::count::{COLUMNS, RECORDS, at_least_one};
use crate::export::{
    CsvChanges, CsvOptions, Export, ExportError, Exported, FileFormat, MarkFile, Since, Source, Target, TextEncoding,
};
use crate::failure::Failure;
use crate::filter_check::FilterCheck;
use crate::messages::{Language, messages};
use crate::output::{note, progress};
use crate::times;
use clap::builder::NonEmptyStringValueParser;
use egito::{Record, RecordList};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Write the records of an entity to a file
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Name of the entity, such as Account
    entity: String,
    /// File to write; `-` is stdout
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Format of the file [default: by its extension]
    #[arg(long, value_enum)]
    format: Option<FileFormat>,
    /// Only records that were created or changed since this time, such as 2026-11-27 or 2026-11-27T08:00:00Z
    #[arg(long, value_name = "TIME", group = "changes", conflicts_with_all = ["sort", "order"])]
    since: Option<String>,
    /// Only what was created or changed since the last export with this file, which remembers it; without the file all records
    #[arg(long, value_name = "FILE", group = "changes", conflicts_with_all = ["sort", "order", "max"])]
    since_file: Option<PathBuf>,
    /// Field with the time of the last change
    #[arg(long, value_name = "FIELD", default_value = "lastUpdated", requires = "changes")]
    by: String,
    /// Fields to write, such as id,name,address.city [default: all fields of all records]
    #[arg(long, value_name = "FIELD,FIELD…", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    fields: Vec<String>,
    #[command(flatten)]
    selection: Selection,
    /// Maximum number of records
    #[arg(long, value_name = "N", alias = "limit", allow_negative_numbers = true, value_parser = at_least_one::<u64>)]
    max: Option<u64>,
    /// Encoding of a CSV file [default: utf-8]
    #[arg(long, value_enum)]
    encoding: Option<TextEncoding>,
    /// What separates the cells of a CSV file: a character, or `tab` [default: a comma]
    #[arg(long, value_name = "CHARACTER")]
    separator: Option<String>,
    /// Write numbers of a CSV file with a decimal comma
    #[arg(long)]
    decimal_comma: bool,
    /// Write `?` for characters that the encoding does not have
    #[arg(long)]
    replace: bool,
    /// Write texts of a CSV file as they are, even if a spreadsheet takes them for formulas
    #[arg(long)]
    keep_formulas: bool,
}

messages! {
    unknown_file_format(file: &str)
        "the format of {file} is not known: expected the extension csv, jsonl, xlsx or parquet; name the format with --format"
        "nie wiadomo, jakiego formatu jest {file}: oczekiwano rozszerzenia csv, jsonl, xlsx lub parquet; podaj format w --format";
    invalid_separator(given: &str)
        "invalid `--separator`: expected one ASCII character other than a quote and a line break, or `tab`, got {given:?}"
        "błędny `--separator`: oczekiwano jednego znaku ASCII, który nie jest cudzysłowem ani końcem wiersza, albo `tab`, podano {given:?}";
    only_for_csv(option: &str)
        "`{option}` belongs to CSV files, and this file is none; leave it out, or write the format csv"
        "`{option}` dotyczy plików CSV, a to inny format; pomiń tę opcję albo zapisz format csv";
    invalid_time(given: &str)
        "invalid `--since`: expected a time such as 2026-11-27 or 2026-11-27T08:00:00Z, got {given:?}"
        "błędny `--since`: oczekiwano czasu takiego jak 2026-11-27 lub 2026-11-27T08:00:00Z, podano {given:?}";
    same_field_twice(field: &str)
        "invalid `--fields`: expected each field once, got {field:?} twice"
        "błędne `--fields`: oczekiwano każdego pola raz, podano dwa razy {field:?}";
    binary_to_terminal()
        "this format is not text, so it is not written to a terminal; name a file with --output"
        "ten format nie jest tekstem, więc nie jest wypisywany na terminal; podaj plik w --output";
    changes_since(time: &str)
        "changes since {time}"
        "zmiany od {time}";
    changes_since_export(file: &str)
        "changes since the last export with {file}"
        "zmiany od ostatniego eksportu z {file}";
    first_export(file: &str)
        "{file} does not exist yet: all records"
        "{file} jeszcze nie istnieje: wszystkie rekordy";
    invalid_mark(file: &str, why: &str)
        "{file} cannot be used for `--since-file`: {why}. Remove it to export all records"
        "{file} nie nadaje się do `--since-file`: {why}. Usuń go, aby wyeksportować wszystkie rekordy";
    mark_in_output(file: &str)
        "`--since-file` and `--output` are the same file {file}; name another one"
        "`--since-file` i `--output` to ten sam plik {file}; podaj inny";
    exported(records: &str, columns: &str, file: &str)
        "{records} with {columns} written to {file}"
        "zapisano {file}: {records}, {columns}";
    exported_lines(records: &str, file: &str)
        "{records} written to {file}"
        "zapisano {file}: {records}";
    nothing_exported(file: &str)
        "no records: {file} has no columns"
        "brak rekordów: {file} nie ma kolumn";
    empty_field(field: &str)
        "warning: no record has a value in the field {field:?}; check its name"
        "ostrzeżenie: żaden rekord nie ma wartości w polu {field:?}; sprawdź jego nazwę";
    escaped_formulas(count: u64)
        "texts that a spreadsheet takes for formulas have an apostrophe in front: {count}; --keep-formulas writes them as they are"
        "teksty, które arkusz uznałby za formuły, poprzedzono apostrofem: {count}; --keep-formulas zapisuje je bez zmian";
    replaced_characters(count: u64)
        "characters replaced by `?`: {count}"
        "znaki zastąpione przez `?`: {count}";
    character_not_in_encoding(record: &str, field: &str, character: char)
        "record {record}, field {field:?}: the encoding does not have the character {character:?}; use --encoding utf-8, or --replace to write `?`"
        "rekord {record}, pole {field:?}: kodowanie nie ma znaku {character:?}; użyj --encoding utf-8 albo --replace, by zapisać `?`";
    text_too_long(record: &str, field: &str, limit: usize)
        "record {record}, field {field:?}: the text is longer than the {limit} characters of a cell; use csv, jsonl or parquet"
        "rekord {record}, pole {field:?}: tekst jest dłuższy niż {limit} znaków, które mieści komórka; użyj csv, jsonl lub parquet";
    table_too_large(limit: usize)
        "a sheet has at most {limit} rows or columns of data; use csv, jsonl or parquet"
        "arkusz ma najwyżej {limit} wierszy lub kolumn danych; użyj csv, jsonl lub parquet";
}

impl Arguments {
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        let language = context.language;
        let export = self.export(language)?;
        let (since, marks) = (self.since(language)?, self.mark_file(language)?);
        let list = self.list(context, since.as_ref(), marks.as_ref())?;
        if let Some(since) = &since {
            note(&language.changes_since(&since.time.to_string()));
        }
        let continues = marks.as_ref().is_some_and(|marks| marks.mark.is_some());
        if let Some(file) = &self.since_file {
            let file = file.display().to_string();
            note(&if continues { language.changes_since_export(&file) } else { language.first_export(&file) });
        }
        let target = self.target(language, export.format)?;
        let source = Source::new(list.pages()?, since);
        let bar = progress::bar(None);
        let mut filters = self.selection.check();
        let on_page = |records: &[Record], total: Option<u64>| {
            if let Some(total) = total.filter(|_| !continues) {
                bar.set_length(total);
            }
            bar.inc(records.len() as u64);
            filters.add(records);
        };
        let exported = export.run(source, target, on_page).await;
        bar.finish_and_clear();
        let exported = exported.map_err(|error| self.failure(language, error))?;
        if let (Some(marks), Some(path), Some(mark)) = (marks, &self.since_file, &exported.mark) {
            marks.store(mark).map_err(|error| Failure::writing(language, path.display(), &error))?;
        }
        self.report(context, &export, &exported, &filters)
    }

    fn export(&self, language: Language) -> Result<Export, Failure> {
        let mut fields = self.fields.iter();
        while let Some(field) = fields.next() {
            if fields.as_slice().contains(field) {
                return Err(Failure::Usage(language.same_field_twice(field)));
            }
        }
        let given = self.separator.as_deref().unwrap_or(",");
        let separator = separator(given).ok_or_else(|| Failure::Usage(language.invalid_separator(given)))?;
        let format = match self.format {
            Some(format) => format,
            None => format_of(&self.output)
                .ok_or_else(|| Failure::Usage(language.unknown_file_format(&self.output.display().to_string())))?,
        };
        if let Some(option) = self.csv_option().filter(|_| format != FileFormat::Csv) {
            return Err(Failure::Usage(language.only_for_csv(option)));
        }
        let csv = CsvOptions {
            encoding: self.encoding.unwrap_or_default(),
            separator,
            decimal_comma: self.decimal_comma,
            replace: self.replace,
            keep_formulas: self.keep_formulas,
            changes: Arc::new(CsvChanges::default()),
        };
        Ok(Export { format, fields: self.fields.clone(), csv })
    }

    /// Returns the first option that is given and belongs to CSV files.
    fn csv_option(&self) -> Option<&'static str> {
        let options = [
            ("--encoding", self.encoding.is_some()),
            ("--separator", self.separator.is_some()),
            ("--decimal-comma", self.decimal_comma),
            ("--replace", self.replace),
            ("--keep-formulas", self.keep_formulas),
        ];
        options.into_iter().find_map(|(name, is_given)| is_given.then_some(name))
    }

    fn since(&self, language: Language) -> Result<Option<Since>, Failure> {
        let Some(given) = &self.since else { return Ok(None) };
        let time = times::parse(given).ok_or_else(|| Failure::Usage(language.invalid_time(given)))?;
        Ok(Some(Since { time, field: self.by.clone() }))
    }

    fn mark_file(&self, language: Language) -> Result<Option<MarkFile>, Failure> {
        let Some(path) = &self.since_file else { return Ok(None) };
        if *path == self.output {
            return Err(Failure::Usage(language.mark_in_output(&path.display().to_string())));
        }
        MarkFile::open(path).map(Some).map_err(|error| Failure::writing(language, path.display(), &error))
    }

    fn list(&self, context: &Context, since: Option<&Since>, marks: Option<&MarkFile>) -> Result<RecordList, Failure> {
        let entity = context.client()?.entity(&self.entity)?;
        let mut list = match (since, marks) {
            (Some(since), _) => entity.changes().by(since.field.clone()),
            (None, Some(marks)) => entity.changes().by(self.by.clone()).since(marks.mark.clone()),
            (None, None) => entity.list(),
        };
        list = self.selection.apply(list, context.language)?;
        if let Some(limit) = self.max {
            list = list.limit(limit);
        }
        list.check().map_err(|error| self.invalid_list(context.language, error))?;
        Ok(list)
    }

    /// Returns the failure of a list that cannot be read, for example since the mark belongs to another one.
    fn invalid_list(&self, language: Language, error: egito::Error) -> Failure {
        match &self.since_file {
            Some(file) if error.details().setting.as_deref() == Some("since") => {
                Failure::Usage(language.invalid_mark(&file.display().to_string(), &error.to_string()))
            }
            _ => error.into(),
        }
    }

    fn target(&self, language: Language, format: FileFormat) -> Result<Target, Failure> {
        let is_binary = matches!(format, FileFormat::Xlsx | FileFormat::Parquet);
        if is_binary && self.output == Path::new("-") && std::io::IsTerminal::is_terminal(&std::io::stdout()) {
            return Err(Failure::Usage(language.binary_to_terminal()));
        }
        Target::open(&self.output).map_err(|error| Failure::writing(language, self.output.display(), &error))
    }

    fn report(
        &self,
        context: &Context,
        export: &Export,
        exported: &Exported,
        filters: &FilterCheck,
    ) -> Result<(), Failure> {
        let (language, file) = (context.language, self.output.display().to_string());
        if context.json {
            let changes = &export.csv.changes;
            let report = serde_json::json!({
                "records": exported.records, "columns": exported.columns, "empty_fields": exported.empty_fields,
                "escaped_formulas": changes.escaped_formulas.load(Ordering::Relaxed),
                "replaced_characters": changes.replaced_characters.load(Ordering::Relaxed),
                "ignored_filters": filters.ignored().map(|(field, _)| field).collect::<Vec<_>>(),
            });
            // With `-`, stdout has the records.
            if self.output == Path::new("-") {
                note(&report.to_string());
                return Ok(());
            }
            return context.out().last_line(&report.to_string());
        }
        for field in exported.empty_fields.iter().filter(|_| exported.records > 0) {
            note(&language.empty_field(field));
        }
        filters.warn(language);
        let escaped = export.csv.changes.escaped_formulas.load(Ordering::Relaxed);
        if escaped > 0 {
            note(&language.escaped_formulas(escaped));
        }
        let replaced = export.csv.changes.replaced_characters.load(Ordering::Relaxed);
        if replaced > 0 {
            note(&language.replaced_characters(replaced));
        }
        let records = language.count(exported.records, RECORDS);
        let columns = language.count(exported.columns as u64, COLUMNS);
        note(&match export.format {
            FileFormat::Jsonl => language.exported_lines(&records, &file),
            _ if exported.columns == 0 => language.nothing_exported(&file),
            _ => language.exported(&records, &columns, &file),
        });
        Ok(())
    }

    fn failure(&self, language: Language, error: ExportError) -> Failure {
        match error {
            ExportError::Api(error) => Failure::Call(error),
            ExportError::File(error) if self.output == Path::new("-") => Failure::stdout(language, &error),
            ExportError::File(error) => Failure::writing(language, self.output.display(), &error),
            ExportError::Character { record, field, character } => {
                Failure::File(language.character_not_in_encoding(&record, &field, character))
            }
            ExportError::TooLong { record, field, limit } => {
                Failure::File(language.text_too_long(&record, &field, limit))
            }
            ExportError::TooLarge { limit } => Failure::File(language.table_too_large(limit)),
            ExportError::Record(error) => Failure::writing(language, self.output.display(), &error),
            ExportError::Format(message) => Failure::writing(language, self.output.display(), &message),
        }
    }
}

fn format_of(path: &Path) -> Option<FileFormat> {
    match path.extension()?.to_str()?.to_lowercase().as_str() {
        "csv" | "txt" => Some(FileFormat::Csv),
        "jsonl" | "ndjson" => Some(FileFormat::Jsonl),
        "xlsx" => Some(FileFormat::Xlsx),
        "parquet" => Some(FileFormat::Parquet),
        _ => None,
    }
}

/// Reads the option `--separator`.
pub(super) fn separator(given: &str) -> Option<u8> {
    match given.as_bytes() {
        _ if given == "tab" || given == "\\t" => Some(b'\t'),
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Some(*byte),
        _ => None,
    }
}
