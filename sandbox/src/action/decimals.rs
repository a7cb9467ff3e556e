//! How the server reads decimals that it is sent: as Grails does in its own language [G].
//!
//! A number of JSON is a number in every language. Text is read with the separator of the language alone.

use serde_json::value::RawValue;

use crate::answer::{Answer, refused_field};
use crate::config::{Config, Locale};
use crate::exchange::{Content, Exchange};
use crate::fields::{Fields, raw};

/// Reads the fields that are decimals.
pub(super) fn read(config: &Config, request: &Exchange, entity: &str, fields: &mut Fields) -> Result<(), Answer> {
    let is_json = matches!(request.content, Content::Json(_));
    for field in &config.decimal_fields {
        let Some(text) = fields.get(field).and_then(text_of) else { continue };
        match number(&text, config.locale).filter(|_| !is_json) {
            Some(number) => fields.set(field.clone(), raw(number)),
            None => return Err(refused(config, entity, field, fields.get(field))),
        }
    }
    Ok(())
}

fn text_of(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// The number that a text is, as JSON.
fn number(text: &str, locale: Locale) -> Option<String> {
    let text = match locale {
        Locale::Pl if text.contains('.') => return None,
        Locale::Pl => text.replacen(',', ".", 1),
        Locale::En => text.to_owned(),
    };
    serde_json::from_str::<serde_json::Number>(&text).ok().map(|_| text)
}

fn refused(config: &Config, entity: &str, field: &str, value: Option<&RawValue>) -> Answer {
    let message = match config.locale {
        Locale::Pl => format!("Pole [{field}] musi być liczbą"),
        Locale::En => format!("Property [{field}] must be a number"),
    };
    refused_field(config, entity, field, value.unwrap_or(&raw("null")), &message)
}

#[cfg(test)]
mod tests {
    use super::{Locale, number};

    #[test]
    fn text_is_read_with_the_separator_of_the_language() {
        let read = |text| (number(text, Locale::Pl), number(text, Locale::En));
        assert_eq!(read("12,34"), (Some("12.34".into()), None));
        assert_eq!(read("12.34"), (None, Some("12.34".into())));
        assert_eq!(read("-7"), (Some("-7".into()), Some("-7".into())));
        assert_eq!(read("dwa"), (None, None));
    }
}
