//! A refresh token that is given in for the next one.

use application::fault::Fault;
use application::identity::{Rotated, Rotation};
use deadpool_postgres::Pool;
use domain::id::{DeviceId, SessionId};

use super::{carrier, fault, row};

const ROTATE: &str = include_str!("../sql/directory/rotate.sql");

/// Consumes the presented token and stores its successor; `None` when the presented one is no good.
pub(super) async fn rotate(pool: &Pool, rotation: Rotation) -> Result<Option<Rotated>, Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(ROTATE).await.map_err(|e| fault::of_statement("rotate", &e))?;
    let rotated = client
        .query_opt(
            &statement,
            &[
                &rotation.presented.0.as_slice(),
                &rotation.successor.digest.0.as_slice(),
                &rotation.now_ms,
                &rotation.successor.expires_at,
                &rotation.place.network,
                &rotation.place.app_version,
            ],
        )
        .await
        .map_err(|e| fault::of_statement("rotate", &e))?;
    let Some(rotated) = rotated else { return Ok(None) };
    Ok(Some(Rotated {
        account: row::account(&rotated)?,
        device: DeviceId(rotated.try_get("device_id").map_err(|error| row::unreadable(&error))?),
        session: SessionId(rotated.try_get("session_id").map_err(|error| row::unreadable(&error))?),
        csrf: carrier::csrf(&rotated)?,
    }))
}
