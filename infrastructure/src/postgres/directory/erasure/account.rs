//! The rows of an account, what the log says of it, and in the end the account itself.

use application::fault::Fault;
use application::identity::{Act, Actor, Entry, Place};
use deadpool_postgres::Transaction;
use domain::id::AccountId;
use domain::session::Because;
use serde_json::json;

use super::super::record::record;
use super::super::revoke::REMEMBERED_MS;
use super::statement::{execute, query};
use super::tables::{Stop, Table, delete};

/// The statements of the log: entries about the account go, entries by it lose its name. That one looks at sessions and
/// devices, which are still there.
const ENTRIES: [(&str, &str); 2] = [
    ("drop_entries", include_str!("../../sql/erasure/drop_entries.sql")),
    ("unname_entries", include_str!("../../sql/erasure/unname_entries.sql")),
];

/// Deletes at most `rows_max` rows; how many there were.
pub(super) async fn clear(
    tx: &Transaction<'_>,
    account: AccountId,
    tables: &[Table],
    rows_max: i64,
) -> Result<i64, Stop> {
    let mut cleared = 0;
    for (name, sql) in ENTRIES {
        let touched = execute(tx, name, sql, &[&account.0, &(rows_max - cleared)]).await?;
        cleared += i64::try_from(touched).unwrap_or(i64::MAX);
        if cleared >= rows_max {
            return Ok(cleared);
        }
    }
    Ok(cleared + delete(tx, tables, account.0, rows_max - cleared).await?)
}

/// Deletes the account and says so, without a name. Sessions that began while it was going are ended here, and the locks
/// see to it that no other begins.
pub(super) async fn finish(tx: &Transaction<'_>, account: AccountId, now_ms: i64) -> Result<(), Fault> {
    let hold = include_str!("../../sql/erasure/hold.sql");
    query(tx, "hold", hold, &[&account.0, &false, &now_ms]).await?;
    query(tx, "hold_devices", include_str!("../../sql/erasure/hold_devices.sql"), &[&account.0]).await?;
    // Under the locks once more: an entry may have come since the last look.
    for (name, sql) in ENTRIES {
        execute(tx, name, sql, &[&account.0, &i64::MAX]).await?;
    }
    let (because, forget_at) = (Because::AccountDeleted.as_str(), now_ms + REMEMBERED_MS);
    let sessions = include_str!("../../sql/erasure/drop_sessions.sql");
    execute(tx, "drop_sessions", sessions, &[&account.0, &because, &now_ms, &forget_at]).await?;
    execute(tx, "drop_account", include_str!("../../sql/erasure/drop_account.sql"), &[&account.0]).await?;
    let entry = Entry {
        account: None,
        at: now_ms,
        act: Act::Erased,
        actor: Actor::Operator,
        session: None,
        device: None,
        place: Place::default(),
        about: json!({}),
    };
    record(tx, &entry).await?;
    execute(tx, "finish", include_str!("../../sql/erasure/finish.sql"), &[&account.0, &now_ms]).await?;
    Ok(())
}
