//! `egito doctor`: checks the settings on the server.

use crate::confirm::confirm;
use crate::context::Context;
use crate::failure::Failure;
use crate::messages::{Language, messages};
use crate::output::{note, progress};
use crate::report_texts;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use egito::binding::translated_report;
use egito::{ProbeOptions, Report, SnippetFormat};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

messages! {
    probing() "checking the server" "sprawdzanie serwera";
    really_write(entity: &str)
        "Create a test record of {entity} (\"Egito SDK probe …\") on this server, change it and delete it?"
        "Utworzyć na tym serwerze próbny rekord {entity} („Egito SDK probe …”), zmienić go i usunąć?";
    settings_written(path: &str)
        "The settings for this server are in {path}. Use them with `--config {path}`."
        "Ustawienia dla tego serwera są w pliku {path}. Użyj ich opcją `--config {path}`.";
    snippet_written(path: &str)
        "The settings for this server are in {path}."
        "Ustawienia dla tego serwera są w pliku {path}.";
    incomplete_settings_written(path: &str)
        "The settings that were found are in {path}. Solve the problems of the report, and check again."
        "Znalezione ustawienia są w pliku {path}. Rozwiąż problemy z raportu i sprawdź ponownie.";
    invalid_timeout(given: f64)
        "invalid `--timeout`: expected a number of seconds, got {given}"
        "nieprawidłowy `--timeout`: oczekiwano liczby sekund, podano {given}";
    file_exists(path: &str)
        "{path} exists; remove it, or choose another file"
        "plik {path} już istnieje; usuń go albo wybierz inny";
}

/// Check the settings on the server, and find those that it needs; only reads unless `--write` is given
#[derive(Args, Debug)]
pub struct Arguments {
    /// Entities to read, separated by commas; the default is Account,Contact,Lead,Opportunity
    #[arg(long, value_name = "ENTITY,ENTITY…", value_delimiter = ',')]
    entities: Option<Vec<String>>,
    /// Also create one marked test record of this entity, change it and delete it, after a question
    #[arg(long, value_name = "ENTITY")]
    write: Option<String>,
    /// Do not ask before `--write`
    #[arg(short, long)]
    yes: bool,
    /// New file for the settings that this server needs
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Form of the settings; without `--output`, stdout has only these, and the report goes to stderr
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    format: Option<SnippetFormat>,
    /// Maximum duration in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 120.0, allow_negative_numbers = true)]
    timeout: f64,
}

impl Arguments {
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        let (client, options) = (context.client()?, self.options(context)?);
        if let Some(path) = self.output.as_deref().filter(|path| path.exists()) {
            return Err(Failure::File(context.language.file_exists(&path.display().to_string())));
        }
        if let Some(entity) = &self.write {
            confirm(context, self.yes, &context.language.really_write(entity))?;
        }
        let spinner = progress::spinner(context.language.probing());
        let report = client.probe(&options).await;
        spinner.finish_and_clear();
        let report = report?;
        self.print(context, &report)?;
        if report.is_ok() { Ok(()) } else { Err(Failure::Problems) }
    }

    /// Prints the report, and writes the settings to the file or, in another form, to stdout.
    fn print(&self, context: &Context, report: &Report) -> Result<(), Failure> {
        let settings = report.snippet(self.format.unwrap_or(SnippetFormat::Toml));
        let text = if context.json { report.to_json() } else { translated(context.language, report) };
        match (&self.output, self.format) {
            (Some(path), format) => {
                write_settings(context, path, &settings)?;
                context.out().last_line(text.trim_end())?;
                let path = path.display().to_string();
                note(&match format {
                    _ if !report.is_ok() => context.language.incomplete_settings_written(&path),
                    None | Some(SnippetFormat::Toml) => context.language.settings_written(&path),
                    Some(_) => context.language.snippet_written(&path),
                });
            }
            (None, Some(_)) => {
                note(text.trim_end());
                context.out().last_line(settings.trim_end())?;
            }
            (None, None) if context.json => context.out().last_line(&text)?,
            (None, None) => context.out().last_line(&format!("{text}\n{}", settings.trim_end()))?,
        }
        Ok(())
    }

    fn options(&self, context: &Context) -> Result<ProbeOptions, Failure> {
        let timeout = Duration::try_from_secs_f64(self.timeout)
            .map_err(|_| Failure::Usage(context.language.invalid_timeout(self.timeout)))?;
        let mut options = ProbeOptions::default().timeout(timeout);
        if let Some(entities) = &self.entities {
            options = options.entities(entities.iter().map(|name| name.trim()));
        }
        if let Some(entity) = &self.write {
            options = options.write(entity);
        }
        Ok(options)
    }
}

/// Reads the name of a format.
fn format_parser() -> impl TypedValueParser<Value = SnippetFormat> {
    let named = |name: &str| SnippetFormat::ALL.into_iter().find(|format| format.as_str() == name);
    PossibleValuesParser::new(SnippetFormat::ALL.map(SnippetFormat::as_str))
        .map(move |name| named(&name).expect("the parser accepts only these names"))
}

/// Returns the report without the settings.
fn translated(language: Language, report: &Report) -> String {
    translated_report(report, &|text| if language == Language::Polish { report_texts::polish(text) } else { None })
}

/// Writes the settings into a new file: another one may have credentials.
fn write_settings(context: &Context, path: &Path, settings: &str) -> Result<(), Failure> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(settings.as_bytes())).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::File(context.language.file_exists(&path.display().to_string())),
        _ => Failure::writing(context.language, path.display(), &error),
    })
}
