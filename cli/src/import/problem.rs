//! Why a row cannot be sent. Its texts are in the messages.

use super::cell::RowDamage;

/// The reason why nothing was sent for a row.
#[derive(Clone, Debug)]
pub(crate) enum RowProblem {
    Damage(RowDamage),
    NotANumber {
        column: String,
        text: String,
    },
    NotADate {
        column: String,
        text: String,
    },
    NotABool {
        column: String,
        text: String,
    },
    NotJson {
        column: String,
        text: String,
    },
    /// A spreadsheet has replaced the digits by `5.25E+09`, or has cut a number of more than 15 digits.
    DigitsLost {
        column: String,
        text: String,
    },
    SpreadsheetError {
        column: String,
        text: String,
    },
    FormulaWithoutValue {
        column: String,
        text: String,
    },
    NoKey {
        field: String,
    },
    SameKey {
        line: u64,
    },
    NoId,
}
