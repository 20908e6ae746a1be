//! Watches the frames of a client before anything holds them.
//!
//! The WebSocket codec looks at the limit of a frame only once the whole frame has arrived, and keeps it until then: a
//! client that announces a frame of any size could fill the memory. So the heads of frames (RFC 6455, section 5.2) are
//! read here as the bytes pass; from a frame that is too large on, bytes are thrown away.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use bytes::Bytes;
use domain::limits::REQUEST_BYTES_MAX;
use futures_util::Stream;
use tokio::sync::Notify;

use crate::problem::{Code, Problem};

/// Bytes of a frame's head at most: two, eight of length, four of mask.
const HEAD_BYTES_MAX: usize = 14;

/// The first bit of a head's first byte that only control frames have; they stand between the frames of a message.
const CONTROL: u8 = 0x08;
/// What is left of the first byte of a frame that continues a message.
const OPCODE: u8 = 0x0f;

/// The bytes of a client, up to the first frame that is too large or makes its message so.
pub(super) struct Frames {
    sent: Payload,
    head: Vec<u8>,
    /// Bytes of the present frame that are still to come.
    left: u64,
    /// Bytes of the present message, its present frame included.
    message: u64,
    too_large: Arc<Notify>,
    discarding: bool,
}

impl Frames {
    /// Watches `sent`; `too_large` is told once.
    pub(super) fn of(sent: Payload, too_large: Arc<Notify>) -> Self {
        Self { sent, head: Vec::with_capacity(HEAD_BYTES_MAX), left: 0, message: 0, too_large, discarding: false }
    }

    /// Follows the frames through these bytes. Whether one of them is too large.
    fn exceeds(&mut self, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.left > 0 {
                let passed = self.left.min(rest.len() as u64);
                self.left -= passed;
                rest = &rest[usize::try_from(passed).unwrap_or(rest.len())..];
                continue;
            }
            self.head.push(rest[0]);
            rest = &rest[1..];
            if let Some(length) = length(&self.head) {
                if length > REQUEST_BYTES_MAX as u64 || self.message_with(length) > REQUEST_BYTES_MAX as u64 {
                    return true;
                }
                self.left = length;
                self.head.clear();
            }
        }
        false
    }

    /// How long the message is with this frame, whose head has just been read.
    fn message_with(&mut self, length: u64) -> u64 {
        let opcode = self.head.first().map_or(0, |first| first & OPCODE);
        if opcode & CONTROL == 0 {
            self.message = if opcode == 0 { self.message + length } else { length };
        }
        self.message
    }
}

/// How many bytes follow the head; none while it is not whole.
fn length(head: &[u8]) -> Option<u64> {
    let second = *head.get(1)?;
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let (extended, short) = match second & 0x7f {
        126 => (2, 0),
        127 => (8, 0),
        short => (0, u64::from(short)),
    };
    let bytes = head.get(2..2 + extended)?;
    let long = bytes.iter().fold(0_u64, |length, byte| length << 8 | u64::from(*byte));
    (head.len() >= 2 + extended + mask).then_some(if extended == 0 { short } else { long })
}

/// What a client is told whose message is too large.
pub(super) fn too_large() -> Problem {
    Problem::new(Code::BodyTooLarge)
        .detail(format!("A message has at most {REQUEST_BYTES_MAX} bytes; send it in parts."))
        .with("bytes_max", REQUEST_BYTES_MAX)
}

impl Stream for Frames {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let Poll::Ready(next) = Pin::new(&mut self.sent).poll_next(context) else { return Poll::Pending };
            match next {
                Some(Ok(_)) if self.discarding => {}
                Some(Ok(bytes)) if self.exceeds(&bytes) => {
                    self.discarding = true;
                    self.too_large.notify_one();
                }
                other => return Poll::Ready(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames() -> Frames {
        Frames::of(Payload::None, Arc::default())
    }

    /// A masked frame of a client: its head, then as many bytes as it says.
    fn frame(length: u64) -> Vec<u8> {
        let mut bytes = vec![0x81];
        match length {
            0..126 => bytes.push(0x80 | u8::try_from(length).unwrap()),
            126..65_536 => bytes.extend([&[0xfe][..], &u16::try_from(length).unwrap().to_be_bytes()].concat()),
            _ => bytes.extend([&[0xff][..], &length.to_be_bytes()].concat()),
        }
        bytes.extend([7; 4]);
        bytes
    }

    #[test]
    fn frames_up_to_the_limit_pass_however_they_are_cut() {
        let mut bytes = Vec::new();
        for length in [0, 1, 125, 126, 65_535, 65_536, REQUEST_BYTES_MAX] {
            bytes.extend(frame(length as u64));
            bytes.extend(vec![0xff; length]);
        }
        for cut in [1, 2, 3, 1_000, 1_000_000, bytes.len()] {
            let mut frames = frames();
            assert!(!bytes.chunks(cut).any(|chunk| frames.exceeds(chunk)), "in pieces of {cut}");
            assert_eq!((frames.left, frames.head.len()), (0, 0));
        }
    }

    #[test]
    fn a_message_of_many_frames_has_the_same_limit() {
        let half = frame(REQUEST_BYTES_MAX as u64 / 2);
        let (first, next, ping) = (half.clone(), [&[0x00], &half[1..]].concat(), [&[0x89], &frame(5)[1..]].concat());
        let mut frames = frames();
        let mut pass = |head: &[u8], length: usize| frames.exceeds(head) || frames.exceeds(&vec![0; length]);
        for _ in 0..3 {
            assert!(!pass(&first, REQUEST_BYTES_MAX / 2));
            assert!(!pass(&ping, 5));
            assert!(!pass(&next, REQUEST_BYTES_MAX / 2));
        }
        let one_more = [&[0x00], &frame(1)[1..]].concat();
        assert!(pass(&one_more, 1));
    }

    #[test]
    fn a_larger_frame_is_seen_by_its_head() {
        for length in [REQUEST_BYTES_MAX as u64 + 1, u64::MAX / 2, u64::MAX] {
            let head = frame(length);
            let mut frames = frames();
            assert!(!frames.exceeds(&head[..head.len() - 1]));
            assert!(frames.exceeds(&head[head.len() - 1..]));
        }
    }
}
