//! What support may see of an account: nothing of what it writes, no secret of it, no address finer than a network.

use domain::id::{DeviceId, SessionId};

use super::super::account::{Account, Standing};

/// An account with its devices and sessions.
#[derive(Clone)]
pub struct AccountFile {
    /// Who.
    pub account: Account,
    /// When it was made, ms.
    pub created_at: i64,
    /// Whether it may sign in.
    pub standing: Standing,
    /// When its deletion was asked for, ms.
    pub deletion_requested_at: Option<i64>,
    /// Its devices, last seen first.
    pub devices: Vec<DeviceFile>,
    /// Its sessions, newest first, ended ones too.
    pub sessions: Vec<SessionFile>,
}

/// A device.
#[derive(Clone, Debug)]
pub struct DeviceFile {
    /// Which.
    pub id: DeviceId,
    /// `ios`, `web` or `other`.
    pub platform: String,
    /// What its owner calls it.
    pub name: String,
    /// What it last said it is.
    pub app_version: Option<String>,
    /// When it was first seen, ms.
    pub created_at: i64,
    /// When it was last seen, ms.
    pub last_seen_at: i64,
}

/// A session.
#[derive(Clone, Debug)]
pub struct SessionFile {
    /// Which.
    pub id: SessionId,
    /// On which device.
    pub device: DeviceId,
    /// When it began, ms.
    pub created_at: i64,
    /// When it was last seen, ms.
    pub last_seen_at: i64,
    /// From which network.
    pub network: Option<String>,
    /// When it ended, ms.
    pub revoked_at: Option<i64>,
    /// Why it ended.
    pub because: Option<String>,
}
