//! The answer of the token address, under every kind of status.

#![no_main]

use bytes::Bytes;
use egito::Code;
use egito_fuzz::Json;
use libfuzzer_sys::fuzz_target;
use std::time::Duration;

const LONGEST_LIFE: f64 = 10.0 * 365.0 * 86_400.0;

fuzz_target!(|text: &str| {
    let body = Bytes::copy_from_slice(text.as_bytes());
    let answer = Json::read(text);
    if answer.is_none() && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
        return; // nested too deeply for records, or half characters: a token beside such things may be taken
    }
    for status in [200, 302, 400, 401, 429, 500] {
        match (status, egito::fuzzing::token(status, &body)) {
            (200, Ok(token)) => granted(answer.as_ref().expect("only JSON holds a token"), &token),
            (200, Err(error)) => {
                assert_eq!(error.code(), Code::UnexpectedResponse);
                assert!(!is_good(answer.as_ref()), "{error}");
            }
            (_, Err(error)) => assert_eq!(error.code(), code(status, answer.as_ref()), "{status}"),
            (_, Ok(_)) => panic!("a token under status {status}"),
        }
    }
});

fn granted(answer: &Json<'_>, (token, left, refresh_token): &egito::fuzzing::Token) {
    assert!(is_good(Some(answer)));
    assert_eq!(text(answer, "access_token"), Some(token.as_str()));
    assert_eq!(text(answer, "refresh_token"), refresh_token.as_deref());
    let expires_in = answer.member("expires_in");
    let seconds = expires_in.and_then(|value| value.string().unwrap_or(value.text).trim().parse::<f64>().ok());
    let life = seconds.filter(|seconds| (0.0..LONGEST_LIFE).contains(seconds));
    // The server counts whole seconds: less than one may still be one.
    assert_eq!(*left, life.map(|seconds| Duration::from_secs_f64(seconds.max(1.0))));
}

fn is_good(answer: Option<&Json<'_>>) -> bool {
    let Some(answer) = answer else { return false };
    let kind = answer.member("token_type").filter(|kind| !matches!(kind.text, "null" | "\"\""));
    let is_bearer = kind.is_none_or(|kind| kind.string().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")));
    is_bearer && text(answer, "access_token").is_some()
}

fn code(status: u16, answer: Option<&Json<'_>>) -> Code {
    match status {
        429 => Code::RateLimited,
        500.. => Code::Server,
        400.. if answer.and_then(|answer| answer.member("error")?.string()).is_some() => Code::Auth,
        _ => Code::UnexpectedResponse,
    }
}

fn text<'a>(answer: &'a Json<'_>, name: &str) -> Option<&'a str> {
    answer.member(name)?.string().filter(|text| !text.is_empty())
}
