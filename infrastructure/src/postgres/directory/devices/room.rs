//! Room for a device on an account.

use application::fault::Fault;
use application::identity::{Device, KnownDevice, Occasion, Room, room};
use deadpool_postgres::Transaction;
use domain::id::{AccountId, DeviceId, SessionId};
use domain::session::Because;

use super::{held, leave};
use crate::postgres::directory::{fault, post, record};

const LOCK_ACCOUNT: &str = include_str!("../../sql/directory/lock_account.sql");
const KNOWN_DEVICES: &str = include_str!("../../sql/directory/known_devices.sql");

/// Whether a device may be written.
pub(in crate::postgres::directory) enum Admitted {
    /// It may.
    Done {
        /// Whether the account does not have it yet.
        is_new: bool,
        /// The sessions of devices that made room for it.
        ended: Vec<SessionId>,
    },
    /// There is no room: these are there.
    Full(Vec<KnownDevice>),
    /// There is no such account.
    AccountGone,
}

/// Makes room for a device, and tells the account of one that is new; what follows in the transaction writes it. The
/// account's row is held from here on.
pub(in crate::postgres::directory) async fn admit(
    tx: &Transaction<'_>,
    occasion: &Occasion,
    device: &Device,
    displace: Option<DeviceId>,
    asking: Option<DeviceId>,
) -> Result<Admitted, Fault> {
    if !lock_account(tx, occasion.account).await? {
        return Ok(Admitted::AccountGone);
    }
    let known = known_devices(tx, occasion.account).await?;
    let displaced = match room(&known, device.id, displace, asking, occasion.at) {
        Room::Known => return Ok(Admitted::Done { is_new: false, ended: Vec::new() }),
        Room::Full => return Ok(Admitted::Full(known)),
        Room::After(displaced) => displaced,
    };
    let mut ended = Vec::new();
    for old in &displaced {
        let sessions = leave::leave(tx, occasion, old.id, Because::DeviceDisplaced).await?;
        record::record(tx, &occasion.device_displaced(old, device, sessions.len())).await?;
        ended.extend(sessions);
    }
    let (entry, letter) = occasion.device_added(device);
    record::record(tx, &entry).await?;
    post::post(tx, &letter).await?;
    Ok(Admitted::Done { is_new: true, ended })
}

/// Holds the account's row until the end of the transaction; `false` when there is none.
pub(super) async fn lock_account(tx: &Transaction<'_>, account: AccountId) -> Result<bool, Fault> {
    let failed = |error| fault::of_statement("lock_account", &error);
    let statement = tx.prepare_cached(LOCK_ACCOUNT).await.map_err(failed)?;
    Ok(tx.query_opt(&statement, &[&account.0]).await.map_err(failed)?.is_some())
}

/// A device of an account whose row is held.
pub(super) async fn known_device(
    tx: &Transaction<'_>,
    account: AccountId,
    device: DeviceId,
) -> Result<Option<KnownDevice>, Fault> {
    Ok(known_devices(tx, account).await?.into_iter().find(|known| known.id == device))
}

async fn known_devices(tx: &Transaction<'_>, account: AccountId) -> Result<Vec<KnownDevice>, Fault> {
    let failed = |error| fault::of_statement("known_devices", &error);
    let statement = tx.prepare_cached(KNOWN_DEVICES).await.map_err(failed)?;
    let rows = tx.query(&statement, &[&account.0]).await.map_err(failed)?;
    rows.iter().map(held::known).collect()
}
