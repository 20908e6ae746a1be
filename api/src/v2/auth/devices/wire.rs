//! What is sent and shown of a device.

use application::identity::{ChangeDevice, DeviceClaim, PutDevice, Secret, ShownDevice};
use domain::id::DeviceId;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::v2::auth::PlatformBody;

/// A device that is added or brought up to date.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeviceBody {
    /// Made once by the installation (uuid v7) and kept.
    device_id: Uuid,
    /// What it runs on.
    platform: PlatformBody,
    /// What its owner calls it; at most 100 characters.
    #[schema(example = "Ada's iPhone")]
    device_name: String,
    /// Where notifications go; absent: as it is.
    push_token: Option<String>,
    /// Of the device that asks only: a P-256 key that its refreshes are signed with from now on. base64url, without
    /// padding, of the uncompressed point (X9.63, 65 bytes) or of its SPKI in DER. Absent: as it is.
    public_key: Option<String>,
    /// To replace a key that is set: the account's password.
    #[schema(format = Password)]
    current_password: Option<String>,
}

/// What is to be different about a device; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceChangeBody {
    /// What its owner calls it; at most 100 characters.
    device_name: Option<String>,
    /// Where notifications go; null: nowhere any more.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    push_token: Option<Option<String>>,
    /// What the app on it is, such as `ios/4.1.0`; at most 64 characters. The header `X-App-Version` says the same.
    app_version: Option<String>,
    /// Of the device that asks only: its key, as when it is added; null: none any more.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    public_key: Option<Option<String>>,
    /// To replace or remove a key that is set: the account's password.
    #[schema(format = Password)]
    current_password: Option<String>,
}

/// A device of the account.
#[derive(Serialize, ToSchema)]
pub struct ShownDeviceBody {
    /// Unique together with the account only.
    device_id: Uuid,
    /// `ios`, `web` or `other`.
    platform: &'static str,
    /// What its owner calls it.
    device_name: String,
    /// What the app on it last said it is.
    #[schema(required)]
    app_version: Option<String>,
    /// When it was added, Unix ms.
    created_at: i64,
    /// When it was last active, Unix ms; at most about a minute old.
    last_seen_at: i64,
    /// Whether it is the one that asks.
    current: bool,
    /// Whether its refreshes have to be signed.
    has_key: bool,
    /// Whether notifications have somewhere to go.
    has_push_token: bool,
    /// How far it has read, by its own `ack`; null until it says so.
    #[schema(required)]
    synced: Option<SyncedBody>,
    /// When it last said so, Unix ms; at most about a minute old.
    #[schema(required)]
    last_synced_at: Option<i64>,
}

/// How far a device has read.
#[derive(Serialize, ToSchema)]
pub struct SyncedBody {
    /// It keeps everything up to here.
    pub position: i64,
    /// So many changes follow.
    pub behind: i64,
}

/// The devices of an account.
#[derive(Serialize, ToSchema)]
pub struct DevicesBody {
    /// Those that were active last first.
    items: Vec<ShownDeviceBody>,
}

impl ShownDeviceBody {
    /// The device as the one that asks, which is `asking`, is shown it.
    pub(super) fn of(device: ShownDevice, asking: DeviceId) -> Self {
        Self {
            device_id: device.id.0,
            platform: device.platform.as_str(),
            device_name: device.name,
            app_version: device.app_version,
            created_at: device.created_at,
            last_seen_at: device.last_seen_at,
            current: device.id == asking,
            has_key: device.has_key,
            has_push_token: device.has_push_token,
            synced: device.synced.map(|synced| SyncedBody { position: synced.position, behind: synced.behind }),
            last_synced_at: device.last_synced_at,
        }
    }
}

impl DevicesBody {
    /// The devices as the one that asks is shown them.
    pub(super) fn of(devices: Vec<ShownDevice>, asking: DeviceId) -> Self {
        Self { items: devices.into_iter().map(|device| ShownDeviceBody::of(device, asking)).collect() }
    }
}

impl From<NewDeviceBody> for PutDevice {
    fn from(body: NewDeviceBody) -> Self {
        let NewDeviceBody { device_id, platform, device_name, push_token, public_key, current_password } = body;
        Self {
            claim: DeviceClaim { device_id: DeviceId(device_id), platform: platform.into(), device_name, push_token },
            public_key,
            current_password: current_password.map(Secret::new),
        }
    }
}

impl From<DeviceChangeBody> for ChangeDevice {
    fn from(body: DeviceChangeBody) -> Self {
        let DeviceChangeBody { device_name, push_token, app_version, public_key, current_password } = body;
        let current_password = current_password.map(Secret::new);
        Self { device_name, push_token, app_version, public_key, current_password }
    }
}

/// A field that is there, null or not; absent it is the default.
pub(super) fn present<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(field).map(Some)
}
