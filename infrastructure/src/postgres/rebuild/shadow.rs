//! A shadow table: what the log says that a live table holds. Written from a fold, compared by key in chunks, and the
//! source of what replaces a differing row.

use application::fault::Fault;
use application::rebuild::{Difference, How, Row as Fields};
use domain::id::SpaceId;
use serde_json::{Map, Value};
use tokio_postgres::types::ToSql;
use tokio_postgres::{GenericClient, Row, Transaction};

use super::super::catalog::Table;
use super::super::fault::{read, write};
use super::place::Place;

/// Rows in one statement.
const WRITE_ROWS_MAX: usize = 1_000;

/// The shadow of one table, with its statements.
#[derive(Debug)]
pub(super) struct Shadow {
    table: Table,
    name: String,
    /// The columns of the key beside the space.
    keys: Vec<String>,
}

/// The end of a chunk of rows.
#[derive(Debug)]
pub(super) struct Chunk {
    /// The last key, one text for each column.
    pub(super) upto: Vec<String>,
    /// How many rows, live and rebuilt taken together.
    pub(super) rows: i64,
}

impl Shadow {
    pub(super) fn new(table: Table, place: Place) -> Self {
        let name = match place {
            Place::Schema => format!("rebuild.{}", table.name),
            // Not the live table's own name: what is in the session hides what is not.
            Place::Session => format!("pg_temp.rebuilt_{}", table.name),
        };
        let keys = table.key.iter().filter(|column| *column != "space_id").cloned().collect();
        Self { table, name, keys }
    }

    /// A template with the names of this table and its shadow.
    pub(super) fn fill(&self, template: &str) -> String {
        self.table.fill(&template.replace("{shadow}", &self.name))
    }

    /// Writes rebuilt rows.
    pub(super) async fn write(&self, client: &impl GenericClient, rows: Vec<Fields>) -> Result<(), Fault> {
        let sql = self.fill(include_str!("../sql/rebuild/write_shadow.sql"));
        for rows in rows.chunks(WRITE_ROWS_MAX) {
            let document = Value::Array(rows.iter().cloned().map(Value::Object).collect()).to_string();
            client.execute(&sql, &[&document]).await.map_err(|error| write(&error))?;
        }
        Ok(())
    }

    /// Takes away what a space has in here.
    pub(super) async fn clear(&self, client: &impl GenericClient, space: SpaceId) -> Result<(), Fault> {
        let sql = self.fill(include_str!("../sql/rebuild/clear_shadow.sql"));
        client.execute(&sql, &[&space.0]).await.map_err(|error| write(&error))?;
        Ok(())
    }

