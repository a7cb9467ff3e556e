//! The actions of the API, with their rights, their retries and the body of their responses.

use crate::envelope::ExpectedBody;
use crate::retry::Idempotency;
use std::borrow::Cow;

/// An action on an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    Get,
    Update,
    Delete,
    List,
    /// A custom action, by its name in the path.
    Custom(String),
}

impl Action {
    /// Returns its name in the path.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Custom(name) => name,
            known => known.known_name(),
        }
    }

    /// Returns its name in the path, copied only for custom actions.
    pub(crate) fn owned_name(&self) -> Cow<'static, str> {
        match self {
            Self::Custom(name) => name.clone().into(),
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
            Self::Custom(_) => "call",
        }
    }

    /// Returns whether it can be retried if it may have been done: reads, and writes that end in the same state.
    pub(crate) fn idempotency(&self) -> Idempotency {
        match self {
            Self::Create | Self::Custom(_) => Idempotency::NotIdempotent,
            Self::Get | Self::List | Self::Update | Self::Delete => Idempotency::Idempotent,
        }
    }

    /// Returns whether it only reads. The error of a read has no outcome.
    pub(crate) fn is_read(&self) -> bool {
        matches!(self, Self::Get | Self::List)
    }

    /// Returns whether it may remove rows from a list: an update can change a field that the list filters by.
    pub(crate) fn may_remove_rows(&self) -> bool {
        matches!(self, Self::Update | Self::Delete | Self::Custom(_))
    }

    /// Returns the right that it needs, which Egito calls its category, if that is known.
    pub(crate) fn category(&self) -> Option<&'static str> {
        match self {
            Self::Create => Some("CREATE"),
            Self::Get | Self::List => Some("READ"),
            Self::Update => Some("UPDATE"),
            Self::Delete => Some("DELETE"),
            Self::Custom(_) => None,
        }
    }

    /// Returns what the body of its response must hold.
    pub(crate) fn expected_body(&self) -> ExpectedBody {
        match self {
            Self::Create => ExpectedBody::RequiredId,
            Self::Update | Self::Delete => ExpectedBody::OptionalId,
            Self::Get => ExpectedBody::Record,
            Self::List => ExpectedBody::Page,
            Self::Custom(_) => ExpectedBody::Json,
        }
    }
}
