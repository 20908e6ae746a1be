//! What a device had at an instant. Nobody writes down what a device reads, so this is no position but two: one that it
//! certainly had reached, and one behind which it certainly had nothing.

use domain::id::{DeviceId, SpaceId};

use super::port::Replay;
use crate::fault::Fault;
use crate::past::PastEvent;

/// Events before the instant that are searched for what the device wrote, and how many of them at once.
const SEARCHED_MAX: i64 = 10_000;
const CHUNK: i64 = 1_000;

/// Why a device is known to have reached a position, or not to have passed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It had said that it keeps everything up to there.
    Acknowledged,
    /// It wrote this on top of that.
    Wrote {
        /// The position of what it wrote.
        position: i64,
    },
    /// Nothing is known; every device has the beginning.
    Nothing,
    /// The log ended there.
    LogEnded,
}

impl Known {
    /// The name that is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Wrote { .. } => "wrote",
            Self::Nothing => "nothing",
            Self::LogEnded => "log_ended",
        }
    }
}

/// One of the two positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The position.
    pub position: i64,
    /// How that is known.
    pub known: Known,
}

/// What a device had at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceThen {
    /// It certainly had everything up to here.
    pub at_least: Bound,
    /// It certainly had nothing behind this.
    pub at_most: Bound,
    /// Up to where it has said, by now, that it keeps everything.
    pub acked: Option<i64>,
    /// When it said so last, Unix ms.
    pub synced_at: Option<i64>,
}

/// What a device had at an instant at which the log ended at `end`; none if it is no device of the space.
///
/// # Errors
/// The log could not be read, or is damaged.
pub async fn device_then<R: Replay>(
    log: &R,
    space: SpaceId,
    device: DeviceId,
    (instant, end): (i64, i64),
) -> Result<Option<DeviceThen>, Fault> {
    let Some(trace) = log.device(space, device).await? else { return Ok(None) };
    // What it acknowledged last, it had when it did so; it may have had less before.
    let acked = trace.acked.filter(|_| trace.synced_at.is_some_and(|synced| synced <= instant));
    let acked = acked.map(|position| Bound { position: position.min(end), known: Known::Acknowledged });
    let wrote = wrote_upon(log, space, device, end).await?;
    let nothing = Bound { position: 0, known: Known::Nothing };
    let at_least = acked
        .into_iter()
        .chain(wrote)
        .fold(nothing, |best, next| if next.position > best.position { next } else { best });
    let at_most = Bound { position: end, known: Known::LogEnded };
    Ok(Some(DeviceThen { at_least, at_most, acked: trace.acked, synced_at: trace.synced_at }))
}

/// The highest position on top of which the device wrote anything up to `end`: what it says that it had seen is below the
/// position of what it wrote, so nothing older can say more than what was found.
async fn wrote_upon<R: Replay>(log: &R, space: SpaceId, device: DeviceId, end: i64) -> Result<Option<Bound>, Fault> {
    let mut best: Option<Bound> = None;
    let mut upto = end;
    while upto > 0 && end - upto < SEARCHED_MAX && best.is_none_or(|best| best.position < upto) {
        let after = (upto - CHUNK).max(0);
        for event in log.after(space, after, upto - after).await? {
            let base = if event.device == device { base(&event.upcast(space)?) } else { None };
            best = best.into_iter().chain(base).max_by_key(|bound| bound.position);
        }
        upto = after;
    }
    Ok(best)
}

/// Up to where the writer of an event had applied the log, where it says so.
fn base(event: &PastEvent) -> Option<Bound> {
    let change = event.payload.get("change")?.as_object()?;
    let position = change.values().find_map(|about| about.get("base")?.as_i64())?;
    Some(Bound { position, known: Known::Wrote { position: event.position } })
}
