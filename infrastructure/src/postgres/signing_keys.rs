//! The table `signing_keys`: the public halves of the keys that sign access tokens, as every node sees them.

use application::fault::Fault;
use deadpool_postgres::{GenericClient, Pool};
use tokio_postgres::types::ToSql;

use super::fault;

const ALL: &str = include_str!("sql/signing_keys/all.sql");
const PUBLISH: &str = include_str!("sql/signing_keys/publish.sql");
const RETIRE: &str = include_str!("sql/signing_keys/retire.sql");
const REVOKE: &str = include_str!("sql/signing_keys/revoke.sql");
const FORGET: &str = include_str!("sql/signing_keys/forget.sql");
const SESSIONS_SINCE: &str = include_str!("sql/signing_keys/sessions_since.sql");

/// A key as the table has it. Moments are ms since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedKey {
    /// Names it in the header of a token.
    pub id: String,
    /// The public half, raw.
    pub public: [u8; 32],
    /// When it was made.
    pub created_at: i64,
    /// From then on it signs nothing.
    pub retired_at: Option<i64>,
    /// From then on nothing that it signed is good.
    pub ends_at: Option<i64>,
}

impl PublishedKey {
    /// Whether it may sign at this moment.
    pub fn signs(&self, now_ms: i64) -> bool {
        self.retired_at.is_none_or(|moment| now_ms < moment)
    }

    /// Whether what it signed is good at this moment.
    pub fn is_good(&self, now_ms: i64) -> bool {
        self.ends_at.is_none_or(|moment| now_ms < moment)
    }
}

/// All keys, oldest first.
pub(crate) async fn all(pool: &Pool) -> Result<Vec<PublishedKey>, Fault> {
    let client = pool.get().await.map_err(|error| fault::no_connection(&error))?;
    let statement = client.prepare_cached(ALL).await.map_err(|error| fault::read(&error))?;
    let rows = client.query(&statement, &[]).await.map_err(|error| fault::read(&error))?;
    rows.iter().map(|row| read(row).map_err(|why| Fault::Refused(format!("a signing key: {why}")))).collect()
}

fn read(row: &tokio_postgres::Row) -> Result<PublishedKey, Box<dyn std::error::Error>> {
    let public: &[u8] = row.try_get("public_key")?;
    Ok(PublishedKey {
        id: row.try_get("key_id")?,
        public: public.try_into()?,
        created_at: row.try_get("created_at")?,
        retired_at: row.try_get("retired_at")?,
        ends_at: row.try_get("ends_at")?,
    })
}

/// Makes a public half known to every node.
pub(crate) async fn publish(
    client: &impl GenericClient,
    id: &str,
    public: &[u8; 32],
    created_at: i64,
) -> Result<(), Fault> {
    execute(client, PUBLISH, &[&id, &public.as_slice(), &created_at]).await.map(drop)
}

/// Keys that sign nothing from `retired_at` on and end at `ends_at`; which of them did sign until now.
pub(crate) async fn retire(
    client: &impl GenericClient,
    ids: &[String],
    retired_at: i64,
    ends_at: i64,
) -> Result<Vec<String>, Fault> {
    let statement = client.prepare_cached(RETIRE).await.map_err(|error| fault::write(&error))?;
    let rows = client.query(&statement, &[&ids, &retired_at, &ends_at]).await.map_err(|error| fault::write(&error))?;
    rows.iter().map(|row| row.try_get("key_id").map_err(|error| fault::write(&error))).collect()
}

/// Ends a key at this moment; when it was made, if there is such a key.
pub(crate) async fn revoke(client: &impl GenericClient, id: &str, now_ms: i64) -> Result<Option<i64>, Fault> {
    let statement = client.prepare_cached(REVOKE).await.map_err(|error| fault::write(&error))?;
    let row = client.query_opt(&statement, &[&id, &now_ms]).await.map_err(|error| fault::write(&error))?;
    row.map(|row| row.try_get("created_at").map_err(|error| fault::write(&error))).transpose()
}

/// Forgets keys that ended before a moment; how many.
pub(crate) async fn forget(client: &impl GenericClient, before: i64) -> Result<u64, Fault> {
    execute(client, FORGET, &[&before]).await
}

/// How many sessions may hold a token that was signed since a moment.
pub(crate) async fn sessions_since(client: &impl GenericClient, moment: i64) -> Result<i64, Fault> {
    let statement = client.prepare_cached(SESSIONS_SINCE).await.map_err(|error| fault::read(&error))?;
    let row = client.query_one(&statement, &[&moment]).await.map_err(|error| fault::read(&error))?;
    row.try_get("sessions").map_err(|error| fault::read(&error))
}

async fn execute(client: &impl GenericClient, statement: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, Fault> {
    let statement = client.prepare_cached(statement).await.map_err(|error| fault::write(&error))?;
    client.execute(&statement, values).await.map_err(|error| fault::write(&error))
}
