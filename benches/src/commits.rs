//! What one durable commit costs here, alone: single-row commits in a loop, one after the other. Taken before and after
//! everything else, it tells whether the disk stayed the same.

use std::time::Instant;

use tokio_postgres::Client;

use crate::failure::Failure;
use crate::statistics::Series;

/// Milliseconds of each of `count` commits.
pub async fn commits(client: &Client, count: usize) -> Result<Series, Failure> {
    client.batch_execute(include_str!("sql/commits_table.sql")).await?;
    let insert = client.prepare(include_str!("sql/commit.sql")).await?;
    let mut took_ms = Vec::with_capacity(count);
    for _ in 0..count {
        let started = Instant::now();
        client.execute(&insert, &[]).await?;
        took_ms.push(started.elapsed().as_secs_f64() * 1e3);
    }
    Ok(Series::new(took_ms))
}
