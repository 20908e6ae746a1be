//! The tables that hold rows of an owner, as the database has them now.

use application::fault::Fault;
use deadpool_postgres::GenericClient;

use super::super::row;
use super::statement::{execute, query};

/// A table and the column that says whose its rows are.
#[derive(Clone, Debug)]
pub(super) struct Table {
    name: String,
    owner: String,
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
    pub(super) async fn delete(
        &self,
        client: &impl GenericClient,
        owner: uuid::Uuid,
        rows_max: i64,
    ) -> Result<i64, Fault> {
        let sql = self.fill(include_str!("../../sql/erasure/delete_rows.sql"));
        let deleted = execute(client, "delete_rows", &sql, &[&owner, &rows_max]).await?;
        Ok(i64::try_from(deleted).unwrap_or(i64::MAX))
    }

    /// Which of these own rows in it.
    pub(super) async fn owners(
        &self,
        client: &impl GenericClient,
        wanted: &[uuid::Uuid],
    ) -> Result<Vec<uuid::Uuid>, Fault> {
        let sql = self.fill(include_str!("../../sql/erasure/owners.sql"));
        let rows = query(client, "owners", &sql, &[&wanted]).await?;
        rows.iter().map(|row| row.try_get(0).map_err(|error| row::unreadable(&error))).collect()
    }

    fn fill(&self, template: &str) -> String {
        template.replace("{table}", &self.name).replace("{owner}", &self.owner)
    }
}
