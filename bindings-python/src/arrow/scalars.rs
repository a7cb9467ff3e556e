//! JSON of scalars → values of a type, if they fit.

use super::plan::TextKind;

/// Largest integer up to which doubles hold all integers.
const MAX_EXACT: i128 = 1 << 53;

/// Returns the kind of a value, for messages.
pub(super) fn kind(json: &[u8]) -> &'static str {
    match json.first() {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "a boolean",
        _ if is_integer(json) => "an integer",
        _ => "a decimal",
    }
}

/// Parses a boolean.
pub(super) fn boolean(json: &[u8]) -> Option<bool> {
    match json {
        b"true" => Some(true),
        b"false" => Some(false),
        _ => None,
    }
}

/// Parses an integer, if the type holds it.
pub(super) fn integer<T: TryFrom<i128>>(json: &[u8]) -> Option<T> {
    std::str::from_utf8(json).ok()?.parse::<i128>().ok()?.try_into().ok()
}

/// Parses a number, unless it is an integer that a double does not hold exactly.
pub(super) fn double(json: &[u8]) -> Option<f64> {
    if is_integer(json) && integer(json).is_none_or(|int: i128| !(-MAX_EXACT..=MAX_EXACT).contains(&int)) {
        return None;
    }
    std::str::from_utf8(json).ok().filter(|_| is_number(json))?.parse().ok().filter(|double: &f64| double.is_finite())
}

/// Parses a number as a `float32`. Decimals are rounded; infinite values and inexact integers do not fit.
#[allow(clippy::cast_possible_truncation)] // checked
pub(super) fn single(json: &[u8]) -> Option<f32> {
    let double = double(json)?;
    let single = double as f32;
    let is_same = !is_integer(json) || f64::from(single).to_bits() == double.to_bits();
    Some(single).filter(|single| single.is_finite() && is_same)
}

/// Parses a number as a multiple of its last decimal place, if `precision` digits hold it exactly.
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
    // The number is the significant digits, followed by `zeros` zeros.
    let dropped = i64::try_from(digits.len() - significant.len()).ok()?;
    let zeros = exponent.checked_add(i64::from(scale) + dropped - i64::try_from(fraction.len()).ok()?)?;
    let zeros = usize::try_from(zeros).ok()?;
    if significant.len().checked_add(zeros)? > usize::from(precision) {
        return None;
    }
    let units: i128 = [significant, &"0".repeat(zeros)].concat().parse().ok()?;
    Some(if mantissa.starts_with('-') { -units } else { units })
}

/// Returns the value for a column of strings.
pub(super) fn string(json: &[u8], texts: TextKind) -> Option<String> {
    let is_text = json.starts_with(b"\"");
    let raw = || String::from_utf8(json.to_vec()).ok();
    match texts {
        TextKind::Plain | TextKind::Any if is_text => serde_json::from_slice(json).ok(),
        TextKind::Any => raw(),
        TextKind::Digits if is_number(json) => raw(),
        TextKind::Digits | TextKind::Plain => None,
    }
}

/// Returns whether the value is a number.
pub(super) fn is_number(json: &[u8]) -> bool {
    json.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-')
}

/// Returns whether the value is a number without a fraction and an exponent.
pub(super) fn is_integer(json: &[u8]) -> bool {
    json.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-')
}
