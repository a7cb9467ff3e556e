//! A setting that was read from JSON, the environment or a file.

use serde_json::value::RawValue;

/// The plain name of a setting (`snake_case`, without a unit), and its value.
pub(super) type Pair = (String, Box<RawValue>);
