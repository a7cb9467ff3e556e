//! Compares the scanner with `serde_json`: both accept the same texts.

use super::scanner::{DEPTH, Scanner, SyntaxError, Token};
use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::Value;

fn is_json(text: &str) -> bool {
    let mut scanner = Scanner::new(text);
    scanner.skip().and_then(|()| scanner.end()).is_ok()
}

/// Reads a value part by part, as callers do, and collects its numbers.
fn read<'j>(scanner: &mut Scanner<'j>, numbers: &mut Vec<&'j str>) -> Result<Value, SyntaxError> {
    Ok(match scanner.token()? {
        Token::Object => {
            let mut members = serde_json::Map::new();
            scanner.object(|scanner, name| {
                members.insert(name.text().into_owned(), read(scanner, numbers)?);
                Ok(())
            })?;
            members.into()
        }
        Token::Array => {
            let mut items = Vec::new();
            scanner.array(|scanner| {
                items.push(read(scanner, numbers)?);
                Ok(())
            })?;
            items.into()
        }
        Token::String(string) => string.text().into(),
        Token::Number(number) => {
            numbers.push(number);
            serde_json::from_str(number).unwrap_or_default() // not every number fits into a double
        }
        Token::Bool(value) => value.into(),
        Token::Null => Value::Null,
    })
}

/// Reads a whole text in three ways, which must agree. Returns `None` if it is not JSON.
fn read_whole(text: &str) -> Option<Value> {
    let (mut scanner, mut numbers) = (Scanner::new(text), Vec::new());
    let value = read(&mut scanner, &mut numbers).and_then(|value| scanner.end().map(|()| value)).ok();
    assert_eq!(is_json(text), value.is_some(), "{text:?}");
    let mut found = Vec::new();
    let is_lenient_json = Scanner::each_number(text, |place| found.push(&text[place])).is_ok();
    if value.is_some() {
        assert!(is_lenient_json && found == numbers, "{text:?}: {found:?}");
    }
    value
}

/// Returns JSON, and texts that are similar to JSON.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"\\u0041ż\\n\"",
        "\\",
        "0",
        "-",
        "12",
        "-0.5e+3",
        "1.",
        "01",
        "1e",
        "true",
        "false",
        "null",
        "nul",
        " ",
        "\n",
        "\u{1}",
        "ż",
        "{\"a\":1}",
        "[1, {\"b\": [null]}]",
        "\"long long text 🚀\"",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn values() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<i64>().prop_map(|int| int.to_string()),
        any::<f32>().prop_filter("JSON has no such number", |n| n.is_finite()).prop_map(|n| n.to_string()),
        ".{0,24}".prop_map(|text| serde_json::Value::from(text).to_string()),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(" , "))),
            prop::collection::vec((".{0,9}", inner), 0..6).prop_map(|members| {
                let members = members.into_iter().map(|(k, v)| format!("{} :{v}", serde_json::Value::from(k)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_accepts_the_same_texts_as_serde_json(text in texts()) {
        prop_assert_eq!(is_json(&text), serde_json::from_str::<IgnoredAny>(&text).is_ok(), "{:?}", text);
        let read = read_whole(&text);
        if let Ok(value) = serde_json::from_str(&text) {
            prop_assert_eq!(read, Some(value));
        }
    }

    #[test]
    fn it_accepts_every_value_and_refuses_broken_ones(value in values(), index in any::<prop::sample::Index>(), byte: u8) {
        prop_assert!(is_json(&value));
        prop_assert_eq!(Scanner::new(&value).value().unwrap(), value.as_str());
        prop_assert_eq!(read_whole(&value), serde_json::from_str(&value).ok());
        let mut broken = value.into_bytes();
        let index = index.index(broken.len());
        broken[index] = byte;
        if let Ok(broken) = String::from_utf8(broken) {
            prop_assert_eq!(is_json(&broken), serde_json::from_str::<IgnoredAny>(&broken).is_ok(), "{:?}", broken);
        }
    }
}

#[test]
fn special_bytes_are_found_at_every_position() {
    for position in 0..20 {
        for byte in ['"', '\\', '\u{0}', '\u{1f}'] {
            let text =
                format!("\"{}{byte}{}", "ż!x~".chars().cycle().take(position).collect::<String>(), "y".repeat(20));
            assert!(!is_json(&text), "{text:?}");
        }
        assert!(is_json(&format!("\"{}\"", "\u{20}é\u{7f}🚀".repeat(position))));
    }
}

#[test]
fn lone_surrogates_are_refused() {
    assert!(is_json(r#""\ud83d\ude80 \uD83D\uDE80 \u0105""#));
    for half in
        [r#""\ud83d""#, r#""\ude80\ud83d""#, r#""\ud83d\u0041""#, r#""\ud83dx""#, r#""\ud83d\ud83d""#, r#""\u12ż""#]
    {
        assert!(!is_json(half), "{half}");
    }
}

#[test]
fn deep_nesting_is_refused_without_recursion() {
    let deep = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(read_whole(&deep(DEPTH)).is_some());
    assert!(read_whole(&deep(DEPTH + 1)).is_none());
    for open in ["[", "{\"a\":"] {
        let text = open.repeat(100_000);
        assert!(read_whole(&text).is_none());
        assert!(Scanner::each_number(&text, |_| ()).is_err());
    }
    // The limit counts open levels, not containers.
    assert!(read_whole(&format!("[{}1]", "[[]],".repeat(1000))).is_some());
}

#[test]
fn it_knows_the_longest_integer() {
    let longest = |json| {
        let mut scanner = Scanner::new(json);
        scanner.skip().unwrap();
        scanner.longest_integer()
    };
    assert_eq!(longest(r#"["12345", true, null, {"12345": ""}]"#), 0);
    assert_eq!(longest(r#"{"a": [-12, {"b": 7}], "c": 3}"#), 3);
    assert_eq!(longest("[9007199254740993]"), 16);
    assert_eq!(longest("[0.30000000000000004, 1e-300, -2.5]"), 2);
    assert_eq!(longest("[1234567.5, 12]"), 7);
}
