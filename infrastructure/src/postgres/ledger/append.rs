//! The write flight: everything of a group in one statement, which is one round trip and one commit.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use application::fault::Fault;
use application::ledger::{Appended, NewReceipt, NewRow, Prepared};
use deadpool_postgres::{Object, Pool};
use domain::entity::{EntityRef, Kind};
use domain::transaction::Verdict;
use metrics::histogram;
use serde_json::{Map, Value};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tracing::{Instrument, debug_span};
use uuid::Uuid;

use super::super::fault::{no_connection, read, write};
use super::super::table_rows::{TableRow, TableRows};
use super::columns::{Created, Devices, Events, Heads, Receipts};
use super::statements::{Statements, TABLES};
use crate::metric_names::COMMIT_SECONDS;

/// What the database says of a row type that is not the one that the connection learnt of: it has other columns, or the table
/// was made anew. Nothing was written.
const AFRESH: [SqlState; 3] = [SqlState::DATATYPE_MISMATCH, SqlState::UNDEFINED_OBJECT, SqlState::INTERNAL_ERROR];

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
    let tables = tables(batch);
    let sql = statements.append(std::array::from_fn(|table| tables.get(table).is_some_and(|rows| !rows.0.is_empty())));

    let mut parameters = heads.expected();
    parameters.extend(receipts.ids());
    parameters.extend(created.all());
    parameters.extend(heads.next());
    parameters.extend(events.all());
    parameters.extend(receipts.others());
    parameters.extend(devices.all());
    let written = tables.iter().filter(|rows| !rows.0.is_empty());
    parameters.extend(written.map(|rows| rows as &(dyn ToSql + Sync)));

    let client = pool.get().await.map_err(|error| no_connection(&error))?;
    let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
    let since = Instant::now();
    let written = client.query(&statement, &parameters).instrument(debug_span!("commit")).await;
    histogram!(COMMIT_SECONDS).record(since.elapsed());
    let written = match written {
        Err(error) if error.code().is_some_and(|code| AFRESH.contains(code)) => {
            return Err(afresh(pool, client, &error));
        }
        written => written.map_err(|error| write(&error))?,
    };
    let written: HashSet<Uuid> = written.iter().map(|row| row.get("space_id")).collect();
    let outcome = |prepared: &Prepared| match written.contains(&prepared.space.0) {
        true => Appended::Committed,
        false => Appended::Lost,
    };
    Ok(batch.iter().map(outcome).collect())
}

/// A table has other columns than when the connections learnt of it, as after a migration by a newer program: nothing was
/// written, and connections that know nothing yet will write it.
fn afresh(pool: &Pool, client: Object, error: &tokio_postgres::Error) -> Fault {
    drop(Object::take(client));
    pool.retain(|_, _| false);
    Fault::Unavailable(format!("a table has changed: {error}"))
}

/// Rows of the tables that an append may write: those of the kinds, then the others.
fn tables(batch: &[Prepared]) -> [TableRows<'_>; TABLES] {
    let mut tables: [TableRows<'_>; TABLES] = Default::default();
    let (kinds, others) = tables.split_at_mut(Kind::ALL.len());
    for prepared in batch {
        let space = prepared.space;
        for (entity, new) in &prepared.rows {
            let place = Kind::ALL.iter().position(|kind| *kind == entity.kind);
            let rows = place.and_then(|place| kinds.get_mut(place));
            rows.into_iter().for_each(|rows| rows.0.push(TableRow { space, columns: Cow::Borrowed(&new.row) }));
        }
        let made = [days(prepared), activity(prepared), rejections(prepared)];
        for (rows, made) in others.iter_mut().zip(made) {
            rows.0.extend(made.into_iter().map(|columns| TableRow { space, columns: Cow::Owned(columns) }));
        }
    }
    tables
}

fn days(prepared: &Prepared) -> Vec<Map<String, Value>> {
    prepared.rows.iter().flat_map(|(entity, new)| days_of(*entity, new)).collect()
}

fn days_of(entity: EntityRef, new: &NewRow) -> impl Iterator<Item = Map<String, Value>> {
    new.days.iter().filter_map(move |day| {
        let Ok(Value::Object(mut row)) = serde_json::to_value(new.entity.days().get(day)?) else { return None };
        row.insert("entity_id".to_owned(), Value::from(entity.id.to_string()));
        row.insert("entity".to_owned(), Value::from(entity.kind.name()));
        row.insert("day".to_owned(), Value::from(day.to_string()));
        Some(row)
    })
}

/// What a log page shows.
fn activity(prepared: &Prepared) -> Vec<Map<String, Value>> {
    prepared.events.iter().filter_map(|event| Some(event.activity.as_ref()?.row())).collect()
}

/// What was refused, to be seen. As texts: a document would not take every text that was sent.
fn rejections(prepared: &Prepared) -> Vec<Map<String, Value>> {
    let refused = prepared.receipts.iter().filter_map(|new| Some((new, new.refused.as_ref()?)));
    refused.filter_map(|(new, sent)| rejection(prepared, new, sent)).collect()
}

fn rejection(prepared: &Prepared, new: &NewReceipt, sent: &Arc<str>) -> Option<Map<String, Value>> {
    let Verdict::Rejected { problem } = &new.stored.receipt.verdict else { return None };
    let columns: [(&str, Value); 6] = [
        ("transaction_id", new.transaction.to_string().into()),
        ("device_id", new.device.to_string().into()),
        ("decided_at", prepared.head.recorded_at.into()),
        ("code", problem.code.clone().into()),
        ("problem", serde_json::to_string(problem).unwrap_or_default().into()),
        ("sent", (**sent).into()),
    ];
    Some(columns.into_iter().map(|(column, value)| (column.to_owned(), value)).collect())
}
