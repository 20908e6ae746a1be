//! The current tables, to readers: lists and single rows of one space, with where the space stood at that moment.
//!
//! The SQL is generic over the kind and written from the shape of its table.

mod columns;
pub(super) mod page;
mod query;
mod refusal;
mod replaced;
pub(super) mod statement;

use std::collections::BTreeMap;

use application::fault::Fault;
use application::submit::shown;
use deadpool_postgres::{Object, Pool};
use domain::entity::Kind;
use domain::id::{EntityId, SpaceId};
use serde_json::{Map, Value};
use tokio::sync::OnceCell;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

pub use self::columns::{Columns, id};
use self::page::{Last, token};
pub use self::query::{ListQuery, SEARCH_CHARS_MAX, fields, list_query};
pub use self::refusal::ListRefusal;
use self::statement::statement;
use super::fault::{no_connection, read};
use super::ledger::rows::damage;

/// The current tables.
#[derive(Debug)]
pub struct PostgresRows {
    pool: Pool,
    columns: OnceCell<BTreeMap<Kind, Columns>>,
}

/// Where a space stood at the moment of a read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The life of the log.
    pub epoch: Uuid,
    /// The last position; 0 if nobody has written.
    pub position: i64,
    /// Repairs of the projections so far; one changes rows without a position.
    pub repairs: i64,
    /// The time zone of the space's hero.
    pub time_zone: Option<String>,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Where the space stood.
    pub standing: Standing,
    /// Rows as a reader is shown them.
    pub rows: Vec<Map<String, Value>>,
    /// The token of the next page, if there is more.
    pub next: Option<String>,
}

/// A single row.
#[derive(Clone, Debug)]
pub struct One {
    /// Where the space stood.
    pub standing: Standing,
    /// The row as a reader is shown it, tombstones too; `None` if the space never had it.
    pub row: Option<Map<String, Value>>,
}

impl PostgresRows {
    /// Reads over connections of `pool`. The database must be migrated before the first read.
    pub fn new(pool: Pool) -> Self {
        Self { pool, columns: OnceCell::new() }
    }

    /// The columns of a kind, read once.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn columns(&self, kind: Kind) -> Result<&Columns, Fault> {
        let all = self.columns.get_or_try_init(|| self.read_columns()).await?;
        all.get(&kind).ok_or_else(|| Fault::Refused(format!("{} has no columns", kind.table())))
    }

    async fn read_columns(&self) -> Result<BTreeMap<Kind, Columns>, Fault> {
        let client = self.client().await?;
        let mut all = BTreeMap::new();
        for kind in Kind::ALL {
            all.insert(*kind, Columns::read(&**client, *kind).await.map_err(|error| read(&error))?);
        }
        Ok(all)
    }

    /// Where a space stands.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn standing(&self, space: SpaceId) -> Result<Standing, Fault> {
        let found = self.query(include_str!("../sql/rows/standing.sql"), &[&space.0]).await?;
        standing(space, &found)
    }

    /// One entity of a space.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn one(&self, space: SpaceId, kind: Kind, id: EntityId) -> Result<One, Fault> {
        let sql = include_str!("../sql/rows/one.sql").replace("{table}", kind.table());
        let found = self.query(&sql, &[&space.0, &id.0]).await?;
        Ok(One { standing: standing(space, &found)?, row: rows(kind, &found).next() })
    }

    /// A page of a space's entities of one kind.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn list(&self, space: SpaceId, kind: Kind, query: &ListQuery) -> Result<Listed, Fault> {
        let statement = statement(self.columns(kind).await?, query);
        let asked = i64::try_from(query.rows).unwrap_or(i64::MAX - 1) + 1;
        let mut values: Vec<(&(dyn ToSql + Sync), Type)> = vec![(&space.0, Type::UUID), (&asked, Type::INT8)];
        values.extend(statement.values.iter().map(|value| (value as &(dyn ToSql + Sync), Type::TEXT)));
        // Not kept prepared: readers could make any number of such texts.
        let client = self.client().await?;
        let found = client.query_typed(&statement.text, &values).await.map_err(|error| read(&error))?;
        let standing = standing(space, &found)?;
        let mut rows: Vec<Map<String, Value>> = rows(kind, &found).collect();
        let more = rows.len() > query.rows;
        rows.truncate(query.rows);
        let next = rows.last().filter(|_| more).and_then(|row| last(query, row)).map(|last| token(&query.name, &last));
        Ok(Listed { standing, rows, next })
    }

    async fn client(&self) -> Result<Object, Fault> {
        self.pool.get().await.map_err(|error| no_connection(&error))
    }

    async fn query(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
        let client = self.client().await?;
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        client.query(&statement, parameters).await.map_err(|error| read(&error))
    }
}

fn standing(space: SpaceId, found: &[Row]) -> Result<Standing, Fault> {
    let row = found.first().ok_or_else(|| damage("the standing", space, "there is none"))?;
    Ok(Standing {
        epoch: row.get("epoch"),
        position: row.get("position"),
        repairs: row.get("repairs"),
        time_zone: row.get("time_zone"),
    })
}

fn rows(kind: Kind, found: &[Row]) -> impl Iterator<Item = Map<String, Value>> {
    found.iter().filter_map(move |row| match row.get::<_, Option<Value>>("entity") {
        Some(Value::Object(row)) => Some(shown(kind, row)),
        _ => None,
    })
}

/// A row's place in the order of a query.
fn last(query: &ListQuery, row: &Map<String, Value>) -> Option<Last> {
    let id = row.get("id").and_then(Value::as_str).and_then(id)?;
    let key = match row.get(&query.sort.name)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    Some(Last { key, id })
}
