//! Why a value was refused, in words for people who know JSON and no Rust.

use serde_json::Error;

/// How the reader calls things, and how others do.
const KINDS: [(&str, &str); 6] = [
    ("integer ", "the number "),
    ("floating point ", "the number "),
    ("boolean ", ""),
    ("string ", "the text "),
    ("sequence", "a list"),
    ("map", "an object"),
];

/// The sentence of an error without its place where the JSON itself is right: options are one line.
pub(crate) fn why(error: &Error) -> String {
    let text = error.to_string();
    if !error.is_data() {
        return text;
    }
    let place = text.rfind(" at line ").unwrap_or(text.len());
    let text = ["invalid type: ", "invalid value: ", "unknown variant "]
        .iter()
        .find_map(|prefix| text[..place].strip_prefix(prefix))
        .unwrap_or(&text[..place]);
    match text.rsplit_once(", expected ") {
        Some((found, wanted)) => format!("{}, expected {}", kind(found), self::wanted(wanted)),
        None => text.to_owned(),
    }
}

fn kind(found: &str) -> String {
    let known = KINDS.iter().find_map(|(name, plain)| Some(format!("{plain}{}", found.strip_prefix(name)?)));
    known.unwrap_or_else(|| found.to_owned())
}

fn wanted(wanted: &str) -> &str {
    match wanted {
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "usize" => "a whole number from 0 on",
        "f64" => "a number",
        "a string" | "path string" | "string or map" => "a text",
        _ => wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::why;
    use serde::Deserialize;
    use std::path::PathBuf;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        This,
        That,
    }

    fn refused<T: for<'a> Deserialize<'a> + std::fmt::Debug>(json: &str) -> String {
        why(&serde_json::from_str::<T>(json).expect_err("no such value"))
    }

    #[test]
    fn a_value_is_refused_in_plain_words() {
        assert_eq!(refused::<u32>("-1"), "the number `-1`, expected a whole number from 0 to 4294967295");
        assert_eq!(refused::<usize>("1.5"), "the number `1.5`, expected a whole number from 0 on");
        assert_eq!(refused::<u64>("\"8, expected\""), "the text \"8, expected\", expected a whole number from 0 on");
        assert_eq!(refused::<f64>("[1]"), "a list, expected a number");
        assert_eq!(refused::<f64>("true"), "`true`, expected a number");
        assert_eq!(refused::<String>("{}"), "an object, expected a text");
        assert_eq!(refused::<PathBuf>("null"), "null, expected a text");
        assert_eq!(refused::<Word>("\"other\""), "`other`, expected `this` or `that`");
        let settings = serde_json::from_value::<Word>(1.into()).expect_err("no word");
        assert_eq!(why(&settings), "the number `1`, expected a text");
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        assert_eq!(refused::<Vec<u32>>("[1"), "EOF while parsing a list at line 1 column 2");
    }
}
