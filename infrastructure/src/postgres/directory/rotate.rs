//! A refresh token that is given in for the next one.

use application::fault::Fault;
use application::identity::Rotation;
use deadpool_postgres::Pool;

use super::fault;

const ROTATE: &str = include_str!("../sql/directory/rotate.sql");

/// Consumes the presented token and stores its successor; `false` when the presented one is no longer good.
pub(super) async fn rotate(pool: &Pool, rotation: Rotation) -> Result<bool, Fault> {
    let failed = |error| fault::of_statement("rotate", &error);
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(ROTATE).await.map_err(failed)?;
    let stored = client
        .execute(
            &statement,
            &[
                &rotation.presented.0.as_slice(),
                &rotation.successor.digest.0.as_slice(),
                &rotation.at,
                &rotation.successor.expires_at,
                &rotation.place.network,
                &rotation.place.app_version,
                &rotation.salt.0.as_slice(),
            ],
        )
        .await
        .map_err(failed)?;
    Ok(stored > 0)
}
