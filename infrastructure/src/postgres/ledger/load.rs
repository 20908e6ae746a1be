//! The read flight: what is not remembered, in one round trip on one connection.
//!
//! Heads are asked for first. Each statement sees its own moment, so an entity can only be newer than the head that it
//! is decided on, never older, and an append on a head that has moved is lost.

use std::collections::HashMap;
use std::sync::Arc;

use application::current::CurrentEntity;
use application::fault::Fault;
use deadpool_postgres::{Object, Pool};
use domain::entity::{EntityRef, Kind};
use domain::id::{EntityId, SpaceId};
use futures_util::future::{try_join, try_join_all};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::super::fault::{no_connection, read};
use super::cache::{Cache, Remembered};
use super::rows;
use super::statements::Statements;
use crate::metric_names::LOADED_ROWS_TOTAL;

/// Pairs of space and id, as two arrays.
type Pairs = (Vec<Uuid>, Vec<Uuid>);

/// Fills in what is missing.
pub(super) async fn load(
    pool: &Pool,
    statements: &Statements,
    cache: &Cache,
    spaces: &mut HashMap<SpaceId, Remembered>,
) -> Result<(), Fault> {
    let client = pool.get().await.map_err(|error| no_connection(&error))?;
    let unknown: Vec<Uuid> = spaces.values().filter(|known| known.head.is_none()).map(|k| k.want.space.0).collect();
    let receipts = pairs(spaces.values(), |known| known.missing_receipts.iter().map(|id| id.0).collect());
    let devices = pairs(spaces.values(), |known| known.missing_devices.iter().map(|id| id.0).collect());
    let bases = base_pairs(spaces.values());
    let wanted = entity_queries(statements, spaces);

    let unknown: [&(dyn ToSql + Sync); 1] = [&unknown];
    let heads = query(&client, include_str!("../sql/ledger/heads.sql"), &unknown);
    let receipts = pair_query(&client, &statements.receipts, &receipts);
    let devices = pair_query(&client, &statements.devices, &devices);
    let bases = base_query(&client, &statements.bases, &bases);
    let entities = try_join_all(wanted.iter().map(|(_, sql, pairs)| pair_query(&client, sql, pairs)));
    let (heads, ((receipts, devices), (bases, entities))) =
        try_join(heads, try_join(try_join(receipts, devices), try_join(bases, entities))).await?;

    let of_entities = entities.iter().map(Vec::len).sum();
    count([heads.len(), receipts.len(), devices.len(), bases.len(), of_entities]);

    let found: HashMap<SpaceId, _> =
        heads.iter().map(|row| Ok((rows::space(row), rows::head(row)?))).collect::<Result<_, Fault>>()?;
    fill(spaces, found);
    for row in &receipts {
        let id = domain::id::TransactionId(row.get("transaction_id"));
        let receipt = rows::receipt(row)?;
        spaces.entry(rows::space(row)).and_modify(|known| {
            known.receipts.insert(id, Arc::new(receipt));
        });
    }
    for row in &devices {
        let (device, clock) = rows::device(row);
        spaces.entry(rows::space(row)).and_modify(|known| {
            known.devices.insert(device, clock);
        });
    }
    for row in &bases {
        let (position, hash) = rows::base(row)?;
        spaces.entry(rows::space(row)).and_modify(|known| {
            known.bases.insert(position, hash);
        });
    }
    for ((kind, _, _), found) in wanted.iter().zip(&entities) {
        add_entities(spaces, *kind, found)?;
    }
    found_heads(&client, spaces).await?;
    spaces.values().for_each(|known| cache.learn(known));
    Ok(())
}

/// Counts what was read, in the order of its kinds.
fn count(rows: [usize; 5]) {
    for (what, rows) in ["heads", "receipts", "devices", "bases", "entities"].into_iter().zip(rows) {
        metrics::counter!(LOADED_ROWS_TOTAL, "what" => what).increment(rows as u64);
    }
}

fn fill(spaces: &mut HashMap<SpaceId, Remembered>, heads: HashMap<SpaceId, application::ledger::Head>) {
    for (space, head) in heads {
        spaces.entry(space).and_modify(|known| known.head = Some(head));
    }
}

fn add_entities(spaces: &mut HashMap<SpaceId, Remembered>, kind: Kind, found: &[Row]) -> Result<(), Fault> {
    for row in found {
        let entity = rows::entity(kind, row)?;
        let id = EntityRef::new(kind, EntityId(row.get("id")));
        spaces.entry(rows::space(row)).and_modify(|known| {
            // What is remembered of a warm space is as new as its head; a referrer that was read again is the same.
            known.entities.entry(id).or_insert_with(|| Some(Arc::new(CurrentEntity::new(entity))));
        });
    }
    Ok(())
}

/// Entities by id, then referrers, one statement for each table that is needed.
fn entity_queries<'a>(
    statements: &'a Statements,
    spaces: &HashMap<SpaceId, Remembered>,
) -> Vec<(Kind, &'a String, Pairs)> {
    let mut queries = Vec::new();
    for (kind, sql) in &statements.entities {
        let wanted = pairs(spaces.values(), |known| known.missing(*kind).map(|entity| entity.id.0).collect());
        queries.push((*kind, sql, wanted));
    }
    for (target, found) in &statements.referrers {
        for (kind, sql) in found {
            let targets = pairs(spaces.values(), |known| {
                known.want.referrers_of.iter().filter(|one| one.kind == *target).map(|one| one.id.0).collect()
            });
            queries.push((*kind, sql, targets));
        }
    }
    queries.retain(|(_, _, (spaces, _))| !spaces.is_empty());
    queries
}

fn pairs<'a>(spaces: impl Iterator<Item = &'a Remembered>, ids: impl Fn(&Remembered) -> Vec<Uuid>) -> Pairs {
    spaces.flat_map(|known| ids(known).into_iter().map(|id| (known.want.space.0, id))).unzip()
}

/// Pairs of space and position.
fn base_pairs<'a>(spaces: impl Iterator<Item = &'a Remembered>) -> (Vec<Uuid>, Vec<i64>) {
    spaces.flat_map(|known| known.missing_bases.iter().map(|position| (known.want.space.0, *position))).unzip()
}

async fn base_query(
    client: &Object,
    sql: &str,
    (spaces, positions): &(Vec<Uuid>, Vec<i64>),
) -> Result<Vec<Row>, Fault> {
    if spaces.is_empty() {
        return Ok(Vec::new());
    }
    query(client, sql, &[spaces, positions]).await
}

async fn pair_query(client: &Object, sql: &str, (spaces, ids): &Pairs) -> Result<Vec<Row>, Fault> {
    if spaces.is_empty() {
        return Ok(Vec::new());
    }
    query(client, sql, &[spaces, ids]).await
}

async fn query(client: &Object, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
    let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
    client.query(&statement, parameters).await.map_err(|error| read(&error))
}

/// Spaces that are touched for the first time get a head, at position 0: nothing else of them can exist.
async fn found_heads(client: &Object, spaces: &mut HashMap<SpaceId, Remembered>) -> Result<(), Fault> {
    let unknown: Vec<Uuid> = spaces.values().filter(|known| known.head.is_none()).map(|k| k.want.space.0).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    query(client, include_str!("../sql/ledger/found_heads.sql"), &[&unknown]).await?;
    let rows = query(client, include_str!("../sql/ledger/heads.sql"), &[&unknown]).await?;
    for row in &rows {
        let head = rows::head(row)?;
        spaces.entry(rows::space(row)).and_modify(|known| known.head = Some(head));
    }
    Ok(())
}
