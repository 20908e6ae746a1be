//! The wish to be deleted.

use application::fault::Fault;
use application::identity::{Act, Actor, Entry, Letter, LetterKind, Place, Scheduled, Which};
use deadpool_postgres::{Pool, Transaction};
use domain::id::AccountId;
use domain::session::Because;
use serde_json::json;

use super::super::revoke::revoke;
use super::super::{fault, post, record, row};

const SCHEDULE: &str = include_str!("../../sql/directory/life/schedule.sql");

/// Sets the date unless there is one, ends the sessions, posts and logs the first wish.
pub(super) async fn schedule(
    pool: &Pool,
    account: AccountId,
    (now_ms, erase_after): (i64, i64),
    by: Actor,
    place: &Place,
) -> Result<Option<Scheduled>, Fault> {
    let failed = |error| fault::of_statement("schedule", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let transaction = client.transaction().await.map_err(failed)?;
    let scheduled = within(&transaction, account, (now_ms, erase_after), by, place).await?;
    transaction.commit().await.map_err(failed)?;
    Ok(scheduled)
}

/// The same, within the transaction of an act.
pub(in super::super) async fn within(
    transaction: &Transaction<'_>,
    account: AccountId,
    (now_ms, erase_after): (i64, i64),
    by: Actor,
    place: &Place,
) -> Result<Option<Scheduled>, Fault> {
    let failed = |error| fault::of_statement("schedule", &error);
    let statement = transaction.prepare_cached(SCHEDULE).await.map_err(failed)?;
    let found = transaction.query_opt(&statement, &[&account.0, &now_ms, &erase_after]).await.map_err(failed)?;
    let Some(found) = found else { return Ok(None) };
    let erase_after: i64 = found.try_get("erase_after").map_err(|error| row::unreadable(&error))?;
    let ended = revoke(transaction, account, Which::All, Because::AccountDeleted, now_ms).await?;
    if found.try_get("first").map_err(|error| row::unreadable(&error))? {
        let about = json!({ "erase_after": erase_after });
        let letter = Letter { account, kind: LetterKind::DeletionScheduled, about: about.clone(), at: now_ms };
        post::post(transaction, &letter).await?;
        let entry = Entry::by_oneself(account, Act::DeletionAsked, place.clone(), now_ms);
        let entry = Entry { actor: by, about, ..entry };
        record::record(transaction, &entry).await?;
    }
    Ok(Some(Scheduled { erase_after, ended }))
}
