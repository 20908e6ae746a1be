//! The tables that hold rows of an owner, as the database has them now.

use application::fault::Fault;
use deadpool_postgres::GenericClient;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use super::super::{fault, row};
use super::statement::query;

/// Why a table was not gone through.
#[derive(Debug)]
pub(super) enum Stop {
    /// It is gone: a rebuild has taken its shadow tables away.
    Vanished,
    /// The database failed.
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A table and the column that says whose its rows are.
#[derive(Clone, Debug)]
pub(super) struct Table {
    name: String,
    owner: String,
}

/// Deletes at most `rows_max` rows of an owner, table by table; how many there were.
pub(super) async fn delete(
    client: &impl GenericClient,
    tables: &[Table],
    owner: uuid::Uuid,
    rows_max: i64,
) -> Result<i64, Stop> {
    let mut deleted = 0;
    for table in tables {
        deleted += table.delete(client, owner, rows_max - deleted).await?;
        if deleted >= rows_max {
            break;
        }
    }
    Ok(deleted)
}

impl Table {
    /// A table with a rule of its own, by its column.
    pub(super) fn named(name: &str, owner: &str) -> Self {
        Self { name: name.to_owned(), owner: owner.to_owned() }
    }

    /// Every table without one.
    pub(super) async fn all(client: &impl GenericClient) -> Result<Vec<Self>, Fault> {
        let rows = query(client, "tables", include_str!("../../sql/erasure/tables.sql"), &[]).await?;
        let read = |row: &tokio_postgres::Row| Ok(Self { name: row.try_get("name")?, owner: row.try_get("owner")? });
        rows.iter().map(|row| read(row).map_err(|error| row::unreadable(&error))).collect()
    }

    /// Whether its rows are of a space; else they are of an account.
    pub(super) fn is_of_space(&self) -> bool {
        self.owner == "space_id"
    }

    /// Deletes at most `rows_max` rows of an owner; how many there were.
    async fn delete(&self, client: &impl GenericClient, owner: uuid::Uuid, rows_max: i64) -> Result<i64, Stop> {
        let sql = self.fill(include_str!("../../sql/erasure/delete_rows.sql"));
        let statement = client.prepare_cached(&sql).await.map_err(|error| stop("delete_rows", &error))?;
        let deleted = client.execute(&statement, &[&owner, &rows_max]).await;
        Ok(i64::try_from(deleted.map_err(|error| stop("delete_rows", &error))?).unwrap_or(i64::MAX))
    }

    /// Which of these own rows in it.
    pub(super) async fn owners(
        &self,
        client: &impl GenericClient,
        wanted: &[uuid::Uuid],
    ) -> Result<Vec<uuid::Uuid>, Stop> {
        let sql = self.fill(include_str!("../../sql/erasure/owners.sql"));
        let statement = client.prepare_cached(&sql).await.map_err(|error| stop("owners", &error))?;
        let rows = client.query(&statement, &[&wanted]).await.map_err(|error| stop("owners", &error))?;
        let owners: Result<_, Error> = rows.iter().map(|row| row.try_get(0)).collect();
        owners.map_err(|error| row::unreadable(&error).into())
    }

    fn fill(&self, template: &str) -> String {
        template.replace("{table}", &self.name).replace("{owner}", &self.owner)
    }
}

/// What an error means to whoever goes through tables.
fn stop(statement: &'static str, error: &Error) -> Stop {
    let vanished = [SqlState::UNDEFINED_TABLE, SqlState::INVALID_SCHEMA_NAME];
    match error.code() {
        Some(code) if vanished.contains(code) => Stop::Vanished,
        _ => Stop::Fault(fault::of_statement(statement, error)),
    }
}
