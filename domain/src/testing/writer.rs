//! Who writes, and what that device had seen.

use uuid::Uuid;

use crate::id::DeviceId;

/// A device that writes. Unless told otherwise it has seen the whole log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Writer {
    pub(crate) device: DeviceId,
    pub(crate) had_seen: HadSeen,
}

/// What a device had seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum HadSeen {
    Everything,
    UpTo(i64),
    Unknown,
}

impl Writer {
    /// The same device, with this base.
    pub(crate) fn at_base(self, position: i64) -> Self {
        Self { had_seen: HadSeen::UpTo(position), ..self }
    }

    /// The same device, without a base.
    pub(crate) fn without_base(self) -> Self {
        Self { had_seen: HadSeen::Unknown, ..self }
    }
}

fn device(number: u128) -> Writer {
    Writer { device: DeviceId(Uuid::from_u128(number)), had_seen: HadSeen::Everything }
}

/// The device with the smallest id.
pub(crate) fn phone() -> Writer {
    device(0xa)
}

/// The device between.
pub(crate) fn browser() -> Writer {
    device(0xb)
}

/// The device with the greatest id.
pub(crate) fn tablet() -> Writer {
    device(0xc)
}
