//! What every command gets: the language, the kind of output, and a client of the server.

use crate::arguments::GlobalArguments;
use crate::connection;
use crate::failure::Failure;
use crate::interrupt::Interrupts;
use crate::messages::Language;
use crate::output::{Out, note};

/// What every command gets.
#[derive(Debug)]
pub struct Context {
    /// The language of all texts.
    pub language: Language,
    /// Whether to print JSON, for programs.
    pub json: bool,
    /// Ctrl-C and SIGTERM.
    pub interrupts: Interrupts,
    settings: Result<egito::Settings, egito::Error>,
}

impl Context {
    pub fn new(arguments: &GlobalArguments, interrupts: Interrupts) -> Self {
        let (language, json) = (arguments.language(), arguments.json);
        Self { language, json, interrupts, settings: connection::settings(arguments) }
    }

    /// Returns a client whose calls a signal cancels. Nothing is sent: the first call logs in.
    pub fn client(&self) -> Result<egito::Client, Failure> {
        let client = egito::Client::new(self.settings.clone()?)?;
        Ok(client.with_cancellation(self.interrupts.cancellation()))
    }

    /// Prints the id of what was written, as a sentence or as JSON. If stdout cannot be written, stderr names what was written.
    pub fn report_id(&self, id: &impl serde::Serialize, sentence: &str) -> Result<(), Failure> {
        let text = if self.json { serde_json::json!({ "id": id }).to_string() } else { sentence.to_owned() };
        self.out().last_line(&text).map_err(|failure| match failure {
            Failure::File(why) => Failure::File(self.language.done_but(sentence, &why)),
            failure => {
                note(&text);
                failure
            }
        })
    }

    /// Returns stdout.
    pub fn out(&self) -> Out {
        Out::new(self.language)
    }
}
