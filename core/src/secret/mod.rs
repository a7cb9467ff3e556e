//! Redacts secrets by value in errors and headers, since servers include tokens in their error texts.

mod decode;
mod headers;
mod search;

pub(crate) use search::TextEnd;

use crate::error::Error;
use std::sync::Mutex;

/// Replaces a secret.
const PLACEHOLDER: &str = "[removed]";

/// Minimum length in characters of a secret that is redacted. Redacting every "1" would make a text unreadable.
const MIN_LENGTH: usize = 4;

/// Maximum number of characters of a body in an error.
const MAX_SHOWN_CHARS: usize = 200;

/// Number of bytes of a body in which secrets are searched before it is truncated to [`MAX_SHOWN_CHARS`].
const MAX_SEARCHED_BYTES: usize = 4096;

/// Maximum number of characters of a message, which may have long texts of the server.
const MAX_MESSAGE_CHARS: usize = 2000;

/// Maximum number of access tokens that are remembered, since responses to older requests may still have expired ones.
const MAX_TOKENS: usize = 16;

/// The live secrets of one client.
#[derive(Default)]
pub(crate) struct Secrets {
    permanent: Vec<String>,
    tokens: Mutex<Vec<String>>,
}

impl Secrets {
    /// Creates the list of the secrets in the settings of a client.
    pub(crate) fn new(permanent: &[String]) -> Self {
        let permanent = permanent.iter().filter(|secret| is_long_enough(secret)).cloned().collect();
        Self { permanent, tokens: Mutex::default() }
    }

    /// Adds a token that the server issued.
    pub(crate) fn add_token(&self, token: &str) {
        let mut tokens = lock(&self.tokens);
        if !is_long_enough(token) || tokens.iter().any(|known| known == token) {
            return;
        }
        tokens.push(token.to_owned());
        let surplus = tokens.len().saturating_sub(MAX_TOKENS);
        tokens.drain(..surplus);
    }

    /// Redacts every secret in the text, also if it is escaped.
    fn redact_text(&self, text: &mut String) {
        self.redact_in(text, TextEnd::Complete);
    }

    /// Redacts every secret in a text that may be truncated.
    pub(crate) fn redact_in(&self, text: &mut String, end: TextEnd) {
        let tokens = lock(&self.tokens);
        let all: Vec<&str> = self.permanent.iter().chain(tokens.iter()).map(String::as_str).collect();
        let ranges = search::find_all(text, &all, end);
        if ranges.is_empty() {
            return;
        }
        let (mut redacted, mut copied) = (String::with_capacity(text.len()), 0);
        for range in ranges {
            redacted.push_str(&text[copied..range.start]);
            redacted.push_str(PLACEHOLDER);
            copied = range.end;
        }
        redacted.push_str(&text[copied..]);
        *text = redacted;
    }

    /// Redacts the secrets in an error. The record that the caller sent stays unchanged.
    pub(crate) fn redact(&self, error: Error) -> Error {
        error.with(|details| {
            if let Some(body) = &mut details.body_start {
                // Truncate the body only afterwards, so that a secret at the place of the cut is found.
                self.redact_in(body, if is_truncated(body) { TextEnd::Truncated } else { TextEnd::Complete });
                truncate(body, MAX_SHOWN_CHARS);
            }
            details.untrusted_texts_mut().for_each(|text| self.redact_text(text));
            truncate(&mut details.message, MAX_MESSAGE_CHARS);
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
            // Redacting digits of a number can make the JSON invalid. The whole text then becomes a string.
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

/// Returns the part of a body that an error keeps until its secrets are redacted.
pub(crate) fn body_start(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(MAX_SEARCHED_BYTES)]);
    // An incomplete character at the end is removed, so that the prefix of a secret is at the very end.
    let whole =
        if body.len() > MAX_SEARCHED_BYTES { text.trim_end_matches(char::REPLACEMENT_CHARACTER) } else { &text };
    whole.to_owned()
}

/// Returns whether this is only a part of the body. A character has at most 4 bytes.
fn is_truncated(body_start: &str) -> bool {
    body_start.len() > MAX_SEARCHED_BYTES - 4
}

fn truncate(text: &mut String, max_chars: usize) {
    if let Some((end, _)) = text.char_indices().nth(max_chars) {
        text.truncate(end);
    }
}

fn is_long_enough(secret: &str) -> bool {
    secret.chars().count() >= MIN_LENGTH
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
