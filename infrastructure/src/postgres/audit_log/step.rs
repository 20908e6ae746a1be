//! One step in one space: the next events are read and their lines written, in one transaction with the checkpoint.
//!
//! The row in `behind` is taken away before the events are read. An append that found that row holds it until its commit, and
//! a row that is held is left alone; an append that came later finds none and writes its own. So whatever was committed is
//! either among the events that are read now, or a row is left that says that there is more.

use application::audit::{FOLD_VERSION, PROJECTION, lines, moment};
use application::fault::Fault;
use deadpool_postgres::{Object, Transaction};
use domain::id::SpaceId;
use serde_json::{Map, Value, json};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::super::fault::{read, write};

/// Events that are read at once.
const EVENTS_MAX: i64 = 1_000;

/// Rows that go at once.
const CLEARED_MAX: i64 = 5_000;

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Another projector is at it, or the space is gone or going.
    NotHere,
    /// Rows that were to go went.
    Cleared,
    /// Events were read.
    Read {
        /// How many.
        events: usize,
        /// Whether there are more.
        more: bool,
    },
}

/// A checkpoint that is held.
struct Checkpoint {
    position: i64,
    is_outdated: bool,
    clearing: bool,
}

/// Takes a step.
pub(super) async fn step(client: &mut Object, space: SpaceId) -> Result<Step, Fault> {
    let begin = include_str!("../sql/audit_log/begin.sql");
    let begun = client.prepare_cached(begin).await.map_err(|error| read(&error))?;
    client.execute(&begun, &[&space.0, &PROJECTION, &FOLD_VERSION]).await.map_err(|error| write(&error))?;
    let tx = client.transaction().await.map_err(|error| read(&error))?;
    let Some(checkpoint) = claim(&tx, space).await? else { return Ok(Step::NotHere) };
    let stepped = if checkpoint.clearing || checkpoint.is_outdated {
        clear(&tx, space).await?
    } else {
        read_on(&tx, space, checkpoint.position).await?
    };
    tx.commit().await.map_err(|error| write(&error))?;
    Ok(stepped)
}

async fn claim(tx: &Transaction<'_>, space: SpaceId) -> Result<Option<Checkpoint>, Fault> {
    let rows = query(tx, include_str!("../sql/audit_log/claim.sql"), &[&space.0, &PROJECTION]).await?;
    Ok(rows.first().map(|row| Checkpoint {
        position: row.get("position"),
        is_outdated: row.get::<_, i32>("fold_version") != FOLD_VERSION,
        clearing: row.get("clearing"),
    }))
}

/// Takes rows away; behind the last of them the log is read from its beginning.
async fn clear(tx: &Transaction<'_>, space: SpaceId) -> Result<Step, Fault> {
    let cleared = execute(tx, include_str!("../sql/audit_log/clear.sql"), &[&space.0, &CLEARED_MAX]).await?;
    advance(tx, space, 0, cleared == CLEARED_MAX.unsigned_abs()).await?;
    put_behind(tx, space, 0).await?;
    Ok(Step::Cleared)
}

async fn read_on(tx: &Transaction<'_>, space: SpaceId, after: i64) -> Result<Step, Fault> {
    execute(tx, include_str!("../sql/audit_log/take_behind.sql"), &[&space.0, &PROJECTION]).await?;
    let events = query(tx, include_str!("../sql/audit_log/events.sql"), &[&space.0, &after, &EVENTS_MAX]).await?;
    let Some(last) = events.last().map(|event| event.get::<_, i64>("position")) else {
        return Ok(Step::Read { events: 0, more: false });
    };
    let rows: Vec<Value> = events.iter().flat_map(|event| rows(space, event)).collect();
    execute(tx, include_str!("../sql/audit_log/write.sql"), &[&Value::Array(rows).to_string()]).await?;
    advance(tx, space, last, false).await?;
    let more = events.len() as i64 == EVENTS_MAX;
    if more {
        put_behind(tx, space, last).await?;
    }
    Ok(Step::Read { events: events.len(), more })
}

async fn advance(tx: &Transaction<'_>, space: SpaceId, position: i64, clearing: bool) -> Result<(), Fault> {
    let sql = include_str!("../sql/audit_log/advance.sql");
    execute(tx, sql, &[&space.0, &PROJECTION, &position, &FOLD_VERSION, &clearing]).await.map(drop)
}

async fn put_behind(tx: &Transaction<'_>, space: SpaceId, position: i64) -> Result<(), Fault> {
    let sql = include_str!("../sql/audit_log/put_behind.sql");
    execute(tx, sql, &[&space.0, &PROJECTION, &position]).await.map(drop)
}

/// The rows of an event, one for each of its lines.
fn rows(space: SpaceId, event: &Row) -> Vec<Value> {
    let (payload, metadata): (Value, Value) = (event.get("payload"), event.get("metadata"));
    let recorded_at: i64 = event.get("recorded_at");
    let said = |name: &str| metadata.get(name).and_then(Value::as_str);
    let shared = json!({
        "space_id": space,
        "position": event.get::<_, i64>("position"),
        "recorded_at": recorded_at,
        "at": moment(&payload, recorded_at),
        "transaction_id": event.get::<_, uuid::Uuid>("transaction_id"),
        "entity": event.get::<_, String>("aggregate_type"),
        "entity_id": event.get::<_, uuid::Uuid>("aggregate_id"),
        "version": event.get::<_, i64>("sequence"),
        "event": event.get::<_, String>("event_type"),
        "actor_id": said("account"),
        "role": said("role").unwrap_or("owner"),
        "device_id": event.get::<_, uuid::Uuid>("device_id"),
        "session_id": said("session"),
        "network": said("network"),
        "cause": said("cause").and_then(|cause| cause.parse::<i64>().ok()),
    });
    let Value::Object(shared) = shared else { return Vec::new() };
    lines(&payload).into_iter().map(|line| row(shared.clone(), line)).collect()
}

fn row(mut row: Map<String, Value>, line: application::audit::Line) -> Value {
    let some = |value: Value| Some(value).filter(|value| !value.is_null());
    row.insert("field".to_owned(), line.field.unwrap_or_default().into());
    let values = [("before", some(line.before)), ("after", some(line.after)), ("written", line.written)];
    row.extend(values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    Value::Object(row)
}

async fn query(tx: &Transaction<'_>, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
    let statement = tx.prepare_cached(sql).await.map_err(|error| read(&error))?;
    tx.query(&statement, parameters).await.map_err(|error| read(&error))
}

async fn execute(tx: &Transaction<'_>, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<u64, Fault> {
    let statement = tx.prepare_cached(sql).await.map_err(|error| read(&error))?;
    tx.execute(&statement, parameters).await.map_err(|error| write(&error))
}
