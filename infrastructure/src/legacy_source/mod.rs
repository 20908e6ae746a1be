//! The database of the legacy system, read and never written: every transaction is read-only, also if the account that it
//! is read with could write. What tables and columns there are is asked of the database, because deployments differ.

mod schema;

use std::collections::{BTreeMap, BTreeSet};

use application::legacy_import::{LegacyAccount, Marks, Row as LegacyRow, Wrote};
use serde_json::Value;
use thiserror::Error;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, IsolationLevel, Row, Transaction};

use self::schema::{Found, MARKS, NOTES, Schema};
use crate::legacy_url::LegacyUrl;
use crate::postgres::pool::{ConnectError, explain};

/// Why it cannot be read.
#[derive(Debug, Error)]
pub enum SourceError {
    /// It cannot be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// It is another database.
    #[error("the database has no table `users` with `id` and `email`")]
    NoUsers,
    /// It failed on the way.
    #[error("the legacy database failed: {0}")]
    Database(String),
}

/// A user of the legacy system, before anything else of it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyUser {
    /// Its id, whatever its form.
    pub id: String,
    /// Its address.
    pub email: String,
}

/// The legacy database, opened.
pub struct LegacySource {
    client: Client,
    schema: Schema,
    zone: String,
}

impl LegacySource {
    /// Opens it and looks what tables it has.
    ///
    /// # Errors
    /// It cannot be reached, or is another database.
    pub async fn open(url: &LegacyUrl) -> Result<Self, SourceError> {
        let mut url = url.clone();
        let options = url.config.get_options().unwrap_or_default().to_owned();
        url.config.options(format!("-c default_transaction_read_only=on {options}").trim_end());
        let client = url.connect().await?;
        let zone = client.query_one(include_str!("sql/zone.sql"), &[]).await.map_err(|error| failed(&error))?.get(0);
        client.execute(include_str!("sql/utc.sql"), &[]).await.map_err(|error| failed(&error))?;
        let columns = client.query(include_str!("sql/columns.sql"), &[]).await.map_err(|error| failed(&error))?;
        let schema = Schema::of(columns.iter().map(|row| (row.get("table_name"), row.get("column_name"))));
        if schema.has("users", "id") && schema.has("users", "email") {
            return Ok(Self { client, schema, zone });
        }
        Err(SourceError::NoUsers)
    }

    /// The time zone that columns filled in by the database itself were written in, as far as the session tells.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// Every user, by id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn users(&self) -> Result<Vec<LegacyUser>, SourceError> {
        let sql = include_str!("sql/users.sql").replace("{table}", "\"users\"");
        let rows = self.client.query(&sql, &[]).await.map_err(|error| failed(&error))?;
        let user = |row: &Row| {
            let email: Option<String> = row.get("email");
            LegacyUser { id: row.get("id"), email: email.unwrap_or_default() }
        };
        Ok(rows.iter().map(user).collect())
    }

    /// How many rows there are of all users.
    ///
    /// # Errors
    /// The database failed.
    pub async fn count(&self) -> Result<u64, SourceError> {
        let mut count = 0;
        let found = self.schema.found();
        let tables = found.iter().map(|found| found.table).chain(["users"]);
        for table in tables.collect::<BTreeSet<_>>() {
            count += self.rows_of(table).await?;
        }
        Ok(count)
    }

    /// The tables of which nothing is carried over, and how many rows each has; empty ones aside.
    ///
    /// # Errors
    /// The database failed.
    pub async fn left_out(&self) -> Result<BTreeMap<String, u64>, SourceError> {
        let mut left_out = BTreeMap::new();
        for table in self.schema.left_out() {
            let rows = self.rows_of(table).await?;
            if rows > 0 {
                left_out.insert(table.to_owned(), rows);
            }
        }
        Ok(left_out)
    }

    async fn rows_of(&self, table: &str) -> Result<u64, SourceError> {
        let sql = include_str!("sql/count.sql").replace("{table}", &quoted(table));
        let row = self.client.query_one(&sql, &[]).await.map_err(|error| failed(&error))?;
        Ok(row.get::<_, i64>("rows").unsigned_abs())
    }

    /// Everything of one user, as of one moment; `None`: there is no such user any more.
    ///
    /// # Errors
    /// The database failed.
    pub async fn account(&mut self, id: &str) -> Result<Option<LegacyAccount>, SourceError> {
        let found = self.schema.found();
        let transaction = self.client.build_transaction().isolation_level(IsolationLevel::RepeatableRead);
        let transaction = transaction.read_only(true).start().await.map_err(|error| failed(&error))?;
        let users = Found { table: "users", column: "id", below: None, has_id: true };
        let mut account = match rows(&transaction, users, id).await?.pop() {
            Some(user) => LegacyAccount { user, ..LegacyAccount::default() },
            None => return Ok(None),
        };
        for found in found {
            let more = rows(&transaction, found, id).await?;
            let all = account.tables.entry(found.table.to_owned()).or_default();
            // A table may say in two ways whose a row is.
            let known: BTreeSet<String> = all.iter().filter_map(|row| Some(row.get("id")?.to_string())).collect();
            all.extend(more.into_iter().filter(|row| row.get("id").is_none_or(|id| !known.contains(&id.to_string()))));
        }
        if self.schema.has_marks() {
            marks(&transaction, &mut account).await?;
        }
        if self.schema.has_notes() {
            note(&transaction, id, &mut account).await?;
        }
        transaction.commit().await.map_err(|error| failed(&error))?;
        Ok(Some(account))
    }
}

