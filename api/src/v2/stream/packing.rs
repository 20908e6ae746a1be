//! What the server says, as zstd (RFC 8878): one stream of frames for a connection, flushed at the end of each message.
//!
//! Messages of one feed repeat each other's names and ids, so that a message behind others takes a third of what it
//! takes alone; and a compressor that looks back as little as this one holds 200 KiB. One that nobody has used for a
//! while ends its frame and goes: the next message begins another, which every decoder takes for the same stream.
//! What a client says comes the other way, each message a whole frame, so that nothing is held for it between messages.

use std::io::{Result, Write};

use zstd::stream::write::Encoder;

/// How far back it looks, in powers of two: 16 KiB.
const WINDOW_LOG: u32 = 14;
/// Higher ones gain nothing on messages so short, and hold several times as much.
const LEVEL: i32 = 1;

/// The compressor of one connection.
#[derive(Default)]
pub(super) struct Packer {
    encoder: Option<Encoder<'static, Vec<u8>>>,
    /// The end of the frame before; it goes with the next message.
    left: Vec<u8>,
    /// Whether a message came since it last could rest.
    used: bool,
}

impl Packer {
    /// The message as bytes that go on where those before ended. They have to be sent, in this order.
    pub(super) fn pack(&mut self, message: &[u8]) -> Result<Vec<u8>> {
        let mut encoder = match self.encoder.take() {
            Some(encoder) => encoder,
            None => begun(std::mem::take(&mut self.left))?,
        };
        encoder.write_all(message)?;
        encoder.flush()?;
        let packed = std::mem::take(encoder.get_mut());
        self.encoder = Some(encoder);
        self.used = true;
        Ok(packed)
    }

    /// Lets go of the compressor, if no message came since this was called before.
    pub(super) fn rest(&mut self) -> Result<()> {
        if !std::mem::take(&mut self.used)
            && let Some(encoder) = self.encoder.take()
        {
            self.left = encoder.finish()?;
        }
        Ok(())
    }
}

/// A compressor whose first bytes follow on `left`.
fn begun(left: Vec<u8>) -> Result<Encoder<'static, Vec<u8>>> {
    let mut encoder = Encoder::new(left, LEVEL)?;
    encoder.window_log(WINDOW_LOG)?;
    Ok(encoder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::packed::Unpacker;

    fn message(number: usize) -> Vec<u8> {
        format!(r#"{{"type":"changes","changes":[{{"position":{number},"entity":"task"}}]}}"#).into_bytes()
    }

    #[test]
    fn each_message_can_be_read_as_soon_as_it_is_there() {
        let (mut packer, mut unpacker) = (Packer::default(), Unpacker::new().unwrap());
        for number in 0..100 {
            let packed = packer.pack(&message(number)).unwrap();
            assert_eq!(unpacker.unpack(&packed).unwrap(), message(number));
        }
        let large: Vec<u8> = (0..100_000).flat_map(message).collect();
        assert_eq!(unpacker.unpack(&packer.pack(&large).unwrap()).unwrap(), large);
    }

    #[test]
    fn what_was_said_before_makes_a_message_shorter() {
        let mut packer = Packer::default();
        let first = packer.pack(&message(1)).unwrap();
        assert!(packer.pack(&message(2)).unwrap().len() * 3 < first.len());
    }

    #[test]
    fn a_compressor_that_is_not_used_goes_and_the_stream_goes_on() {
        let (mut packer, mut unpacker) = (Packer::default(), Unpacker::new().unwrap());
        for number in 0..5 {
            let packed = packer.pack(&message(number)).unwrap();
            assert_eq!(unpacker.unpack(&packed).unwrap(), message(number));
            packer.rest().unwrap();
            assert!(packer.encoder.is_some(), "it was used a moment ago");
            packer.rest().unwrap();
            assert!(packer.encoder.is_none());
            packer.rest().unwrap();
        }
    }
}
