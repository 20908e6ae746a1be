//! Messages of a live connection whose subprotocol ends in `.zstd`: what the server says is one stream, flushed at the
//! end of each message; what a client says is one whole frame a message.

use std::fmt;
use std::io::{Result, Write};

use zstd::stream::write::Decoder;

const LEVEL: i32 = 3;

/// The decompressor of one connection. It is fed every message of the server, in order.
pub struct Unpacker(Decoder<'static, Vec<u8>>);

impl Unpacker {
    /// Of a connection on which nothing was said yet.
    pub fn new() -> Result<Self> {
        Ok(Self(Decoder::new(Vec::new())?))
    }

    /// The next message.
    pub fn unpack(&mut self, bytes: &[u8]) -> Result<Vec<u8>> {
        self.0.write_all(bytes)?;
        self.0.flush()?;
        Ok(std::mem::take(self.0.get_mut()))
    }
}

impl fmt::Debug for Unpacker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unpacker")
    }
}

/// A message as a client says it.
pub fn pack(message: &[u8]) -> Result<Vec<u8>> {
    zstd::bulk::compress(message, LEVEL)
}
