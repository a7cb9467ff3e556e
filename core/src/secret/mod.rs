//! Secrets removed by value: the server repeats tokens in its error texts, and people read errors and logs.

mod decode;
mod headers;
mod search;

pub(crate) use search::End;

use crate::error::Error;
use std::sync::Mutex;

/// What stands where a secret stood.
const REMOVED: &str = "[removed]";

/// Shorter values are left alone: removing every "1" would make a text unreadable and hide nothing.
const SHORTEST: usize = 4;

/// Characters of an answer's body that an error shows.
const BODY_START: usize = 200;

/// Bytes of an answer's body that are searched for secrets before it is cut to what is shown.
const BODY_KEPT: usize = 4096;

/// Characters of a message: it is a sentence, however long the server's words in it are.
const MESSAGE: usize = 2000;

/// Access tokens that are remembered after their end, since answers to older requests may still name them.
const REMEMBERED_TOKENS: usize = 16;

/// The live secrets of one client.
#[derive(Default)]
pub(crate) struct Secrets {
    lasting: Vec<String>,
    tokens: Mutex<Vec<String>>,
}

impl Secrets {
    /// The secrets that stay as long as the client.
    pub(crate) fn new(lasting: &[String]) -> Self {
        let lasting = lasting.iter().filter(|secret| is_long_enough(secret)).cloned().collect();
        Self { lasting, tokens: Mutex::default() }
    }

    /// Adds a token that the server gave out.
    pub(crate) fn add_token(&self, token: &str) {
        let mut tokens = lock(&self.tokens);
        if !is_long_enough(token) || tokens.iter().any(|known| known == token) {
            return;
        }
        tokens.push(token.to_owned());
        let surplus = tokens.len().saturating_sub(REMEMBERED_TOKENS);
        tokens.drain(..surplus);
    }

    /// Takes every secret out of the text, however it is spelled.
    fn remove_from(&self, text: &mut String) {
        self.remove(text, End::Whole);
    }

    pub(crate) fn remove(&self, text: &mut String, end: End) {
        let tokens = lock(&self.tokens);
        let all: Vec<&str> = self.lasting.iter().chain(tokens.iter()).map(String::as_str).collect();
        let places = search::places(text, &all, end);
        if places.is_empty() {
            return;
        }
        let (mut clean, mut copied) = (String::with_capacity(text.len()), 0);
        for place in places {
            clean.push_str(&text[copied..place.start]);
            clean.push_str(REMOVED);
            copied = place.end;
        }
        clean.push_str(&text[copied..]);
        *text = clean;
    }

    /// The error without any secret. The record that the user sent is the user's own and stays whole.
    pub(crate) fn clean(&self, error: Error) -> Error {
        error.with(|details| {
            if let Some(body) = &mut details.body_start {
                // Only then it is cut to what is shown: a secret that lies across that cut must be found whole.
                self.remove(body, if is_cut(body) { End::Cut } else { End::Whole });
                cut(body, BODY_START);
            }
            details.foreign_texts().for_each(|text| self.remove_from(text));
            cut(&mut details.message, MESSAGE);
            for complaint in &mut details.errors {
                self.remove_from(&mut complaint.message);
                complaint.field.iter_mut().chain(&mut complaint.object).for_each(|text| self.remove_from(text));
                self.clean_json(&mut complaint.raw);
                complaint.rejected_value.iter_mut().for_each(|json| self.clean_json(json));
            }
        })
    }

    fn clean_json(&self, json: &mut Box<serde_json::value::RawValue>) {
        let mut text = json.get().to_owned();
        self.remove_from(&mut text);
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
    let text = String::from_utf8_lossy(&body[..body.len().min(BODY_KEPT)]);
    // A character that was cut through is left out, so that the beginning of a secret goes to the very end.
    let whole = if body.len() > BODY_KEPT { text.trim_end_matches(char::REPLACEMENT_CHARACTER) } else { &text };
    whole.to_owned()
}

/// Whether this is a part of a body only. A character has 4 bytes at most.
fn is_cut(body_start: &str) -> bool {
    body_start.len() > BODY_KEPT - 4
}

fn cut(text: &mut String, most: usize) {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
    }
}

fn is_long_enough(secret: &str) -> bool {
    secret.chars().count() >= SHORTEST
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
