//! What nodes measured of themselves, kept minute by minute; `application::analytics` says what it means.

use application::analytics::{ACTIVE_MS, Histogram, Measured, Population, Requests, Tally};
use application::fault::Fault;
use deadpool_postgres::Pool;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::directory::clear;
use super::fault::{no_connection, read};

/// Accounts that are counted with one statement.
const CHUNK_ACCOUNTS: i64 = 2_000;
/// Rows that are cleared away with one.
const CHUNK_ROWS: i64 = 1_000;

/// The measures of all nodes.
#[derive(Clone, Debug)]
pub struct PostgresMeasures {
    pool: Pool,
}

impl PostgresMeasures {
    /// Reads and writes over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// Writes what a node has counted of a minute so far, in place of what it wrote of it before.
    ///
    /// # Errors
    /// It could not be written.
    pub async fn put(&self, node: Uuid, minute_at: i64, tally: &Tally) -> Result<(), Fault> {
        let counts = tally.counts().map(signed);
        let buckets = |histogram: &Histogram| histogram.counts().map(signed).to_vec();
        let (write, delivery) = (buckets(&tally.write), buckets(&tally.delivery));
        let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&minute_at, &node];
        parameters.extend(counts.iter().map(|count| count as &(dyn ToSql + Sync)));
        let requests = tally.requests.counts().map(signed).to_vec();
        parameters.extend([&write as &(dyn ToSql + Sync), &delivery, &requests]);
        self.query(include_str!("sql/measures/put.sql"), &parameters).await.map(drop)
    }

    /// Counts who is active at a moment and keeps it, unless somebody has. A few thousand accounts at a time.
    ///
    /// # Errors
    /// It could not be counted; nothing was kept.
    pub async fn count_people(&self, taken_at: i64) -> Result<(), Fault> {
        if !self.query(include_str!("sql/measures/has_population.sql"), &[&taken_at]).await?.is_empty() {
            return Ok(());
        }
        let (mut behind, mut all) = (Uuid::nil(), Population::default());
        loop {
            let sql = include_str!("sql/measures/count_accounts.sql");
            let rows = self.query(sql, &[&behind, &CHUNK_ACCOUNTS, &(taken_at - ACTIVE_MS)]).await?;
            let Some(row) = rows.first() else { break };
            all = all.and(population(row));
            match row.get("last_account") {
                Some(last) => behind = last,
                None => break,
            }
        }
        let Population { accounts, devices, both_platforms } = all;
        let sql = include_str!("sql/measures/put_population.sql");
        let counts = [accounts, devices, both_platforms].map(signed);
        self.query(sql, &[&taken_at, &counts[0], &counts[1], &counts[2]]).await.map(drop)
    }

    /// Clears away what was measured before a moment, in small chunks.
    ///
    /// # Errors
    /// The rest of it could not be cleared away.
    pub async fn clear(&self, before: i64) -> Result<(), Fault> {
        let measures = include_str!("sql/measures/clear_measures.sql");
        let populations = include_str!("sql/measures/clear_populations.sql");
        for statement in [measures, populations] {
            while clear::clear(&self.pool, statement, before, CHUNK_ROWS).await? >= CHUNK_ROWS.unsigned_abs() {}
        }
        Ok(())
    }

    async fn query(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        client.query(&statement, parameters).await.map_err(|error| read(&error))
    }
}

impl Measured for PostgresMeasures {
    async fn tally(&self, from: i64, until: i64) -> Result<Tally, Fault> {
        let sums = self.query(include_str!("sql/measures/sums.sql"), &[&from, &until]).await?;
        let Some(sums) = sums.first() else { return Ok(Tally::default()) };
        let sum = |name| unsigned(sums, name);
        let buckets = self.query(include_str!("sql/measures/histograms.sql"), &[&from, &until]).await?;
        let requests = self.query(include_str!("sql/measures/requests.sql"), &[&from, &until]).await?;
        Ok(Tally {
            committed: sum("committed"),
            rejected: sum("rejected"),
            deferred: sum("deferred"),
            repeated: sum("repeated"),
            turned_away: sum("turned_away"),
            commands: sum("commands"),
            conflicting: sum("conflicting"),
            merged: sum("merged"),
            superseded: sum("superseded"),
            write: Histogram::of(buckets.iter().map(|row| unsigned(row, "write"))),
            delivery: Histogram::of(buckets.iter().map(|row| unsigned(row, "delivery"))),
            requests: Requests::of(requests.iter().map(|row| unsigned(row, "count"))),
        })
    }

    async fn population(&self, from: i64, until: i64) -> Result<Option<Population>, Fault> {
        let rows = self.query(include_str!("sql/measures/population.sql"), &[&from, &until]).await?;
        Ok(rows.first().map(population))
    }
}

fn population(row: &Row) -> Population {
    let [accounts, devices, both_platforms] = ["accounts", "devices", "both_platforms"].map(|name| unsigned(row, name));
    Population { accounts, devices, both_platforms }
}

fn unsigned(row: &Row, name: &str) -> u64 {
    u64::try_from(row.get::<_, i64>(name)).unwrap_or_default()
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
