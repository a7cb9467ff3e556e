//! A secret (the first line of the input) is removed from a text, and nothing else is changed.

#![no_main]

use libfuzzer_sys::fuzz_target;

const REMOVED: &str = "[removed]";

fuzz_target!(|input: &str| {
    let (secret, text) = input.split_once('\n').unwrap_or(("hasło", input));
    for is_truncated in [false, true] {
        let mut redacted = text.to_owned();
        egito::fuzzing::redact_text(&mut redacted, secret, is_truncated);
        if secret.chars().count() < 4 {
            assert_eq!(redacted, text, "too short to be searched");
            continue;
        }
        let mut rest = text;
        for kept in redacted.split(REMOVED) {
            assert!(!kept.contains(secret), "{redacted:?}");
            rest = rest.split_once(kept).unwrap_or_else(|| panic!("{kept:?} is new")).1;
        }
        // Redacting the placeholder itself changes nothing.
        assert!(text.contains(secret) <= (redacted != text || secret == REMOVED), "{redacted:?}");
    }
});
