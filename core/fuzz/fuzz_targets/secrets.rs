//! A secret (the first line of the input) is removed from a text, and nothing else is changed.

#![no_main]

use libfuzzer_sys::fuzz_target;

const REMOVED: &str = "[removed]";

fuzz_target!(|input: &str| {
    let (secret, text) = input.split_once('\n').unwrap_or(("hasło", input));
    for is_cut in [false, true] {
        let mut clean = text.to_owned();
        egito::fuzzing::redact_text(&mut clean, secret, is_cut);
        if secret.chars().count() < 4 {
            assert_eq!(clean, text, "too short to be searched");
            continue;
        }
        let mut rest = text;
        for kept in clean.split(REMOVED) {
            assert!(!kept.contains(secret), "{clean:?}");
            rest = rest.split_once(kept).unwrap_or_else(|| panic!("{kept:?} is new")).1;
        }
        assert!(text.contains(secret) <= (clean != text), "{clean:?}");
    }
});
