//! A value of a key, compared as the server stores it: trimmed, and as a number or a string.

use crate::blank::is_blank;
use std::borrow::Cow;

/// A text, a number or a boolean.
#[derive(Clone, Debug)]
pub(super) struct KeyValue {
    text: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Boolean,
}

impl KeyValue {
    /// Reads a value from JSON. The error says why it cannot be a part of a key.
    pub(super) fn from_json(json: &str) -> Result<Self, &'static str> {
        let (text, kind) = match json.as_bytes().first() {
            Some(b'"') => {
                let text = unquoted(json).ok_or("is not a valid string")?;
                (text.trim().to_owned(), Kind::Text)
            }
            Some(b'n') | None => return Err("is null; a key needs a value"),
            Some(b'[') => return Err("is a list; a key needs a string or a number"),
            Some(b'{') => return Err("is an object; name one of its fields, such as `account.id`"),
            Some(b't' | b'f') => (json.to_owned(), Kind::Boolean),
            Some(_) => (json.to_owned(), Kind::Number),
        };
        if is_blank(&text) {
            return Err("is empty; a key needs a value");
        }
        Ok(Self { text, kind })
    }

    /// Returns the value as text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the value for the filter of a list.
    pub(super) fn filter(&self) -> Cow<'_, str> {
        self.filter_of_number().map_or(Cow::Borrowed(&self.text), Cow::Owned)
    }

    /// Returns the one spelling of a whole number that is written otherwise: `7` for `7.0`. A server compares a filter as text, or
    /// reads it as an integer. `None` for other values: they are exact.
    pub(super) fn filter_of_number(&self) -> Option<String> {
        let canonical = self.canonical();
        let is_whole = !canonical.contains(['.', 'e', 'E']);
        (is_whole && canonical != self.text).then(|| canonical.into_owned())
    }

    /// Returns whether the server would store both as the same value. `7` and `"7"` are the same, `"7"` and `"7.0"` are not.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        if self.text == other.text {
            return true;
        }
        let is_number = self.kind == Kind::Number || other.kind == Kind::Number;
        is_number && decimal(&self.text).is_some_and(|number| Some(number) == decimal(&other.text))
    }

    /// Returns the value as text, with the one spelling of its number: `7` for the numbers `7.0` and `70e-1`, and for the text `"7"`.
    pub(super) fn canonical(&self) -> Cow<'_, str> {
        if self.kind == Kind::Number { with_one_spelling(&self.text) } else { Cow::Borrowed(&self.text) }
    }

    /// Returns a text that two values have in common if they [are the same](Self::is_same), and seldom otherwise: `"7"` and `"7.0"`
    /// are not the same, but both are the same as the number `7`.
    pub(super) fn loose(&self) -> Cow<'_, str> {
        with_one_spelling(&self.text)
    }
}

/// Returns the text of a JSON string; `None` for another value.
pub(super) fn unquoted(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') { serde_json::from_str(json).ok().map(Cow::Owned) } else { Some(Cow::Borrowed(inner)) }
}

/// Returns the one spelling of a number. Other texts are unchanged.
fn with_one_spelling(text: &str) -> Cow<'_, str> {
    let is_plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    if is_plain {
        return Cow::Borrowed(text);
    }
    decimal(text).map_or(Cow::Borrowed(text), |number| Cow::Owned(number.to_text()))
}

