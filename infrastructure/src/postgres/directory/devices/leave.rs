//! A device that goes, whoever wanted it.

use application::fault::Fault;
use application::identity::{Occasion, Which};
use deadpool_postgres::Transaction;
use domain::id::{DeviceId, SessionId};
use domain::session::Because;

use crate::postgres::directory::fault;
use crate::postgres::directory::revoke::revoke;

const DELETE_DEVICE: &str = include_str!("../../sql/directory/delete_device.sql");

/// Ends the device's sessions and removes its row; which sessions were going on. What it wrote stays in the log.
pub(super) async fn leave(
    tx: &Transaction<'_>,
    occasion: &Occasion,
    device: DeviceId,
    because: Because,
) -> Result<Vec<SessionId>, Fault> {
    // Sessions first: a refresh and whatever else ends a session begin there too, so nobody waits in a circle.
    let ended = revoke(tx, occasion.account, Which::OfDevice(device), because, occasion.at).await?;
    let failed = |error| fault::of_statement("delete_device", &error);
    let statement = tx.prepare_cached(DELETE_DEVICE).await.map_err(failed)?;
    tx.execute(&statement, &[&occasion.account.0, &device.0]).await.map_err(failed)?;
    Ok(ended)
}
