//! The events of the entity, and of the conflict about its field.

use application::fault::Fault;
use application::redact::{Order, Places};
use deadpool_postgres::Transaction;
use domain::entity::EntityRef;
use serde_json::Value;

use super::{activity, failed};

/// Events that are read at once.
const EVENTS_MAX: i64 = 500;

/// Takes the value out of their payloads and of what readers were told; how many payloads said it. Their hashes stay, so the
/// chain still verifies.
pub(super) async fn take_out(transaction: &Transaction<'_>, order: &Order, places: &mut Places) -> Result<u64, Fault> {
    let mut found = 0;
    for entity in [order.redaction.entity, order.redaction.conflict] {
        found += of_entity(transaction, order, entity).await?;
    }
    Ok(found + of_past(transaction, order, places).await?)
}

/// What an import told the hero speaks of every entity; so does the activity, which shows it.
async fn of_past(transaction: &Transaction<'_>, order: &Order, places: &mut Places) -> Result<u64, Fault> {
    let (mut found, mut behind) = (0, 0_i64);
    let sql = transaction.prepare_cached(include_str!("../sql/redact/past.sql")).await.map_err(|e| failed(&e))?;
    let write = include_str!("../sql/redact/event.sql");
    let write = transaction.prepare_cached(write).await.map_err(|error| failed(&error))?;
    loop {
        let rows = transaction.query(&sql, &[&order.space.0, &behind, &EVENTS_MAX]).await;
        let rows = rows.map_err(|error| failed(&error))?;
        for row in &rows {
            behind = row.get("sequence");
            let (position, told): (i64, Value) = (row.get("position"), row.get("fields"));
            let mut payload: Value = row.get("payload");
            if order.redaction.in_past(&mut payload) {
                let written =
                    transaction.execute(&write, &[&order.space.0, &position, &payload, &told, &true, &order.at]).await;
                written.map_err(|error| failed(&error))?;
                activity::follow(transaction, order, (position, &payload), places).await?;
                found += 1;
            }
        }
        if (rows.len() as i64) < EVENTS_MAX {
            return Ok(found);
        }
    }
}

async fn of_entity(transaction: &Transaction<'_>, order: &Order, entity: EntityRef) -> Result<u64, Fault> {
    let (mut found, mut behind) = (0, 0_i64);
    let sql = transaction.prepare_cached(include_str!("../sql/redact/events.sql")).await.map_err(|e| failed(&e))?;
    loop {
        let kind = entity.kind.name();
        let rows = transaction.query(&sql, &[&order.space.0, &kind, &entity.id.0, &behind, &EVENTS_MAX]).await;
        let rows = rows.map_err(|error| failed(&error))?;
        for row in &rows {
            behind = row.get("sequence");
            let (payload, told) = (row.get("payload"), row.get("fields"));
            found += u64::from(of_event(transaction, order, (entity, row.get("position")), payload, told).await?);
        }
        if (rows.len() as i64) < EVENTS_MAX {
            return Ok(found);
        }
    }
}

async fn of_event(
    transaction: &Transaction<'_>,
    order: &Order,
    (entity, position): (EntityRef, i64),
    mut payload: Value,
    mut told: Value,
) -> Result<bool, Fault> {
    let said = order.redaction.in_payload(&mut payload, entity);
    let heard = order.redaction.in_told(&mut told, entity);
    if said || heard {
        let sql = include_str!("../sql/redact/event.sql");
        let sql = transaction.prepare_cached(sql).await.map_err(|error| failed(&error))?;
        let written = transaction.execute(&sql, &[&order.space.0, &position, &payload, &told, &said, &order.at]).await;
        written.map_err(|error| failed(&error))?;
    }
    Ok(said)
}
