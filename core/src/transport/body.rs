//! Reads a body: within its size limit, in its charset, as UTF-8.

use super::{SendError, failure};
use crate::envelope::Received;
use crate::retry::{Failure, Sent};
use bytes::{Bytes, BytesMut};
use encoding_rs::{Encoding, UTF_8};

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Why a body could not be read.
pub(super) enum BodyError {
    TooLarge(u64),
    Broken(reqwest::Error),
}

impl BodyError {
    pub(super) fn into_send_error(self, received: &Received, sent: &Sent) -> SendError {
        match self {
            Self::TooLarge(limit) => {
                let what = format!(
                    "the answer has more than {limit} bytes; raise `max_response_bytes` or ask for smaller pages"
                );
                SendError { failure: Failure::Final, error: received.unexpected(&what) }
            }
            Self::Broken(error) => failure::of(error, sent),
        }
    }
}

/// The whole body, decompressed. A body in one piece is not copied.
pub(super) async fn read(response: &mut reqwest::Response, limit: u64) -> Result<Bytes, BodyError> {
    let Some(first) = response.chunk().await.map_err(BodyError::Broken)? else {
        return Ok(Bytes::new());
    };
    let fits = |length: usize| if length as u64 > limit { Err(BodyError::TooLarge(limit)) } else { Ok(()) };
    fits(first.len())?;
    let Some(second) = response.chunk().await.map_err(BodyError::Broken)? else {
        return Ok(first);
    };
    let announced = response.content_length().unwrap_or(0).min(limit);
    let mut whole = BytesMut::with_capacity(usize::try_from(announced).unwrap_or(0).max(first.len() + second.len()));
    whole.extend_from_slice(&first);
    let mut next = Some(second);
    while let Some(piece) = next {
        fits(whole.len() + piece.len())?;
        whole.extend_from_slice(&piece);
        next = response.chunk().await.map_err(BodyError::Broken)?;
    }
    Ok(whole.freeze())
}

/// The body as UTF-8 without its byte order mark; another charset only where the header names it. Nothing is replaced silently.
pub(crate) fn to_utf8(bytes: Bytes, content_type: Option<&str>) -> Result<Bytes, String> {
    let charset = content_type.and_then(charset).unwrap_or("utf-8");
    let encoding =
        Encoding::for_label(charset.as_bytes()).ok_or_else(|| format!("the charset `{charset}` is not known"))?;
    if encoding == UTF_8 {
        let bytes = if bytes.starts_with(BOM) { bytes.slice(BOM.len()..) } else { bytes };
        return match simdutf8::basic::from_utf8(&bytes) {
            Ok(_) => Ok(bytes),
            Err(_) => Err("the body is not valid UTF-8".into()),
        };
    }
    let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes);
    let text = text.ok_or_else(|| format!("the body is not valid {charset}, as its header says"))?;
    Ok(Bytes::from(text.trim_start_matches('\u{feff}').to_owned()))
}

fn charset(content_type: &str) -> Option<&str> {
    let parameters = content_type.split(';').skip(1);
    let mut pairs = parameters.filter_map(|parameter| parameter.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Some(value.trim().trim_matches(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polish_charset_is_read_only_where_the_header_names_it() {
        let zubr = Bytes::from_static(b"\xAFubr");
        let read = |kind: Option<&str>| to_utf8(zubr.clone(), kind);
        assert_eq!(read(Some("application/json; charset=\"ISO-8859-2\"")).unwrap(), "Żubr");
        assert!(read(Some("application/json")).is_err());
        assert!(read(Some("application/json; charset=klingon")).is_err());
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        assert_eq!(to_utf8(Bytes::from_static(b"\xEF\xBB\xBF{}"), None).unwrap(), "{}");
    }
}
