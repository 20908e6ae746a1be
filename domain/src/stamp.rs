//! The hybrid logical clock: when a write happened, in an order that every replica agrees on.

use serde::{Deserialize, Serialize};

use crate::id::DeviceId;
use crate::limits::{CLOCK_TOLERANCE_MS, INSTANT_MS_MIN};

/// When and by which device something was written. Ordered by ms, then counter, then device id.
///
/// Serialised as `[ms, counter, "device"]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(i64, u32, DeviceId)", into = "(i64, u32, DeviceId)")]
pub struct Stamp {
    /// Unix milliseconds, held between what the device had seen and the server's clock.
    pub ms: i64,
    /// Tells writes of one millisecond apart.
    pub counter: u32,
    /// The device that wrote.
    pub device: DeviceId,
}

impl From<(i64, u32, DeviceId)> for Stamp {
    fn from((ms, counter, device): (i64, u32, DeviceId)) -> Self {
        Self { ms, counter, device }
    }
}

impl From<Stamp> for (i64, u32, DeviceId) {
    fn from(stamp: Stamp) -> Self {
        (stamp.ms, stamp.counter, stamp.device)
    }
}

impl Stamp {
    /// The stamp of a write at `moment_ms` by `device`, whose last stamp in this space was `last`: never earlier than
    /// that, with counter 0, or one more than the last when the ms is not greater.
    ///
    /// A space's founding has the smallest stamp: its defaults must not win over what a device did offline before.
    pub fn following(moment_ms: i64, device: DeviceId, last: Option<Self>) -> Self {
        match last {
            _ if device == DeviceId::SERVER => Self::default(),
            Some(last) if moment_ms <= last.ms => Self { ms: last.ms, counter: last.counter.saturating_add(1), device },
            _ => Self { ms: moment_ms, counter: 0, device },
        }
    }
}

/// A write of a field or register: its stamp, and the position of the event that made it.
///
/// Serialised as `[ms, counter, "device", position]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(i64, u32, DeviceId, i64)", into = "(i64, u32, DeviceId, i64)")]
pub struct Written {
    /// When, by whom.
    pub stamp: Stamp,
    /// Where in the space's log.
    pub position: i64,
}

impl From<(i64, u32, DeviceId, i64)> for Written {
    fn from((ms, counter, device, position): (i64, u32, DeviceId, i64)) -> Self {
        Self { stamp: Stamp { ms, counter, device }, position }
    }
}

impl From<Written> for (i64, u32, DeviceId, i64) {
    fn from(written: Written) -> Self {
        (written.stamp.ms, written.stamp.counter, written.stamp.device, written.position)
    }
}

/// What the writing device knew: the position up to which it had applied the log (its own writes count as seen).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// `None`: nothing is known to be seen.
    pub base: Option<i64>,
    /// The device that writes.
    pub device: DeviceId,
}

impl Seen {
    /// Whether the writer had seen `written` when it wrote. A space's founding is older than everything.
    pub fn covers(&self, written: &Written) -> bool {
        let device = written.stamp.device;
        device == self.device || device == DeviceId::SERVER || self.base.is_some_and(|base| written.position <= base)
    }
}

/// How far every `at` of a request moves: the difference of the clocks, if it is more than the tolerance.
pub fn clock_shift_ms(sent_at_ms: Option<i64>, received_at_ms: i64) -> i64 {
    let off = sent_at_ms.map_or(0, |sent| received_at_ms.saturating_sub(sent));
    if off.saturating_abs() > CLOCK_TOLERANCE_MS { off } else { 0 }
}

/// The moment at which the user acted, held between what the device had seen and the server's clock, and inside the
/// calendar.
pub fn held_moment_ms(at_ms: i64, shift_ms: i64, base_recorded_at_ms: Option<i64>, now_ms: i64) -> i64 {
    let earliest = base_recorded_at_ms.unwrap_or(INSTANT_MS_MIN).max(INSTANT_MS_MIN).min(now_ms);
    at_ms.saturating_add(shift_ms).clamp(earliest, now_ms)
}

/// The earliest ms that a write may be stamped with: after everything that its writer had seen, so that no stamp is
/// ever smaller than one that it replaces.
pub fn earliest_stamp_ms(base_recorded_at_ms: Option<i64>) -> i64 {
    base_recorded_at_ms.map_or(i64::MIN, |at| at.saturating_add(1))
}

#[cfg(test)]
mod tests;