    /// The next chunk of at most `rows_max` rows after a key, if there is one.
    pub(super) async fn chunk(
        &self,
        transaction: &Transaction<'_>,
        space: SpaceId,
        after: Option<&[String]>,
        rows_max: i64,
    ) -> Result<Option<Chunk>, Fault> {
        let texts: Vec<String> =
            self.keys.iter().map(|column| format!("chunk.{column}::text AS {column}_text")).collect();
        let descending: Vec<String> = self.keys.iter().map(|column| format!("chunk.{column} DESC")).collect();
        let start = self.start(after);
        let sql = self
            .fill(include_str!("../sql/rebuild/chunk.sql"))
            .replace("{keys}", &self.keys.join(", "))
            .replace("{texts}", &texts.join(", "))
            .replace("{descending}", &descending.join(", "))
            .replace("{after}", &self.bound(operator(after), 2))
            .replace("{limit}", &format!("${}", self.keys.len() + 2));
        let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&space.0];
        parameters.extend(start.iter().map(|key| key as &(dyn ToSql + Sync)));
        parameters.push(&rows_max);
        let found = transaction.query_opt(&sql, &parameters).await.map_err(|error| read(&error))?;
        Ok(found.map(|row| Chunk {
            upto: (0..self.keys.len()).map(|index| row.get(index)).collect(),
            rows: row.get("rows"),
        }))
    }

    /// What of a chunk differs, with the keys of the rows.
    pub(super) async fn compare(
        &self,
        transaction: &Transaction<'_>,
        space: SpaceId,
        after: Option<&[String]>,
        upto: &[String],
    ) -> Result<Vec<(Difference, Fields)>, Fault> {
        let texts: Vec<String> =
            self.table.key.iter().map(|column| format!("{column}::text AS {column}_text")).collect();
        let sql = self
            .fill(include_str!("../sql/rebuild/compare.sql"))
            .replace("{texts}", &texts.join(", "))
            .replace("{after}", &self.bound(operator(after), 2))
            .replace("{upto}", &self.bound("<=", 2 + self.keys.len()));
        let start = self.start(after);
        let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&space.0];
        parameters.extend(start.iter().chain(upto).map(|key| key as &(dyn ToSql + Sync)));
        let rows = transaction.query(&sql, &parameters).await.map_err(|error| read(&error))?;
        rows.iter().map(|row| self.difference(space, row)).collect()
    }

    fn difference(&self, space: SpaceId, row: &Row) -> Result<(Difference, Fields), Fault> {
        let (live, rebuilt) = (Side::of(row, "live"), Side::of(row, "rebuilt"));
        let how = match (&live, &rebuilt) {
            (Side::Absent, _) => How::Missing,
            (_, Side::Absent) => How::Surplus,
            (Side::Fields(live), Side::Fields(rebuilt)) => How::between(Some(live), Some(rebuilt)),
            // Which columns differ, nobody here can say.
            (Side::Unreadable, _) | (_, Side::Unreadable) => How::Columns(Vec::new()),
        };
        let text = |column: &String| row.try_get::<_, String>(format!("{column}_text").as_str());
        let texts: Result<Vec<String>, _> = self.keys.iter().map(text).collect();
        let key = self.table.key.iter().map(|column| Ok((column.clone(), Value::String(text(column)?))));
        let key: Result<Map<String, Value>, _> = key.collect();
        let key = key.map_err(|error: tokio_postgres::Error| read(&error))?;
        let texts = texts.map_err(|error| read(&error))?.join(" ");
        Ok((Difference { space, table: self.table.name, key: texts, how }, key))
    }

    /// Makes live rows what the log says. The head of their space must be locked.
    pub(super) async fn switch(
        &self,
        transaction: &Transaction<'_>,
        space: SpaceId,
        differing: &[(Difference, Fields)],
    ) -> Result<(), Fault> {
        let (surplus, others): (Vec<_>, Vec<_>) = differing.iter().partition(|(one, _)| one.how == How::Surplus);
        for (rows, template) in
            [(surplus, include_str!("../sql/rebuild/remove.sql")), (others, include_str!("../sql/rebuild/replace.sql"))]
        {
            if rows.is_empty() {
                continue;
            }
            let keys = Value::Array(rows.iter().map(|(_, key)| Value::Object(key.clone())).collect()).to_string();
            let switched = transaction.execute(&self.fill(template), &[&space.0, &keys]).await;
            let switched = switched.map_err(|error| write(&error))?;
            if switched != rows.len() as u64 {
                let table = self.table.name;
                return Err(Fault::Refused(format!("{switched} of {} rows of {table} were switched", rows.len())));
            }
        }
        Ok(())
    }

    /// The keyset's bound, with parameters from `$first` on. Keys travel as text.
    fn bound(&self, operator: &str, first: usize) -> String {
        let typed = |(index, column): (usize, &String)| format!("${}::text::{}", first + index, kind_of(column).0);
        let parameters: Vec<String> = self.keys.iter().enumerate().map(typed).collect();
        format!("({}) {operator} ({})", self.keys.join(", "), parameters.join(", "))
    }

    fn start(&self, after: Option<&[String]>) -> Vec<String> {
        let lowest = || self.keys.iter().map(|column| kind_of(column).1.to_owned()).collect();
        after.map_or_else(lowest, <[String]>::to_vec)
    }
}

/// A row as the database gives it.
enum Side {
    Absent,
    Fields(Fields),
    /// It is there, and holds what no program here can, such as a number of a thousand digits.
    Unreadable,
}

impl Side {
    fn of(row: &Row, name: &str) -> Self {
        match row.try_get::<_, Option<Value>>(name) {
            Ok(Some(Value::Object(fields))) => Self::Fields(fields),
            Ok(None) => Self::Absent,
            Ok(Some(_)) | Err(_) => Self::Unreadable,
        }
    }
}

fn operator(after: Option<&[String]>) -> &'static str {
    if after.is_some() { ">" } else { ">=" }
}

/// The type of a key's column and its lowest value.
fn kind_of(column: &str) -> (&'static str, &'static str) {
    match column {
        "day" => ("date", "-infinity"),
        "entity" => ("text", ""),
        "position" => ("bigint", "0"),
        _ => ("uuid", "00000000-0000-0000-0000-000000000000"),
    }
}
