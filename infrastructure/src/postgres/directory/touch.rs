//! Devices that were active.

use application::fault::Fault;
use deadpool_postgres::Pool;
use uuid::Uuid;

use super::fault;
use crate::presence::Active;

const TOUCH_DEVICES: &str = include_str!("../sql/directory/touch_devices.sql");

/// Writes down when these devices were last active, and what the apps on them said they are.
pub(crate) async fn touch(pool: &Pool, active: &[Active]) -> Result<(), Fault> {
    let failed = |error| fault::of_statement("touch_devices", &error);
    let accounts: Vec<Uuid> = active.iter().map(|one| one.account.0).collect();
    let devices: Vec<Uuid> = active.iter().map(|one| one.device.0).collect();
    let moments: Vec<i64> = active.iter().map(|one| one.at).collect();
    let versions: Vec<Option<&str>> = active.iter().map(|one| one.app_version.as_deref()).collect();
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(TOUCH_DEVICES).await.map_err(failed)?;
    client.execute(&statement, &[&accounts, &devices, &moments, &versions]).await.map(drop).map_err(failed)
}
