//! One connection's side of the live stream.

use super::Hub;
use bytes::{Bytes, BytesMut};
use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::mpsc, time::timeout};

/// Silence after which a word shows that the connection lives; pages take twice as much for a lost one.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Bytes that are joined to one piece at most, but for the last frame.
const PIECE: usize = 64 * 1024;

/// Frames for one connection. Dropping it stops listening.
pub struct Subscription {
    hub: Hub,
    number: u64,
    first: VecDeque<Bytes>,
    receiver: mpsc::Receiver<Bytes>,
    overflowed: Arc<AtomicBool>,
    gap: Option<Bytes>,
}

impl Subscription {
    pub(super) fn new(
        hub: Hub,
        number: u64,
        first: Vec<Bytes>,
        receiver: mpsc::Receiver<Bytes>,
        overflowed: Arc<AtomicBool>,
        gap: Bytes,
    ) -> Self {
        Self {
            hub,
            number,
            first: first.into(),
            receiver,
            overflowed,
            gap: Some(gap),
        }
    }

    /// The next frame; `None` when the connection is to end. A connection that was too slow gets `gap`
    /// as its last word: what waited for it is of no use without what was lost.
    pub async fn next(&mut self) -> Option<Bytes> {
        if self.overflowed.load(Ordering::Acquire) {
            self.receiver.close();
            return self.gap.take();
        }
        if let Some(frame) = self.first.pop_front() {
            return Some(frame);
        }
        match timeout(KEEP_ALIVE, self.receiver.recv()).await {
            Ok(None) if self.overflowed.load(Ordering::Acquire) => self.gap.take(),
            Ok(None) => None,
            Ok(Some(frame)) => Some(self.with_what_waits(frame)),
            Err(_) => Some(Bytes::from_static(b"event: here\ndata: {}\n\n")),
        }
    }

    /// A listener that fell behind catches up in large pieces; one that did not shares its bytes with all others.
    fn with_what_waits(&mut self, frame: Bytes) -> Bytes {
        if self.receiver.is_empty() {
            return frame;
        }
        let mut piece = BytesMut::from(frame);
        while piece.len() < PIECE
            && let Ok(frame) = self.receiver.try_recv()
        {
            piece.extend_from_slice(&frame);
        }
        piece.freeze()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.hub.unsubscribe(self.number);
    }
}
