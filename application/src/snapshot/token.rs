//! Where a reader of a snapshot goes on, as an opaque token.
//!
//! It describes itself, so that nothing is kept between pages and any page may be asked for again, by any node. Like a
//! cursor it is base64url of its bytes and four bytes of SHA-256 over them; it is no secret and grants nothing.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::id::{EntityId, SpaceId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::stage::Stage;

const VERSION: u8 = 1;
const BODY_BYTES: usize = 1 + 16 + 16 + 8 + 1 + 16;
const CHECK_BYTES: usize = 4;
/// Stands where a stage's number does.
const TAIL: u8 = u8::MAX;

/// What comes next of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Rows of a stage, from this id on.
    Stage(Stage, EntityId),
    /// Rows that changed since.
    Tail,
}

/// Where a reader of a snapshot goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) epoch: Uuid,
    pub(super) space: SpaceId,
    /// The position that the tail follows: that of the first page, then as far as the tail has come.
    pub(super) position: i64,
    pub(super) place: Place,
}

impl Token {
    /// The opaque text.
    pub(super) fn text(&self) -> String {
        let (stage, from) = match self.place {
            Place::Stage(stage, from) => (stage.number(), from.0),
            Place::Tail => (TAIL, Uuid::nil()),
        };
        let mut bytes = Vec::with_capacity(BODY_BYTES + CHECK_BYTES);
        bytes.push(VERSION);
        bytes.extend_from_slice(self.epoch.as_bytes());
        bytes.extend_from_slice(self.space.0.as_bytes());
        bytes.extend_from_slice(&self.position.to_be_bytes());
        bytes.push(stage);
        bytes.extend_from_slice(from.as_bytes());
        let check = check(&bytes);
        bytes.extend_from_slice(&check);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a text; `None` if it is garbage.
    pub(super) fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (body, sent_check) = bytes.split_at_checked(BODY_BYTES)?;
        let (version, mut rest) = body.split_first()?;
        if *version != VERSION || sent_check != check(body) {
            return None;
        }
        let epoch = Uuid::from_bytes(take(&mut rest)?);
        let space = SpaceId(Uuid::from_bytes(take(&mut rest)?));
        let position = i64::from_be_bytes(take(&mut rest)?);
        let [stage] = take(&mut rest)?;
        let from = EntityId(Uuid::from_bytes(take(&mut rest)?));
        let place = if stage == TAIL { Place::Tail } else { Place::Stage(Stage::from_number(stage)?, from) };
        (position >= 0).then_some(Self { epoch, space, position, place })
    }
}

fn check(body: &[u8]) -> [u8; CHECK_BYTES] {
    let hash = Sha256::digest(body);
    [hash[0], hash[1], hash[2], hash[3]]
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk::<N>()?;
    *rest = left;
    Some(*taken)
}
