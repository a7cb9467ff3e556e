//! JSON texts of single values → values of a type, where they fit.

use super::plan::TextKind;

/// Doubles hold every integer up to here.
const EXACT: i128 = 1 << 53;

/// What a value is, for people.
pub(super) fn kind(json: &[u8]) -> &'static str {
    match json.first() {
        Some(b'"') => "a text",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "a boolean",
        _ if is_integer(json) => "an integer",
        _ => "a decimal",
    }
}

/// A boolean.
pub(super) fn boolean(json: &[u8]) -> Option<bool> {
    match json {
        b"true" => Some(true),
        b"false" => Some(false),
        _ => None,
    }
}

/// An integer that the type holds.
pub(super) fn integer<T: TryFrom<i128>>(json: &[u8]) -> Option<T> {
    std::str::from_utf8(json).ok()?.parse::<i128>().ok()?.try_into().ok()
}

/// A number, but no integer that a double would change.
pub(super) fn double(json: &[u8]) -> Option<f64> {
    if is_integer(json) && integer(json).is_none_or(|int: i128| !(-EXACT..=EXACT).contains(&int)) {
        return None;
    }
    std::str::from_utf8(json).ok().filter(|_| is_number(json))?.parse().ok().filter(|double: &f64| double.is_finite())
}

/// A number as a `float32`: rounded, as the caller chose, but finite, and an integer only if it stays the same.
#[allow(clippy::cast_possible_truncation)] // checked
pub(super) fn single(json: &[u8]) -> Option<f32> {
    let double = double(json)?;
    let single = double as f32;
    let is_same = !is_integer(json) || f64::from(single).to_bits() == double.to_bits();
    Some(single).filter(|single| single.is_finite() && is_same)
}

/// A number as a count of units of its last decimal place, if it has no more than `precision` digits and loses none.
pub(super) fn decimal(json: &[u8], precision: u8, scale: i8) -> Option<i128> {
    let text = std::str::from_utf8(json).ok().filter(|_| is_number(json))?;
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse().ok()?),
        None => (text, 0_i64),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole.trim_start_matches('-'), fraction].concat();
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some(0);
    }
    // The number is the significant digits, and so many zeros.
    let dropped = i64::try_from(digits.len() - significant.len()).ok()?;
    let zeros = exponent.checked_add(i64::from(scale) + dropped - i64::try_from(fraction.len()).ok()?)?;
    let zeros = usize::try_from(zeros).ok()?;
    if significant.len().checked_add(zeros)? > usize::from(precision) {
        return None;
    }
    let units: i128 = [significant, &"0".repeat(zeros)].concat().parse().ok()?;
    Some(if mantissa.starts_with('-') { -units } else { units })
}

/// What a column of texts holds of a value.
pub(super) fn text(json: &[u8], texts: TextKind) -> Option<String> {
    let is_text = json.starts_with(b"\"");
    let raw = || String::from_utf8(json.to_vec()).ok();
    match texts {
        TextKind::Plain | TextKind::Any if is_text => serde_json::from_slice(json).ok(),
        TextKind::Any => raw(),
        TextKind::Digits if is_number(json) => raw(),
        TextKind::Digits | TextKind::Plain => None,
    }
}

/// Whether it is a number.
pub(super) fn is_number(json: &[u8]) -> bool {
    json.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-')
}

/// Whether it is a number without a fraction and an exponent.
pub(super) fn is_integer(json: &[u8]) -> bool {
    json.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-')
}
