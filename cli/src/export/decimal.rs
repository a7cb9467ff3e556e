//! The exact value of a JSON number, to decide which type of a file can hold it.

/// A decimal number: `digits` × 10^-`scale`, without zeros at its ends.
#[derive(Debug, PartialEq)]
pub(crate) struct Decimal {
    pub is_negative: bool,
    /// Empty for zero.
    pub digits: String,
    pub scale: i64,
}

impl Decimal {
    /// Reads the text of a JSON number; `None` if its exponent is out of range.
    pub(crate) fn from_json(text: &str) -> Option<Self> {
        let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let trimmed = digits.trim_end_matches('0');
        let scale = i64::try_from(fraction.len()).ok()?
            - i64::from(exponent)
            - i64::try_from(digits.len() - trimmed.len()).ok()?;
        let digits = trimmed.trim_start_matches('0').to_owned();
        Some(if digits.is_empty() {
            Self { is_negative, digits, scale: 0 }
        } else {
            Self { is_negative, digits, scale }
        })
    }

    /// Returns the number of digits before the decimal point.
    pub(crate) fn whole_digits(&self) -> i64 {
        (i64::try_from(self.digits.len()).unwrap_or(i64::MAX) - self.scale).max(0)
    }

    /// Returns the number times 10^`scale`, if it is a whole number of at most 38 digits.
    pub(crate) fn unscaled(&self, scale: i64) -> Option<i128> {
        if self.digits.is_empty() {
            return Some(0);
        }
        let zeros = usize::try_from(scale.checked_sub(self.scale)?).ok().filter(|zeros| *zeros <= 38)?;
        let value: i128 = format!("{}{}", self.digits, "0".repeat(zeros)).parse().ok()?;
        Some(if self.is_negative { -value } else { value })
    }

    /// Returns whether a spreadsheet shows every digit: it keeps 15 of them.
    pub(crate) fn fits_spreadsheet(&self) -> bool {
        self.digits.len() <= 15 && (-300..=300).contains(&self.scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unscaled(text: &str, scale: i64) -> Option<i128> {
        Decimal::from_json(text).unwrap().unscaled(scale)
    }

    #[test]
    fn numbers_keep_their_exact_value() {
        assert_eq!(unscaled("1250000.50", 2), Some(125_000_050));
        assert_eq!(unscaled("-0.07", 2), Some(-7));
        assert_eq!(unscaled("1.5E+7", 0), Some(15_000_000));
        assert_eq!(unscaled("12e-2", 2), Some(12));
        assert_eq!(unscaled("0.001", 2), None);
        assert_eq!(unscaled("0.000", 0), Some(0));
        assert_eq!(Decimal::from_json("98765.4321").unwrap().whole_digits(), 5);
        assert_eq!(Decimal::from_json("1e5").unwrap().whole_digits(), 6);
        assert!(Decimal::from_json("1e99999999999").is_none());
    }

    #[test]
    fn a_spreadsheet_holds_fifteen_digits() {
        assert!(Decimal::from_json("123456789012345").unwrap().fits_spreadsheet());
        assert!(Decimal::from_json("1234567890123450").unwrap().fits_spreadsheet());
        assert!(!Decimal::from_json("123456789012345678").unwrap().fits_spreadsheet());
    }
}
