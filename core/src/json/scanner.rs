//! Finds the parts of a JSON text in one pass, without building a tree.
//!
//! Checks the whole grammar of RFC 8259 and two more limits: at most [`DEPTH`] levels, and no lone surrogates in `\u` escapes, since
//! most languages have no strings with them. The text must be valid UTF-8. Every page of a list is scanned, so strings are read 32
//! bytes at a time. `docs/internals/performance.md` says why this is not an existing crate.
//!
//! ```
//! use egito::binding::scanner::Scanner;
//!
//! let mut names = Vec::new();
//! let mut scanner = Scanner::new(r#"{"id": 7, "address": {"city": "Łódź"}}"#);
//! scanner
//!     .object(|scanner, name| {
//!         names.push(name.text().into_owned());
//!         scanner.skip()
//!     })
//!     .and_then(|()| scanner.end())
//!     .expect("valid JSON");
//! assert_eq!(names, ["id", "address"]);
//! ```

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use wide::u8x16;

/// Maximum depth of nested objects and arrays, the outermost included. Every language can read and write this depth.
pub const DEPTH: usize = 127;

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    String,
    /// A number, a boolean or null
    Plain,
}

/// The next part of a text: a whole scalar, or the start of an object or array.
#[derive(Clone, Copy)]
pub enum Token<'j> {
    /// The start of an object. Read it with [`Scanner::object`].
    Object,
    /// The start of an array. Read it with [`Scanner::array`].
    Array,
    /// `"…"`
    String(RawStr<'j>),
    /// `-1.5e3`
    Number(&'j str),
    /// `true` or `false`
    Bool(bool),
    /// `null`
    Null,
}

/// Why a text is not JSON, and the position in bytes. Boxed, so that results fit into registers.
#[derive(Debug)]
pub struct SyntaxError(Box<(&'static str, usize)>);

type Result<T> = std::result::Result<T, SyntaxError>;

/// A cursor over a JSON text.
pub struct Scanner<'j> {
    json: &'j str,
    bytes: &'j [u8],
    position: usize,
    /// How many more objects and arrays may be opened.
    levels_left: usize,
    allows_lone_surrogates: bool,
    longest_integer: usize,
    /// Open levels that no longer fit into [`Nesting`].
    outer_levels: Vec<u128>,
}

/// A string in its JSON spelling: a value, or the name of a member.
#[derive(Clone, Copy)]
pub struct RawStr<'j> {
    /// With its quotes.
    json: &'j str,
    has_escapes: bool,
}

impl<'j> Scanner<'j> {
    /// Creates a scanner at the beginning of a text.
    #[must_use]
    pub fn new(json: &'j str) -> Self {
        Self {
            json,
            bytes: json.as_bytes(),
            position: 0,
            levels_left: DEPTH,
            allows_lone_surrogates: false,
            longest_integer: 0,
            outer_levels: Vec::new(),
        }
    }

    /// Calls `number` with the range of every number in a text. Accepts any depth and lone surrogates, like JavaScript's
    /// `JSON.parse`.
    pub(crate) fn each_number(json: &'j str, mut number: impl FnMut(Range<usize>)) -> Result<()> {
        let mut lenient = Self { levels_left: usize::MAX, allows_lone_surrogates: true, ..Self::new(json) };
        lenient.skip_and_call(Some(&mut number))?;
        lenient.end()
    }

    /// Returns the kind of the next value and moves to its first byte.
    pub fn kind(&mut self) -> Result<Kind> {
        match self.next_byte()? {
            b'{' => Ok(Kind::Object),
            b'[' => Ok(Kind::Array),
            b'"' => Ok(Kind::String),
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => Ok(Kind::Plain),
            _ => Err(self.error("expected a value")),
        }
    }

    /// Returns the position in bytes.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// Returns the number of bytes of the longest integer that was read, with its sign. For a number with a fraction or an exponent,
    /// the part before these counts.
    #[must_use]
    pub fn longest_integer(&self) -> usize {
        self.longest_integer
    }

    /// Reads the next value and returns its text.
    pub fn value(&mut self) -> Result<&'j str> {
        self.kind()?;
        let start = self.position;
        self.skip()?;
        Ok(&self.json[start..self.position])
    }

    /// Reads the next value if it is a scalar. Moves to the first byte of an object or array.
    #[inline]
    pub fn token(&mut self) -> Result<Token<'j>> {
        Ok(match self.next_byte()? {
            b'{' => Token::Object,
            b'[' => Token::Array,
            b'"' => Token::String(self.string()?),
            b't' => self.skip_literal("true").map(|()| Token::Bool(true))?,
            b'f' => self.skip_literal("false").map(|()| Token::Bool(false))?,
            b'n' => self.skip_literal("null").map(|()| Token::Null)?,
            _ => {
                let start = self.position;
                self.skip_number()?;
                Token::Number(&self.json[start..self.position])
            }
        })
    }

    /// Reads an object; `member` must read each value.
    pub fn object(&mut self, mut member: impl FnMut(&mut Self, RawStr<'j>) -> Result<()>) -> Result<()> {
        let mut is_closed = self.opens_empty(b'{', b'}')?;
        while !is_closed {
            let name = self.name()?;
            member(self, name)?;
            is_closed = self.closes(b'}', "expected `,` or `}`")?;
        }
        Ok(())
    }

    /// Reads an array; `item` must read each value.
    pub fn array(&mut self, mut item: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        let mut is_closed = self.opens_empty(b'[', b']')?;
        while !is_closed {
            item(self)?;
            is_closed = self.closes(b']', "expected `,` or `]`")?;
        }
        Ok(())
    }

    /// Checks that nothing but white space is left.
    pub fn end(&mut self) -> Result<()> {
        self.skip_space();
        if self.position == self.bytes.len() { Ok(()) } else { Err(self.error("expected the end")) }
    }

    /// Skips the next value.
    pub fn skip(&mut self) -> Result<()> {
        self.skip_and_call(None)
    }

    /// Skips the next value if its text is `value`, and returns whether it is. Comparing bytes costs less than a scan.
    ///
    /// `value` must be one whole value, and the scanned text must be valid: what is skipped is not checked.
    pub(crate) fn skip_same(&mut self, value: &str) -> Result<bool> {
        self.next_byte()?;
        let Some((same, rest)) = self.bytes[self.position..].split_at_checked(value.len()) else { return Ok(false) };
        // Behind `7`, there may be further digits.
        let is_same =
            same == value.as_bytes() && matches!(rest.first(), Some(b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t'));
        self.position += if is_same { value.len() } else { 0 };
        Ok(is_same)
    }

    /// Skips the next value and calls `number` with the range of every number in it. Does not recurse, so any depth is possible.
    ///
    /// It is not generic: with a second copy, the compiler inlines less, and lists are read 10 % slower.
    fn skip_and_call(&mut self, mut number: Option<&mut dyn FnMut(Range<usize>)>) -> Result<()> {
        let mut open = Nesting(1);
        loop {
            match self.next_byte()? {
                b'{' if !self.opens_empty(b'{', b'}')? => {
                    open.push(true, &mut self.outer_levels);
                    self.name()?;
                    continue;
                }
                b'[' if !self.opens_empty(b'[', b']')? => {
                    open.push(false, &mut self.outer_levels);
                    continue;
                }
                b'{' | b'[' => {}
                b'"' => _ = self.skip_string()?,
                b't' => self.skip_literal("true")?,
                b'f' => self.skip_literal("false")?,
                b'n' => self.skip_literal("null")?,
                _ => {
                    let start = self.position;
                    self.skip_number()?;
                    if let Some(number) = &mut number {
                        number(start..self.position);
                    }
                }
            }
            if self.skip_ends(&mut open)? {
                return Ok(());
            }
        }
    }

    /// Closes the objects and arrays that end after a value. Returns true if none is open now; otherwise the next value follows.
    fn skip_ends(&mut self, open: &mut Nesting) -> Result<bool> {
        while let Some(is_object) = open.last() {
            let (close, why) = if is_object { (b'}', "expected `,` or `}`") } else { (b']', "expected `,` or `]`") };
            if !self.closes(close, why)? {
                if is_object {
                    self.name()?;
                }
                return Ok(false);
            }
            open.pop(&mut self.outer_levels);
        }
        Ok(true)
    }

    /// Reads a name and its colon.
    #[inline]
    fn name(&mut self) -> Result<RawStr<'j>> {
        if self.next_byte()? != b'"' {
            return Err(self.error("expected a name in quotes"));
        }
        let name = self.string()?;
        if self.next_byte()? != b':' {
            return Err(self.error("expected `:`"));
        }
        self.position += 1;
        Ok(name)
    }

    /// Skips the opening byte. If the value is empty, also skips the closing byte and returns true.
    fn opens_empty(&mut self, open: u8, close: u8) -> Result<bool> {
        if self.next_byte()? != open {
            return Err(self.error("expected another kind of value"));
        }
        if self.levels_left == 0 {
            return Err(self.error("nested too deeply"));
        }
        self.position += 1;
        let is_empty = self.next_byte()? == close;
        self.position += usize::from(is_empty);
        self.levels_left -= usize::from(!is_empty);
        Ok(is_empty)
    }

    /// Skips a comma, or the closing byte and then returns true.
    fn closes(&mut self, close: u8, why: &'static str) -> Result<bool> {
        let byte = self.next_byte()?;
        if byte != close && byte != b',' {
            return Err(self.error(why));
        }
        self.position += 1;
        self.levels_left += usize::from(byte == close);
        Ok(byte == close)
    }

    #[inline]
    fn string(&mut self) -> Result<RawStr<'j>> {
        let start = self.position;
        let has_escapes = self.skip_string()?;
        Ok(RawStr { json: &self.json[start..self.position], has_escapes })
    }

    /// Skips a string and returns whether it has escapes. Most strings are short and end within the first 32 bytes.
    #[inline]
    fn skip_string(&mut self) -> Result<bool> {
        self.position += 1;
        if let Some(bytes) = self.bytes.get(self.position..).and_then(<[u8]>::first_chunk) {
            let end = self.position + specials(bytes).trailing_zeros() as usize; // behind the 32 bytes if none is special
            if self.bytes.get(end) == Some(&b'"') {
                self.position = end + 1;
                return Ok(false);
            }
        }
        self.skip_rest_of_string()
    }

    #[inline(never)] // so that the callers stay small
    fn skip_rest_of_string(&mut self) -> Result<bool> {
        let mut has_escapes = false;
        loop {
            while let Some(bytes) = self.bytes.get(self.position..).and_then(<[u8]>::first_chunk) {
                let special = specials(bytes);
                self.position += special.trailing_zeros() as usize;
                if special != 0 {
                    break;
                }
            }
            match self.bytes.get(self.position) {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(has_escapes);
                }
                Some(b'\\') => {
                    has_escapes = true;
                    self.skip_escape()?;
                }
                Some(0..=0x1F) => return Err(self.error("unescaped control character in a string")),
                Some(_) => self.position += 1,
                None => return Err(self.error("unterminated string")),
            }
        }
    }

    fn skip_escape(&mut self) -> Result<()> {
        let length = match (self.bytes.get(self.position + 1), self.unit(0), self.unit(6)) {
            (Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't'), ..) => 2,
            (_, Some(0xD800..0xDC00), Some(0xDC00..0xE000)) => 12,
            (_, Some(0xD800..0xE000), _) if !self.allows_lone_surrogates => {
                return Err(self.error("lone surrogate in a string"));
            }
            (_, Some(_), _) => 6,
            _ => return Err(self.error("invalid escape in a string")),
        };
        self.position += length;
        Ok(())
    }

    /// Returns the UTF-16 unit of a `\u` escape that begins after `ahead` bytes.
    fn unit(&self, ahead: usize) -> Option<u16> {
        let escape = self.json.get(self.position + ahead..self.position + ahead + 6)?;
        let digits = escape.strip_prefix("\\u").filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u16::from_str_radix(digits, 16).ok()
    }

    fn skip_number(&mut self) -> Result<()> {
        let invalid = "expected a value";
        let start = self.position;
        self.position += usize::from(self.bytes.get(self.position) == Some(&b'-'));
        match self.bytes.get(self.position) {
            Some(b'0') => self.position += 1,
            Some(b'1'..=b'9') => self.skip_digits(invalid)?,
            _ => return Err(self.error(invalid)),
        }
        self.longest_integer = self.longest_integer.max(self.position - start);
        if self.bytes.get(self.position) == Some(&b'.') {
            self.position += 1;
            self.skip_digits("expected a digit")?;
        }
        if matches!(self.bytes.get(self.position), Some(b'e' | b'E')) {
            self.position += 1;
            self.position += usize::from(matches!(self.bytes.get(self.position), Some(b'+' | b'-')));
            self.skip_digits("expected a digit")?;
        }
        Ok(())
    }

    fn skip_digits(&mut self, why: &'static str) -> Result<()> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.position += digits;
        if digits == 0 { Err(self.error(why)) } else { Ok(()) }
    }

    fn skip_literal(&mut self, literal: &str) -> Result<()> {
        if self.bytes[self.position..].starts_with(literal.as_bytes()) {
            self.position += literal.len();
            return Ok(());
        }
        Err(self.error("expected a value"))
    }

    /// Returns the next byte that is not white space.
    fn next_byte(&mut self) -> Result<u8> {
        self.skip_space();
        self.bytes.get(self.position).copied().ok_or_else(|| self.error("unexpected end"))
    }

    fn skip_space(&mut self) {
        while matches!(self.bytes.get(self.position), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.position += 1;
        }
    }

    #[cold]
    fn error(&self, why: &'static str) -> SyntaxError {
        SyntaxError(Box::new((why, self.position)))
    }
}

