//! Numbers that JavaScript's `JSON.parse` would round travel as marked strings, which `lib/json.ts` makes exact numbers of.

use egito::{Client, Decimals};
use napi_derive::napi;
use std::hash::{BuildHasher, RandomState};

/// `Number.MAX_SAFE_INTEGER`: beyond it, two integers may become the same double.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// Digits of the smallest integer beyond it.
const DIGITS: usize = 16;

/// How numbers that JavaScript would round are returned.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    /// How integers beyond 2^53 are returned.
    pub integers: Integers,
    /// Whether decimals are returned as `Decimal`s.
    pub exact_decimals: bool,
}

/// How integers that JavaScript would round are returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integers {
    /// As `BigInt`s.
    Exact,
    /// As strings.
    Text,
}

impl Numbers {
    /// Returns how a client returns them.
    pub fn of(client: &Client, integers: Integers) -> Self {
        Self { integers, exact_decimals: client.settings().decimals == Decimals::Decimal }
    }

    /// Returns what stands for a number, if JavaScript would round it.
    fn replacement(self, number: &str, mark: &str) -> Option<String> {
        if !is_integer(number) {
            return self.exact_decimals.then(|| format!("\"{mark}{number}\""));
        }
        let mark = if self.integers == Integers::Exact { mark } else { "" };
        (!is_safe(number)).then(|| format!("\"{mark}{number}\""))
    }
}

/// JSON with every number that JavaScript would round as the string `mark` + digits; no mark where there is none.
#[napi(object, object_from_js = false)]
pub struct Marked {
    /// The JSON.
    pub json: String,
    /// The mark, if there is one.
    pub mark: Option<String>,
}

/// Marks the integers, and if asked the decimals, of any JSON text. What is no JSON stays as it is.
#[napi(catch_unwind)]
pub fn mark_numbers(json: String, decimals: bool) -> Marked {
    let (json, mark) = mark(json, Numbers { integers: Integers::Exact, exact_decimals: decimals });
    Marked { json, mark }
}

/// Returns the JSON and its mark. The mark is new each time, so that no string in the JSON can be taken for it.
pub fn mark(json: String, numbers: Numbers) -> (String, Option<String>) {
    if !numbers.exact_decimals && !has_long_number(json.as_bytes()) {
        return (json, None);
    }
    let mark = format!("{:016x}:", RandomState::new().hash_one(json.len()));
    match egito::binding::replace_numbers(&json, |number| numbers.replacement(number, &mark)) {
        Some(marked) => (marked, (numbers.exact_decimals || numbers.integers == Integers::Exact).then_some(mark)),
        None => (json, None),
    }
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

fn is_integer(number: &str) -> bool {
    !number.bytes().any(|b| matches!(b, b'.' | b'e' | b'E'))
}

fn is_safe(integer: &str) -> bool {
    integer.parse::<i64>().is_ok_and(|integer| integer.unsigned_abs() <= MAX_SAFE)
}
