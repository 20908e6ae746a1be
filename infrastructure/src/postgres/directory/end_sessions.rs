//! Sessions that end, with what the security log and the account are told: one transaction.

use application::fault::Fault;
use application::identity::{Ending, Occasion};
use deadpool_postgres::{Pool, Transaction};
use domain::id::{DeviceId, SessionId};

use super::post::post;
use super::record::record;
use super::revoke::revoke;
use super::{fault, row};

const DEVICES_OF_SESSIONS: &str = include_str!("../sql/directory/devices_of_sessions.sql");

/// Ends the sessions that are still going on; which they were. If there were none, nothing is written.
pub(super) async fn end_sessions(pool: &Pool, ending: Ending) -> Result<Vec<SessionId>, Fault> {
    let failed = |error| fault::of_statement("end_sessions", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let transaction = client.transaction().await.map_err(failed)?;
    let ended = revoke(&transaction, ending.account, ending.which, ending.because, ending.now_ms).await?;
    if !ended.is_empty() {
        tell(&transaction, &ending, &ended).await?;
    }
    transaction.commit().await.map_err(failed)?;
    Ok(ended)
}

async fn tell(transaction: &Transaction<'_>, ending: &Ending, ended: &[SessionId]) -> Result<(), Fault> {
    if let Some(entry) = &ending.entry {
        record(transaction, entry).await?;
    }
    for (session, device) in devices(transaction, ending, ended).await? {
        let occasion = Occasion { account: ending.account, session, place: ending.place.clone(), at: ending.now_ms };
        record(transaction, &occasion.session_ended(device, ending.because)).await?;
    }
    match &ending.letter {
        Some(letter) => post(transaction, letter).await,
        None => Ok(()),
    }
}

async fn devices(
    transaction: &Transaction<'_>,
    ending: &Ending,
    ended: &[SessionId],
) -> Result<Vec<(SessionId, DeviceId)>, Fault> {
    let failed = |error| fault::of_statement("devices_of_sessions", &error);
    let statement = transaction.prepare_cached(DEVICES_OF_SESSIONS).await.map_err(failed)?;
    let ids: Vec<_> = ended.iter().map(|session| session.0).collect();
    let rows = transaction.query(&statement, &[&ending.account.0, &ids]).await.map_err(failed)?;
    let read =
        |row: &tokio_postgres::Row| Ok((SessionId(row.try_get("session_id")?), DeviceId(row.try_get("device_id")?)));
    rows.iter().map(|row| read(row).map_err(|error| row::unreadable(&error))).collect()
}
