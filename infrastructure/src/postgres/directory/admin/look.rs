//! All that support may see of an account, and the entry that says that somebody looked.

use application::fault::Fault;
use application::identity::admin::{AccountFile, DeviceFile, Order, SessionFile, Whose};
use application::identity::{Act, Actor, Standing};
use deadpool_postgres::{Pool, Transaction};
use domain::id::{DeviceId, SessionId};
use serde_json::json;
use tokio_postgres::{Error, Row};
use uuid::Uuid;

use super::super::{fault, record, row};
use super::entry;

const LOOK: &str = include_str!("../../sql/directory/admin/look.sql");
const DEVICES: &str = include_str!("../../sql/directory/admin/look_devices.sql");
const SESSIONS: &str = include_str!("../../sql/directory/admin/look_sessions.sql");

/// The account; nothing is shown whose look was not logged.
pub(super) async fn look(pool: &Pool, which: Whose, by: Actor, at: i64) -> Result<Option<AccountFile>, Fault> {
    let failed = |error| fault::of_statement("look", &error);
    let (id, email) = match &which {
        Whose::Id(id) => (Some(id.0), None),
        Whose::Email(email) => (None, Some(email.as_str())),
    };
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let transaction = client.transaction().await.map_err(failed)?;
    let statement = transaction.prepare_cached(LOOK).await.map_err(failed)?;
    let Some(found) = transaction.query_opt(&statement, &[&id, &email]).await.map_err(failed)? else {
        return Ok(None);
    };
    let account = row::account(&found)?;
    let devices = rows(&transaction, DEVICES, account.id.0).await?;
    let sessions = rows(&transaction, SESSIONS, account.id.0).await?;
    let order = Order { account: account.id, by, at };
    record::record(&transaction, &entry(order, Act::LookedAt, json!({ "what": "account" }))).await?;
    transaction.commit().await.map_err(failed)?;
    let unreadable = |error| row::unreadable(&error);
    Ok(Some(AccountFile {
        account,
        created_at: found.try_get("created_at").map_err(unreadable)?,
        standing: Standing {
            verified_at: found.try_get("verified_at").map_err(unreadable)?,
            locked_at: found.try_get("locked_at").map_err(unreadable)?,
        },
        deletion_requested_at: found.try_get("deletion_requested_at").map_err(unreadable)?,
        devices: devices.iter().map(device).collect::<Result<_, Error>>().map_err(unreadable)?,
        sessions: sessions.iter().map(session).collect::<Result<_, Error>>().map_err(unreadable)?,
    }))
}

async fn rows(transaction: &Transaction<'_>, sql: &'static str, account: Uuid) -> Result<Vec<Row>, Fault> {
    let failed = |error| fault::of_statement("look", &error);
    let statement = transaction.prepare_cached(sql).await.map_err(failed)?;
    transaction.query(&statement, &[&account]).await.map_err(failed)
}

fn device(row: &Row) -> Result<DeviceFile, Error> {
    Ok(DeviceFile {
        id: DeviceId(row.try_get("device_id")?),
        platform: row.try_get("platform")?,
        name: row.try_get("device_name")?,
        app_version: row.try_get("app_version")?,
        created_at: row.try_get("created_at")?,
        last_seen_at: row.try_get("last_seen_at")?,
    })
}

fn session(row: &Row) -> Result<SessionFile, Error> {
    Ok(SessionFile {
        id: SessionId(row.try_get("session_id")?),
        device: DeviceId(row.try_get("device_id")?),
        created_at: row.try_get("created_at")?,
        last_seen_at: row.try_get("last_seen_at")?,
        network: row.try_get("last_network")?,
        revoked_at: row.try_get("revoked_at")?,
        because: row.try_get("revoked_because")?,
    })
}
