//! A device that is changed.

use application::fault::Fault;
use application::identity::{Changed, DeviceChange, KeyWish, Occasion, key_change};
use deadpool_postgres::{Pool, Transaction};
use domain::id::DeviceId;

use super::held::{Held, held};
use super::shown;
use crate::postgres::directory::{fault, record};

const CHANGE_DEVICE: &str = include_str!("../../sql/directory/change_device.sql");

/// Changes the device, if the account has it.
pub(super) async fn change(
    pool: &Pool,
    occasion: &Occasion,
    device: DeviceId,
    change: DeviceChange,
) -> Result<Changed, Fault> {
    let failed = |error| fault::of_statement("change_device", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let tx = client.transaction().await.map_err(failed)?;
    let Some(held) = held(&tx, occasion.account, device).await? else { return Ok(Changed::Unknown) };
    if !apply(&tx, occasion, held, change).await? {
        return Ok(Changed::PasswordRequired);
    }
    let shown = shown::one(&tx, occasion.account, device).await?;
    tx.commit().await.map_err(failed)?;
    Ok(shown.map_or(Changed::Unknown, Changed::Done))
}

/// Writes a device that is held as it is to be, and records what is told of. `false`, and nothing written, when its key
/// needs the password.
pub(super) async fn apply(
    tx: &Transaction<'_>,
    occasion: &Occasion,
    held: Held,
    change: DeviceChange,
) -> Result<bool, Fault> {
    let Ok(key_changed) = key_change(held.key.as_ref(), change.key) else { return Ok(false) };
    let Held { known, push_token: held_token, app_version: held_version, key: held_key } = held;
    let platform = change.platform.unwrap_or(known.platform);
    let name = change.name.unwrap_or_else(|| known.name.clone());
    let push_token = change.push_token.unwrap_or_else(|| held_token.clone());
    let app_version = change.app_version.or(held_version);
    let key = match change.key.wish {
        KeyWish::Keep => held_key,
        KeyWish::Set(key) => Some(key),
        KeyWish::Remove => None,
    };
    let failed = |error| fault::of_statement("change_device", &error);
    let point = key.as_ref().map(|key| key.point().as_slice());
    let statement = tx.prepare_cached(CHANGE_DEVICE).await.map_err(failed)?;
    let (account, id) = (occasion.account.0, known.id);
    tx.execute(&statement, &[&account, &id.0, &platform.as_str(), &name, &push_token, &app_version, &point])
        .await
        .map_err(failed)?;
    let told = [
        ("platform", platform != known.platform),
        ("device_name", name != known.name),
        ("push_token", push_token != held_token),
    ];
    let fields: Vec<&str> = told.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect();
    if !fields.is_empty() {
        record::record(tx, &occasion.device_changed(id, &fields)).await?;
    }
    if let Some(key_changed) = key_changed {
        record::record(tx, &occasion.device_key_set(id, key_changed)).await?;
    }
    Ok(true)
}
