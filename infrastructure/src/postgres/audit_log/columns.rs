//! Rows of events as columns: the arrays that `write.sql` unnests.

use application::audit::{Line, lines, moment};
use serde::Serialize;
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// What each event has in its row.
#[derive(Default)]
pub(super) struct Columns<'a> {
    space: Vec<Uuid>,
    recorded_at: Vec<i64>,
    position: Vec<i64>,
    at: Vec<i64>,
    transaction: Vec<Uuid>,
    id: Vec<Uuid>,
    version: Vec<i64>,
    device: Vec<Uuid>,
    session: Vec<Option<Uuid>>,
    actor: Vec<Option<Uuid>>,
    cause: Vec<Option<i64>>,
    entity: Vec<&'a str>,
    event: Vec<&'a str>,
    role: Vec<String>,
    network: Vec<Option<String>>,
    lines: Vec<String>,
}

/// A line as it stands in its row: what is nothing is left out.
#[derive(Serialize)]
struct Said {
    field: String,
    #[serde(skip_serializing_if = "Value::is_null")]
    before: Value,
    #[serde(skip_serializing_if = "Value::is_null")]
    after: Value,
    #[serde(skip_serializing_if = "Value::is_null")]
    written: Value,
}

impl From<Line> for Said {
    fn from(line: Line) -> Self {
        Self {
            field: line.field.unwrap_or_default(),
            before: line.before,
            after: line.after,
            written: line.written.unwrap_or_default(),
        }
    }
}

impl<'a> Columns<'a> {
    /// Adds an event, as `events.sql` tells it.
    pub(super) fn push(&mut self, event: &'a Row) {
        let (payload, metadata): (Value, Value) = (event.get("payload"), event.get("metadata"));
        let recorded_at: i64 = event.get("recorded_at");
        let said = |name: &str| metadata.get(name).and_then(Value::as_str);
        let lines: Vec<Said> = lines(&payload).into_iter().map(Said::from).collect();
        self.space.push(event.get("space_id"));
        self.recorded_at.push(recorded_at);
        self.position.push(event.get("position"));
        self.at.push(moment(&payload, recorded_at));
        self.transaction.push(event.get("transaction_id"));
        self.id.push(event.get("aggregate_id"));
        self.version.push(event.get("sequence"));
        self.device.push(event.get("device_id"));
        self.session.push(said("session").and_then(|session| session.parse().ok()));
        self.actor.push(said("account").and_then(|account| account.parse().ok()));
        self.cause.push(said("cause").and_then(|cause| cause.parse().ok()));
        self.entity.push(event.get("aggregate_type"));
        self.event.push(event.get("event_type"));
        self.role.push(said("role").unwrap_or("owner").to_owned());
        self.network.push(said("network").map(str::to_owned));
        self.lines.push(serde_json::to_string(&lines).unwrap_or_default());
    }

    /// In the statement's order.
    pub(super) fn all(&self) -> [&(dyn ToSql + Sync); 16] {
        [
            &self.space,
            &self.recorded_at,
            &self.position,
            &self.at,
            &self.transaction,
            &self.id,
            &self.version,
            &self.device,
            &self.session,
            &self.actor,
            &self.cause,
            &self.entity,
            &self.event,
            &self.role,
            &self.network,
            &self.lines,
        ]
    }
}
