//! Looks of staff, in the log of everybody whose lines they were shown.

use application::audit::LookAt;
use application::fault::Fault;
use application::identity::{Act, Actor};
use domain::id::AccountId;
use serde_json::Value;
use uuid::Uuid;

use super::super::fault::{read, write};
use super::PostgresAudit;
use crate::clock::{now_ms, uuid_v7};

/// Writes an entry for each account that is there. Its moment is that of its id, however long the look has gone on: a search by time
/// walks the ids.
pub(super) async fn note(
    log: &PostgresAudit,
    look: &LookAt,
    accounts: &[AccountId],
    about: &Value,
) -> Result<(), Fault> {
    let (actor, role) = match look.by {
        Actor::Oneself => return Ok(()),
        Actor::Support(account) => (Some(account.0), "support"),
        Actor::Admin(account) => (Some(account.0), "admin"),
        Actor::Operator => (None, "operator"),
    };
    let entries: Vec<Uuid> = accounts.iter().map(|_| uuid_v7()).collect();
    let accounts: Vec<Uuid> = accounts.iter().map(|account| account.0).collect();
    let client = log.client().await?;
    let sql = include_str!("../sql/audit_log/looked.sql");
    let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
    let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 7] =
        [&entries, &accounts, &now_ms(), &Act::LookedAt.as_str(), &actor, &role, about];
    client.execute(&statement, &parameters).await.map(drop).map_err(|error| write(&error))
}
