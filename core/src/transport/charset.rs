//! Decodes a response body to UTF-8.

use bytes::Bytes;
use encoding_rs::{Encoding, UTF_8};

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Returns the body as UTF-8 without a byte order mark. Another charset is used only if the header names it. Invalid bytes are an
/// error; they are never replaced silently.
pub(crate) fn to_utf8(bytes: Bytes, content_type: Option<&str>) -> Result<Bytes, String> {
    let charset = content_type.and_then(charset).unwrap_or("UTF-8");
    let is_utf8 = charset.eq_ignore_ascii_case("UTF-8"); // the common case needs no look-up
    let known = if is_utf8 { Some(UTF_8) } else { Encoding::for_label(charset.as_bytes()) };
    let encoding = known.unwrap_or(UTF_8); // bytes that are valid UTF-8 are nearly always UTF-8
    if encoding == UTF_8 {
        let bytes = if bytes.starts_with(BOM) { bytes.slice(BOM.len()..) } else { bytes };
        return match (simdutf8::basic::from_utf8(&bytes), known) {
            (Ok(_), _) => Ok(bytes),
            (Err(_), Some(_)) => Err("the body is not valid UTF-8".into()),
            (Err(_), None) => Err(format!("unknown charset `{charset}`, and the body is not valid UTF-8")),
        };
    }
    let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes);
    let text = text.ok_or_else(|| format!("the body is not valid {charset}, the charset in `Content-Type`"))?;
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
    fn another_charset_is_used_only_if_the_header_names_it() {
        let zubr = Bytes::from_static(b"\xAFubr");
        let read = |kind: Option<&str>| to_utf8(zubr.clone(), kind);
        assert_eq!(read(Some("application/json; charset=\"ISO-8859-2\"")).unwrap(), "Żubr");
        assert!(read(Some("application/json")).is_err());
        assert!(read(Some("application/json; charset=klingon")).is_err());
    }

    #[test]
    fn an_empty_or_unknown_charset_is_utf_8() {
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
