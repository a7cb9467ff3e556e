//! JSON as PHP's `unserialize` reads it: lengths and counts come first, so nothing has to be looked for.

use memchr::memchr2;

/// A count that is not known yet has ten digits, which are filled in at the end of its array.
const COUNT: usize = 10;

const DIGITS: &[u8; 10] = b"0123456789";

/// Appends a list of values, each given as its JSON, which was checked before. `None` where one is none all the same.
pub(crate) fn serialized<'a>(out: &mut Vec<u8>, values: impl ExactSizeIterator<Item = &'a str>) -> Option<()> {
    out.extend_from_slice(b"a:");
    out.extend_from_slice(decimal(values.len(), &mut [0; 20]));
    out.extend_from_slice(b":{");
    for (number, json) in values.enumerate() {
        let mut reader = Reader { json: json.as_bytes(), at: 0, out };
        reader.index(number);
        reader.value()?;
        reader.space();
        if reader.at != json.len() {
            return None;
        }
    }
    out.push(b'}');
    Some(())
}

struct Reader<'a> {
    json: &'a [u8],
    at: usize,
    out: &'a mut Vec<u8>,
}

impl Reader<'_> {
    fn value(&mut self) -> Option<()> {
        match self.peek()? {
            b'{' => self.array(b'}', |reader, _| {
                reader.string()?;
                (reader.peek()? == b':').then(|| reader.at += 1)
            }),
            b'[' => self.array(b']', |reader, number| {
                reader.index(number);
                Some(())
            }),
            b'"' => self.string(),
            b't' => self.word(b"true", b"b:1;"),
            b'f' => self.word(b"false", b"b:0;"),
            b'n' => self.word(b"null", b"N;"),
            _ => self.number(),
        }
    }

    /// An object or a list; `key` writes the key of an element, by its number.
    fn array(&mut self, end: u8, key: impl Fn(&mut Self, usize) -> Option<()>) -> Option<()> {
        self.at += 1;
        self.out.extend_from_slice(b"a:");
        let place = self.out.len();
        self.out.extend_from_slice(b"0000000000:{");
        let mut elements = 0;
        if self.peek()? != end {
            loop {
                self.peek()?;
                key(self, elements)?;
                self.value()?;
                elements += 1;
                match self.peek()? {
                    b',' => self.at += 1,
                    byte if byte == end => break,
                    _ => return None,
                }
            }
        }
        self.at += 1;
        self.out.push(b'}');
        let mut digits = [0; 20];
        let count = decimal(elements, &mut digits);
        let end = place + COUNT;
        self.out[end - count.len()..end].copy_from_slice(count);
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        if *self.json.get(self.at)? != b'"' {
            return None;
        }
        let start = self.at + 1;
        let length = memchr2(b'"', b'\\', self.json.get(start..)?)?;
        if self.json[start + length] == b'\\' {
            return self.string_with_escapes();
        }
        self.at = start + length + 1;
        self.text(start, length);
        Some(())
    }

    fn text(&mut self, start: usize, length: usize) {
        self.out.reserve(length + 32); // once, for all that follows
        self.out.extend_from_slice(b"s:");
        self.number_of(length);
        self.out.extend_from_slice(b":\"");
        self.out.extend_from_slice(&self.json[start..start + length]);
        self.out.extend_from_slice(b"\";");
    }

    #[cold]
    fn string_with_escapes(&mut self) -> Option<()> {
        let mut end = self.at + 1;
        loop {
            end += memchr2(b'"', b'\\', self.json.get(end..)?)?;
            if self.json[end] == b'"' {
                break;
            }
            end += 2;
        }
        let text: String = serde_json::from_slice(&self.json[self.at..=end]).ok()?;
        self.at = end + 1;
        self.out.extend_from_slice(b"s:");
        self.number_of(text.len());
        self.out.extend_from_slice(b":\"");
        self.out.extend_from_slice(text.as_bytes());
        self.out.extend_from_slice(b"\";");
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        let start = self.at;
        let rest = &self.json[start..];
        let length = rest.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
        self.at += length.unwrap_or(rest.len());
        let digits = &self.json[start..self.at];
        let kind: &[u8] = match digits {
            [] => return None,
            _ if digits.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E')) => b"d:",
            // Shorter ones fit into 64 bits; where they might not, they are looked at.
            _ if digits.len() < 19 || std::str::from_utf8(digits).ok()?.parse::<i64>().is_ok() => b"i:",
            _ => {
                self.text(start, digits.len());
                return Some(());
            }
        };
        self.out.extend_from_slice(kind);
        self.out.extend_from_slice(&self.json[start..self.at]);
        self.out.push(b';');
        Some(())
    }

    fn word(&mut self, word: &[u8], php: &[u8]) -> Option<()> {
        self.json.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            self.out.extend_from_slice(php);
        })
    }

    /// The next byte that is no space.
    fn peek(&mut self) -> Option<u8> {
        self.space();
        self.json.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.json.get(self.at) {
            self.at += 1;
        }
    }

    fn index(&mut self, number: usize) {
        self.out.extend_from_slice(b"i:");
        self.number_of(number);
        self.out.push(b';');
    }

    /// Most lengths and places are short: their digits are cheaper to write than to copy.
    fn number_of(&mut self, number: usize) {
        match number {
            0..10 => self.out.push(DIGITS[number]),
            10..100 => self.out.extend_from_slice(&[DIGITS[number / 10], DIGITS[number % 10]]),
            _ => self.out.extend_from_slice(decimal(number, &mut [0; 20])),
        }
    }
}

fn decimal(mut number: usize, digits: &mut [u8; 20]) -> &[u8] {
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] = DIGITS[number % 10];
        number /= 10;
        if number == 0 {
            return &digits[first..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::serialized;

    fn php(json: &str) -> Option<String> {
        let mut out = Vec::new();
        serialized(&mut out, [json].into_iter())?;
        let text = String::from_utf8(out).expect("UTF-8");
        Some(text.strip_prefix("a:1:{i:0;")?.strip_suffix('}')?.to_owned())
    }

    #[test]
    fn every_kind_of_value_has_its_form() {
        for (json, expected) in [
            ("null", "N;"),
            (" true ", "b:1;"),
            ("false", "b:0;"),
            ("-17", "i:-17;"),
            ("9223372036854775807", "i:9223372036854775807;"),
            ("9223372036854775808", "s:19:\"9223372036854775808\";"),
            ("-0.50e+3", "d:-0.50e+3;"),
            ("\"\u{17b}ubr \\\"x\\\" \\u0000\\ud83e\\udd8a\"", "s:15:\"\u{17b}ubr \"x\" \0\u{1f98a}\";"),
            ("[]", "a:0000000000:{}"),
            ("[ 1 , \"a\" ]", "a:0000000002:{i:0;i:1;i:1;s:1:\"a\";}"),
            (
                "{\"a\": {}, \"a\":[{\"b\\n\":1}]}",
                concat!(
                    "a:0000000002:{s:1:\"a\";a:0000000000:{}s:1:\"a\";",
                    "a:0000000001:{i:0;a:0000000001:{s:2:\"b\n\";i:1;}}}"
                ),
            ),
        ] {
            assert_eq!(php(json).as_deref(), Some(expected), "{json}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for json in
            ["", "[1", "[1,]", "[1}", "{\"a\"}", "{\"a\":1", "\"a", "\"a\\", "tru", "1 2", "[1 2]", "{1:2}", "x"]
        {
            assert_eq!(php(json), None, "{json}");
        }
    }
}
