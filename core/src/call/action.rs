//! The actions of the API and what follows from each: rights, retries, what a good answer holds.

use crate::envelope::ExpectedBody;
use crate::retry::Idempotency;
use std::borrow::Cow;

/// What is done to an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    Get,
    Update,
    Delete,
    List,
    /// Any other action, by its name in the path.
    Other(String),
}

impl Action {
    /// Its name in the path.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => known.known_name(),
        }
    }

    /// Its name in the path, copied only if the program does not know it.
    pub(crate) fn owned_name(&self) -> Cow<'static, str> {
        match self {
            Self::Other(name) => name.clone().into(),
            known => known.known_name().into(),
        }
    }

    fn known_name(&self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Get => "get",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::List => "list",
            Self::Other(_) => "call",
        }
    }

    /// Whether a retry is harmless if it may have been done: reads, and writes that end in the same state.
    pub(crate) fn idempotency(&self) -> Idempotency {
        match self {
            Self::Create | Self::Other(_) => Idempotency::NotIdempotent,
            Self::Get | Self::List | Self::Update | Self::Delete => Idempotency::Idempotent,
        }
    }

    /// Whether it only reads: then an error has no outcome.
    pub(crate) fn is_read(&self) -> bool {
        matches!(self, Self::Get | Self::List)
    }

    /// The right it needs, where that is known.
    pub(crate) fn category(&self) -> Option<&'static str> {
        match self {
            Self::Create => Some("CREATE"),
            Self::Get | Self::List => Some("READ"),
            Self::Update => Some("UPDATE"),
            Self::Delete => Some("DELETE"),
            Self::Other(_) => None,
        }
    }

    /// What its answer must hold.
    pub(crate) fn expected_body(&self) -> ExpectedBody {
        match self {
            Self::Create => ExpectedBody::NewId,
            Self::Update | Self::Delete => ExpectedBody::Done,
            Self::Get => ExpectedBody::Record,
            Self::List => ExpectedBody::Page,
            Self::Other(_) => ExpectedBody::Json,
        }
    }
}
