//! Converts YAML to JSON text, event by event, so that numbers keep their digits.
//!
//! Plain scalars are read as in JSON: numbers, `true`, `false`, `null`; everything else is a string. Anchors are not supported.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::value::RawValue;

use crate::fields::to_raw;

/// Returns the first document of a YAML text as JSON. An empty one is an empty object.
pub(super) fn to_json(yaml: &str) -> Result<String, String> {
    let (writer, _) = write(yaml, usize::MAX)?;
    Ok(if writer.json.is_empty() { "{}".to_owned() } else { writer.json })
}

/// Returns line and key in the YAML text for a column of its JSON text.
pub(super) fn position_of(yaml: &str, column: usize) -> String {
    write(yaml, column).map_or_else(|message| message, |(writer, line)| writer.position(line))
}

/// Writes JSON up to the value in which it reaches this length. Returns the line in which that value begins, too.
fn write(yaml: &str, length: usize) -> Result<(Writer, usize), String> {
    let mut writer = Writer::default();
    for event in Parser::new_from_str(yaml) {
        let (event, span) = event.map_err(|error| error.to_string())?;
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        let line = writer.write(&event, span.start.line())?;
        if !writer.json.is_empty() && writer.json.len() >= length {
            return Ok((writer, line));
        }
    }
    Ok((writer, 1))
}

#[derive(Default)]
struct Writer {
    json: String,
    open: Vec<Level>,
}

/// An open list or object.
struct Level {
    is_object: bool,
    /// The line in which it begins.
    line: usize,
    /// Number of values so far, names included.
    values: usize,
    /// The latest name.
    name: String,
}

impl Writer {
    /// Writes the event. Returns the line in which its value begins.
    fn write(&mut self, event: &Event, line: usize) -> Result<usize, String> {
        match event {
            Event::Scalar(text, style, ..) => {
                let is_name = self.expects_name();
                self.separate();
                if let Some(level) = self.open.last_mut().filter(|_| is_name) {
                    level.name = text.to_string();
                }
                let json = if is_name { to_raw(text.as_ref()) } else { scalar(text, *style) };
                self.json.push_str(json.get());
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if self.expects_name() => {
                return Err(format!("{}: field names must be strings", self.position(line)));
            }
            Event::SequenceStart(..) => self.open('[', false, line),
            Event::MappingStart(..) => self.open('{', true, line),
            Event::SequenceEnd => return Ok(self.close(']').unwrap_or(line)),
            Event::MappingEnd => return Ok(self.close('}').unwrap_or(line)),
            Event::Alias(_) => {
                return Err(format!("{}: anchors and aliases are not supported", self.position(line)));
            }
            _ => {}
        }
        Ok(line)
    }

    /// Returns line and key, such as `line 4, users[1].name`.
    fn position(&self, line: usize) -> String {
        let mut position = format!("line {line}");
        for (depth, level) in self.open.iter().enumerate() {
            let before = if depth == 0 { ", " } else { "." };
            match level.values {
                0 => {}
                _ if level.is_object => position.extend([before, level.name.as_str()]),
                values => position.extend(["[", &(values - 1).to_string(), "]"]),
            }
        }
        position
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

    fn open(&mut self, bracket: char, is_object: bool, line: usize) {
        self.separate();
        self.json.push(bracket);
        self.open.push(Level { is_object, line, values: 0, name: String::new() });
    }

    fn close(&mut self, bracket: char) -> Option<usize> {
        self.json.push(bracket);
        self.open.pop().map(|level| level.line)
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
    use super::{position_of, to_json};

    #[test]
    fn numbers_keep_their_digits_and_strings_their_letters() {
        let yaml = "a: 12345678901234567890.123456789\nb: ['007', 00-950, 1.0, true, ~, Żubr]\nc: {d: \"5\", e: }\n";
        let json =
            r#"{"a":12345678901234567890.123456789,"b":["007","00-950",1.0,true,null,"Żubr"],"c":{"d":"5","e":null}}"#;
        assert_eq!(to_json(yaml).unwrap(), json);
    }

    #[test]
    fn an_empty_document_is_an_empty_object_and_aliases_are_refused() {
        assert_eq!(to_json("# nothing\n").unwrap(), "{}");
        assert!(to_json("a: &x 1\nb: *x\n").unwrap_err().starts_with("line 2, b: "));
    }

    #[test]
    fn a_column_of_the_json_becomes_line_and_key_of_the_yaml() {
        let yaml = "a: 1\nb:\n  - c: x\n    d: [5,\n      6]\n";
        let json = to_json(yaml).unwrap();
        let position = |end: &str| position_of(yaml, json.find(end).unwrap() + end.len());
        assert_eq!(position("x\""), "line 3, b[0].c");
        assert_eq!(position("d\""), "line 4, b[0].d");
        assert_eq!(position("6"), "line 5, b[0].d[1]");
        assert_eq!(position("]}"), "line 3, b[0]");
        assert_eq!(position_of("- 1\n", 0), "line 1");
    }
}
