//! Tokens: logins of the same client, user and scope share one; the refresh grant replaces it at once [I].

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use crate::clock::Instant;
use crate::config::Config;
use crate::seed::people::{Client, User};

/// All tokens issued since the last reset.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    access: HashMap<String, AccessToken>,
    refresh: HashMap<String, RefreshToken>,
    /// The shared token of an owner.
    current: HashMap<Owner, String>,
    issued: Vec<String>,
    issued_refresh: Vec<String>,
    /// Number of logins during another one, see [`Tokens::login`].
    raced: u64,
}

/// The client, user and scopes of a token.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Owner {
    pub client: String,
    pub user: String,
    pub scopes: BTreeSet<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct AccessToken {
    pub value: String,
    pub owner: Owner,
    /// The scopes as the token response names them.
    pub scope: String,
    pub expires_at: Instant,
    pub refresh: String,
    /// The time from which the server accepts it.
    valid_from: Instant,
}

#[derive(Clone, Debug)]
pub(crate) struct RefreshToken {
    pub owner: Owner,
    pub scope: String,
    pub expires_at: Instant,
}

/// An access token, valid or not.
#[derive(Debug, Serialize)]
pub(crate) struct IssuedToken<'a> {
    /// 1 for the first token since the last reset.
    number: usize,
    value: &'a str,
    is_valid: bool,
    /// Seconds until it expires; `None` if the server no longer knows it.
    expires_in: Option<f64>,
    user: Option<&'a str>,
    client: Option<&'a str>,
    scope: Option<&'a str>,
}

/// Why a token is not valid.
#[derive(Debug, PartialEq)]
pub(crate) enum InvalidToken {
    Unknown,
    /// Reported once: the server then removes the token, and later requests get `Unknown`.
    Expired,
}

impl Tokens {
    /// Adds the refresh tokens that the seed has for users. They belong to the first client.
    pub fn add_seeded(&mut self, clients: &[Client], users: &[User], config: &Config, now: Instant) {
        let Some(client) = clients.first() else { return };
        for user in users {
            if let Some(value) = &user.refresh_token {
                let scopes = client.scope.split_whitespace().map(str::to_owned).collect();
                let owner = Owner { client: client.id.clone(), user: user.name.clone(), scopes };
                self.keep_refresh(value.clone(), &owner, &client.scope, config, now);
            }
        }
    }

    /// Returns the owner's token. With `token_race_ms` the database has no transactions [G]: while one login stores the token, it is
    /// refused, and other logins alternately fail (`None`, a duplicate key) or get a token that is replaced at once.
    pub fn login(&mut self, owner: &Owner, scope: &str, config: &Config, now: Instant) -> Option<AccessToken> {
        if config.token_race_ms == 0 {
            return Some(self.current_or_new(owner, scope, config, now));
        }
        let current = self.current.get(owner).and_then(|value| self.access.get(value));
        if current.is_some_and(|token| token.valid_from > now) {
            self.raced += 1;
            return self.raced.is_multiple_of(2).then(|| self.issue_replaced(owner, scope, config, now));
        }
        let token = self.current_or_new(owner, scope, config, now);
        let valid_from = now + config.token_race().as_secs_f64();
        self.access.entry(token.value.clone()).and_modify(|token| token.valid_from = valid_from);
        Some(token)
    }

    /// Returns a token that the server already replaced.
    fn issue_replaced(&mut self, owner: &Owner, scope: &str, config: &Config, now: Instant) -> AccessToken {
        let value = uuid();
        self.issued.push(value.clone());
        let refresh = self.issue_refresh(owner, scope, config, now);
        let expires_at = now + config.token_seconds;
        AccessToken {
            value,
            owner: owner.clone(),
            scope: scope.to_owned(),
            expires_at,
            refresh,
            valid_from: Instant::MAX,
        }
    }

    /// Returns the valid token, or a new one.
    fn current_or_new(&mut self, owner: &Owner, scope: &str, config: &Config, now: Instant) -> AccessToken {
        let former = self.current.get(owner).and_then(|value| self.access.get(value)).cloned();
        match former {
            Some(token) if token.expires_at > now => token,
            former => {
                let kept = former.map(|token| token.refresh).filter(|value| self.is_valid_refresh(value, now));
                self.remove_current(owner);
                let refresh = kept.unwrap_or_else(|| self.issue_refresh(owner, scope, config, now));
                self.issue(owner, scope, refresh, config, now)
            }
        }
    }

