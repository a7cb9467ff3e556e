//! A fingerprint of an input, which recognizes it in a later run.

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// The first 16 bytes of the SHA-256 of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint(u128);

impl Fingerprint {
    /// Returns the fingerprint of the parts of an input.
    pub(crate) fn of<'a>(parts: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut hash = Context::new(&SHA256);
        for part in parts {
            // The length separates the parts.
            let length = part.map_or(u64::MAX, |part| part.len() as u64);
            hash.update(&length.to_be_bytes());
            hash.update(part.unwrap_or_default().as_bytes());
        }
        let hash = hash.finish();
        let start = hash.as_ref().first_chunk().expect("SHA-256 has 32 bytes");
        Self(u128::from_be_bytes(*start))
    }
}

/// Writes 32 hexadecimal digits.
impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = Cow::<str>::deserialize(deserializer)?;
        u128::from_str_radix(&digits, 16).map(Self).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_counts() {
        let inputs = [
            [Some("7"), None],
            [Some("7"), Some("")],
            [None, Some("7")],
            [Some("7"), Some("{}")],
            [Some("7{"), Some("}")],
        ];
        for one in inputs {
            assert_eq!(inputs.iter().filter(|other| Fingerprint::of(**other) == Fingerprint::of(one)).count(), 1);
            let json = serde_json::to_string(&Fingerprint::of(one)).unwrap();
            assert_eq!((serde_json::from_str::<Fingerprint>(&json).unwrap(), json.len()), (Fingerprint::of(one), 34));
        }
    }
}
