//! Decimals as strings: JSON stays JSON, and only decimals change.

#![no_main]

use bytes::Bytes;
use egito_fuzz::Json;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let changed = egito::fuzzing::decimals_as_strings(Bytes::copy_from_slice(text.as_bytes()));
    let changed = std::str::from_utf8(&changed).expect("it was UTF-8 before");
    match (Json::read(text), Json::read(changed)) {
        (Some(before), Some(after)) => compare(&before, &after),
        (None, None) => {}
        (before, after) => panic!("{text:?} was {before:?}, {changed:?} is {after:?}"),
    }
});

fn compare(before: &Json<'_>, after: &Json<'_>) {
    if let (Some(before), Some(after)) = (before.list(), after.list()) {
        assert_eq!(before.len(), after.len());
        before.iter().zip(after).for_each(|(before, after)| compare(before, after));
    } else if let (Some(before), Some(after)) = (before.object(), after.object()) {
        assert!(before.keys().eq(after.keys()));
        before.values().zip(after.values()).for_each(|(before, after)| compare(before, after));
    } else if before.text.starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
        && before.text.contains(['.', 'e', 'E'])
    {
        assert_eq!(after.string(), Some(before.text));
    } else {
        assert_eq!(before.text, after.text);
    }
}