    /// Replaces the owner's access token at once, for all its users.
    pub fn renew(&mut self, value: &str, owner: &Owner, scope: &str, config: &Config, now: Instant) -> AccessToken {
        let granted = self.refresh.get(value).map(|token| token.owner.clone());
        self.access.retain(|_, token| token.refresh != value);
        if let Some(granted) = granted {
            self.remove_current(&granted);
        }
        let refresh = if config.rotate_refresh {
            self.refresh.remove(value);
            self.issue_refresh(owner, scope, config, now)
        } else {
            value.to_owned()
        };
        self.issue(owner, scope, refresh, config, now)
    }

    pub fn refresh_token(&self, value: &str) -> Option<&RefreshToken> {
        self.refresh.get(value)
    }

    /// Returns the access token with this value, if it is valid.
    pub fn check(&mut self, value: &str, now: Instant) -> Result<&AccessToken, InvalidToken> {
        match self.access.get(value).map(|token| (token.expires_at > now, token.valid_from > now)) {
            None | Some((_, true)) => Err(InvalidToken::Unknown),
            Some((true, _)) => Ok(&self.access[value]),
            Some((false, _)) => {
                self.access.remove(value);
                Err(InvalidToken::Expired)
            }
        }
    }

    /// Expires a token now.
    pub fn expire(&mut self, value: &str) {
        if let Some(token) = self.access.get_mut(value) {
            token.expires_at = Instant::MIN;
        }
    }

    /// Expires a token now, by its number. Returns whether it was valid.
    pub fn expire_number(&mut self, number: usize) -> bool {
        let value = number.checked_sub(1).and_then(|index| self.issued.get(index));
        let token = value.and_then(|value| self.access.get_mut(value));
        token.is_some_and(|token| std::mem::replace(&mut token.expires_at, Instant::MIN) > Instant::MIN)
    }

    /// Returns all tokens that were issued, the last one first.
    pub fn list(&self, now: Instant) -> impl Iterator<Item = IssuedToken<'_>> {
        self.issued.iter().enumerate().rev().map(move |(index, value)| {
            let token = self.access.get(value);
            let left = token.map(|token| token.expires_at - now);
            IssuedToken {
                number: index + 1,
                value,
                is_valid: left.is_some_and(|left| left > 0.0),
                expires_in: left.map(|left| left.max(0.0).floor()),
                user: token.map(|token| token.owner.user.as_str()),
                client: token.map(|token| token.owner.client.as_str()),
                scope: token.map(|token| token.scope.as_str()),
            }
        })
    }

    /// Returns the number of an access token, valid or not: 1 for the first one issued.
    pub fn ordinal(&self, value: &str) -> Option<usize> {
        self.issued.iter().position(|issued| issued == value).map(|index| index + 1)
    }

    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.issued.iter().chain(&self.issued_refresh).map(String::as_str)
    }

    fn is_valid_refresh(&self, refresh: &str, now: Instant) -> bool {
        self.refresh.get(refresh).is_some_and(|token| token.expires_at > now)
    }

    fn remove_current(&mut self, owner: &Owner) {
        if let Some(value) = self.current.remove(owner) {
            self.access.remove(&value);
        }
    }

    fn issue(&mut self, owner: &Owner, scope: &str, refresh: String, config: &Config, now: Instant) -> AccessToken {
        let value = uuid();
        self.issued.push(value.clone());
        let expires_at = now + config.token_seconds;
        let token =
            AccessToken { value, owner: owner.clone(), scope: scope.to_owned(), expires_at, refresh, valid_from: now };
        self.access.insert(token.value.clone(), token.clone());
        self.current.insert(owner.clone(), token.value.clone());
        token
    }

    fn issue_refresh(&mut self, owner: &Owner, scope: &str, config: &Config, now: Instant) -> String {
        let value = uuid();
        self.issued_refresh.push(value.clone());
        self.keep_refresh(value.clone(), owner, scope, config, now);
        value
    }

    fn keep_refresh(&mut self, value: String, owner: &Owner, scope: &str, config: &Config, now: Instant) {
        let expires_at = now + config.refresh_seconds;
        self.refresh.insert(value, RefreshToken { owner: owner.clone(), scope: scope.to_owned(), expires_at });
    }
}

/// Returns a random UUID, version 4, as Egito's tokens are [D].
fn uuid() -> String {
    let bits = fastrand::u128(..) & !(0xf << 76) | (0x4 << 76);
    let hex = format!("{:032x}", bits & !(0x3 << 62) | (0x2 << 62));
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
