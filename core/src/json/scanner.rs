//! Walks over JSON text and says where its parts begin and end, in one pass and without a tree.
//!
//! It checks the whole grammar, and that `\u` escapes are text: half a surrogate pair is none in most languages. The text
//! must be UTF-8 already. A page of a list goes through here whole, so strings are read 32 bytes at a time.

use std::borrow::Cow;
use std::fmt;
use wide::u8x16;

/// Nesting beyond this is refused: what every language can read and write.
pub(super) const DEPTH: usize = 127;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    /// A number, a boolean or null.
    Plain,
}

/// Why a text is no JSON, and at which byte. Boxed, so that results fit into registers.
#[derive(Debug)]
pub(crate) struct NoJson(Box<(&'static str, usize)>);

type Result<T> = std::result::Result<T, NoJson>;

/// A place in a JSON text.
pub(crate) struct Scanner<'j> {
    json: &'j str,
    bytes: &'j [u8],
    at: usize,
    /// Objects and arrays that callers are in.
    depth: usize,
}

/// The name of a member.
#[derive(Clone, Copy)]
pub(crate) struct Name<'j> {
    /// As it stands between its quotes.
    json: &'j str,
    has_escapes: bool,
}

impl<'j> Scanner<'j> {
    pub(crate) fn new(json: &'j str) -> Self {
        Self { json, bytes: json.as_bytes(), at: 0, depth: 0 }
    }

    /// What the next value is; the place moves to its first byte.
    pub(crate) fn kind(&mut self) -> Result<Kind> {
        match self.next_byte()? {
            b'{' => Ok(Kind::Object),
            b'[' => Ok(Kind::Array),
            b'"' => Ok(Kind::String),
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => Ok(Kind::Plain),
            _ => Err(self.error("expected a value")),
        }
    }

