//! Who may log in, and what they may do: clients, users, rights.

use serde::Deserialize;

/// The clients and users of the CRM.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    pub clients: Vec<Client>,
    pub users: Vec<User>,
}

/// The keys of one integration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Client {
    pub id: String,
    pub secret: String,
    #[serde(default = "all_grants")]
    pub grants: Vec<String>,
    /// Registered scopes, in the order in which a token answer names them.
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
    /// One that is good from the start, for programs that know no password.
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
    /// The scope that a token needs for it.
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
