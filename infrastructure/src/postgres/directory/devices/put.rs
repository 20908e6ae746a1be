//! A device that is added, or brought up to date.

use application::fault::Fault;
use application::identity::{Device, DeviceChange, KeyAsked, KeyChange, KeyWish, Occasion, Put};
use deadpool_postgres::{Pool, Transaction};
use domain::id::DeviceId;

use super::held::held;
use super::room::{Admitted, admit};
use super::{change, shown};
use crate::postgres::directory::{fault, record};

const ADD_DEVICE: &str = include_str!("../../sql/directory/add_device.sql");

/// Adds the device if there is room, or changes the one that the account has.
pub(super) async fn put(
    pool: &Pool,
    occasion: &Occasion,
    asking: DeviceId,
    device: Device,
    key: KeyAsked,
) -> Result<Put, Fault> {
    let failed = |error| fault::of_statement("put_device", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let tx = client.transaction().await.map_err(failed)?;
    let (is_new, ended) = match admit(&tx, occasion, &device, None, Some(asking)).await? {
        Admitted::Done { is_new, ended } => (is_new, ended),
        Admitted::Full(devices) => return Ok(Put::Full(devices)),
        Admitted::AccountGone => return Ok(Put::AccountGone),
    };
    let id = device.id;
    // A device that is asked for by itself brings its version along.
    let app_version = occasion.place.app_version.clone().filter(|_| id == asking);
    if is_new {
        add(&tx, occasion, &device, app_version.as_deref(), key).await?;
    } else if !bring_up_to_date(&tx, occasion, device, app_version, key).await? {
        return Ok(Put::PasswordRequired);
    }
    let shown = shown::one(&tx, occasion.account, id).await?;
    tx.commit().await.map_err(failed)?;
    let device = shown.ok_or_else(|| Fault::Refused("a device that was written is not there".to_owned()))?;
    Ok(if is_new { Put::Added { device, ended } } else { Put::Known(device) })
}

async fn add(
    tx: &Transaction<'_>,
    occasion: &Occasion,
    device: &Device,
    app_version: Option<&str>,
    key: KeyAsked,
) -> Result<(), Fault> {
    let failed = |error| fault::of_statement("add_device", &error);
    let point = match &key.wish {
        KeyWish::Set(key) => Some(key.point().as_slice()),
        KeyWish::Keep | KeyWish::Remove => None,
    };
    let statement = tx.prepare_cached(ADD_DEVICE).await.map_err(failed)?;
    let (account, platform) = (occasion.account.0, device.platform.as_str());
    tx.execute(
        &statement,
        &[&account, &device.id.0, &platform, &device.name, &device.push_token, &app_version, &point, &occasion.at],
    )
    .await
    .map_err(failed)?;
    match point {
        Some(_) => record::record(tx, &occasion.device_key_set(device.id, KeyChange::First)).await,
        None => Ok(()),
    }
}

async fn bring_up_to_date(
    tx: &Transaction<'_>,
    occasion: &Occasion,
    device: Device,
    app_version: Option<String>,
    key: KeyAsked,
) -> Result<bool, Fault> {
    let Some(held) = held(tx, occasion.account, device.id).await? else {
        return Err(Fault::Refused("a known device is not there".to_owned()));
    };
    let change = DeviceChange {
        platform: Some(device.platform),
        name: Some(device.name),
        push_token: device.push_token.map(Some),
        app_version,
        key,
    };
    change::apply(tx, occasion, held, change).await
}
