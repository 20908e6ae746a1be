//! What the lines of an export come to: their counts and hashes.

use domain::id::SpaceId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::line::{End, Part, SpaceEnd};

/// How many of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Whole spaces.
    pub spaces: u64,
    /// What spaces know of devices.
    pub devices: u64,
    /// Events.
    pub events: u64,
    /// Receipts.
    pub receipts: u64,
    /// Accounts.
    pub accounts: u64,
}

/// The lines so far.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// What is whole.
    total: Counts,
    /// What the space that is on its way has so far.
    of_space: Counts,
    file_hash: Sha256,
    space_hash: Sha256,
}

impl Tally {
    /// Counts a line, with its end, that is a row or is none.
    pub fn line(&mut self, part: Option<Part>, line: &str) {
        self.file_hash.update(line.as_bytes());
        match part {
            Some(Part::Space) => (self.of_space, self.space_hash) = (Counts::default(), Sha256::new()),
            Some(Part::Device) => self.of_space.devices += 1,
            Some(Part::Event) => self.of_space.events += 1,
            Some(Part::Receipt) => self.of_space.receipts += 1,
            Some(Part::Account) => self.total.accounts += 1,
            None => {}
        }
        self.space_hash.update(line.as_bytes());
    }

    /// How the space that is on its way has to end.
    pub fn space_end(&self, space_id: SpaceId) -> SpaceEnd {
        let Counts { devices, events, receipts, .. } = self.of_space;
        SpaceEnd { space_id, devices, events, receipts, sha256: hex(&self.space_hash) }
    }

    /// The space is whole: its last line was counted.
    pub fn space_is_whole(&mut self) {
        let of_space = std::mem::take(&mut self.of_space);
        self.total.spaces += 1;
        self.total.devices += of_space.devices;
        self.total.events += of_space.events;
        self.total.receipts += of_space.receipts;
    }

    /// The space does not count: it was erased meanwhile.
    pub fn space_is_gone(&mut self) {
        self.of_space = Counts::default();
    }

    /// How the file has to end.
    pub fn end(&self) -> End {
        End { counts: self.total, sha256: hex(&self.file_hash) }
    }

    /// What is whole so far.
    pub fn counts(&self) -> Counts {
        self.total
    }

    /// What was counted so far, the space on its way among it.
    pub fn so_far(&self) -> Counts {
        Counts {
            devices: self.total.devices + self.of_space.devices,
            events: self.total.events + self.of_space.events,
            receipts: self.total.receipts + self.of_space.receipts,
            ..self.total
        }
    }
}

fn hex(hash: &Sha256) -> String {
    hash.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
