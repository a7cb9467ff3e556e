//! Decodes a response body from the content codings that its headers name (RFC 9110, 8.4).

use super::buffers::BufferPool;
use brotli_decompressor::Decompressor;
use bytes::Bytes;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use std::io::{self, Read};

/// Value of `Accept-Encoding` in every request.
pub(super) const ACCEPTED: &str = "gzip, br";

/// Size of the decoder's buffer in bytes. The body is already in memory.
const BROTLI_BUFFER: usize = 4096;

/// Maximum number of codings of one response. More can only be an attack.
const MAX_CODINGS: usize = 5;

/// Why a body could not be decoded.
#[derive(Debug)]
pub(super) enum DecodeError {
    /// The decoded body is larger than the limit.
    TooLarge,
    /// The name of an unknown coding.
    Unknown(String),
    /// The body is not encoded as its header says.
    Broken(io::Error),
}

/// Decodes a body to at most `limit` bytes.
pub(super) fn decode(body: Bytes, headers: &HeaderMap, limit: u64, buffers: &BufferPool) -> Result<Bytes, DecodeError> {
    if !headers.contains_key(CONTENT_ENCODING) {
        return Ok(body);
    }
    let codings = codings(headers);
    if codings.len() > MAX_CODINGS {
        return Err(DecodeError::Unknown(codings.join(", ")));
    }
    codings.iter().rev().try_fold(body, |body, coding| decode_one(body, coding, limit, buffers))
}

/// Returns the names of the codings in the order in which the server applied them.
fn codings(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(CONTENT_ENCODING).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let all = values.collect::<Vec<_>>().join(",");
    all.split(',').map(|name| name.trim().to_ascii_lowercase()).filter(|name| !name.is_empty()).collect()
}

fn decode_one(body: Bytes, coding: &str, limit: u64, buffers: &BufferPool) -> Result<Bytes, DecodeError> {
    if body.is_empty() {
        return Ok(body);
    }
    match coding {
        "identity" => Ok(body),
        "gzip" | "x-gzip" => read(MultiGzDecoder::new(&*body), body.len(), limit, buffers),
        "br" => read(Decompressor::new(&*body, BROTLI_BUFFER), body.len(), limit, buffers),
        "deflate" if is_zlib(&body) => read(ZlibDecoder::new(&*body), body.len(), limit, buffers),
        "deflate" => read(DeflateDecoder::new(&*body), body.len(), limit, buffers), // raw deflate, which some servers send
        unknown => Err(DecodeError::Unknown(unknown.to_owned())),
    }
}

fn read(decoder: impl Read, encoded: usize, limit: u64, buffers: &BufferPool) -> Result<Bytes, DecodeError> {
    let mut bytes = buffers.take(encoded.saturating_mul(4));
    let count = decoder.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(DecodeError::Broken)?;
    if count as u64 > limit { Err(DecodeError::TooLarge) } else { Ok(buffers.freeze(bytes)) }
}

/// Returns whether the body begins with a zlib header (RFC 1950), which RFC 9110 requires.
fn is_zlib(body: &[u8]) -> bool {
    matches!(*body, [first, second, ..] if first & 0x0f == 8 && u16::from_be_bytes([first, second]) % 31 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use reqwest::header::HeaderValue;
    use std::io::Write;

    const TEXT: &[u8] = br#"[{"id": 1}, {"id": 2}]"#;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn decoded(body: Vec<u8>, codings: &[&'static str], limit: u64) -> Result<Bytes, DecodeError> {
        let values = codings.iter().map(|value| (CONTENT_ENCODING, HeaderValue::from_static(value)));
        let mut headers = HeaderMap::new();
        values.for_each(|(name, value)| {
            headers.append(name, value);
        });
        decode(body.into(), &headers, limit, &BufferPool::default())
    }

    #[test]
    fn names_have_any_case_and_may_be_a_list() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(TEXT).unwrap();
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(TEXT).unwrap();
        for (body, codings) in [
            (TEXT.to_vec(), &["identity"][..]),
            (gzip(TEXT), &["GZIP"]),
            (gzip(TEXT), &["X-Gzip"]),
            (gzip(TEXT), &["identity, gzip ,"]),
            (gzip(&gzip(TEXT)), &["gzip, x-gzip"]),
            (gzip(&gzip(TEXT)), &["gzip", "gzip"]),
            (zlib.finish().unwrap(), &["Deflate"]),
            (raw.finish().unwrap(), &["deflate"]),
            (Vec::new(), &["gzip"]),
        ] {
            let expected = if body.is_empty() { b"" } else { TEXT };
            assert_eq!(decoded(body, codings, 100).unwrap(), expected, "{codings:?}");
        }
    }

    #[test]
    fn a_gzip_body_may_have_several_members() {
        let members = [gzip(&TEXT[..12]), gzip(&TEXT[12..])].concat();
        assert_eq!(decoded(members, &["gzip"], 100).unwrap(), TEXT);
    }

    #[test]
    fn a_body_that_cannot_be_decoded_is_an_error() {
        assert!(matches!(decoded(TEXT.to_vec(), &["zstd"], 100), Err(DecodeError::Unknown(name)) if name == "zstd"));
        assert!(matches!(decoded(TEXT.to_vec(), &["gzip"], 100), Err(DecodeError::Broken(_))));
        let cut = gzip(TEXT)[..20].to_vec();
        assert!(matches!(decoded(cut, &["gzip"], 100), Err(DecodeError::Broken(_))));
        assert!(matches!(decoded(gzip(TEXT), &["gzip"], TEXT.len() as u64 - 1), Err(DecodeError::TooLarge)));
        assert!(decoded(gzip(TEXT), &["gzip"], TEXT.len() as u64).is_ok());
        assert!(matches!(decoded(gzip(TEXT), &["gzip,gzip,gzip,gzip,gzip,gzip"], 100), Err(DecodeError::Unknown(_))));
    }
}
