//! Error responses: the code, all field errors, and no secret.

#![no_main]

use bytes::Bytes;
use egito_fuzz::{Json, check};
use libfuzzer_sys::fuzz_target;

const STATUSES: [u16; 7] = [200, 302, 401, 403, 404, 422, 503];
const SECRET: &str = "zażółć gęślą jaźń & 100%";

fuzz_target!(|text: &str| {
    for status in STATUSES {
        for action in ["create", "get"] {
            check(action, None, status, text);
        }
    }
    let body = Bytes::copy_from_slice(text.as_bytes());
    if let Err(error) = egito::fuzzing::response("create", None, 200, &body) {
        check_field_errors(&error, text);
        let redacted = egito::fuzzing::redact_error(error, &[SECRET.into()]).to_json();
        assert!(egito_fuzz::is_json(&redacted), "{redacted}");
        assert!(!redacted.contains(SECRET), "{redacted}");
    }
});

/// Checks that each field error is unchanged from the response.
fn check_field_errors(error: &egito::Error, text: &str) {
    let details = error.details();
    assert!(details.body_start.as_ref().is_some_and(|start| text.starts_with(start.as_str())));
    let Some(response) = Json::read(text).filter(|_| !details.errors.is_empty()) else { return };
    let has_errors =
        response.member("errors").filter(|errors| !matches!(errors.text, "null" | "false" | "0" | "\"\"" | "[]"));
    let errors = has_errors.filter(|errors| errors.object().is_none_or(|members| !members.is_empty()));
    let Some(errors) = errors.filter(|errors| errors.list().is_none_or(|items| !items.is_empty())) else { return };
    let single = std::slice::from_ref(errors);
    for (field_error, sent) in details.errors.iter().zip(errors.list().unwrap_or(single)) {
        assert_eq!(field_error.raw.get(), sent.text);
        assert_eq!(field_error.field.as_deref(), sent.member("field").and_then(Json::string));
        assert_eq!(field_error.object.as_deref(), sent.member("object").and_then(Json::string));
        let message = sent.member("message").and_then(Json::string).or_else(|| sent.string());
        assert_eq!(field_error.message, message.unwrap_or(sent.text));
    }
}
