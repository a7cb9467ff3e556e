//! Responses of the token endpoint, with every kind of status.

#![no_main]

use bytes::Bytes;
use egito::Code;
use egito_fuzz::Json;
use libfuzzer_sys::fuzz_target;
use std::time::Duration;

const MAX_LIFETIME: f64 = 10.0 * 365.0 * 86_400.0;

fuzz_target!(|text: &str| {
    let body = Bytes::copy_from_slice(text.as_bytes());
    let response = Json::read(text);
    if response.is_none() && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
        return; // nested too deeply, or lone surrogates: the core may accept a token next to such values
    }
    for status in [200, 302, 400, 401, 429, 500] {
        match (status, egito::fuzzing::token(status, &body)) {
            (200, Ok(token)) => check_token(response.as_ref().expect("only JSON contains a token"), &token),
            (200, Err(error)) => {
                assert_eq!(error.code(), Code::UnexpectedResponse);
                assert!(!is_good(response.as_ref()), "{error}");
            }
            (_, Err(error)) => assert_eq!(error.code(), code(status, response.as_ref()), "{status}"),
            (_, Ok(_)) => panic!("a token with status {status}"),
        }
    }
});

fn check_token(response: &Json<'_>, (token, left, refresh_token): &egito::fuzzing::Token) {
    assert!(is_good(Some(response)));
    assert_eq!(text(response, "access_token"), Some(token.as_str()));
    assert_eq!(text(response, "refresh_token"), refresh_token.as_deref());
    let expires_in = response.member("expires_in");
    let seconds = expires_in.and_then(|value| value.string().unwrap_or(value.text).trim().parse::<f64>().ok());
    let lifetime = seconds.filter(|seconds| (0.0..MAX_LIFETIME).contains(seconds));
    // The server rounds to whole seconds, so less than one second counts as one.
    assert_eq!(*left, lifetime.map(|seconds| Duration::from_secs_f64(seconds.max(1.0))));
}

fn is_good(response: Option<&Json<'_>>) -> bool {
    let Some(response) = response else { return false };
    let kind = response.member("token_type").filter(|kind| !matches!(kind.text, "null" | "\"\""));
    let is_bearer = kind.is_none_or(|kind| kind.string().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")));
    is_bearer && text(response, "access_token").is_some()
}

fn code(status: u16, response: Option<&Json<'_>>) -> Code {
    match status {
        429 => Code::RateLimited,
        500.. => Code::Server,
        400.. if response.and_then(|response| response.member("error")?.string()).is_some() => Code::Auth,
        _ => Code::UnexpectedResponse,
    }
}

fn text<'a>(response: &'a Json<'_>, name: &str) -> Option<&'a str> {
    response.member(name)?.string().filter(|text| !text.is_empty())
}
