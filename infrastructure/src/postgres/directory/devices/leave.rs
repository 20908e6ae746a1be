//! A device that goes, whoever wanted it.

use application::fault::Fault;
use application::identity::Occasion;
use deadpool_postgres::Transaction;
use domain::id::{DeviceId, SessionId};
use domain::session::Because;

use crate::postgres::directory::fault;
use crate::postgres::directory::revoke::{Which, revoke};

const HOLD_REFRESH_TOKENS: &str = include_str!("../../sql/directory/hold_refresh_tokens.sql");
const DELETE_DEVICE: &str = include_str!("../../sql/directory/delete_device.sql");

/// Ends the device's sessions and removes its row; which sessions were going on. What it wrote stays in the log.
pub(super) async fn leave(
    tx: &Transaction<'_>,
    occasion: &Occasion,
    device: DeviceId,
    because: Because,
) -> Result<Vec<SessionId>, Fault> {
    run(tx, "hold_refresh_tokens", HOLD_REFRESH_TOKENS, occasion, device).await?;
    let ended = revoke(tx, occasion.account, Which::OfDevice(device), because, occasion.at).await?;
    run(tx, "delete_device", DELETE_DEVICE, occasion, device).await?;
    Ok(ended)
}

async fn run(
    tx: &Transaction<'_>,
    name: &'static str,
    sql: &str,
    occasion: &Occasion,
    device: DeviceId,
) -> Result<(), Fault> {
    let failed = |error| fault::of_statement(name, &error);
    let statement = tx.prepare_cached(sql).await.map_err(failed)?;
    tx.execute(&statement, &[&occasion.account.0, &device.0]).await.map(drop).map_err(failed)
}
