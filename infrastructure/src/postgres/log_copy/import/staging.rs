//! Rows of a space on their way into their tables, and how many are there already. A batch is one transaction: its rows,
//! what they fold to, and the count that says so.

use application::fault::Fault;
use application::rebuild::{Row as Fields, Rows};
use application::transfer::log::{Part, SpaceReader};
use domain::id::SpaceId;
use serde_json::{Map, Value};
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use super::super::super::catalog::{Catalog, Table};
use super::super::super::fault::{read, write};
use super::super::columns::Tables;
use super::ImportError;

/// Rows that one transaction takes.
const BATCH_ROWS_MAX: usize = 500;
/// Bytes of rows after which it takes no more.
const BATCH_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Rows of a projection in one statement.
const PROJECTION_ROWS_MAX: usize = 1_000;

/// A space that is being taken over.
pub(super) struct Staging {
    space: SpaceId,
    source: String,
    head: Map<String, Value>,
    /// Rows that are in their tables.
    there: i64,
    /// Rows that were read.
    read: i64,
    batch: Vec<(Part, Map<String, Value>)>,
    bytes: usize,
}

impl Staging {
    /// Begins, or goes on with what an import of the same file has left.
    pub(super) async fn claim(
        client: &Client,
        space: SpaceId,
        source: &str,
        head: Map<String, Value>,
    ) -> Result<Self, ImportError> {
        let row = client.query_one(include_str!("../../sql/log_copy/claim.sql"), &[&space.0, &source]).await;
        let row = row.map_err(|error| write(&error))?;
        if row.get::<_, &str>("source") != source {
            return Err(ImportError::OtherFile(space));
        }
        let (there, source) = (row.get("rows"), source.to_owned());
        Ok(Self { space, source, head, there, read: 0, batch: Vec::new(), bytes: 0 })
    }

    /// A row was read: it joins the batch, unless it is in its table already.
    pub(super) fn push(&mut self, part: Part, row: Map<String, Value>, bytes: usize, folded: &mut SpaceReader) {
        self.read += 1;
        if self.read <= self.there {
            if self.read == self.there {
                // What the rows so far fold to was written with them.
                drop(folded.take_rows());
            }
            return;
        }
        self.batch.push((part, row));
        self.bytes += bytes;
    }

    /// Whether the batch has to be written before the next row.
    pub(super) fn is_full(&self) -> bool {
        self.batch.len() >= BATCH_ROWS_MAX || self.bytes >= BATCH_BYTES_MAX
    }

    /// Writes the batch.
    pub(super) async fn write(
        &mut self,
        client: &mut Client,
        (tables, catalog): (&mut Tables, &Catalog),
        folded: &mut SpaceReader,
    ) -> Result<(), ImportError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.batch);
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        self.bytes = 0;
        let transaction = client.transaction().await.map_err(|error| read(&error))?;
        let sql = include_str!("../../sql/log_copy/advance.sql");
        let advanced = transaction.execute(sql, &[&self.space.0, &self.source, &self.there, &count]).await;
        if advanced.map_err(|error| write(&error))? == 0 {
            return Err(ImportError::Elsewhere(self.space));
        }
        insert(&transaction, tables, self.space, rows).await?;
        project(&transaction, catalog, folded.take_rows()).await?;
        transaction.commit().await.map_err(|error| write(&error))?;
        self.there += count;
        Ok(())
    }

    /// Shows the space, whose rows are all there; whether its counters are what was exported.
    pub(super) async fn show(
        mut self,
        client: &mut Client,
        (tables, catalog): (&mut Tables, &Catalog),
        (mut space, epoch): (Box<SpaceReader>, Option<Uuid>),
    ) -> Result<bool, ImportError> {
        self.write(client, (tables, catalog), &mut space).await?;
        let counters = space.counters();
        let before = self.head.clone();
        let checksum = counters.checksum.cast_signed();
        let counted =
            [("legacy_next", counters.legacy_next), ("live_entities", counters.live_entities), ("checksum", checksum)];
        counted.into_iter().for_each(|(name, value)| drop(self.head.insert(name.to_owned(), value.into())));
        let is_same = self.head == before;
        if let Some(epoch) = epoch {
            self.head.insert("epoch".to_owned(), epoch.to_string().into());
        }
        let into_heads = tables.of(Part::Space).fill(include_str!("../../sql/log_copy/insert_head.sql"));
        let transaction = client.transaction().await.map_err(|error| read(&error))?;
        let sql = include_str!("../../sql/log_copy/finish.sql");
        let finished = transaction.execute(sql, &[&self.space.0, &self.source, &self.there]).await;
        if finished.map_err(|error| write(&error))? == 0 {
            return Err(ImportError::Elsewhere(self.space));
        }
        let shown = transaction.execute(&into_heads, &[&Value::Object(self.head).to_string()]).await;
        if shown.map_err(|error| write(&error))? == 0 {
            return Err(ImportError::Met { what: "an erasure of space", id: self.space.0 });
        }
        transaction.commit().await.map_err(|error| write(&error))?;
        Ok(is_same)
    }
}

async fn insert(
    transaction: &Transaction<'_>,
    tables: &mut Tables,
    space: SpaceId,
    rows: Vec<(Part, Map<String, Value>)>,
) -> Result<(), Fault> {
    let mut rows = rows.into_iter().peekable();
    while let Some((part, first)) = rows.next() {
        let mut alike = vec![Value::Object(first)];
        while let Some((_, row)) = rows.next_if(|(next, _)| *next == part) {
            alike.push(Value::Object(row));
        }
        let sql = tables.of(part).fill(include_str!("../../sql/log_copy/insert.sql"));
        let document = Value::Array(alike).to_string();
        transaction.execute(&sql, &[&space.0, &document]).await.map_err(|error| write(&error))?;
    }
    Ok(())
}

/// Writes the current rows of what was folded.
async fn project(transaction: &Transaction<'_>, catalog: &Catalog, mut rows: Rows) -> Result<(), Fault> {
    for (kind, table) in &catalog.entities {
        upsert(transaction, table, rows.entities.remove(kind).unwrap_or_default()).await?;
    }
    upsert(transaction, &catalog.days, rows.days).await?;
    upsert(transaction, &catalog.activity, rows.activity).await
}

async fn upsert(transaction: &Transaction<'_>, table: &Table, rows: Vec<Fields>) -> Result<(), Fault> {
    let sql = table.fill(include_str!("../../sql/log_copy/projection.sql"));
    for rows in rows.chunks(PROJECTION_ROWS_MAX) {
        let document = Value::Array(rows.iter().cloned().map(Value::Object).collect()).to_string();
        transaction.execute(&sql, &[&document]).await.map_err(|error| write(&error))?;
    }
    Ok(())
}
