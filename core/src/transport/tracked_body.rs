//! A request body that records when it is sent. The HTTP library polls it only once it has a connection to write to.

use crate::retry::SendState;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A body in one chunk, and the state of its request.
#[derive(Debug)]
pub(super) struct TrackedBody {
    bytes: Option<Bytes>,
    state: SendState,
}

/// The request was cancelled or timed out before it was sent, so the connection must not send it.
#[derive(Debug)]
struct Abandoned;

impl TrackedBody {
    pub(super) fn new(bytes: Bytes, state: SendState) -> Self {
        Self { bytes: Some(bytes), state }
    }
}

impl Body for TrackedBody {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.state.mark_sent() {
            Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
        } else {
            Poll::Ready(Some(Err(Abandoned.into())))
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, Bytes::len) as u64)
    }
}

impl fmt::Display for Abandoned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request was abandoned before it was sent")
    }
}

impl std::error::Error for Abandoned {}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    fn body(state: &SendState) -> TrackedBody {
        TrackedBody::new(Bytes::from_static(b"{}"), state.clone())
    }

    #[tokio::test]
    async fn an_abandoned_request_sends_no_body() {
        let state = SendState::default();
        assert!(state.abandon());
        assert!(body(&state).frame().await.unwrap().is_err());
    }

    #[tokio::test]
    async fn a_request_whose_body_was_polled_cannot_be_abandoned() {
        let state = SendState::default();
        assert!(body(&state).frame().await.unwrap().is_ok());
        assert!(!state.abandon());
    }
}
