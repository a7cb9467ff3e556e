//! YAML as JSON text, event by event, so that a number keeps its digits.
//!
//! Plain scalars are read as JSON would read them: numbers, `true`, `false`, `null`; everything else is text. Anchors
//! are not supported: a seed says what it holds.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::value::RawValue;

use crate::fields::to_raw;

/// The first document of a YAML text; an empty one is an empty object.
pub(super) fn to_json(yaml: &str) -> Result<String, String> {
    let mut writer = Writer::default();
    for event in Parser::new_from_str(yaml) {
        let (event, span) = event.map_err(|error| error.to_string())?;
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        writer.take(&event).map_err(|message| format!("line {}: {message}", span.start.line()))?;
    }
    Ok(if writer.json.is_empty() { "{}".to_owned() } else { writer.json })
}

#[derive(Default)]
struct Writer {
    json: String,
    open: Vec<Level>,
}

/// An open list or object, and how many values (names included) it has so far.
struct Level {
    is_object: bool,
    values: usize,
}

impl Writer {
    fn take(&mut self, event: &Event) -> Result<(), &'static str> {
        match event {
            Event::Scalar(text, style, ..) => {
                let is_name = self.expects_name();
                self.separate();
                let json = if is_name { to_raw(text.as_ref()) } else { scalar(text, *style) };
                self.json.push_str(json.get());
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if self.expects_name() => {
                return Err("the name of a field must be a text");
            }
            Event::SequenceStart(..) => self.open('[', false),
            Event::MappingStart(..) => self.open('{', true),
            Event::SequenceEnd => self.close(']'),
            Event::MappingEnd => self.close('}'),
            Event::Alias(_) => return Err("anchors and aliases are not supported"),
            _ => {}
        }
        Ok(())
    }

    fn expects_name(&self) -> bool {
        self.open.last().is_some_and(|level| level.is_object && level.values.is_multiple_of(2))
    }

    fn separate(&mut self) {
        let Some(level) = self.open.last_mut() else { return };
        match (level.values, level.is_object) {
            (0, _) => {}
            (values, true) if values % 2 == 1 => self.json.push(':'),
            _ => self.json.push(','),
        }
        level.values += 1;
    }

    fn open(&mut self, bracket: char, is_object: bool) {
        self.separate();
        self.json.push(bracket);
        self.open.push(Level { is_object, values: 0 });
    }

    fn close(&mut self, bracket: char) {
        self.open.pop();
        self.json.push(bracket);
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Box<RawValue> {
    let plain = style == ScalarStyle::Plain;
    let json = match text {
        "" | "~" if plain => Some("null"),
        text if plain => Some(text).filter(|text| !text.starts_with(['"', '{', '['])),
        _ => None,
    };
    json.and_then(|json| RawValue::from_string(json.to_owned()).ok()).unwrap_or_else(|| to_raw(text))
}

#[cfg(test)]
mod tests {
    use super::to_json;

    #[test]
    fn numbers_keep_their_digits_and_texts_their_letters() {
        let yaml = "a: 12345678901234567890.123456789\nb: ['007', 00-950, 1.0, true, ~, Żubr]\nc: {d: \"5\", e: }\n";
        let json =
            r#"{"a":12345678901234567890.123456789,"b":["007","00-950",1.0,true,null,"Żubr"],"c":{"d":"5","e":null}}"#;
        assert_eq!(to_json(yaml).unwrap(), json);
    }

    #[test]
    fn an_empty_document_is_an_empty_object_and_aliases_are_refused() {
        assert_eq!(to_json("# nothing\n").unwrap(), "{}");
        assert!(to_json("a: &x 1\nb: *x\n").unwrap_err().contains("line 2"));
    }
}
