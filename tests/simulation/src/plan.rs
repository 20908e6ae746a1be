//! What a run is made of. A plan and a store decide everything that happens.

use std::collections::BTreeSet;

use crate::bug::Bug;

/// What a run is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Where chance begins.
    pub seed: u64,
    /// How many devices.
    pub devices: usize,
    /// How often people act, all devices together.
    pub acts: usize,
    /// What goes wrong.
    pub troubles: BTreeSet<Trouble>,
    /// A bug that is planted on purpose.
    pub bug: Option<Bug>,
}

/// A kind of thing that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trouble {
    /// Messages are lost, repeated and overtaken; answers are cut; connections are dead without anyone knowing.
    Network,
    /// Devices are away, for minutes or for weeks.
    Absence,
    /// Clocks drift and jump, by a year too.
    Clocks,
    /// Devices stop and start, with their queue on disk.
    DeviceRestarts,
    /// The server dies, also between a write and its answer.
    ServerKills,
    /// Answers of the store are lost, or it is away.
    StoreFaults,
    /// Another node writes between a decision and its append.
    OtherNode,
    /// The server is restored from an older backup.
    Restores,
    /// Access tokens expire.
    Tokens,
}

impl Trouble {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Network,
        Self::Absence,
        Self::Clocks,
        Self::DeviceRestarts,
        Self::ServerKills,
        Self::StoreFaults,
        Self::OtherNode,
        Self::Restores,
        Self::Tokens,
    ];
}

impl Plan {
    /// The usual run of a seed: two to four devices and every trouble.
    pub fn of(seed: u64) -> Self {
        let devices = 2 + usize::try_from(seed % 3).unwrap_or_default();
        Self { seed, devices, acts: 36, troubles: Trouble::ALL.into(), bug: None }
    }

    /// The same run with a bug in it.
    #[must_use]
    pub fn with_bug(self, bug: Bug) -> Self {
        Self { bug: Some(bug), ..self }
    }

    pub(crate) fn has(&self, trouble: Trouble) -> bool {
        self.troubles.contains(&trouble)
    }
}
