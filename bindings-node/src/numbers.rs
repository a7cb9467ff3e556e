//! Exact numbers: those that JavaScript's `JSON.parse` would round become strings with a sentinel, which `lib/json.ts` converts.

use egito::{Client, Decimals};
use napi_derive::napi;
use std::hash::{BuildHasher, RandomState};

/// `Number.MAX_SAFE_INTEGER`: beyond it, two integers may become the same double.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// Number of digits of the smallest integer beyond it.
const DIGITS: usize = 16;

/// How numbers that JavaScript would round are returned.
#[derive(Clone, Copy, Debug)]
pub struct NumberFormat {
    /// How integers beyond 2^53 are returned.
    pub integers: Integers,
    /// Whether decimals are returned as `Decimal`s.
    pub exact_decimals: bool,
}

/// How integers that JavaScript would round are returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integers {
    /// As `BigInt`s.
    BigInts,
    /// As strings.
    Strings,
}

impl NumberFormat {
    /// Returns the format of a client.
    pub fn of(client: &Client, integers: Integers) -> Self {
        Self { integers, exact_decimals: client.settings().decimals == Decimals::Decimal }
    }

    /// Returns the string to replace a number with, if JavaScript would round it.
    fn replacement(self, number: &str, sentinel: &str) -> Option<String> {
        if !is_integer(number) {
            return self.exact_decimals.then(|| format!("\"{sentinel}{number}\""));
        }
        let sentinel = if self.integers == Integers::BigInts { sentinel } else { "" };
        (!is_safe(number)).then(|| format!("\"{sentinel}{number}\""))
    }
}

/// JSON in which every number that JavaScript would round is a string of the sentinel and its digits.
#[napi(object, object_from_js = false)]
pub struct MarkedJson {
    /// The JSON.
    pub json: String,
    /// The sentinel, if there are such numbers.
    pub sentinel: Option<String>,
}

/// Marks the integers, and optionally the decimals, of JSON. Invalid JSON is returned unchanged.
#[napi(catch_unwind)]
pub fn mark_numbers(json: String, decimals: bool) -> MarkedJson {
    let (json, sentinel) = mark(json, NumberFormat { integers: Integers::BigInts, exact_decimals: decimals });
    MarkedJson { json, sentinel }
}

/// Returns the JSON and its sentinel, which is random, so that no other string begins with it.
pub fn mark(json: String, numbers: NumberFormat) -> (String, Option<String>) {
    if !numbers.exact_decimals && !has_long_number(json.as_bytes()) {
        return (json, None);
    }
    let sentinel = format!("{:016x}:", RandomState::new().hash_one(json.len()));
    match egito::binding::replace_numbers(&json, |number| numbers.replacement(number, &sentinel)) {
        Some(marked) => {
            let is_marked = numbers.exact_decimals || numbers.integers == Integers::BigInts;
            (marked, is_marked.then_some(sentinel))
        }
        None => (json, None),
    }
}

/// Returns whether the JSON may have such an integer. It has at least 16 digits, so looking at every 16th byte finds it.
fn has_long_number(json: &[u8]) -> bool {
    (DIGITS - 1..json.len()).step_by(DIGITS).any(|at| {
        json[at].is_ascii_digit() && {
            let before = json[..at].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
            let after = json[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            before + after >= DIGITS
        }
    })
}

fn is_integer(number: &str) -> bool {
    !number.bytes().any(|b| matches!(b, b'.' | b'e' | b'E'))
}

fn is_safe(integer: &str) -> bool {
    integer.parse::<i64>().is_ok_and(|integer| integer.unsigned_abs() <= MAX_SAFE)
}