impl<'j> RawStr<'j> {
    /// Wraps a JSON string with its quotes, which a scanner has checked.
    pub(crate) fn new(json: &'j str, has_escapes: bool) -> Self {
        Self { json, has_escapes }
    }

    /// Returns whether the JSON spelling has escapes.
    pub(crate) fn has_escapes(self) -> bool {
        self.has_escapes
    }

    /// Returns the JSON spelling, with the quotes.
    pub(crate) fn json(self) -> &'j str {
        self.json
    }

    /// Returns whether the unescaped string is equal to `text`.
    pub(crate) fn is(self, text: &str) -> bool {
        self.plain_bytes().map_or_else(|| self.text() == text, |bytes| bytes == text.as_bytes())
    }

    /// Returns the unescaped string, without the quotes.
    #[must_use]
    #[allow(clippy::missing_panics_doc)] // the scanner has checked it
    pub fn text(self) -> Cow<'j, str> {
        if self.has_escapes {
            Cow::Owned(serde_json::from_str(self.json).expect("the scanner has checked it"))
        } else {
            Cow::Borrowed(self.between_quotes())
        }
    }

    /// Returns the bytes between the quotes, if they have no escapes: those of [`text`](Self::text), without a check for UTF-8 borders.
    ///
    /// ```
    /// use egito::binding::scanner::{Scanner, Token};
    ///
    /// let bytes = |json: &'static str| match Scanner::new(json).token() {
    ///     Ok(Token::String(string)) => string.plain_bytes(),
    ///     _ => None,
    /// };
    /// assert_eq!(bytes(r#""ab""#), Some(&b"ab"[..]));
    /// assert_eq!(bytes(r#""a\u0062""#), None);
    /// ```
    #[must_use]
    pub fn plain_bytes(self) -> Option<&'j [u8]> {
        let bytes = self.json.as_bytes();
        if self.has_escapes { None } else { Some(&bytes[1..bytes.len() - 1]) }
    }

    fn between_quotes(self) -> &'j str {
        &self.json[1..self.json.len() - 1]
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (why, at) = *self.0;
        write!(f, "{why} at byte {at}")
    }
}

