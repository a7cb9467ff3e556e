//! Sees a request go out: its body is asked for only once there is a connection to write it to.

use crate::retry::Sent;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A body in one piece that notes when it is asked for.
#[derive(Debug)]
pub(super) struct Watched {
    pub bytes: Option<Bytes>,
    pub sent: Sent,
}

/// Nobody waits for the request any more, so its connection must not send it.
#[derive(Debug)]
pub(super) struct GivenUp;

impl Body for Watched {
    type Data = Bytes;
    type Error = GivenUp;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, GivenUp>>> {
        if self.sent.begin() {
            Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
        } else {
            Poll::Ready(Some(Err(GivenUp)))
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, Bytes::len) as u64)
    }
}

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request was given up before it was sent")
    }
}

impl std::error::Error for GivenUp {}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    fn watched(sent: &Sent) -> Watched {
        Watched { bytes: Some(Bytes::from_static(b"{}")), sent: sent.clone() }
    }

    #[tokio::test]
    async fn a_request_that_was_given_up_has_no_body_to_send() {
        let sent = Sent::default();
        assert!(sent.give_up());
        assert!(watched(&sent).frame().await.unwrap().is_err());
    }

    #[tokio::test]
    async fn a_request_whose_body_was_taken_cannot_be_given_up() {
        let sent = Sent::default();
        assert!(watched(&sent).frame().await.unwrap().is_ok());
        assert!(!sent.give_up());
    }
}
