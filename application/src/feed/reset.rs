//! Starting again: when a reader is told to, and what becomes of what it has written.
//!
//! A server that was restored from a backup has lost what it acknowledged after it. Devices keep what was acknowledged for some
//! days; a reset says from where on they send it again, and which cursor takes the place of bases of the lost life. Receipts
//! make that exactly once, so whatever is doubtful is asked for.

use super::{Log, Slice, start};
use crate::cursor::Cursor;
use crate::fault::Fault;

/// A stretch up to this long is sent as it is, however little the space holds.
const STRETCH_CHANGES_MAX: i64 = 10_000;
/// A change is about half as long as a row, and a replica has more to do for it.
const CHANGES_PER_ROW: i64 = 2;

/// Whether a reader may be told to take a snapshot because that is shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leap {
    /// It wants to be where the space is.
    Allowed,
    /// It wants every change, or is in the middle of them.
    Never,
}

/// Start again from a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reset {
    /// Why.
    pub reason: ResetReason,
    /// Acknowledged transactions with events after this position are to be sent again; `None`: nothing was lost.
    pub resend_after: Option<i64>,
    /// What takes the place of bases of the lost life, in what is sent from now on.
    pub base: Option<Cursor>,
    /// The last position of the log.
    pub head: i64,
}

/// Why to start again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetReason {
    /// The log began another life.
    Epoch,
    /// The log is shorter.
    Ahead,
    /// The log went another way.
    Forked,
    /// That part of the log is no longer served.
    Archived,
    /// A snapshot is shorter than what remains.
    Cheaper,
}

impl ResetReason {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Epoch => "epoch",
            Self::Ahead => "ahead",
            Self::Forked => "forked",
            Self::Archived => "archived",
            Self::Cheaper => "cheaper",
        }
    }
}

/// Why a reader at this cursor has to start again, if it has to.
pub(super) fn reason(cursor: &Cursor, slice: &Slice, leap: Leap) -> Option<ResetReason> {
    if cursor.epoch != slice.head.epoch {
        return Some(ResetReason::Epoch);
    }
    if cursor.position > slice.head.position {
        return Some(ResetReason::Ahead);
    }
    if cursor.position < slice.life.floor {
        return Some(ResetReason::Archived);
    }
    // At the floor there is nothing left to compare with.
    let at_floor = cursor.position == slice.life.floor && slice.hash_before.is_none();
    if !at_floor && !slice.hash_before.is_some_and(|hash| cursor.is_at(&hash)) {
        return Some(ResetReason::Forked);
    }
    let remains = slice.head.position - cursor.position;
    let long = remains > STRETCH_CHANGES_MAX && remains > slice.head.live_entities * CHANGES_PER_ROW;
    (long && leap == Leap::Allowed).then_some(ResetReason::Cheaper)
}

/// Whether a reader at this cursor goes on in this stretch, which is the one behind it: it has to start again for no reason.
pub fn fits(cursor: &Cursor, slice: &Slice, leap: Leap) -> bool {
    reason(cursor, slice, leap).is_none()
}

/// What a reader is told with it.
///
/// # Errors
/// The log could not be read.
pub(super) async fn reset<L: Log>(
    log: &L,
    reason: ResetReason,
    cursor: &Cursor,
    slice: &Slice,
) -> Result<Reset, Fault> {
    let resend_after = resend_after(reason, cursor, slice);
    let base = match resend_after.map(|kept| kept.min(cursor.position)) {
        Some(position) => Some(at(log, slice, cursor, position).await?),
        None => None,
    };
    Ok(Reset { reason, resend_after, base, head: slice.head.position })
}

/// Up to where everything that this reader's device was acknowledged is surely kept. A log that is shorter than it was, or
/// another, and does not know of it was restored without anybody noticing: what others wrote since hides from where on.
fn resend_after(reason: ResetReason, cursor: &Cursor, slice: &Slice) -> Option<i64> {
    match reason {
        ResetReason::Epoch if slice.life.before == Some(cursor.epoch) => Some(slice.life.began),
        ResetReason::Epoch | ResetReason::Ahead | ResetReason::Forked => Some(0),
        ResetReason::Archived | ResetReason::Cheaper => None,
    }
}

/// The cursor of the present life at a position that the log has.
async fn at<L: Log>(log: &L, slice: &Slice, cursor: &Cursor, position: i64) -> Result<Cursor, Fault> {
    let space = cursor.space;
    if position == slice.head.position {
        return Ok(Cursor::of_head(space, &slice.head));
    }
    let found = match position {
        ..=0 => None,
        _ => log.after(space, position - 1, 1).await?.changes.into_iter().next(),
    };
    Ok(match found {
        Some(change) => Cursor::at(space, slice.head.epoch, change.position, &change.hash, change.at),
        None => start(space, &slice.head),
    })
}
