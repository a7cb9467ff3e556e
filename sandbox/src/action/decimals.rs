//! Reads decimals in requests as Grails does [G].
//!
//! JSON numbers are the same in every language. In strings, of JSON or of a form, only the decimal separator of the server's
//! language is accepted.

use serde_json::value::RawValue;

use crate::config::{Config, Locale};
use crate::fields::{Fields, raw};
use crate::response::{Response, invalid_field};

/// Converts the configured decimal fields from strings to numbers.
pub(super) fn read(config: &Config, entity: &str, fields: &mut Fields) -> Result<(), Response> {
    for field in &config.decimal_fields {
        let Some(text) = fields.get(field).and_then(text_of) else { continue };
        match number(&text, config.locale) {
            Some(number) => fields.set(field.clone(), raw(number)),
            None => return Err(invalid_decimal(config, entity, field, fields.get(field))),
        }
    }
    Ok(())
}

fn text_of(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// Returns the JSON number for a string, `None` if it is not a number.
fn number(text: &str, locale: Locale) -> Option<String> {
    let text = match locale {
        Locale::Pl if text.contains('.') => return None,
        Locale::Pl => text.replacen(',', ".", 1),
        Locale::En => text.to_owned(),
    };
    serde_json::from_str::<serde_json::Number>(&text).ok().map(|_| text)
}

fn invalid_decimal(config: &Config, entity: &str, field: &str, value: Option<&RawValue>) -> Response {
    let message = match config.locale {
        Locale::Pl => format!("Pole [{field}] musi być liczbą"),
        Locale::En => format!("Property [{field}] must be a number"),
    };
    invalid_field(config, entity, field, value.unwrap_or(&raw("null")), &message)
}

#[cfg(test)]
mod tests {
    use super::{Locale, number};

    #[test]
    fn strings_are_read_with_the_separator_of_the_language() {
        let read = |text| (number(text, Locale::Pl), number(text, Locale::En));
        assert_eq!(read("12,34"), (Some("12.34".into()), None));
        assert_eq!(read("12.34"), (None, Some("12.34".into())));
        assert_eq!(read("-7"), (Some("-7".into()), Some("-7".into())));
        assert_eq!(read("dwa"), (None, None));
    }
}