/// The sign, the significant digits and the exponent of a decimal number. Two numbers are equal if all of these are.
#[derive(PartialEq, Eq)]
struct Decimal {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

/// The maximum number of zeros that are written out.
const MAX_ZEROS: u64 = 30;

impl Decimal {
    /// Writes the number without an exponent, unless that would need many zeros. Two numbers have the same text if they are equal.
    fn to_text(&self) -> String {
        let Self { is_negative, digits, exponent } = self;
        let sign = if *is_negative { "-" } else { "" };
        let places = usize::try_from(exponent.unsigned_abs()).unwrap_or(usize::MAX);
        if digits.is_empty() {
            "0".to_owned()
        } else if exponent.unsigned_abs() > MAX_ZEROS {
            format!("{sign}{digits}e{exponent}")
        } else if *exponent >= 0 {
            format!("{sign}{digits}{}", "0".repeat(places))
        } else {
            let padded = format!("{digits:0>width$}", width = places + 1);
            let (whole, fraction) = padded.split_at(padded.len() - places);
            format!("{sign}{whole}.{fraction}")
        }
    }
}

/// Reads a number; `None` if the text is not a JSON number, or its exponent is beyond any use.
fn decimal(text: &str) -> Option<Decimal> {
    text.strip_prefix('-').unwrap_or(text).bytes().next().filter(u8::is_ascii_digit)?;
    serde_json::from_str::<serde_json::Number>(text).ok()?;
    let (is_negative, number) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    let zeros = digits.len() - significant.len();
    let exponent =
        exponent.parse::<i64>().ok()?.checked_add(i64::try_from(zeros).ok()? - i64::try_from(fraction.len()).ok()?)?;
    let digits = significant.trim_start_matches('0').to_owned();
    if digits.is_empty() {
        return Some(Decimal { is_negative: false, digits, exponent: 0 });
    }
    Some(Decimal { is_negative, digits, exponent })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_same(one: &str, other: &str) -> bool {
        let value = |json| KeyValue::from_json(json).unwrap();
        assert_eq!(value(one).is_same(&value(other)), value(other).is_same(&value(one)));
        assert!(!value(one).is_same(&value(other)) || value(one).loose() == value(other).loose());
        value(one).is_same(&value(other))
    }

    #[test]
    fn a_number_has_one_canonical_spelling() {
        for (json, canonical, loose) in [
            ("7", "7", "7"),
            ("7.0", "7", "7"),
            ("70e-1", "7", "7"),
            (r#""7""#, "7", "7"),
            (r#""7.0""#, "7.0", "7"),
            (r#""007""#, "007", "007"),
            ("-0.0", "0", "0"),
            ("-12.50", "-12.5", "-12.5"),
            ("0.00125", "0.00125", "0.00125"),
            ("125e-5", "0.00125", "0.00125"),
            ("7e2", "700", "700"),
            ("7e400", "7e400", "7e400"),
            ("70e-400", "7e-399", "7e-399"),
            ("1e99999999999999999999", "1e99999999999999999999", "1e99999999999999999999"),
            (r#"" A-7 ""#, "A-7", "A-7"),
        ] {
            let value = KeyValue::from_json(json).unwrap();
            assert_eq!((&*value.canonical(), &*value.loose()), (canonical, loose), "{json}");
        }
    }

    #[test]
    fn a_whole_number_has_one_spelling_in_a_filter() {
        for (json, filter) in [
            ("7", "7"),
            ("7.0", "7"),
            ("-70e-1", "-7"),
            ("7e2", "700"),
            ("-0.0", "0"),
            ("12.50", "12.50"),
            ("9007199254740993", "9007199254740993"),
            (r#"" 7.0 ""#, "7.0"),
            ("true", "true"),
        ] {
            assert_eq!(KeyValue::from_json(json).unwrap().filter(), filter, "{json}");
        }
    }

    #[test]
    fn values_are_compared_as_they_are_stored() {
        for (one, other) in [
            ("7", r#""7""#),
            ("7", r#"" 7 ""#),
            ("7", "7.0"),
            ("7e2", r#""700""#),
            ("0.50", r#""0.5""#),
            ("-0", "0"),
            ("true", r#""true""#),
            (r#""Żubr""#, r#"" \u017bubr\n""#),
            ("123456789012345678901234567890", r#""123456789012345678901234567890""#),
        ] {
            assert!(is_same(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("7", "70"),
            ("7", "-7"),
            ("0.7", "7"),
            (r#""7""#, r#""7.0""#), // two different texts
            (r#""1e3""#, r#""1000""#),
            (r#""007""#, "7"),
            (r#""nip""#, r#""NIP""#),
            ("12345678901234567890", "12345678901234567891"),
        ] {
            assert!(!is_same(one, other), "{one} {other}");
        }
    }
}
