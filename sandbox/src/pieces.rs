//! Bodies that come in small pieces, or break off in the middle.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::journal::HangUp;

/// A piece is a tenth of the body, and at most this long.
const MAX_PIECE: usize = 1024;

/// The connection is to be closed, with nothing more sent.
#[derive(Debug)]
pub(crate) struct Cut;

/// A body handed out piece by piece.
pub(crate) struct Pieces {
    rest: Bytes,
    piece: usize,
    pause: Option<Duration>,
    sleeping: Option<Pin<Box<Sleep>>>,
    end: End,
    /// Tells the journal if the client is gone before the end.
    watch: Option<HangUp>,
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Complete,
    /// Break off when only so many bytes are left.
    CutAt(usize),
    /// What was written so far must reach the socket first: the connection flushes while the body has nothing.
    Flushing,
}

impl Pieces {
    pub fn new(body: Vec<u8>, pause: Option<Duration>, is_cut: bool, watch: HangUp) -> Self {
        let rest = Bytes::from(body);
        let piece = if pause.is_some() { (rest.len() / 10).clamp(1, MAX_PIECE) } else { rest.len().max(1) };
        let end = if is_cut { End::CutAt(rest.len().div_ceil(2)) } else { End::Complete };
        Self { rest, piece, pause, sleeping: None, end, watch: Some(watch) }
    }

    fn next_piece(&mut self) -> Bytes {
        let left = if let End::CutAt(left) = self.end { self.rest.len() - left } else { self.rest.len() };
        let piece = self.rest.split_to(self.piece.min(left));
        self.sleeping = self.pause.filter(|_| !self.rest.is_empty()).map(|pause| Box::pin(sleep(pause)));
        piece
    }

    fn finish(&mut self) {
        if let Some(watch) = self.watch.take() {
            watch.answered();
        }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if let Some(sleeping) = &mut self.sleeping {
            ready!(sleeping.as_mut().poll(context));
            self.sleeping = None;
        }
        match self.end {
            End::CutAt(left) if self.rest.len() <= left => {
                self.end = End::Flushing;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            End::Flushing => {
                self.finish();
                Poll::Ready(Some(Err(Cut)))
            }
            _ if self.rest.is_empty() => {
                self.finish();
                Poll::Ready(None)
            }
            _ => Poll::Ready(Some(Ok(Frame::data(self.next_piece())))),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("cut on purpose")
    }
}

impl std::error::Error for Cut {}
