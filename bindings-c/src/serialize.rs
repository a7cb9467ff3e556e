//! Converts JSON to the format of PHP's `unserialize`, which is fast to read since lengths and counts come first.

use egito_core::binding::scanner::{RawStr, Scanner, SyntaxError, Token};

/// Number of digits of a count. They are written at the end of its array, when the count is known.
const COUNT_DIGITS: usize = 10;

const DIGITS: &[u8; 10] = b"0123456789";

/// Appends an array of values, each passed as JSON text.
pub(crate) fn serialize<'a>(
    out: &mut Vec<u8>,
    values: impl ExactSizeIterator<Item = &'a str>,
) -> Result<(), SyntaxError> {
    out.extend_from_slice(b"a:");
    out.extend_from_slice(decimal(values.len(), &mut [0; 20]));
    out.extend_from_slice(b":{");
    let mut writer = Writer { out };
    for (number, json) in values.enumerate() {
        let mut scanner = Scanner::new(json);
        writer.index(number);
        writer.value(&mut scanner)?;
        scanner.end()?;
    }
    out.push(b'}');
    Ok(())
}

struct Writer<'a> {
    out: &'a mut Vec<u8>,
}

impl Writer<'_> {
    fn value(&mut self, scanner: &mut Scanner<'_>) -> Result<(), SyntaxError> {
        match scanner.token()? {
            Token::Object => return self.object(scanner),
            Token::Array => return self.array(scanner),
            Token::String(string) => self.string(string),
            Token::Number(number) => self.number(number),
            Token::Bool(true) => self.out.extend_from_slice(b"b:1;"),
            Token::Bool(false) => self.out.extend_from_slice(b"b:0;"),
            Token::Null => self.out.extend_from_slice(b"N;"),
        }
        Ok(())
    }

    fn object(&mut self, scanner: &mut Scanner<'_>) -> Result<(), SyntaxError> {
        let offset = self.begin_array();
        let mut count = 0;
        scanner.object(|scanner, name| {
            count += 1;
            self.string(name);
            self.value(scanner)
        })?;
        self.end_array(offset, count);
        Ok(())
    }

    fn array(&mut self, scanner: &mut Scanner<'_>) -> Result<(), SyntaxError> {
        let offset = self.begin_array();
        let mut count = 0;
        scanner.array(|scanner| {
            self.index(count);
            count += 1;
            self.value(scanner)
        })?;
        self.end_array(offset, count);
        Ok(())
    }

    /// Returns the offset of the count.
    fn begin_array(&mut self) -> usize {
        self.out.extend_from_slice(b"a:");
        let offset = self.out.len();
        self.out.extend_from_slice(b"0000000000:{");
        offset
    }

    fn end_array(&mut self, offset: usize, count: usize) {
        self.out.push(b'}');
        let mut digits = [0; 20];
        let count = decimal(count, &mut digits);
        let end = offset + COUNT_DIGITS;
        self.out[end - count.len()..end].copy_from_slice(count);
    }

    fn string(&mut self, string: RawStr<'_>) {
        match string.plain_bytes() {
            Some(bytes) => self.bytes(bytes),
            None => self.bytes(string.text().as_bytes()),
        }
    }

    /// Most strings are short, and their length is cheaper to write together with its neighbors.
    fn bytes(&mut self, bytes: &[u8]) {
        let length = bytes.len();
        self.out.reserve(length + 32); // once for all of the following
        match length {
            0..10 => self.out.extend_from_slice(&[b's', b':', DIGITS[length], b':', b'"']),
            10..100 => {
                let (tens, ones) = (DIGITS[length / 10], DIGITS[length % 10]);
                self.out.extend_from_slice(&[b's', b':', tens, ones, b':', b'"']);
            }
            _ => {
                self.out.extend_from_slice(b"s:");
                self.out.extend_from_slice(decimal(length, &mut [0; 20]));
                self.out.extend_from_slice(b":\"");
            }
        }
        self.out.extend_from_slice(bytes);
        self.out.extend_from_slice(b"\";");
    }

    fn number(&mut self, number: &str) {
        let kind = match number {
            _ if number.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) => b"d:",
            // Shorter ones fit into 64 bits; longer ones may.
            _ if number.len() < 19 || number.parse::<i64>().is_ok() => b"i:",
            _ => return self.bytes(number.as_bytes()),
        };
        self.out.extend_from_slice(kind);
        self.out.extend_from_slice(number.as_bytes());
        self.out.push(b';');
    }

    fn index(&mut self, number: usize) {
        self.out.extend_from_slice(b"i:");
        self.decimal(number);
        self.out.push(b';');
    }

    /// Most numbers are short, and writing their digits is cheaper than copying them.
    fn decimal(&mut self, number: usize) {
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
    use super::serialize;

    fn php(json: &str) -> Option<String> {
        let mut out = Vec::new();
        serialize(&mut out, [json].into_iter()).ok()?;
        let text = String::from_utf8(out).expect("UTF-8");
        Some(text.strip_prefix("a:1:{i:0;")?.strip_suffix('}')?.to_owned())
    }

    #[test]
    fn each_type_is_converted() {
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
    fn invalid_json_is_refused() {
        for json in
            ["", "[1", "[1,]", "[1}", "{\"a\"}", "{\"a\":1", "\"a", "\"a\\", "tru", "1 2", "[1 2]", "{1:2}", "x"]
        {
            assert_eq!(php(json), None, "{json}");
        }
    }
}
