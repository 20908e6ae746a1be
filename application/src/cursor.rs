//! Cursors: where a reader stands in a space's log, as an opaque token.
//!
//! It binds epoch, space, position and the chain's hash there, and carries the time of that event, so that a `base`
//! needs no look-up. The token is base64url of these bytes and four bytes of SHA-256 over them, which tell a damaged
//! token from one of another server. It is no secret and grants nothing: the caller's space is checked apart.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::id::SpaceId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::ledger::Head;

/// Bytes of the chain hash that a cursor carries.
const HASH_BYTES: usize = 8;
const BODY_BYTES: usize = 1 + 16 + 16 + 8 + HASH_BYTES + 8;
const CHECK_BYTES: usize = 4;
const VERSION: u8 = 1;
/// No log reaches it; positions behind it can be computed without a thought of overflow.
const POSITION_MAX: i64 = i64::MAX / 2;

/// Where a reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The life of the log: a restored server starts another.
    pub epoch: Uuid,
    /// Whose log.
    pub space: SpaceId,
    /// How far it was read; 0 is the beginning.
    pub position: i64,
    /// The start of the chain's hash at that position.
    pub hash: [u8; HASH_BYTES],
    /// When that event was recorded, Unix ms; 0 at the beginning.
    pub recorded_at: i64,
}

/// The token is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no cursor")]
pub struct NoCursor;

impl Cursor {
    /// The cursor at a place in the log.
    pub fn at(space: SpaceId, epoch: Uuid, position: i64, hash: &[u8], recorded_at: i64) -> Self {
        Self { epoch, space, position, hash: hash_start(hash), recorded_at }
    }

    /// The cursor at the head.
    pub fn of_head(space: SpaceId, head: &Head) -> Self {
        Self::at(space, head.epoch, head.position, &head.hash, head.recorded_at)
    }

    /// The opaque token.
    pub fn token(&self) -> String {
        let mut bytes = Vec::with_capacity(BODY_BYTES + CHECK_BYTES);
        bytes.push(VERSION);
        bytes.extend_from_slice(self.epoch.as_bytes());
        bytes.extend_from_slice(self.space.0.as_bytes());
        bytes.extend_from_slice(&self.position.to_be_bytes());
        bytes.extend_from_slice(&self.hash);
        bytes.extend_from_slice(&self.recorded_at.to_be_bytes());
        let check = check(&bytes);
        bytes.extend_from_slice(&check);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a token.
    ///
    /// # Errors
    /// It is garbage.
    pub fn read(token: &str) -> Result<Self, NoCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| NoCursor)?;
        let (body, sent_check) = bytes.split_at_checked(BODY_BYTES).ok_or(NoCursor)?;
        let (version, body) = body.split_first().ok_or(NoCursor)?;
        if *version != VERSION || sent_check != check(&bytes[..BODY_BYTES]) {
            return Err(NoCursor);
        }
        let mut rest = body;
        let cursor = Self {
            epoch: Uuid::from_bytes(take(&mut rest)?),
            space: SpaceId(Uuid::from_bytes(take(&mut rest)?)),
            position: i64::from_be_bytes(take(&mut rest)?),
            hash: take(&mut rest)?,
            recorded_at: i64::from_be_bytes(take(&mut rest)?),
        };
        if (0..=POSITION_MAX).contains(&cursor.position) { Ok(cursor) } else { Err(NoCursor) }
    }

    /// Whether the chain's hash is the one that this cursor was made at.
    pub fn is_at(&self, hash: &[u8]) -> bool {
        self.hash == hash_start(hash)
    }
}

fn hash_start(hash: &[u8]) -> [u8; HASH_BYTES] {
    let mut start = [0; HASH_BYTES];
    for (to, from) in start.iter_mut().zip(hash) {
        *to = *from;
    }
    start
}

fn check(body: &[u8]) -> [u8; CHECK_BYTES] {
    let hash = Sha256::digest(body);
    [hash[0], hash[1], hash[2], hash[3]]
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], NoCursor> {
    let (taken, left) = rest.split_first_chunk::<N>().ok_or(NoCursor)?;
    *rest = left;
    Ok(*taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor() -> Cursor {
        Cursor::at(SpaceId(Uuid::from_u128(7)), Uuid::from_u128(9), 42, &[3; 32], 1_792_886_400_000)
    }

    #[test]
    fn a_token_reads_back_as_the_same_cursor() {
        assert_eq!(Cursor::read(&cursor().token()), Ok(cursor()));
    }

    #[test]
    fn a_token_with_any_character_changed_is_no_cursor() {
        let token = cursor().token();
        for index in 0..token.len() {
            let mut damaged = token.clone().into_bytes();
            damaged[index] = if damaged[index] == b'A' { b'B' } else { b'A' };
            let damaged = String::from_utf8(damaged).unwrap();
            assert_eq!(Cursor::read(&damaged), Err(NoCursor), "{damaged}");
        }
    }

    #[test]
    fn garbage_is_no_cursor() {
        for token in ["", "A", "not base64 !", "AAAA", &"A".repeat(1000)] {
            assert_eq!(Cursor::read(token), Err(NoCursor));
        }
    }
}
