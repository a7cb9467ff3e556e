//! Integers that JavaScript's `JSON.parse` would round travel as marked texts, which `lib/values.ts` makes `BigInt`s of.

use napi_derive::napi;
use std::hash::{BuildHasher, RandomState};

/// `Number.MAX_SAFE_INTEGER`: beyond it, two integers may become the same double.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// Digits of the smallest integer beyond it.
const DIGITS: usize = 16;

/// JSON with every integer beyond 2^53 as the text `mark` + digits; no mark where there is none.
#[napi(object, object_from_js = false)]
pub struct Marked {
    /// The JSON.
    pub json: String,
    /// The mark, if there is one.
    pub mark: Option<String>,
}

/// Marks the integers of any JSON text. What is no JSON stays as it is.
#[napi(catch_unwind)]
pub fn mark_integers(json: String) -> Marked {
    let (json, mark) = mark(json, Integers::Exact);
    Marked { json, mark }
}

/// Whether there might be such an integer: one has 16 digits at least, so that one of every 16 bytes shows it.
fn has_long_number(json: &[u8]) -> bool {
    (DIGITS - 1..json.len()).step_by(DIGITS).any(|at| {
        json[at].is_ascii_digit() && {
            let before = json[..at].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
            let behind = json[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            before + behind >= DIGITS
        }
    })
}

/// How integers that JavaScript would round come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integers {
    /// As `BigInt`s.
    Exact,
    /// As texts.
    Text,
}

/// The JSON and its mark. The mark is new each time, so that no text in the JSON can be taken for it.
pub fn mark(json: String, integers: Integers) -> (String, Option<String>) {
    if !has_long_number(json.as_bytes()) {
        return (json, None);
    }
    let mark = match integers {
        Integers::Exact => format!("{:016x}:", RandomState::new().hash_one(json.len())),
        Integers::Text => String::new(),
    };
    let is_rounded = |number: &str| is_integer(number) && !is_safe(number);
    match egito::binding::replace_numbers(&json, |number| is_rounded(number).then(|| format!("\"{mark}{number}\""))) {
        Some(marked) => (marked, Some(mark).filter(|mark| !mark.is_empty())),
        None => (json, None),
    }
}

fn is_integer(number: &str) -> bool {
    !number.bytes().any(|b| matches!(b, b'.' | b'e' | b'E'))
}

fn is_safe(integer: &str) -> bool {
    integer.parse::<i64>().is_ok_and(|integer| integer.unsigned_abs() <= MAX_SAFE)
}
