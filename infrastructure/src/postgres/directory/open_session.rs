//! A session that begins on a device of a known account.

use application::fault::Fault;
use application::identity::{Credentials, Occasion, Opened, SessionOpening};
use deadpool_postgres::{Pool, Transaction};
use domain::id::{AccountId, DeviceId};

use super::devices::room::{Admitted, admit};
use super::{fault, record};

const IS_AS_CHECKED: &str = include_str!("../sql/directory/is_as_checked.sql");
const OPEN_SESSION: &str = include_str!("../sql/directory/open_session.sql");

/// Writes device, session and refresh token, once there is room for the device.
pub(super) async fn open_session(
    pool: &Pool,
    checked: &Credentials,
    opening: SessionOpening,
    displace: Option<DeviceId>,
) -> Result<Opened, Fault> {
    let account = checked.account.id;
    let failed = |error| fault::of_statement("open_session", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let tx = client.transaction().await.map_err(failed)?;
    let (session, at, place) = (opening.session, opening.now_ms, opening.place.clone());
    let occasion = Occasion { account, session, place, at };
    let ended = match admit(&tx, &occasion, &opening.device, displace, None).await? {
        Admitted::Done { ended, .. } => ended,
        Admitted::Full(devices) => return Ok(Opened::Full(devices)),
        Admitted::AccountGone => return Ok(Opened::AccountGone),
    };
    if !is_as_checked(&tx, checked).await? {
        return Ok(Opened::Overtaken);
    }
    write(&tx, account, &opening).await?;
    record::record(&tx, &occasion.signed_in(opening.device.id)).await?;
    tx.commit().await.map_err(failed)?;
    Ok(Opened::Done { ended })
}

/// Whether the account, whose row is held, is what it was when the password was checked.
async fn is_as_checked(tx: &Transaction<'_>, checked: &Credentials) -> Result<bool, Fault> {
    let failed = |error| fault::of_statement("is_as_checked", &error);
    let statement = tx.prepare_cached(IS_AS_CHECKED).await.map_err(failed)?;
    let found = tx.query_opt(&statement, &[&checked.account.id.0, &checked.password_hash]).await.map_err(failed)?;
    Ok(found.is_some())
}

async fn write(tx: &Transaction<'_>, account: AccountId, opening: &SessionOpening) -> Result<(), Fault> {
    let failed = |error| fault::of_statement("open_session", &error);
    let statement = tx.prepare_cached(OPEN_SESSION).await.map_err(failed)?;
    tx.execute(
        &statement,
        &[
            &account.0,
            &opening.device.id.0,
            &opening.device.platform.as_str(),
            &opening.device.name,
            &opening.device.push_token,
            &opening.now_ms,
            &opening.session.0,
            &opening.refresh.digest.0.as_slice(),
            &opening.refresh.expires_at,
            &opening.place.network,
            &opening.place.app_version,
            &opening.csrf.as_ref().map(|csrf| csrf.0.as_slice()),
            &opening.names_device,
        ],
    )
    .await
    .map(drop)
    .map_err(failed)
}
