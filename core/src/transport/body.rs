//! Reads a body: within its size limit, in its charset, as UTF-8.

use super::waits::Waits;
use super::{SendError, failure};
use crate::envelope::Received;
use crate::retry::{Failure, Sent};
use bytes::{Bytes, BytesMut};
use encoding_rs::{Encoding, UTF_8};
use reqwest::Response;

/// More than this is not set aside because a server announces it.
const SET_ASIDE: u64 = 16 << 20;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Why a body could not be read.
pub(super) enum BodyError {
    TooLarge(u64),
    TooSlow(&'static str),
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
            Self::TooSlow(limit) => failure::too_slow(limit, failure::progress(sent)),
            Self::Broken(error) => failure::of(error, sent),
        }
    }
}

/// The whole body, decompressed. A body in one piece is not copied.
pub(super) async fn read(response: &mut Response, limit: u64, waits: &Waits) -> Result<Bytes, BodyError> {
    let announced = response.content_length().unwrap_or(0).min(SET_ASIDE);
    let Some(first) = piece(response, waits).await? else {
        return Ok(Bytes::new());
    };
    let fits = |length: usize| if length as u64 > limit { Err(BodyError::TooLarge(limit)) } else { Ok(()) };
    fits(first.len())?;
    let Some(second) = piece(response, waits).await? else {
        return Ok(first);
    };
    let mut whole = BytesMut::with_capacity(usize::try_from(announced).unwrap_or(0).max(first.len() + second.len()));
    whole.extend_from_slice(&first);
    let mut next = Some(second);
    while let Some(piece_of_it) = next {
        fits(whole.len() + piece_of_it.len())?;
        whole.extend_from_slice(&piece_of_it);
        next = piece(response, waits).await?;
    }
    Ok(whole.freeze())
}

/// The next piece of the body.
async fn piece(response: &mut Response, waits: &Waits) -> Result<Option<Bytes>, BodyError> {
    waits.next(response.chunk()).await.map_err(BodyError::TooSlow)?.map_err(BodyError::Broken)
}

/// The body as UTF-8 without its byte order mark; another charset only where the header names it. Nothing is replaced silently.
pub(crate) fn to_utf8(bytes: Bytes, content_type: Option<&str>) -> Result<Bytes, String> {
    let charset = content_type.and_then(charset).unwrap_or("utf-8");
    let known = Encoding::for_label(charset.as_bytes());
    let encoding = known.unwrap_or(UTF_8); // bytes that happen to be UTF-8 seldom mean anything else
    if encoding == UTF_8 {
        let bytes = if bytes.starts_with(BOM) { bytes.slice(BOM.len()..) } else { bytes };
        return match (simdutf8::basic::from_utf8(&bytes), known) {
            (Ok(_), _) => Ok(bytes),
            (Err(_), Some(_)) => Err("the body is not valid UTF-8".into()),
            (Err(_), None) => Err(format!("the charset `{charset}` is not known, and the body is not valid UTF-8")),
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
    Some(value.trim().trim_matches(['"', '\''])).filter(|name| !name.is_empty())
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
    fn a_charset_that_says_nothing_is_none() {
        for kind in ["application/json; charset=", "application/json; charset=\"\"", "application/json; charset=binary"]
        {
            assert_eq!(to_utf8(Bytes::from_static("Żubr".as_bytes()), Some(kind)).unwrap(), "Żubr", "{kind}");
            assert!(to_utf8(Bytes::from_static(b"\xAFubr"), Some(kind)).is_err(), "{kind}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        assert_eq!(to_utf8(Bytes::from_static(b"\xEF\xBB\xBF{}"), None).unwrap(), "{}");
    }
}
