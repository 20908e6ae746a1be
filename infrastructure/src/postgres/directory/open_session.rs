//! A session that begins on a device of a known account.

use application::fault::Fault;
use application::identity::SessionOpening;
use deadpool_postgres::Pool;
use domain::id::AccountId;

use super::fault;

const OPEN_SESSION: &str = include_str!("../sql/directory/open_session.sql");

/// Writes device, session and refresh token.
pub(super) async fn open_session(pool: &Pool, account: AccountId, opening: SessionOpening) -> Result<(), Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(OPEN_SESSION).await.map_err(|e| fault::of_statement("open_session", &e))?;
    client
        .execute(
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
            ],
        )
        .await
        .map(drop)
        .map_err(|e| fault::of_statement("open_session", &e))
}
