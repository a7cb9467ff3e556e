//! Hashes that are the same in every process and version.

use ring::digest::{SHA256, digest};

/// Returns the first bytes of the SHA-256 of this content, at most 32.
pub(crate) fn sha256<const N: usize>(content: &[u8]) -> [u8; N] {
    digest(&SHA256, content).as_ref()[..N].try_into().expect("the slice has this size")
}

/// Returns the [hash](sha256) of several texts. Other texts have another one, also if they are the same one after the other.
pub(crate) fn sha256_of_texts<const N: usize>(texts: &[&str]) -> [u8; N] {
    sha256(serde_json::to_string(texts).expect("texts can be written as JSON").as_bytes())
}
