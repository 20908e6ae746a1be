//! Tables that follow from no log and are carried as they are, row by row. A test holds both lists against the schema, so
//! that a new table is carried or left out for a reason.

use std::collections::BTreeMap;

use application::fault::Fault;
use application::transfer::log::Bad;
use serde_json::{Map, Value};
use tokio_postgres::types::ToSql;
use tokio_postgres::{GenericClient, Row};

use super::super::fault::{read, write};
use super::super::log_copy::columns::Table;

/// Rows of one statement.
const ROWS_MAX: i64 = 500;

/// Carried whole with every backup. Logs carry the tables of `application::transfer::log::Part` themselves, and accounts
/// their devices.
pub const CARRIED: &[&str] = &[
    "revoked_sessions",
    "security_log",
    "signing_keys",
    "revisions",
    // Behind them what refers to them.
    "flags",
    "flag_accounts",
    "redactions",
    "measures",
    "populations",
];

/// Those of them that speak of each other, and are read as of one moment. They are short.
pub const TOGETHER: &[&str] = &["revisions", "flags", "flag_accounts", "redactions"];

/// Left out, and why.
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("account_tokens", "what a mail lets its reader do; asked for again"),
    ("backup_lease", "whose turn it is, here"),
    ("backups", "what was done here"),
    ("checksum_repairs", "how often a device repaired itself within the last hour"),
    ("days", "folded from the log again"),
    ("erasures", "carried as a list of its own, which comes first in a restore"),
    ("log_imports", "what is on its way here"),
    ("mails", "would be sent twice"),
    ("refinery_schema_history", "the restored database has its own"),
    ("refresh_nonces", "of sessions"),
    ("refresh_tokens", "of sessions"),
    ("restores", "what is on its way here"),
    ("sessions", "people sign in again: one that was ended since must not come back"),
    ("system", "the life of the logs stands in the manifest"),
    ("devices", "come with their accounts"),
    ("activity", "folded from the log again"),
    ("audit_log", "made from the log again"),
    ("behind", "what is still to be read here"),
    ("checkpoints", "how far that is read here"),
    ("node_notes", "what nodes said here"),
    ("projection_folds", "with which folds the rows here were built"),
    ("space_folds", "with which folds the rows here were built"),
    ("rebuilds", "what was folded again here"),
    ("rebuild_spaces", "what is being folded again here"),
    ("rebuild_differences", "what was not as the log says here"),
    ("verify_runs", "what was looked at here"),
    ("verify_stretches", "what is being looked at here"),
    ("verify_findings", "what was found here"),
    ("sync_history", "when devices synced here; old lines go by themselves"),
];

/// The rows of a table, in the order of its key.
#[derive(Debug)]
pub struct Rows {
    table: &'static str,
    keys: Vec<(String, String)>,
    after: Option<Vec<String>>,
    ended: bool,
}

impl Rows {
    /// Before the first row; a table that is not there, or that has no key, has none.
    ///
    /// # Errors
    /// The database failed.
    pub async fn of(client: &impl GenericClient, table: &'static str) -> Result<Self, Fault> {
        let keys = keys(client, table).await?;
        Ok(Self { table, ended: keys.is_empty(), keys, after: None })
    }

    /// The next rows; none after the last.
    ///
    /// # Errors
    /// The database failed.
    pub async fn next(&mut self, client: &impl GenericClient) -> Result<Vec<String>, Fault> {
        if self.ended {
            return Ok(Vec::new());
        }
        let rows = match &self.after {
            None => client.query(&self.fill(include_str!("../sql/backup/rows_first.sql")), &[&ROWS_MAX]).await,
            Some(after) => {
                let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&ROWS_MAX];
                parameters.extend(after.iter().map(|key| key as &(dyn ToSql + Sync)));
                client.query(&self.fill(include_str!("../sql/backup/rows_after.sql")), &parameters).await
            }
        };
        let rows: Vec<Row> = rows.map_err(|error| read(&error))?;
        self.after = rows.last().map(|row| row.get("key"));
        self.ended = self.after.is_none();
        Ok(rows.iter().map(|row| row.get("row")).collect())
    }

    fn fill(&self, template: &str) -> String {
        let list = |each: &dyn Fn(usize, &(String, String)) -> String| {
            let all = self.keys.iter().enumerate().map(|(at, key)| each(at, key));
            all.collect::<Vec<_>>().join(", ")
        };
        template
            .replace("{table}", self.table)
            .replace("{key_texts}", &list(&|_, (name, _)| format!("t.{name}::text")))
            .replace("{keys}", &list(&|_, (name, _)| format!("t.{name}")))
            .replace("{bounds}", &list(&|at, (_, of)| format!("${}::text::{of}", at + 2)))
    }
}

/// Tables as they are here, and the rows that are to be put into them.
#[derive(Debug, Default)]
pub struct Tables {
    known: BTreeMap<&'static str, Known>,
}

#[derive(Debug)]
struct Known {
    table: Table,
    keys: Vec<String>,
}

impl Tables {
    /// The tables that are carried.
    ///
    /// # Errors
    /// The database failed.
    pub async fn read(client: &impl GenericClient) -> Result<Self, Fault> {
        let mut known = BTreeMap::new();
        for name in CARRIED.iter().copied() {
            let keys = keys(client, name).await?.into_iter().map(|(name, _)| name).collect();
            known.insert(name, Known { table: Table::read(client, name, None).await?, keys });
        }
        Ok(Self { known })
    }

    /// A row of a file, if it fits.
    ///
    /// # Errors
    /// No such table is carried, or the row has other columns.
    pub fn check(&mut self, table: &str, row: &str) -> Result<Map<String, Value>, Bad> {
        let known = self.known.get_mut(table);
        known.ok_or_else(|| Bad::Unreadable(format!("no backup carries a table {table}")))?.table.row(row)
    }

    /// Puts rows of one table, which were checked; of those that are there already the given ones count.
    ///
    /// # Errors
    /// The database failed.
    pub async fn put(
        &self,
        client: &impl GenericClient,
        table: &str,
        rows: Vec<Map<String, Value>>,
    ) -> Result<u64, Fault> {
        let Some(known) = self.known.get(table).filter(|_| !rows.is_empty()) else { return Ok(0) };
        let given = known.table.fill("{columns}");
        let excluded: Vec<String> = given.split(", ").map(|column| format!("excluded.{column}")).collect();
        let sql = known.table.fill(include_str!("../sql/backup/put_rows.sql"));
        let sql = sql.replace("{keys}", &known.keys.join(", ")).replace("{excluded}", &excluded.join(", "));
        let document = Value::Array(rows.into_iter().map(Value::Object).collect()).to_string();
        client.execute(&sql, &[&document]).await.map_err(|error| write(&error))
    }
}

/// The columns of a table's key, and their types.
async fn keys(client: &impl GenericClient, table: &str) -> Result<Vec<(String, String)>, Fault> {
    let rows = client.query(include_str!("../sql/backup/keys.sql"), &[&table]).await;
    Ok(rows.map_err(|error| read(&error))?.iter().map(|row| (row.get("name"), row.get("type"))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_together_is_carried_and_stands_in_the_same_order() {
        let carried: Vec<&str> = CARRIED.iter().copied().filter(|name| TOGETHER.contains(name)).collect();
        assert_eq!(carried, TOGETHER);
    }
}
