//! A device whose row is held until the end of a transaction.

use application::fault::Fault;
use application::identity::{DeviceKey, KnownDevice, Platform};
use deadpool_postgres::Transaction;
use domain::id::{AccountId, DeviceId};
use tokio_postgres::Row;

use crate::postgres::directory::{fault, row};

const HELD_DEVICE: &str = include_str!("../../sql/directory/held_device.sql");

/// The device as it is stored.
pub(super) struct Held {
    pub(super) known: KnownDevice,
    pub(super) push_token: Option<String>,
    pub(super) app_version: Option<String>,
    pub(super) key: Option<DeviceKey>,
}

/// Holds the device, if the account has it.
pub(super) async fn held(tx: &Transaction<'_>, account: AccountId, device: DeviceId) -> Result<Option<Held>, Fault> {
    let failed = |error| fault::of_statement("held_device", &error);
    let statement = tx.prepare_cached(HELD_DEVICE).await.map_err(failed)?;
    let found = tx.query_opt(&statement, &[&account.0, &device.0]).await.map_err(failed)?;
    found.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Held, Fault> {
    let unreadable = |error| row::unreadable(&error);
    let point: Option<&[u8]> = row.try_get("public_key").map_err(unreadable)?;
    let key = point.map(|point| {
        DeviceKey::of_point(point).ok_or_else(|| Fault::Refused("a device's key is not on its curve".to_owned()))
    });
    Ok(Held {
        known: known(row)?,
        push_token: row.try_get("push_token").map_err(unreadable)?,
        app_version: row.try_get("app_version").map_err(unreadable)?,
        key: key.transpose()?,
    })
}

/// The device in a row that names `device_id, device_name, platform, last_seen_at`.
pub(super) fn known(row: &Row) -> Result<KnownDevice, Fault> {
    let unreadable = |error| row::unreadable(&error);
    Ok(KnownDevice {
        id: DeviceId(row.try_get("device_id").map_err(unreadable)?),
        name: row.try_get("device_name").map_err(unreadable)?,
        platform: platform(row)?,
        last_seen_at: row.try_get("last_seen_at").map_err(unreadable)?,
    })
}

/// The platform in a row that names it.
pub(super) fn platform(row: &Row) -> Result<Platform, Fault> {
    let name: &str = row.try_get("platform").map_err(|error| row::unreadable(&error))?;
    Platform::from_name(name).ok_or_else(|| Fault::Refused("a device has an unknown platform".to_owned()))
}
