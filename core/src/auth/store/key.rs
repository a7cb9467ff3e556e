//! The key of an entry in the token file.

use crate::settings::Settings;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use url::Url;

/// The client and user that a token belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Key {
    address: String,
    client_id: String,
    username: String,
    scope: String,
    /// Hash of the refresh token in the settings, so that a new one there starts a new entry.
    refresh_token_hash: u64,
}

impl Key {
    pub(super) fn new(settings: &Settings, address: &Url) -> Self {
        Self {
            address: address.to_string(),
            client_id: settings.client_id.clone(),
            username: settings.username.clone().unwrap_or_default(),
            scope: settings.scope.clone().unwrap_or_default(),
            refresh_token_hash: settings.refresh_grant().map_or(0, |token| hash(token.expose_secret().as_bytes())),
        }
    }
}

/// Returns the FNV-1a hash. It must stay the same in every release, since it is written to the file.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
