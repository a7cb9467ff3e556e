//! A text file, as UTF-8 whatever its encoding is.

use super::encoding;
use crate::import::error::ImportError;
use encoding_rs::{DecoderResult, Encoding, UTF_8};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const PIECE: usize = 1 << 16;

/// A file in UTF-8, or a temporary copy of it in UTF-8.
pub(super) struct TextFile {
    content: Content,
    /// Length of the byte order mark.
    start: u64,
}

enum Content {
    Original(PathBuf),
    Copy(File),
}

impl TextFile {
    /// Opens a file. If the encoding is not given, it is detected.
    pub(super) fn open(path: &Path, encoding: &mut Option<String>) -> Result<Self, ImportError> {
        let found = match encoding {
            Some(name) => Encoding::for_label(name.as_bytes())
                .ok_or_else(|| ImportError::UnknownEncoding { name: name.clone() })?,
            None => encoding::detect(path)?,
        };
        *encoding = Some(found.name().to_lowercase());
        let mark = byte_order_mark(path, found)?;
        if found == UTF_8 {
            check_utf8(path)?;
            return Ok(Self { content: Content::Original(path.to_owned()), start: mark });
        }
        Ok(Self { content: Content::Copy(convert(path, found, mark)?), start: 0 })
    }

    /// Reads the text from its start.
    pub(super) fn reader(&self) -> Result<BufReader<Box<dyn Read + Send>>, ImportError> {
        let content: Box<dyn Read + Send> = match &self.content {
            Content::Original(path) => {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(self.start))?;
                Box::new(file)
            }
            Content::Copy(file) => Box::new(Shared { file: file.try_clone()?, position: 0 }),
        };
        Ok(BufReader::with_capacity(PIECE, content))
    }
}

/// A reader with a position of its own, since the handles of a file share one.
struct Shared {
    file: File,
    position: u64,
}

impl Read for Shared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.seek(SeekFrom::Start(self.position))?;
        let length = self.file.read(buffer)?;
        self.position += length as u64;
        Ok(length)
    }
}

fn byte_order_mark(path: &Path, encoding: &'static Encoding) -> io::Result<u64> {
    let mut start = [0; 3];
    let length = read_full(&mut File::open(path)?, &mut start)?;
    let found = Encoding::for_bom(&start[..length]).filter(|(found, _)| *found == encoding);
    Ok(found.map_or(0, |(_, length)| length as u64))
}

/// Checks that a file is UTF-8, so that a wrong encoding is one clear error.
fn check_utf8(path: &Path) -> Result<(), ImportError> {
    let mut reader = BufReader::with_capacity(PIECE, File::open(path)?);
    let (mut line, mut bytes) = (0, Vec::new());
    loop {
        bytes.clear();
        if reader.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(());
        }
        line += 1;
        if std::str::from_utf8(&bytes).is_err() {
            return Err(ImportError::NotInEncoding { encoding: "utf-8".into(), line });
        }
    }
}

/// Writes the text as UTF-8 into a temporary file.
fn convert(path: &Path, encoding: &'static Encoding, mark: u64) -> Result<File, ImportError> {
    let mut input = File::open(path)?;
    input.seek(SeekFrom::Start(mark))?;
    let (mut copy, mut decoder) = (tempfile::tempfile()?, encoding.new_decoder_without_bom_handling());
    let (mut piece, mut text, mut line) = (vec![0; PIECE], vec![0; PIECE * 4], 1);
    loop {
        let length = read_full(&mut input, &mut piece)?;
        let is_last = length < PIECE;
        let (result, _, written) = decoder.decode_to_utf8_without_replacement(&piece[..length], &mut text, is_last);
        line += text[..written].split(|byte| *byte == b'\n').skip(1).count() as u64;
        if !matches!(result, DecoderResult::InputEmpty) {
            return Err(ImportError::NotInEncoding { encoding: encoding.name().to_lowercase(), line });
        }
        copy.write_all(&text[..written])?;
        if is_last {
            return Ok(copy);
        }
    }
}

/// Reads until the buffer is full, or the file ends.
fn read_full(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read(&mut buffer[length..])? {
            0 => break,
            more => length += more,
        }
    }
    Ok(length)
}
