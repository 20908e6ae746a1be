//! Changes that a device missed, read from its cursor, and the same events by SQL alone.

use std::time::Instant;

use serde_json::Value;
use tokio_postgres::Client;

use super::fetch::{FORMS, Reader, text};
use crate::failure::Failure;
use crate::options::ReadingSizes;
use crate::statistics::Series;

/// Changes of a page.
const ROWS: usize = 1_000;

/// What was measured.
#[derive(Clone, Debug)]
pub struct CatchUp {
    /// Changes that were missed.
    pub changes: usize,
    /// Milliseconds until the device had caught up.
    pub served_ms: Series,
    /// Milliseconds of the same events by SQL alone.
    pub bare_ms: Series,
    /// Bytes of the answers, plain and as zstd.
    pub bytes: [usize; 2],
}

/// Reads in turns with SQL.
pub(super) async fn measure(
    reader: &Reader,
    cursor: &str,
    sql: &Client,
    sizes: &ReadingSizes,
) -> Result<CatchUp, Failure> {
    let (mut served, mut bare, mut bytes) = (Vec::new(), Vec::new(), 0);
    for _ in 0..sizes.delta_rounds {
        let begun = Instant::now();
        let (changes, read) = read(reader, cursor).await?;
        served.push(begun.elapsed().as_secs_f64() * 1e3);
        bytes = read;
        bare.push(events_by_sql(sql, reader, changes).await?);
        if changes != sizes.missed {
            return Err(Failure::new(format!("{changes} changes were read instead of {}", sizes.missed)));
        }
    }
    let mut packed = 0;
    let mut path = from(cursor);
    loop {
        packed += reader.bytes(&path, FORMS[2]).await?.len();
        let page = reader.page(&path).await?.body;
        if page["caught_up"] == true {
            break;
        }
        path = from(&text(&page["cursor"])?);
    }
    let (served_ms, bare_ms) = (Series::new(served), Series::new(bare));
    Ok(CatchUp { changes: sizes.missed, served_ms, bare_ms, bytes: [bytes, packed] })
}

/// How many changes follow the cursor, and in how many bytes they came.
async fn read(reader: &Reader, cursor: &str) -> Result<(usize, usize), Failure> {
    let (mut path, mut changes, mut bytes) = (from(cursor), 0, 0);
    loop {
        let page = reader.page(&path).await?;
        changes += page.body["changes"].as_array().map_or(0, Vec::len);
        bytes += page.bytes;
        if page.body["caught_up"] == true {
            return Ok((changes, bytes));
        }
        path = from(&text(&page.body["cursor"])?);
    }
}

fn from(cursor: &str) -> String {
    format!("/api/v2/changes?limit={ROWS}&cursor={cursor}")
}

/// The last events of the space, whole, over one connection; milliseconds.
async fn events_by_sql(sql: &Client, reader: &Reader, changes: usize) -> Result<f64, Failure> {
    let count = i64::try_from(changes).map_err(Failure::during("counting changes"))?;
    let begun = Instant::now();
    let rows = sql.query(include_str!("../sql/last_events.sql"), &[&reader.space, &count]).await?;
    let fields = rows.iter().filter(|row| row.get::<_, Value>("fields").is_object()).count();
    let took_ms = begun.elapsed().as_secs_f64() * 1e3;
    match fields == changes {
        true => Ok(took_ms),
        false => Err(Failure::new(format!("{changes} changes were served, the log has {fields}"))),
    }
}
