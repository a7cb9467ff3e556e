//! Responses with status 200, read for every action.

#![no_main]

use egito_fuzz::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for action in ["create", "update", "get", "list", "call"] {
        check(action, None, 200, text);
    }
});
