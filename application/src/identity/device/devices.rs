//! The port to the devices of an account. Every method is one atomic step, and none reaches beyond the account it names:
//! another account's device with the same id is another device.

use domain::id::{AccountId, DeviceId, SessionId};

use crate::fault::Fault;
use crate::identity::device::claim::{Device, Platform};
use crate::identity::device::key::KeyAsked;
use crate::identity::device::limit::KnownDevice;
use crate::identity::occasion::Occasion;

/// A device, as its account sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownDevice {
    /// Unique together with the account only.
    pub id: DeviceId,
    /// What it runs on.
    pub platform: Platform,
    /// What its owner calls it.
    pub name: String,
    /// What the app on it last said it is.
    pub app_version: Option<String>,
    /// When it was added, ms.
    pub created_at: i64,
    /// When it was last active, ms; at most about a minute old.
    pub last_seen_at: i64,
    /// Whether its refreshes have to be signed.
    pub has_key: bool,
    /// Whether notifications have somewhere to go.
    pub has_push_token: bool,
    /// How far it has read, if it ever said so.
    pub synced: Option<Synced>,
    /// When it last said so, ms; at most about a minute old.
    pub last_synced_at: Option<i64>,
}

/// How far a device has read its account's space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Synced {
    /// It keeps everything up to here.
    pub position: i64,
    /// So many changes follow.
    pub behind: i64,
}

/// What is to be different about a device; `None` leaves it as it is.
pub struct DeviceChange {
    /// What it runs on.
    pub platform: Option<Platform>,
    /// What its owner calls it.
    pub name: Option<String>,
    /// Where notifications go; `Some(None)`: nowhere any more.
    pub push_token: Option<Option<String>>,
    /// What the app on it is.
    pub app_version: Option<String>,
    /// Its key.
    pub key: KeyAsked,
}

/// How a change ended.
pub enum Changed {
    /// The device is as asked.
    Done(ShownDevice),
    /// The account has no such device.
    Unknown,
    /// Nothing was written: the change of the key needs the password.
    PasswordRequired,
}

/// How putting a device ended.
pub enum Put {
    /// It was new.
    Added {
        /// The device.
        device: ShownDevice,
        /// The sessions of devices that it took the place of.
        ended: Vec<SessionId>,
    },
    /// It was there, and is as asked now.
    Known(ShownDevice),
    /// Nothing was written: it is new, and these are as many as there may be.
    Full(Vec<KnownDevice>),
    /// Nothing was written: the change of the key needs the password.
    PasswordRequired,
    /// Nothing was written: there is no such account any more.
    AccountGone,
}

/// The devices of an account.
pub trait Devices {
    /// All of them, those that were active last first.
    fn devices(&self, account: AccountId) -> impl Future<Output = Result<Vec<ShownDevice>, Fault>> + Send;

    /// One of them.
    fn device(
        &self,
        account: AccountId,
        device: DeviceId,
    ) -> impl Future<Output = Result<Option<ShownDevice>, Fault>> + Send;

    /// Adds a device or brings it up to date; the device that asks (`asking`) never makes room for it.
    fn put_device(
        &self,
        occasion: Occasion,
        asking: DeviceId,
        device: Device,
        key: KeyAsked,
    ) -> impl Future<Output = Result<Put, Fault>> + Send;

    /// Changes a device.
    fn change_device(
        &self,
        occasion: Occasion,
        device: DeviceId,
        change: DeviceChange,
    ) -> impl Future<Output = Result<Changed, Fault>> + Send;

    /// Removes a device and ends its sessions; which they were. `None` when the account has no such device.
    fn remove_device(
        &self,
        occasion: Occasion,
        device: DeviceId,
    ) -> impl Future<Output = Result<Option<Vec<SessionId>>, Fault>> + Send;
}
