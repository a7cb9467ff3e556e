//! Decodes a response body to UTF-8.

use bytes::Bytes;
use encoding_rs::{Encoding, UTF_8};

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Returns the body as UTF-8 without its byte order mark. Another charset counts only if the header names it. Bytes that are not
/// valid in it are an error; nothing is replaced silently.
pub(crate) fn to_utf8(bytes: Bytes, content_type: Option<&str>) -> Result<Bytes, String> {
    let charset = content_type.and_then(charset).unwrap_or("UTF-8");
    let is_utf8 = charset.eq_ignore_ascii_case("UTF-8"); // as nearly always
    let known = if is_utf8 { Some(UTF_8) } else { Encoding::for_label(charset.as_bytes()) };
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
