//! Secrets removed by value: the server repeats tokens in its error texts, and people read errors and logs.

mod decode;
mod headers;
mod search;

pub(crate) use search::TextEnd;

use crate::error::Error;
use std::sync::Mutex;

/// What stands where a secret stood.
const PLACEHOLDER: &str = "[removed]";

/// Shorter values are left alone: removing every "1" would make a text unreadable and hide nothing.
const MIN_LENGTH: usize = 4;

/// Characters of an answer's body that an error shows.
const MAX_SHOWN_CHARS: usize = 200;

/// Bytes of an answer's body that are searched for secrets before it is cut to what is shown.
const MAX_SEARCHED_BYTES: usize = 4096;

/// Characters of a message: it is a sentence, however long the server's words in it are.
const MAX_MESSAGE_CHARS: usize = 2000;

/// Access tokens that are remembered after their end, since answers to older requests may still name them.
const MAX_TOKENS: usize = 16;

/// The live secrets of one client.
#[derive(Default)]
pub(crate) struct Secrets {
    permanent: Vec<String>,
    tokens: Mutex<Vec<String>>,
}

impl Secrets {
    /// The secrets that stay as long as the client.
    pub(crate) fn new(permanent: &[String]) -> Self {
        let permanent = permanent.iter().filter(|secret| is_long_enough(secret)).cloned().collect();
        Self { permanent, tokens: Mutex::default() }
    }

    /// Adds a token that the server gave out.
    pub(crate) fn add_token(&self, token: &str) {
        let mut tokens = lock(&self.tokens);
        if !is_long_enough(token) || tokens.iter().any(|known| known == token) {
            return;
        }
        tokens.push(token.to_owned());
        let surplus = tokens.len().saturating_sub(MAX_TOKENS);
        tokens.drain(..surplus);
    }

    /// Takes every secret out of the text, however it is spelled.
    fn redact_text(&self, text: &mut String) {
        self.remove(text, TextEnd::Complete);
    }

    pub(crate) fn remove(&self, text: &mut String, end: TextEnd) {
        let tokens = lock(&self.tokens);
        let all: Vec<&str> = self.permanent.iter().chain(tokens.iter()).map(String::as_str).collect();
        let places = search::find_all(text, &all, end);
        if places.is_empty() {
            return;
        }
        let (mut clean, mut copied) = (String::with_capacity(text.len()), 0);
        for place in places {
            clean.push_str(&text[copied..place.start]);
            clean.push_str(PLACEHOLDER);
            copied = place.end;
        }
        clean.push_str(&text[copied..]);
        *text = clean;
    }

    /// The error without any secret. The record that the user sent is the user's own and stays whole.
    pub(crate) fn redact(&self, error: Error) -> Error {
        error.with(|details| {
            if let Some(body) = &mut details.body_start {
                // Only then it is cut to what is shown: a secret that lies across that cut must be found whole.
                self.remove(body, if is_truncated(body) { TextEnd::Truncated } else { TextEnd::Complete });
                cut(body, MAX_SHOWN_CHARS);
            }
            details.untrusted_texts_mut().for_each(|text| self.redact_text(text));
            cut(&mut details.message, MAX_MESSAGE_CHARS);
            for field_error in &mut details.errors {
                self.redact_text(&mut field_error.message);
                field_error.field.iter_mut().chain(&mut field_error.object).for_each(|text| self.redact_text(text));
                self.redact_json(&mut field_error.raw);
                field_error.rejected_value.iter_mut().for_each(|json| self.redact_json(json));
            }
        })
    }

    fn redact_json(&self, json: &mut Box<serde_json::value::RawValue>) {
        let mut text = json.get().to_owned();
        self.redact_text(&mut text);
        if text != json.get() {
            // Removing a number's digits can break the JSON around them; then the text as a whole becomes a string.
            let whole = serde_json::value::RawValue::from_string(text.clone());
            *json = whole.unwrap_or_else(|_| serde_json::value::to_raw_value(&text).expect("a string is JSON"));
        }
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets")
    }
}

/// What an error keeps of a body until its secrets are taken out.
pub(crate) fn body_start(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(MAX_SEARCHED_BYTES)]);
    // A character that was cut through is left out, so that the beginning of a secret goes to the very end.
    let whole =
        if body.len() > MAX_SEARCHED_BYTES { text.trim_end_matches(char::REPLACEMENT_CHARACTER) } else { &text };
    whole.to_owned()
}

/// Whether this is a part of a body only. A character has 4 bytes at most.
fn is_truncated(body_start: &str) -> bool {
    body_start.len() > MAX_SEARCHED_BYTES - 4
}

fn cut(text: &mut String, most: usize) {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
    }
}

fn is_long_enough(secret: &str) -> bool {
    secret.chars().count() >= MIN_LENGTH
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
