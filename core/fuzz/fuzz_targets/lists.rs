//! The array of records in a response, with and without its key.

#![no_main]

use egito_fuzz::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for list_key in [None, Some("rows"), Some("żubry"), Some("")] {
        check("list", list_key, 200, text);
    }
});
