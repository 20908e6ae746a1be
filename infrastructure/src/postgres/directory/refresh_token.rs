//! What a refresh token is, and whose.

use application::fault::Fault;
use application::identity::{CsrfDigest, Holder, RefreshDigest, SuccessorSalt};
use deadpool_postgres::Pool;
use domain::id::{DeviceId, SessionId};
use domain::session::Because;
use domain::session::refresh::{Consumed, Refresh, Revoked, Valid};
use tokio_postgres::Row;

use super::{fault, row};

const REFRESH_TOKEN: &str = include_str!("../sql/directory/refresh_token.sql");

/// The token of this digest, if there is one.
pub(super) async fn refresh_token(
    pool: &Pool,
    digest: RefreshDigest,
) -> Result<Option<(Holder, Refresh<SuccessorSalt>)>, Fault> {
    let failed = |error| fault::of_statement("refresh_token", &error);
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(REFRESH_TOKEN).await.map_err(failed)?;
    let found = client.query_opt(&statement, &[&digest.0.as_slice()]).await.map_err(failed)?;
    found.map(|found| Ok((holder(&found)?, state(&found)?))).transpose()
}

fn holder(found: &Row) -> Result<Holder, Fault> {
    let (account, csrf) = (row::account(found)?, csrf(found)?);
    let read = || {
        Ok(Holder {
            account,
            session: SessionId(found.try_get("session_id")?),
            device: DeviceId(found.try_get("device_id")?),
            device_name: found.try_get("device_name")?,
            platform: found.try_get("platform")?,
            device_key: found.try_get("public_key")?,
            csrf,
        })
    };
    read().map_err(|error| row::unreadable(&error))
}

fn csrf(found: &Row) -> Result<Option<CsrfDigest>, Fault> {
    let hash: Option<&[u8]> = found.try_get("csrf_hash").map_err(|error| row::unreadable(&error))?;
    let digest = |hash: &[u8]| hash.try_into().map(CsrfDigest);
    hash.map(digest).transpose().map_err(|_| Fault::Refused("a csrf_hash has not 32 bytes".to_owned()))
}

/// The end of the session is the end of all its tokens, whatever they were.
fn state(found: &Row) -> Result<Refresh<SuccessorSalt>, Fault> {
    let unreadable = |error| row::unreadable(&error);
    if let Some(because) = found.try_get::<_, Option<&str>>("revoked_because").map_err(unreadable)? {
        // A reason that a newer node wrote is still a reason.
        let because = Because::from_name(because).unwrap_or(Because::EndedElsewhere);
        return Ok(Refresh::Revoked(Revoked { because }));
    }
    let expires_at = found.try_get("expires_at").map_err(unreadable)?;
    let consumed_at: Option<i64> = found.try_get("consumed_at").map_err(unreadable)?;
    let salt: Option<&[u8]> = found.try_get("successor_salt").map_err(unreadable)?;
    match (consumed_at, salt.map(<[u8; 32]>::try_from)) {
        (None, None) => Ok(Refresh::Valid(Valid { expires_at })),
        (Some(at), Some(Ok(salt))) => Ok(Refresh::Consumed(Consumed { at, salt: SuccessorSalt(salt), expires_at })),
        _ => Err(Fault::Refused("a refresh token is neither used nor unused".to_owned())),
    }
}