    /// The place, a byte's number.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Goes over the next value and gives its text.
    pub(crate) fn value(&mut self) -> Result<&'j str> {
        self.kind()?;
        let start = self.at;
        self.skip()?;
        Ok(&self.json[start..self.at])
    }

    /// Goes over an object; `member` must go over each value.
    pub(crate) fn object(&mut self, mut member: impl FnMut(&mut Self, Name<'j>) -> Result<()>) -> Result<()> {
        if self.opens_empty(b'{', b'}')? {
            return Ok(());
        }
        self.depth += 1;
        loop {
            let name = self.name()?;
            member(self, name)?;
            if self.closes(b'}', "expected `,` or `}`")? {
                self.depth -= 1;
                return Ok(());
            }
        }
    }

    /// Goes over an array; `item` must go over each value.
    pub(crate) fn array(&mut self, mut item: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        if self.opens_empty(b'[', b']')? {
            return Ok(());
        }
        self.depth += 1;
        loop {
            item(self)?;
            if self.closes(b']', "expected `,` or `]`")? {
                self.depth -= 1;
                return Ok(());
            }
        }
    }

    /// Nothing but white space may be left.
    pub(crate) fn end(&mut self) -> Result<()> {
        self.skip_space();
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.error("expected the end")) }
    }

    /// Goes over the next value, whatever it holds.
    pub(crate) fn skip(&mut self) -> Result<()> {
        let mut open = Nesting { bits: 1, room: DEPTH.saturating_sub(self.depth) };
        loop {
            match self.next_byte()? {
                b'{' if !self.opens_empty(b'{', b'}')? => {
                    open.push(true).map_err(|why| self.error(why))?;
                    self.name()?;
                    continue;
                }
                b'[' if !self.opens_empty(b'[', b']')? => {
                    open.push(false).map_err(|why| self.error(why))?;
                    continue;
                }
                b'{' | b'[' => open.check().map_err(|why| self.error(why))?,
                b'"' => _ = self.skip_string()?,
                b't' => self.skip_word("true")?,
                b'f' => self.skip_word("false")?,
                b'n' => self.skip_word("null")?,
                _ => self.skip_number()?,
            }
            if self.skip_ends(&mut open)? {
                return Ok(());
            }
        }
    }

    /// After a value: closes what ends here. True where nothing is open any more; else the next value follows.
    fn skip_ends(&mut self, open: &mut Nesting) -> Result<bool> {
        while let Some(is_object) = open.last() {
            let (close, why) = if is_object { (b'}', "expected `,` or `}`") } else { (b']', "expected `,` or `]`") };
            if !self.closes(close, why)? {
                if is_object {
                    self.name()?;
                }
                return Ok(false);
            }
            open.pop();
        }
        Ok(true)
    }

    /// A name and its colon.
    #[inline]
    fn name(&mut self) -> Result<Name<'j>> {
        if self.next_byte()? != b'"' {
            return Err(self.error("expected a name in quotes"));
        }
        let start = self.at + 1;
        let has_escapes = self.skip_string()?;
        let name = Name { json: &self.json[start..self.at - 1], has_escapes };
        if self.next_byte()? != b':' {
            return Err(self.error("expected `:`"));
        }
        self.at += 1;
        Ok(name)
    }

    /// Goes over the opening byte, and over the closing one where nothing lies between.
    fn opens_empty(&mut self, open: u8, close: u8) -> Result<bool> {
        if self.next_byte()? != open {
            return Err(self.error("expected another kind of value"));
        }
        self.at += 1;
        let empty = self.next_byte()? == close;
        self.at += usize::from(empty);
        Ok(empty)
    }

    /// Goes over a comma, or over the closing byte, which gives true.
    fn closes(&mut self, close: u8, why: &'static str) -> Result<bool> {
        let byte = self.next_byte()?;
        if byte != close && byte != b',' {
            return Err(self.error(why));
        }
        self.at += 1;
        Ok(byte == close)
    }

    /// True where it has escapes. Most strings are short: one look finds their end.
    #[inline]
    fn skip_string(&mut self) -> Result<bool> {
        self.at += 1;
        if let Some(bytes) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk) {
            let end = self.at + specials(bytes).trailing_zeros() as usize; // the first byte behind these 32 where none is special
            if self.bytes.get(end) == Some(&b'"') {
                self.at = end + 1;
                return Ok(false);
            }
        }
        self.skip_rest_of_string()
    }

    #[inline(never)] // so that the callers stay small
    fn skip_rest_of_string(&mut self) -> Result<bool> {
        let mut has_escapes = false;
        loop {
            while let Some(bytes) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk) {
                let special = specials(bytes);
                self.at += special.trailing_zeros() as usize;
                if special != 0 {
                    break;
                }
            }
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(has_escapes);
                }
                Some(b'\\') => {
                    has_escapes = true;
                    self.skip_escape()?;
                }
                Some(0..=0x1F) => return Err(self.error("a control character in a text")),
                Some(_) => self.at += 1,
                None => return Err(self.error("a text without an end")),
            }
        }
    }

    fn skip_escape(&mut self) -> Result<()> {
        let length = match (self.bytes.get(self.at + 1), self.unit(0), self.unit(6)) {
            (Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't'), ..) => 2,
            (_, Some(0xD800..0xDC00), Some(0xDC00..0xE000)) => 12,
            (_, Some(0xD800..0xE000), _) => return Err(self.error("half a character in a text")),
            (_, Some(_), _) => 6,
            _ => return Err(self.error("a wrong escape in a text")),
        };
        self.at += length;
        Ok(())
    }

    /// The UTF-16 unit of a `\u` escape that begins `ahead` bytes on.
    fn unit(&self, ahead: usize) -> Option<u16> {
        let escape = self.json.get(self.at + ahead..self.at + ahead + 6)?;
        let digits = escape.strip_prefix("\\u").filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u16::from_str_radix(digits, 16).ok()
    }

    fn skip_number(&mut self) -> Result<()> {
        let wrong = "expected a value";
        self.at += usize::from(self.bytes.get(self.at) == Some(&b'-'));
        match self.bytes.get(self.at) {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.skip_digits(wrong)?,
            _ => return Err(self.error(wrong)),
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.skip_digits("expected a digit")?;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.bytes.get(self.at), Some(b'+' | b'-')));
            self.skip_digits("expected a digit")?;
        }
        Ok(())
    }

    fn skip_digits(&mut self, why: &'static str) -> Result<()> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        if digits == 0 { Err(self.error(why)) } else { Ok(()) }
    }

    fn skip_word(&mut self, word: &str) -> Result<()> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        Err(self.error("expected a value"))
    }

    /// The next byte that is no white space.
    fn next_byte(&mut self) -> Result<u8> {
        self.skip_space();
        self.bytes.get(self.at).copied().ok_or_else(|| self.error("it ends in the middle"))
    }

    fn skip_space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    #[cold]
    fn error(&self, why: &'static str) -> NoJson {
        NoJson(Box::new((why, self.at)))
    }
}

impl<'j> Name<'j> {
    /// A name as it stands between its quotes.
    pub(crate) fn written(json: &'j str) -> Self {
        Self { json, has_escapes: json.contains('\\') }
    }

    /// As it stands between its quotes.
    pub(crate) fn json(self) -> &'j str {
        self.json
    }

    /// Whether it is this name, however it is escaped.
    pub(crate) fn is(self, name: &str) -> bool {
        if self.has_escapes { self.text() == name } else { self.json == name }
    }

    /// The name itself.
    pub(crate) fn text(self) -> Cow<'j, str> {
        if !self.has_escapes {
            return Cow::Borrowed(self.json);
        }
        let text: String = serde_json::from_str(&format!("\"{}\"", self.json)).expect("the scanner has checked it");
        Cow::Owned(text)
    }
}

impl fmt::Display for NoJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (why, at) = *self.0;
        write!(f, "{why} at byte {at}")
    }
}

/// Which containers are open, one bit each behind the first bit: 1 for an object.
struct Nesting {
    bits: u128,
    /// How many may be.
    room: usize,
}

impl Nesting {
    fn push(&mut self, is_object: bool) -> std::result::Result<(), &'static str> {
        self.check()?;
        self.bits = self.bits << 1 | u128::from(is_object);
        Ok(())
    }

    /// Whether there is room for one more.
    fn check(&self) -> std::result::Result<(), &'static str> {
        if self.bits >> self.room == 0 { Ok(()) } else { Err("nested too deeply") }
    }

    fn last(&self) -> Option<bool> {
        (self.bits > 1).then_some(self.bits & 1 == 1)
    }

    fn pop(&mut self) {
        self.bits >>= 1;
    }
}

/// A bit for each byte that is a quote, a backslash or a control character.
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
