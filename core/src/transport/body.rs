//! Reads a response body within the size limit and the time limits.

use super::buffers::BufferPool;
use super::deadline::RequestDeadline;
use super::errors;
use super::peer::Peer;
use crate::envelope::RawResponse;
use crate::error::Error;
use crate::retry::{AttemptError, SendState};
use bytes::Bytes;
use reqwest::Response;

/// Maximum size in bytes of a buffer that is allocated because of `Content-Length`.
const MAX_RESERVED: u64 = 16 << 20;

/// Why a body could not be read.
pub(super) enum BodyError {
    TooLarge(u64),
    TimedOut(&'static str),
    Broken(reqwest::Error),
}

impl BodyError {
    pub(super) fn into_attempt_error(self, received: &RawResponse, state: &SendState, peer: &Peer) -> AttemptError {
        match self {
            Self::TooLarge(limit) => too_large(limit, received).into(),
            Self::TimedOut(limit) => errors::timed_out(limit, errors::failure_of(state), peer),
            Self::Broken(error) => errors::from_reqwest(error, state, peer),
        }
    }
}

pub(super) fn too_large(limit: u64, received: &RawResponse) -> Error {
    received.unexpected(&format!(
        "the body has more than {limit} bytes; raise `max_response_bytes` or use a smaller `page_size`"
    ))
}

/// Reads the whole body. A body that arrives in one chunk is not copied.
pub(super) async fn read(
    response: &mut Response,
    limit: u64,
    deadline: &RequestDeadline,
    buffers: &BufferPool,
) -> Result<Bytes, BodyError> {
    let content_length = response.content_length().unwrap_or(0).min(MAX_RESERVED);
    let Some(first) = chunk(response, deadline).await? else {
        return Ok(Bytes::new());
    };
    let check = |length: usize| if length as u64 > limit { Err(BodyError::TooLarge(limit)) } else { Ok(()) };
    check(first.len())?;
    let Some(second) = chunk(response, deadline).await? else {
        return Ok(first);
    };
    let mut body = buffers.take(usize::try_from(content_length).unwrap_or(0).max(first.len() + second.len()));
    body.extend_from_slice(&first);
    let mut next = Some(second);
    while let Some(chunk_data) = next {
        check(body.len() + chunk_data.len())?;
        body.extend_from_slice(&chunk_data);
        next = chunk(response, deadline).await?;
    }
    Ok(buffers.freeze(body))
}

async fn chunk(response: &mut Response, deadline: &RequestDeadline) -> Result<Option<Bytes>, BodyError> {
    deadline.wait_for(response.chunk()).await.map_err(BodyError::TimedOut)?.map_err(BodyError::Broken)
}