/// Reads which of the rows an export of this program wrote.
async fn marks(transaction: &Transaction<'_>, account: &mut LegacyAccount) -> Result<(), SourceError> {
    for (table, kinds) in Marks::KINDS {
        let ids: Vec<String> = account.tables.get(*table).into_iter().flatten().filter_map(key).collect();
        let sql = include_str!("sql/marks.sql").replace("{table}", &quoted(MARKS));
        let found = transaction.query(&sql, &[kinds, &ids]).await.map_err(|error| failed(&error))?;
        for row in &found {
            let (number, entity): (Option<String>, Option<String>) = (row.get("legacy_id"), row.get("entity_id"));
            if let Some(number) = number.and_then(|number| number.parse().ok()) {
                let entity = entity.and_then(|entity| entity.parse().ok()).unwrap_or_default();
                account.marks.put(table, number, entity);
            }
        }
    }
    Ok(())
}

/// Reads what it noted of the account itself. A note that cannot be read is none: then totals are held against what stands here.
async fn note(transaction: &Transaction<'_>, user: &str, account: &mut LegacyAccount) -> Result<(), SourceError> {
    let sql = include_str!("sql/wrote.sql").replace("{table}", &quoted(NOTES));
    let found = transaction.query_opt(&sql, &[&user]).await.map_err(|error| failed(&error))?;
    let wrote: Option<String> = found.and_then(|row| row.get("wrote"));
    if let Some(wrote) = wrote.and_then(|wrote| serde_json::from_str::<Wrote>(&wrote).ok()) {
        account.marks.note(wrote);
    }
    Ok(())
}

/// The key of a row, as text.
fn key(row: &LegacyRow) -> Option<String> {
    match row.get("id")? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// How a row is taken: as its columns are, or each of them as text.
const AS_IT_IS: &str = "to_jsonb(t)";
const AS_TEXTS: &str = "(SELECT jsonb_object_agg(c.key, c.value) FROM jsonb_each_text(to_jsonb(t)) c)";

/// The rows of a table. A number can be larger than anything that reads JSON holds; then every column comes as text, and what
/// is none of the numbers that it should be counts for nothing by itself.
async fn rows(transaction: &Transaction<'_>, found: Found, user: &str) -> Result<Vec<LegacyRow>, SourceError> {
    let read = asked(transaction, found, user, AS_IT_IS).await?;
    let objects: Result<Vec<Value>, _> = read.iter().map(|row| row.try_get("row")).collect();
    let objects = match objects {
        Ok(objects) => objects,
        Err(_) => {
            let read = asked(transaction, found, user, AS_TEXTS).await?;
            read.iter().map(|row| row.try_get("row")).collect::<Result<_, _>>().map_err(|error| failed(&error))?
        }
    };
    let object = |row: Value| if let Value::Object(row) = row { row } else { LegacyRow::new() };
    Ok(objects.into_iter().map(object).collect())
}

async fn asked(transaction: &Transaction<'_>, found: Found, user: &str, row: &str) -> Result<Vec<Row>, SourceError> {
    let template = match found.below {
        Some(_) => include_str!("sql/rows_below.sql"),
        None => include_str!("sql/rows.sql"),
    };
    let sql = template
        .replace("{row}", row)
        .replace("{table}", &quoted(found.table))
        .replace("{column}", &quoted(found.column))
        .replace("{parent}", &quoted(found.below.unwrap_or_default()))
        .replace("{order}", if found.has_id { "t.id" } else { "1" });
    let parameters: &[&(dyn ToSql + Sync)] = &[&user];
    transaction.query(&sql, parameters).await.map_err(|error| failed(&error))
}

/// A name as SQL takes it, whatever it is.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn failed(error: &tokio_postgres::Error) -> SourceError {
    SourceError::Database(explain(error))
}

impl std::fmt::Debug for LegacySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LegacySource").field("schema", &self.schema).finish_non_exhaustive()
    }
}
