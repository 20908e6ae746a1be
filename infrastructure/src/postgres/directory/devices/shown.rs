//! Devices as their account sees them.

use application::fault::Fault;
use application::identity::{ShownDevice, Synced};
use deadpool_postgres::GenericClient;
use domain::id::{AccountId, DeviceId, SpaceId};
use tokio_postgres::{Error, Row};

use super::held::platform;
use crate::postgres::directory::{fault, row};

const SHOWN_DEVICES: &str = include_str!("../../sql/directory/shown_devices.sql");

/// All devices of the account, those that were active last first.
pub(super) async fn all(client: &impl GenericClient, account: AccountId) -> Result<Vec<ShownDevice>, Fault> {
    query(client, account, None).await
}

/// One of them.
pub(super) async fn one(
    client: &impl GenericClient,
    account: AccountId,
    device: DeviceId,
) -> Result<Option<ShownDevice>, Fault> {
    Ok(query(client, account, Some(device)).await?.pop())
}

async fn query(
    client: &impl GenericClient,
    account: AccountId,
    device: Option<DeviceId>,
) -> Result<Vec<ShownDevice>, Fault> {
    let failed = |error| fault::of_statement("shown_devices", &error);
    let statement = client.prepare_cached(SHOWN_DEVICES).await.map_err(failed)?;
    let device = device.map(|device| device.0);
    let rows = client.query(&statement, &[&account.0, &device, &SpaceId::from(account).0]).await.map_err(failed)?;
    rows.iter().map(shown).collect()
}

fn shown(found: &Row) -> Result<ShownDevice, Fault> {
    let platform = platform(found)?;
    let read = || -> Result<_, Error> {
        let acked: Option<i64> = found.try_get("acked_position")?;
        let head: Option<i64> = found.try_get("head_position")?;
        let synced = acked.map(|position| Synced { position, behind: (head.unwrap_or(position) - position).max(0) });
        Ok(ShownDevice {
            id: DeviceId(found.try_get("device_id")?),
            platform,
            name: found.try_get("device_name")?,
            app_version: found.try_get("app_version")?,
            created_at: found.try_get("created_at")?,
            last_seen_at: found.try_get("last_seen_at")?,
            has_key: found.try_get("has_key")?,
            has_push_token: found.try_get("has_push_token")?,
            last_synced_at: found.try_get("last_synced_at")?,
            synced,
        })
    };
    read().map_err(|error| row::unreadable(&error))
}
