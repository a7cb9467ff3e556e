//! Values between Python and the core: JSON in both directions, settings, errors, responses, rows of bulks.

pub(crate) mod bulk;
pub(crate) mod decode;
pub(crate) mod decode_fields;
pub(crate) mod encode;
mod encode_error;
pub(crate) mod errors;
mod foreign_scalars;
pub(crate) mod found_or_created;
mod orjson;
pub(crate) mod outbox;
pub(crate) mod records;
pub(crate) mod response;
pub(crate) mod settings;
mod standard_types;
pub(crate) mod upserted;
