//! The bodies of this room.

use application::identity::admin::{AccountFile, DeviceFile, SessionFile};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An account, as support sees it: nothing of what it writes. Moments are ms.
#[derive(Serialize, ToSchema)]
pub struct AccountFileBody {
    /// Also the id of its space.
    id: Uuid,
    /// As it was given.
    email: String,
    /// `user`, `support` or `admin`.
    role: &'static str,
    /// IANA.
    time_zone: String,
    /// When it was made.
    created_at: i64,
    /// When its address was proven.
    verified_at: Option<i64>,
    /// Since when it is kept out.
    locked_at: Option<i64>,
    /// When its deletion was asked for.
    deletion_requested_at: Option<i64>,
    /// From when on it is erased.
    erase_after: Option<i64>,
    /// At most 200, last seen first.
    devices: Vec<DeviceFileBody>,
    /// At most 200, newest first, ended ones too.
    sessions: Vec<SessionFileBody>,
}

/// A device of an account.
#[derive(Serialize, ToSchema)]
pub struct DeviceFileBody {
    /// Unique together with the account only.
    id: Uuid,
    /// `ios`, `web` or `other`.
    platform: String,
    /// What its owner calls it.
    name: String,
    /// What it last said it is.
    app_version: Option<String>,
    /// When it was first seen.
    created_at: i64,
    /// When it was last seen.
    last_seen_at: i64,
}

/// A session of an account.
#[derive(Serialize, ToSchema)]
pub struct SessionFileBody {
    /// Which.
    id: Uuid,
    /// On which device.
    device_id: Uuid,
    /// When it began.
    created_at: i64,
    /// When it was last seen.
    last_seen_at: i64,
    /// From which network.
    network: Option<String>,
    /// When it ended.
    revoked_at: Option<i64>,
    /// Why it ended.
    because: Option<String>,
}

impl From<AccountFile> for AccountFileBody {
    fn from(file: AccountFile) -> Self {
        Self {
            id: file.account.id.0,
            email: file.account.email,
            role: file.account.role.as_str(),
            time_zone: file.account.time_zone,
            created_at: file.created_at,
            verified_at: file.standing.verified_at,
            locked_at: file.standing.locked_at,
            deletion_requested_at: file.deletion_requested_at,
            erase_after: file.account.erase_after,
            devices: file.devices.into_iter().map(Into::into).collect(),
            sessions: file.sessions.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<DeviceFile> for DeviceFileBody {
    fn from(device: DeviceFile) -> Self {
        let DeviceFile { id, platform, name, app_version, created_at, last_seen_at } = device;
        Self { id: id.0, platform, name, app_version, created_at, last_seen_at }
    }
}

impl From<SessionFile> for SessionFileBody {
    fn from(session: SessionFile) -> Self {
        let SessionFile { id, device, created_at, last_seen_at, network, revoked_at, because } = session;
        Self { id: id.0, device_id: device.0, created_at, last_seen_at, network, revoked_at, because }
    }
}
