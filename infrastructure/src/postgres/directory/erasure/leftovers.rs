//! What was written after all: a statement that had begun before an erasure may end after it.

use std::collections::BTreeSet;

use application::fault::Fault;
use deadpool_postgres::Pool;
use domain::id::AccountId;
use uuid::Uuid;

use super::super::fault;
use super::statement::execute;
use super::tables::{Stop, Table};

/// Tables with a rule of their own, where nothing may be left either.
const OTHERS: [(&str, &str); 6] = [
    ("heads", "space_id"),
    ("accounts", "account_id"),
    ("devices", "account_id"),
    ("sessions", "account_id"),
    ("security_log", "account_id"),
    ("security_log", "actor_id"),
];

/// Takes up again those of these erasures of which something is there; how many.
pub(super) async fn reopen(pool: &Pool, finished: &[AccountId]) -> Result<u64, Fault> {
    if finished.is_empty() {
        return Ok(0);
    }
    let finished: Vec<Uuid> = finished.iter().map(|account| account.0).collect();
    let client = pool.get().await.map_err(fault::of_pool)?;
    let mut tables = Table::all(&client).await?;
    tables.extend(OTHERS.map(|(name, owner)| Table::named(name, owner)));
    let mut found = BTreeSet::new();
    for table in tables {
        match table.owners(&client, &finished).await {
            Ok(owners) => found.extend(owners),
            Err(Stop::Vanished) => {}
            Err(Stop::Fault(fault)) => return Err(fault),
        }
    }
    if found.is_empty() {
        return Ok(0);
    }
    let found: Vec<Uuid> = found.into_iter().collect();
    execute(&client, "reopen", include_str!("../../sql/erasure/reopen.sql"), &[&found]).await
}
