//! What is sent and shown of a device, in camelCase.

use application::identity::{ChangeDevice, DeviceClaim, Platform, PutDevice, Secret, ShownDevice};
use domain::id::DeviceId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::v2::auth::devices::wire::{SyncedBody, present};

/// A device that is added or brought up to date.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SeedNewDevice {
    /// Made once by the installation (uuid v7) and kept.
    device_id: Uuid,
    /// What it runs on.
    platform: SeedPlatform,
    /// What its owner calls it; at most 100 characters.
    #[schema(example = "Ada's iPhone")]
    device_name: String,
    /// Where notifications go; absent: as it is.
    push_token: Option<String>,
    /// As `public_key` at `/api/v2/auth/devices`.
    public_key: Option<String>,
    /// To replace a key that is set: the account's password.
    #[schema(format = Password)]
    current_password: Option<String>,
}

/// What a device runs on.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeedPlatform {
    /// An iPhone or iPad.
    Ios,
    /// A browser.
    Web,
}

/// What is to be different about a device; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SeedDeviceChange {
    /// What its owner calls it; at most 100 characters.
    device_name: Option<String>,
    /// Where notifications go; null: nowhere any more.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    push_token: Option<Option<String>>,
    /// What the app on it is; at most 64 characters.
    app_version: Option<String>,
    /// As `public_key` at `/api/v2/auth/devices/{id}`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    public_key: Option<Option<String>>,
    /// To replace or remove a key that is set: the account's password.
    #[schema(format = Password)]
    current_password: Option<String>,
}

/// A device of the account. Moments are ISO 8601, in UTC.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeedShownDevice {
    /// Unique together with the account only.
    device_id: Uuid,
    /// `ios`, `web` or `other`.
    platform: &'static str,
    /// What its owner calls it.
    device_name: String,
    /// What the app on it last said it is.
    #[schema(required)]
    app_version: Option<String>,
    /// When it was added.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last active; at most about a minute old.
    #[schema(format = DateTime)]
    last_seen_at: String,
    /// Whether it is the one that asks.
    current: bool,
    /// Whether its refreshes have to be signed.
    has_key: bool,
    /// Whether notifications have somewhere to go.
    has_push_token: bool,
    /// How far it has read; null until it says so.
    #[schema(required)]
    synced: Option<SyncedBody>,
    /// When it last said so; at most about a minute old.
    #[schema(required, format = DateTime)]
    last_synced_at: Option<String>,
}

/// The devices of an account.
#[derive(Serialize, ToSchema)]
pub struct SeedDevices {
    /// Those that were active last first.
    items: Vec<SeedShownDevice>,
}

impl SeedShownDevice {
    /// The device as the one that asks, which is `asking`, is shown it.
    pub(super) fn of(device: ShownDevice, asking: DeviceId) -> Self {
        Self {
            device_id: device.id.0,
            platform: device.platform.as_str(),
            device_name: device.name,
            app_version: device.app_version,
            created_at: iso(device.created_at),
            last_seen_at: iso(device.last_seen_at),
            current: device.id == asking,
            has_key: device.has_key,
            has_push_token: device.has_push_token,
            synced: device.synced.map(|synced| SyncedBody { position: synced.position, behind: synced.behind }),
            last_synced_at: device.last_synced_at.map(iso),
        }
    }
}

impl SeedDevices {
    /// The devices as the one that asks is shown them.
    pub(super) fn of(devices: Vec<ShownDevice>, asking: DeviceId) -> Self {
        Self { items: devices.into_iter().map(|device| SeedShownDevice::of(device, asking)).collect() }
    }
}

impl From<SeedNewDevice> for PutDevice {
    fn from(body: SeedNewDevice) -> Self {
        let SeedNewDevice { device_id, platform, device_name, push_token, public_key, current_password } = body;
        let platform = match platform {
            SeedPlatform::Ios => Platform::Ios,
            SeedPlatform::Web => Platform::Web,
        };
        Self {
            claim: DeviceClaim { device_id: DeviceId(device_id), platform, device_name, push_token },
            public_key,
            current_password: current_password.map(Secret::new),
        }
    }
}

impl From<SeedDeviceChange> for ChangeDevice {
    fn from(body: SeedDeviceChange) -> Self {
        let SeedDeviceChange { device_name, push_token, app_version, public_key, current_password } = body;
        let current_password = current_password.map(Secret::new);
        Self { device_name, push_token, app_version, public_key, current_password }
    }
}

/// A moment as ISO 8601 has it, to the millisecond.
fn iso(ms: i64) -> String {
    // Every moment in these columns was read from a clock.
    Timestamp::from_millisecond(ms).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_milliseconds_and_are_in_utc() {
        assert_eq!(iso(1_792_886_401_020), "2026-10-25T00:00:01.020Z");
    }
}
