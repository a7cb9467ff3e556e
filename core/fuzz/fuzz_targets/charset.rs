//! Bodies in the charset of the header (the first line of the input). Invalid bytes are rejected.

#![no_main]

use bytes::Bytes;
use encoding_rs::{Encoding, UTF_8};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let end = data.iter().position(|&byte| byte == b'\n').unwrap_or(0);
    let (header, body) = (std::str::from_utf8(&data[..end]).ok(), &data[(end + 1).min(data.len())..]);
    let plain = egito::fuzzing::to_utf8(Bytes::copy_from_slice(body), None);
    let without_mark = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    assert_eq!(plain.ok().as_deref(), std::str::from_utf8(without_mark).ok().map(str::as_bytes));

    let Some(label) = header else { return };
    let content_type = format!("application/json; charset={label}");
    let read = egito::fuzzing::to_utf8(Bytes::copy_from_slice(body), Some(&content_type));
    let name = label.split(';').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
    let encoding = Encoding::for_label(name.as_bytes()).unwrap_or(UTF_8);
    let body = if encoding == UTF_8 { without_mark } else { body };
    let (text, has_errors) = encoding.decode_without_bom_handling(body);
    assert_eq!(read.is_err(), has_errors, "{name}");
    if let Ok(read) = read {
        let same = if encoding == UTF_8 { &*text } else { text.trim_start_matches('\u{feff}') };
        assert_eq!(std::str::from_utf8(&read), Ok(same));
    }
});
