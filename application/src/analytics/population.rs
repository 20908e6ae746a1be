//! How many people and devices there are.

use super::tally::share;

/// A device is active when it was seen within this time, and an account when one of its devices is: 28 days, so that each
/// weekday counts four times.
pub const ACTIVE_MS: i64 = 28 * 24 * 60 * 60 * 1_000;

/// Active accounts and devices at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Population {
    /// Accounts with an active device.
    pub accounts: u64,
    /// Active devices.
    pub devices: u64,
    /// Accounts with an active device of the platform `ios` and one of `web`.
    pub both_platforms: u64,
}

impl Population {
    /// Adds others.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            accounts: self.accounts + other.accounts,
            devices: self.devices + other.devices,
            both_platforms: self.both_platforms + other.both_platforms,
        }
    }

    /// Active devices of an active account.
    pub fn devices_per_account(&self) -> Option<f64> {
        share(self.devices, self.accounts)
    }

    /// Of all active accounts, those that use both platforms.
    pub fn both_platforms_share(&self) -> Option<f64> {
        share(self.both_platforms, self.accounts)
    }
}
