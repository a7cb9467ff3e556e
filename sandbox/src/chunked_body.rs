//! Response bodies that are sent in small chunks, or end in the middle.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::journal::DisconnectWatch;

/// Maximum size of a chunk. With pauses, a chunk is a tenth of the body, but no more than this.
const MAX_CHUNK: usize = 1024;

/// An error that makes hyper close the connection without sending anything more.
#[derive(Debug)]
pub(crate) struct CloseConnection;

/// A body that is sent chunk by chunk.
pub(crate) struct ChunkedBody {
    remaining: Bytes,
    chunk_size: usize,
    pause: Option<Duration>,
    sleeping: Option<Pin<Box<Sleep>>>,
    end: End,
    /// Reports to the journal if the client disconnects before the end.
    watch: Option<DisconnectWatch>,
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Complete,
    /// Close the connection when so many bytes remain.
    CutAt(usize),
    /// Wait once, so that the connection flushes what was written before it is closed.
    Flushing,
}

impl ChunkedBody {
    pub fn new(body: Vec<u8>, pause: Option<Duration>, is_cut: bool, watch: DisconnectWatch) -> Self {
        let remaining = Bytes::from(body);
        let length = remaining.len();
        let chunk_size = if pause.is_some() { (length / 10).clamp(1, MAX_CHUNK) } else { length.max(1) };
        let end = if is_cut { End::CutAt(length.div_ceil(2)) } else { End::Complete };
        Self { remaining, chunk_size, pause, sleeping: None, end, watch: Some(watch) }
    }

    fn next_chunk(&mut self) -> Bytes {
        let reserved = if let End::CutAt(reserved) = self.end { reserved } else { 0 };
        let length = self.chunk_size.min(self.remaining.len() - reserved);
        let chunk = self.remaining.split_to(length);
        self.sleeping = self.pause.filter(|_| !self.remaining.is_empty()).map(|pause| Box::pin(sleep(pause)));
        chunk
    }

    fn finish(&mut self) {
        if let Some(watch) = self.watch.take() {
            watch.complete();
        }
    }
}

impl Body for ChunkedBody {
    type Data = Bytes;
    type Error = CloseConnection;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CloseConnection>>> {
        if let Some(sleeping) = &mut self.sleeping {
            ready!(sleeping.as_mut().poll(context));
            self.sleeping = None;
        }
        match self.end {
            End::CutAt(reserved) if self.remaining.len() <= reserved => {
                self.end = End::Flushing;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            End::Flushing => {
                self.finish();
                Poll::Ready(Some(Err(CloseConnection)))
            }
            _ if self.remaining.is_empty() => {
                self.finish();
                Poll::Ready(None)
            }
            _ => Poll::Ready(Some(Ok(Frame::data(self.next_chunk())))),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining.len() as u64)
    }
}

impl fmt::Display for CloseConnection {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("connection closed by a fault")
    }
}

impl std::error::Error for CloseConnection {}
