//! A whole space, read by snapshot as a new device reads it, and the same rows by SQL alone.

use std::time::Instant;

use domain::entity::Kind;
use futures_util::future::try_join_all;
use futures_util::{StreamExt, pin_mut};
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::fetch::{FORMS, Reader, text};
use super::memory::{forget_peak, peak_mib, resident_mib};
use crate::failure::Failure;
use crate::options::ReadingSizes;
use crate::server::Server;
use crate::statistics::Series;

/// Rows of a page.
const ROWS: usize = 1_000;
/// New devices that read at once.
pub const TOGETHER: usize = 8;

/// What was measured.
#[derive(Clone, Debug)]
pub struct Whole {
    /// Whose.
    pub name: &'static str,
    /// Rows.
    pub rows: usize,
    /// Milliseconds until the page with the first open tasks was here.
    pub first_tasks_ms: Series,
    /// Milliseconds until everything was here.
    pub all_ms: Series,
    /// Milliseconds of the same rows by SQL alone.
    pub bare_ms: Series,
    /// Bytes of all pages, plain and as zstd.
    pub bytes: [usize; 2],
    /// The server's resident memory before, the most while one device reads, and while several read at once; MiB.
    pub memory_mib: [f64; 3],
}

/// One reading.
struct Read {
    rows: usize,
    bytes: usize,
    first_tasks_ms: f64,
    all_ms: f64,
}

/// Reads in turns with SQL.
pub(super) async fn measure(
    name: &'static str,
    reader: &Reader,
    server: &Server,
    sql: &Client,
    sizes: &ReadingSizes,
) -> Result<Whole, Failure> {
    let before = resident_mib(server.pid);
    forget_peak(server.pid);
    let (mut first, mut all, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = snapshot(reader).await?;
    for _ in 0..sizes.rounds {
        last = snapshot(reader).await?;
        first.push(last.first_tasks_ms);
        all.push(last.all_ms);
        bare.push(rows_by_sql(sql, reader.space, last.rows).await?);
    }
    let alone = peak_mib(server.pid);
    let packed = zstd_bytes(reader).await?;
    forget_peak(server.pid);
    try_join_all((0..TOGETHER).map(|_| snapshot(reader))).await?;
    Ok(Whole {
        name,
        rows: last.rows,
        first_tasks_ms: Series::new(first),
        all_ms: Series::new(all),
        bare_ms: Series::new(bare),
        bytes: [last.bytes, packed],
        memory_mib: [before, alone, peak_mib(server.pid)],
    })
}

async fn snapshot(reader: &Reader) -> Result<Read, Failure> {
    let begun = Instant::now();
    let milliseconds = || begun.elapsed().as_secs_f64() * 1e3;
    let mut read = Read { rows: 0, bytes: 0, first_tasks_ms: f64::NAN, all_ms: 0.0 };
    let mut path = format!("/api/v2/snapshot?limit={ROWS}");
    loop {
        let page = reader.page(&path).await?;
        let items = page.body["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        if read.first_tasks_ms.is_nan() && items.iter().any(|item| item["entity"] == Kind::Task.name()) {
            read.first_tasks_ms = milliseconds();
        }
        read.rows += items.len();
        read.bytes += page.bytes;
        if page.body["next"].is_null() {
            read.all_ms = milliseconds();
            return Ok(read);
        }
        path = format!("/api/v2/snapshot?limit={ROWS}&page={}", text(&page.body["next"])?);
    }
}

/// Bytes of all pages as zstd.
async fn zstd_bytes(reader: &Reader) -> Result<usize, Failure> {
    let (mut path, mut bytes) = (format!("/api/v2/snapshot?limit={ROWS}"), 0);
    loop {
        bytes += reader.bytes(&path, FORMS[2]).await?.len();
        let next = reader.page(&path).await?.body["next"].take();
        if next.is_null() {
            return Ok(bytes);
        }
        path = format!("/api/v2/snapshot?limit={ROWS}&page={}", text(&next)?);
    }
}

/// Reads the live rows of every kind, as JSON text, over one connection; milliseconds.
async fn rows_by_sql(sql: &Client, space: Uuid, expected: usize) -> Result<f64, Failure> {
    let begun = Instant::now();
    let (mut rows, mut bytes) = (0, 0);
    for kind in Kind::ALL {
        let statement = include_str!("../sql/live_rows.sql").replace("{table}", kind.table());
        let values: [&(dyn ToSql + Sync); 1] = [&space];
        let found = sql.query_raw(&statement, values).await?;
        pin_mut!(found);
        while let Some(row) = found.next().await {
            bytes += row?.get::<_, &str>("entity").len();
            rows += 1;
        }
    }
    let took_ms = begun.elapsed().as_secs_f64() * 1e3;
    match rows == expected && bytes > 0 {
        true => Ok(took_ms),
        false => Err(Failure::new(format!("the snapshot had {expected} rows, the tables {rows}"))),
    }
}
