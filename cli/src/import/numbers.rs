//! Numbers as people write them: `1 234,56`.

/// The longest exponent, such as that of `1.25E-308`.
const EXPONENT_DIGITS: usize = 3;

/// Removes the spaces between groups of digits and writes the decimal mark as a dot; `None` if the text is not a number.
///
/// `decimal` is a comma or a dot. The other one may stand between groups of three digits, as a space may.
pub(crate) fn to_json(text: &str, decimal: char) -> Option<String> {
    let (text, exponent) = split_exponent(text.trim());
    let (sign, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = match digits.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if fraction.is_some_and(|fraction| !is_digits(fraction)) {
        return None;
    }
    if exponent.is_some() && !is_digits(whole) {
        return None;
    }
    let whole = without_groups(whole, decimal)?;
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let exponent = exponent.map(|exponent| format!("E{exponent}")).unwrap_or_default();
    Some(match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}{exponent}"),
        None => format!("{sign}{whole}{exponent}"),
    })
}

/// Splits `1.25E7`, as a server writes large numbers, before the exponent. Spreadsheets write `1.25E+07`, which is not split.
pub(crate) fn split_exponent(text: &str) -> (&str, Option<&str>) {
    let is_exponent = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        (1..=EXPONENT_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    match text.split_once(['E', 'e']) {
        Some((mantissa, exponent)) if is_exponent(exponent) => (mantissa, Some(exponent)),
        _ => (text, None),
    }
}

/// Removes what stands between groups of three digits.
fn without_groups(text: &str, decimal: char) -> Option<String> {
    let other = if decimal == ',' { '.' } else { ',' };
    let is_mark = |c: char| c == other || is_space(c);
    let mut groups = text.split(is_mark);
    let first = groups.next()?;
    let marks: Vec<char> = text.chars().filter(|c| is_mark(*c)).collect();
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_grouped = marks.is_empty() || (first.len() <= 3 && marks.iter().all(|mark| *mark == marks[0]));
    let valid = !first.is_empty() && is_digits(first) && is_grouped;
    (valid && groups.all(|group| group.len() == 3 && is_digits(group)))
        .then(|| text.chars().filter(char::is_ascii_digit).collect())
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

/// What the numbers of a column say about their decimal mark.
#[derive(Clone, Debug, Default)]
pub(crate) struct DecimalMark {
    comma: bool,
    dot: bool,
    /// A number such as `1,234`, which has two meanings.
    ambiguous: Option<String>,
}

/// Why a decimal mark is not known.
#[derive(Debug, PartialEq)]
pub(crate) enum UnknownMark {
    Ambiguous(String),
    Mixed,
}

impl DecimalMark {
    /// Adds a number of the column.
    pub(crate) fn add(&mut self, text: &str) {
        if let (mantissa, Some(_)) = split_exponent(text) {
            if let Some(mark) = mantissa.chars().find(|c| matches!(c, ',' | '.')) {
                self.set(mark);
            }
            return;
        }
        let marks: Vec<(usize, char)> =
            text.match_indices([',', '.']).filter_map(|(at, _)| text[at..].chars().next().map(|c| (at, c))).collect();
        let Some(&(at, mark)) = marks.last() else { return };
        let is_once = marks.iter().filter(|(_, other)| *other == mark).count() == 1;
        let whole = text[..at].trim_start_matches(['-', '−', '+', ' ']);
        let is_group = text.len() - at == 4 && whole.len() <= 3 && !whole.starts_with('0') && !whole.is_empty();
        match (is_once, marks.len() == 1 && is_group) {
            (true, true) => self.ambiguous = self.ambiguous.take().or_else(|| Some(text.to_owned())),
            (true, false) => self.set(mark),
            (false, _) => self.set(if mark == ',' { '.' } else { ',' }),
        }
    }

    /// Returns the decimal mark.
    pub(crate) fn get(&self) -> Result<char, UnknownMark> {
        match (self.comma, self.dot, &self.ambiguous) {
            (true, true, _) => Err(UnknownMark::Mixed),
            (true, false, _) => Ok(','),
            (false, false, Some(example)) => Err(UnknownMark::Ambiguous(example.clone())),
            (false, ..) => Ok('.'),
        }
    }

    fn set(&mut self, decimal: char) {
        self.comma |= decimal == ',';
        self.dot |= decimal == '.';
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people_become_json() {
        let cases = [
            ("1 234,56", ',', "1234.56"),
            ("1.234.567,5", ',', "1234567.5"),
            ("-12\u{a0}000", ',', "-12000"),
            ("007", '.', "7"),
            ("0,50", ',', "0.50"),
            ("1,234,567.89", '.', "1234567.89"),
            ("123456789012345678", '.', "123456789012345678"),
            ("1.25E7", '.', "1.25E7"),
            ("-1,25e-3", ',', "-1.25E-3"),
        ];
        for (text, decimal, json) in cases {
            assert_eq!(to_json(text, decimal).as_deref(), Some(json), "{text}");
        }
        for text in ["", "-", "12 zł", "1 23,4", "1,2,3", "1 000E5", "1E", "1E+05", "1E9999", "12,", "1 234.567 890"] {
            assert_eq!(to_json(text, ','), None, "{text}");
        }
    }

    #[test]
    fn a_decimal_mark_needs_proof() {
        let mark = |texts: &[&str]| {
            let mut mark = DecimalMark::default();
            for text in texts {
                mark.add(text);
            }
            mark.get()
        };
        assert_eq!(mark(&["1,50", "1,234"]), Ok(','));
        assert_eq!(mark(&["0,500"]), Ok(','));
        assert_eq!(mark(&["1.234,50"]), Ok(','));
        assert_eq!(mark(&["1,234,567"]), Ok('.'));
        assert_eq!(mark(&["12", "7"]), Ok('.'));
        assert_eq!(mark(&["1,234"]), Err(UnknownMark::Ambiguous("1,234".into())));
        assert_eq!(mark(&["1,5", "2.5"]), Err(UnknownMark::Mixed));
    }
}
