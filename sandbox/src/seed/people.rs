//! Clients, users and their rights.

use serde::Deserialize;

/// The clients and users of the CRM.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    pub clients: Vec<Client>,
    pub users: Vec<User>,
}

/// The credentials of an integration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Client {
    pub id: String,
    pub secret: String,
    #[serde(default = "all_grants")]
    pub grants: Vec<String>,
    /// Registered scopes, in the order of the token response.
    #[serde(default = "all_scopes")]
    pub scope: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct User {
    pub name: String,
    pub password: String,
    #[serde(default = "all_rights")]
    pub rights: Vec<Right>,
    #[serde(default)]
    pub locked: bool,
    /// A refresh token that is valid from the start, for programs without a password.
    pub refresh_token: Option<String>,
}

/// Egito's four categories of rights [D].
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Right {
    Create,
    Read,
    Update,
    Delete,
}

impl People {
    pub fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    pub fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.name == name)
    }

    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let client_secrets = self.clients.iter().map(|client| client.secret.as_str());
        let passwords = self.users.iter().map(|user| user.password.as_str());
        client_secrets.chain(passwords).chain(self.users.iter().filter_map(|user| user.refresh_token.as_deref()))
    }
}

impl Right {
    /// Returns the scope that a token needs for this right.
    pub fn scope(self) -> &'static str {
        if self == Self::Read { "read" } else { "write" }
    }
}

fn all_grants() -> Vec<String> {
    vec!["password".into(), "refresh_token".into()]
}

fn all_scopes() -> String {
    "write read".into()
}

fn all_rights() -> Vec<Right> {
    vec![Right::Create, Right::Read, Right::Update, Right::Delete]
}
