//! `egito doctor`: checks the settings on the server.

use crate::confirm::confirm;
use crate::context::Context;
use crate::failure::Failure;
use crate::messages::messages;
use crate::output::{note, progress};
use clap::Args;
use egito::{ProbeOptions, Report};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

messages! {
    probing() "checking the server" "sprawdzanie serwera";
    really_write(entity: &str)
        "Create a test record of {entity} on this server, change it and delete it?"
        "Utworzyć na tym serwerze próbny rekord {entity}, zmienić go i usunąć?";
    settings_written(path: &str)
        "The settings for this server are in {path}. Use them with `--config {path}`."
        "Ustawienia dla tego serwera są w pliku {path}. Użyj ich opcją `--config {path}`.";
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
        if let Some(path) = &self.output {
            write_settings(context, path, &report)?;
        }
        let text = if context.json { report.to_json() } else { report.to_text().trim_end().to_owned() };
        context.out().last_line(&text)?;
        if let Some(path) = &self.output {
            note(&context.language.settings_written(&path.display().to_string()));
        }
        if report.is_ok() { Ok(()) } else { Err(Failure::Problems) }
    }

    fn options(&self, context: &Context) -> Result<ProbeOptions, Failure> {
        let timeout = Duration::try_from_secs_f64(self.timeout)
            .map_err(|_| Failure::Usage(context.language.invalid_timeout(self.timeout)))?;
        let mut options = ProbeOptions::default().timeout(timeout);
        if let Some(entities) = &self.entities {
            options = options.entities(entities);
        }
        if let Some(entity) = &self.write {
            options = options.write(entity);
        }
        Ok(options)
    }
}

/// Writes the settings into a new file: another one may have credentials.
fn write_settings(context: &Context, path: &Path, report: &Report) -> Result<(), Failure> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(report.to_toml().as_bytes())).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::File(context.language.file_exists(&path.display().to_string())),
        _ => Failure::writing(context.language, path.display(), &error),
    })
}
