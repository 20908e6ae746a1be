//! The write flight: everything of a group in one statement, which is one round trip and one commit.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use application::fault::Fault;
use application::ledger::{Appended, NewEvent, NewReceipt, NewRow, Prepared};
use deadpool_postgres::Pool;
use domain::entity::{EntityRef, Kind};
use domain::transaction::Verdict;
use metrics::histogram;
use serde_json::{Map, Value, json};
use tokio_postgres::types::ToSql;
use tracing::{Instrument, debug_span};
use uuid::Uuid;

use super::super::fault::{no_connection, read, write};
use super::columns::{Created, Devices, Events, Heads, Receipts};
use super::statements::{Beside, Statements};
use crate::metric_names::COMMIT_SECONDS;

/// Writes the parts of all spaces that are not lost.
pub(super) async fn append(pool: &Pool, statements: &Statements, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
    let (mut heads, mut created, mut events) = (Heads::default(), Created::default(), Events::default());
    let (mut receipts, mut devices) = (Receipts::default(), Devices::default());
    for prepared in batch {
        heads.push(prepared);
        devices.push(prepared);
        for event in &prepared.events {
            created.push(prepared.space.0, event);
            events.push(prepared.space.0, event);
        }
        prepared.receipts.iter().for_each(|receipt| receipts.push(prepared, receipt));
    }
    let (rows, days) = projections(batch);
    let (activity, rejections) = (activity(batch), rejections(batch));
    let [days_come, activity_comes, rejections_come] = [&days, &activity, &rejections].map(|rows| !rows.is_empty());
    let beside = Beside { days: days_come, activity: activity_comes, rejections: rejections_come };
    let sql = statements.append(rows.keys().copied(), beside);
    let others = [days, activity, rejections].into_iter().filter(|rows| !rows.is_empty());
    let documents: Vec<String> = rows.into_values().chain(others).map(document).collect();

    let mut parameters = heads.expected();
    parameters.extend(receipts.ids());
    parameters.extend(created.all());
    parameters.extend(heads.next());
    parameters.extend(events.all());
    parameters.extend(receipts.others());
    parameters.extend(devices.all());
    parameters.extend(documents.iter().map(|document| document as &(dyn ToSql + Sync)));

    let client = pool.get().await.map_err(|error| no_connection(&error))?;
    let statement = client.prepare_cached(&sql).await.map_err(|error| read(&error))?;
    let since = Instant::now();
    let written = client.query(&statement, &parameters).instrument(debug_span!("commit")).await;
    histogram!(COMMIT_SECONDS).record(since.elapsed());
    let written = written.map_err(|error| write(&error))?;
    let written: HashSet<Uuid> = written.iter().map(|row| row.get("space_id")).collect();
    let outcome = |prepared: &Prepared| match written.contains(&prepared.space.0) {
        true => Appended::Committed,
        false => Appended::Lost,
    };
    Ok(batch.iter().map(outcome).collect())
}

/// Rows of the projections by kind, and the days.
fn projections(batch: &[Prepared]) -> (BTreeMap<Kind, Vec<Value>>, Vec<Value>) {
    let mut rows: BTreeMap<Kind, Vec<Value>> = BTreeMap::new();
    let mut days = Vec::new();
    for prepared in batch {
        let space = Value::from(prepared.space.to_string());
        for (entity, new) in &prepared.rows {
            let mut row = new.row.clone();
            row.insert("space_id".to_owned(), space.clone());
            rows.entry(entity.kind).or_default().push(Value::Object(row));
            days.extend(day_rows(&space, *entity, new));
        }
    }
    (rows, days)
}

fn day_rows<'a>(space: &'a Value, entity: EntityRef, new: &'a NewRow) -> impl Iterator<Item = Value> + 'a {
    new.days.iter().filter_map(move |day| {
        let Ok(Value::Object(mut row)) = serde_json::to_value(new.entity.days().get(day)?) else { return None };
        let key: Map<String, Value> = [
            ("space_id", space.clone()),
            ("entity_id", Value::from(entity.id.to_string())),
            ("entity", Value::from(entity.kind.name())),
            ("day", Value::from(day.to_string())),
        ]
        .map(|(column, value)| (column.to_owned(), value))
        .into_iter()
        .collect();
        row.extend(key);
        Some(Value::Object(row))
    })
}

/// What a log page shows.
fn activity(batch: &[Prepared]) -> Vec<Value> {
    let of_space = |prepared: &'_ Prepared| {
        let space = Value::from(prepared.space.to_string());
        let row = |event: &NewEvent| {
            let mut row = event.activity.as_ref()?.row();
            row.insert("space_id".to_owned(), space.clone());
            Some(Value::Object(row))
        };
        prepared.events.iter().filter_map(row).collect::<Vec<_>>()
    };
    batch.iter().flat_map(of_space).collect()
}

/// What was refused, to be seen. As texts: a document would not take every text that was sent.
fn rejections(batch: &[Prepared]) -> Vec<Value> {
    let of_space = |prepared: &'_ Prepared| {
        let refused = prepared.receipts.iter().filter_map(|new| Some((new, new.refused.as_ref()?)));
        let row = |(new, sent): (&NewReceipt, &Arc<str>)| match &new.receipt.verdict {
            Verdict::Rejected { problem } => Some(json!({
                "space_id": prepared.space,
                "transaction_id": new.transaction,
                "device_id": new.device,
                "decided_at": prepared.head.recorded_at,
                "code": problem.code,
                "problem": serde_json::to_string(problem).unwrap_or_default(),
                "sent": &**sent,
            })),
            Verdict::Committed { .. } | Verdict::Deferred { .. } => None,
        };
        refused.filter_map(row).collect::<Vec<_>>()
    };
    batch.iter().flat_map(of_space).collect()
}

fn document(rows: Vec<Value>) -> String {
    Value::Array(rows).to_string()
}
