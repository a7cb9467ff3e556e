//! Numbers with their nouns in texts, and options that are a number of things.

use crate::messages::Language;
use std::fmt::{self, Display};
use std::str::FromStr;

/// A noun in the forms that the numbers of each language need.
#[derive(Clone, Copy, Debug)]
pub struct Noun {
    /// For 1, and for other numbers.
    english: [&'static str; 2],
    /// For 1, for 2 to 4, and for other numbers.
    polish: [&'static str; 3],
}

pub const COLUMNS: Noun = Noun { english: ["column", "columns"], polish: ["kolumna", "kolumny", "kolumn"] };
pub const RECORDS: Noun = Noun { english: ["record", "records"], polish: ["rekord", "rekordy", "rekordów"] };
pub const ROWS: Noun = Noun { english: ["row", "rows"], polish: ["wiersz", "wiersze", "wierszy"] };

impl Language {
    /// Returns a number with its noun, such as `1 row` or `5 wierszy`.
    pub fn count(self, number: u64, noun: Noun) -> String {
        let form = match (self, number, number % 10, number % 100) {
            (Self::English, 1, ..) => noun.english[0],
            (Self::English, ..) => noun.english[1],
            (Self::Polish, 1, ..) => noun.polish[0],
            (Self::Polish, _, _, 12..=14) => noun.polish[2],
            (Self::Polish, _, 2..=4, _) => noun.polish[1],
            (Self::Polish, ..) => noun.polish[2],
        };
        format!("{number} {form}")
    }
}

/// The text of an option is not a number, or it is less than 1.
#[derive(Debug)]
pub struct NotACount;

impl Display for NotACount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Language::English.expected_a_count())
    }
}

impl std::error::Error for NotACount {}

/// Reads an option that is a number of at least 1.
pub fn at_least_one<T: FromStr + From<bool> + PartialOrd>(text: &str) -> Result<T, NotACount> {
    text.parse().ok().filter(|number| *number >= T::from(true)).ok_or(NotACount)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noun_follows_its_number() {
        let rows = |language: Language| move |number| language.count(number, ROWS);
        assert_eq!([0, 1, 2, 21].map(rows(Language::English)), ["0 rows", "1 row", "2 rows", "21 rows"]);
        let polish = [0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 112, 1002].map(rows(Language::Polish));
        let forms = polish.each_ref().map(|text| text.split_once(' ').unwrap().1);
        let (few, many) = ("wiersze", "wierszy");
        assert_eq!(forms, [many, "wiersz", few, few, many, many, many, many, many, few, many, few]);
    }

    #[test]
    fn a_count_is_at_least_one() {
        assert_eq!(at_least_one::<u64>("1").unwrap(), 1);
        assert_eq!(at_least_one::<usize>("20").unwrap(), 20);
        for text in ["0", "-1", "1.5", "", "many", "99999999999999999999"] {
            assert!(at_least_one::<u64>(text).is_err(), "{text}");
        }
    }
}
