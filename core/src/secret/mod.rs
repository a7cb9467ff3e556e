//! Secrets removed by value: the server repeats tokens in its error texts, and people read errors and logs.

mod spelling;

use crate::error::Error;
use std::sync::Mutex;

/// What stands where a secret stood.
const REMOVED: &str = "[removed]";

/// Shorter values are left alone: removing every "1" would make a text unreadable and hide nothing.
const SHORTEST: usize = 4;

/// Characters of an answer's body that an error shows.
const BODY_START: usize = 200;

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

    /// The text without any secret, however it is spelled.
    pub(crate) fn remove_from(&self, text: &mut String) {
        let tokens = lock(&self.tokens);
        let all: Vec<&str> = self.lasting.iter().chain(tokens.iter()).map(String::as_str).collect();
        // From the end, so that the places before stay where they are.
        for place in spelling::places(text, &all).into_iter().rev() {
            text.replace_range(place, REMOVED);
        }
    }

    /// The error without any secret. The record that the user sent is the user's own and stays whole.
    pub(crate) fn clean(&self, error: Error) -> Error {
        error.with(|details| {
            details.foreign_texts().for_each(|text| self.remove_from(text));
            // Only now: a secret that lies across the cut must be found whole.
            details.body_start.iter_mut().for_each(|text| *text = text.chars().take(BODY_START).collect());
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

fn is_long_enough(secret: &str) -> bool {
    secret.chars().count() >= SHORTEST
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