/// The open objects and arrays as bits, 1 for an object and 0 for an array. The highest bit is always 1 and marks the end.
struct Nesting(u128);

impl Nesting {
    fn push(&mut self, is_object: bool, outer: &mut Vec<u128>) {
        if self.0.leading_zeros() == 0 {
            outer.push(std::mem::replace(&mut self.0, 1));
        }
        self.0 = self.0 << 1 | u128::from(is_object);
    }

    fn last(&self) -> Option<bool> {
        (self.0 > 1).then_some(self.0 & 1 == 1)
    }

    fn pop(&mut self, outer: &mut Vec<u128>) {
        self.0 >>= 1;
        if self.0 == 1 {
            self.0 = outer.pop().unwrap_or(1);
        }
    }
}

/// Returns a bit for each byte: 1 for a quote, a backslash or a control character.
#[inline]
fn specials(bytes: &[u8; 32]) -> u32 {
    let (halves, _) = bytes.as_chunks::<16>();
    let of = |half: [u8; 16]| {
        let bytes = u8x16::from(half);
        let is = |byte| bytes.simd_eq(u8x16::splat(byte));
        let is_control = bytes.min(u8x16::splat(0x1F)).simd_eq(bytes);
        (is(b'"') | is(b'\\') | is_control).to_bitmask()
    };
    of(halves[0]) | of(halves[1]) << 16
}
