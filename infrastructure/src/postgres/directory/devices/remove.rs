//! A device that its account removes.

use application::fault::Fault;
use application::identity::Occasion;
use deadpool_postgres::Pool;
use domain::id::{DeviceId, SessionId};
use domain::session::Because;

use super::{leave, room};
use crate::postgres::directory::{fault, record};

/// Removes the device; the sessions that ended with it, or `None` when the account has no such device.
pub(super) async fn remove(
    pool: &Pool,
    occasion: &Occasion,
    device: DeviceId,
) -> Result<Option<Vec<SessionId>>, Fault> {
    let failed = |error| fault::of_statement("remove_device", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let tx = client.transaction().await.map_err(failed)?;
    if !room::lock_account(&tx, occasion.account).await? {
        return Ok(None);
    }
    let Some(known) = room::known_device(&tx, occasion.account, device).await? else { return Ok(None) };
    let ended = leave::leave(&tx, occasion, device, Because::DeviceRemoved).await?;
    record::record(&tx, &occasion.device_removed(&known, ended.len())).await?;
    tx.commit().await.map_err(failed)?;
    Ok(Some(ended))
}
