//! The rows' checksums, to readers who compare: the port `application::compare` in PostgreSQL, one statement a question.
//!
//! A bucket is found by reading the space's rows of its kind; there is no index for it. Every write of a row moves its
//! checksum, so an index that holds it would cost each of them, and comparing is rare (decision 0017).

use std::collections::BTreeSet;

use application::compare::{Bucket, BucketSum, Checksums, Differing, Held, REPAIRS_MAX, REPAIRS_MS, RepairClaim, Sums};
use application::fault::Fault;
use deadpool_postgres::Pool;
use domain::entity::{EntityRef, Kind};
use domain::id::{DeviceId, EntityId, SpaceId};
use serde_json::{Map, Value};
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::fault::{no_connection, read, write};
use super::ledger::rows::{damage, head};

/// The checksums of every space.
#[derive(Clone, Debug)]
pub struct PostgresChecksums {
    pool: Pool,
}

impl PostgresChecksums {
    /// Reads over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// Planned for these very values each time: how many buckets there are, and of which kinds, decides how to read.
    async fn query(&self, sql: &str, values: &[(&(dyn ToSql + Sync), Type)]) -> Result<Vec<Row>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        client.query_typed(sql, values).await.map_err(|error| read(&error))
    }

    async fn change(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Option<Row>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        client.query_opt(&statement, values).await.map_err(|error| write(&error))
    }
}

impl Checksums for PostgresChecksums {
    async fn sums(&self, space: SpaceId, position: i64, buckets: &[Bucket]) -> Result<Sums, Fault> {
        let parts = of_kinds(buckets, include_str!("sql/compare/sums_of_kind.sql"), "    UNION ALL");
        let sql = include_str!("sql/compare/sums.sql").replace("{kinds}", &parts);
        let (kinds, suffixes) = columns(buckets);
        let values: [(&(dyn ToSql + Sync), Type); 4] = [
            (&space.0, Type::UUID),
            (&position, Type::INT8),
            (&kinds, Type::TEXT_ARRAY),
            (&suffixes, Type::TEXT_ARRAY),
        ];
        let found = self.query(&sql, &values).await?;
        let first = found.first().ok_or_else(|| damage("the head", space, "there is none"))?;
        let mut sums = vec![BucketSum::default(); buckets.len()];
        for row in &found {
            let Some(number) = row.get::<_, Option<i64>>("number") else { continue };
            let place = usize::try_from(number - 1).ok().and_then(|index| sums.get_mut(index));
            let place = place.ok_or_else(|| damage("a sum", space, "nobody asked for its bucket"))?;
            let sum = wrapped(row.get("sum")).ok_or_else(|| damage("a sum", space, "it is no number"))?;
            *place = BucketSum { sum, count: row.get("count") };
        }
        Ok(Sums { head: head(first)?, sums })
    }

    async fn differing(&self, space: SpaceId, position: i64, held: &Held, rows: i64) -> Result<Differing, Fault> {
        let sql = differing_statement(&held.buckets);
        let (kinds, suffixes) = columns(&held.buckets);
        let held_kinds: Vec<&str> = held.entities.keys().map(|entity| entity.kind.name()).collect();
        let held_ids: Vec<Uuid> = held.entities.keys().map(|entity| entity.id.0).collect();
        let held_checksums: Vec<i64> = held.entities.values().map(|checksum| checksum.cast_signed()).collect();
        let values: [(&(dyn ToSql + Sync), Type); 8] = [
            (&space.0, Type::UUID),
            (&position, Type::INT8),
            (&kinds, Type::TEXT_ARRAY),
            (&suffixes, Type::TEXT_ARRAY),
            (&held_kinds, Type::TEXT_ARRAY),
            (&held_ids, Type::UUID_ARRAY),
            (&held_checksums, Type::INT8_ARRAY),
            (&rows, Type::INT8),
        ];
        let found = self.query(&sql, &values).await?;
        let first = found.first().ok_or_else(|| damage("the head", space, "there is none"))?;
        let entities = found.iter().filter_map(|row| entity(space, row).transpose()).collect::<Result<_, _>>()?;
        Ok(Differing { head: head(first)?, entities })
    }

    async fn claim_repair(&self, space: SpaceId, device: DeviceId, now: i64) -> Result<RepairClaim, Fault> {
        let since = now - REPAIRS_MS;
        let most = i64::try_from(REPAIRS_MAX).unwrap_or(i64::MAX);
        let claim = include_str!("sql/compare/claim_repair.sql");
        if self.change(claim, &[&space.0, &device.0, &now, &since, &most]).await?.is_some() {
            return Ok(RepairClaim::Granted);
        }
        let notice = include_str!("sql/compare/notice_repairs.sql");
        let Some(row) = self.change(notice, &[&space.0, &device.0, &now, &since]).await? else {
            // Nothing is counted of a space that is being erased.
            return Ok(RepairClaim::Granted);
        };
        let oldest: Option<i64> = row.get("oldest");
        let retry_after_ms = oldest.map_or(0, |oldest| oldest + REPAIRS_MS - now).max(1);
        Ok(RepairClaim::Exhausted { retry_after_ms, is_new: row.get("is_new") })
    }
}

/// The template once for each kind that is asked for: others are not read.
fn of_kinds(buckets: &[Bucket], template: &str, between: &str) -> String {
    let kinds: BTreeSet<Kind> = buckets.iter().map(|bucket| bucket.kind).collect();
    let parts = kinds.iter().map(|kind| template.replace("{kind}", kind.name()).replace("{table}", kind.table()));
    parts.collect::<Vec<_>>().join(between)
}

fn differing_statement(buckets: &[Bucket]) -> String {
    let parts = of_kinds(buckets, include_str!("sql/compare/differing_of_kind.sql"), "        UNION ALL");
    let rows = of_kinds(buckets, include_str!("sql/compare/row_of_kind.sql"), "");
    include_str!("sql/compare/differing.sql").replace("{kinds}", &parts).replace("{rows}", &rows)
}

fn columns(buckets: &[Bucket]) -> (Vec<&str>, Vec<&str>) {
    buckets.iter().map(|bucket| (bucket.kind.name(), bucket.suffix.as_str())).unzip()
}

/// An exact sum of checksums, which are stored as signed numbers, mod 2^64.
fn wrapped(sum: &str) -> Option<u64> {
    let exact: i128 = sum.parse().ok()?;
    u64::try_from(exact.rem_euclid(1 << 64)).ok()
}

/// An entity, and its row if there is one.
type Found = (EntityRef, Option<Map<String, Value>>);

/// The entity of a row, if it holds one.
fn entity(space: SpaceId, row: &Row) -> Result<Option<Found>, Fault> {
    let kind = row.get::<_, Option<&str>>("kind").and_then(Kind::from_name);
    let Some((kind, id)) = kind.zip(row.get::<_, Option<Uuid>>("id")) else { return Ok(None) };
    let found = match row.get::<_, Option<Value>>("entity") {
        None => None,
        Some(Value::Object(found)) => Some(found),
        Some(_) => return Err(damage("a row", space, "it is no object")),
    };
    Ok(Some((EntityRef::new(kind, EntityId(id)), found)))
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn sums_wrap_whatever_their_sign_and_size() {
        for (sum, expected) in [
            ("0", 0),
            ("-1", u64::MAX),
            ("18446744073709551616", 0),
            ("-9223372036854775808", 1 << 63),
            ("1844674407370955161600005", 5),
        ] {
            assert_eq!(wrapped(sum), Some(expected), "{sum}");
        }
        assert_eq!(wrapped("1e3"), None);
    }
}
