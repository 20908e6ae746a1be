//! The security log of an account, as the database has it.

use serde_json::Value;
use tokio_postgres::Client;
use uuid::Uuid;

/// An entry.
pub(crate) struct Logged {
    /// What was done.
    pub(crate) act: String,
    /// By whom, if it was not the account itself, and as what.
    pub(crate) actor: Option<Uuid>,
    pub(crate) role: Option<String>,
    /// From or about which device.
    pub(crate) device: Option<Uuid>,
    /// What else it says.
    pub(crate) about: Value,
}

/// All that is said about an account, the oldest first.
pub(crate) async fn entries(sql: &Client, account: Uuid) -> Vec<Logged> {
    let statement = "SELECT act, actor_id, actor_role, device_id, about FROM security_log WHERE account_id = $1
        ORDER BY entry_id";
    let rows = sql.query(statement, &[&account]).await.unwrap().into_iter();
    rows.map(|row| Logged {
        act: row.get(0),
        actor: row.get(1),
        role: row.get(2),
        device: row.get(3),
        about: row.get(4),
    })
    .collect()
}

/// The entries of one act.
pub(crate) async fn entries_of(sql: &Client, account: Uuid, act: &str) -> Vec<Logged> {
    entries(sql, account).await.into_iter().filter(|entry| entry.act == act).collect()
}
