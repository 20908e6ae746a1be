//! The rows of a log and of what follows from it, table by table, and their way into the database.

use std::collections::BTreeMap;

use application::audit;
use application::ledger::{NewEvent, NewReceipt, Prepared};
use domain::entity::{EntityRef, Kind};
use domain::id::SpaceId;
use domain::transaction::Verdict;
use futures_util::SinkExt;
use serde_json::{Map, Value};
use tokio_postgres::Client;

use super::draft::Draft;
use super::lines::{Column, Lines};
use crate::failure::Failure;

/// Columns that are written cell by cell, in this order.
const WRITTEN: [(&str, &str); 7] = [
    (
        "events",
        "space_id, position, transaction_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, \
         metadata, fields, device_id, recorded_at, payload_hash, hash",
    ),
    (
        "receipts",
        "space_id, transaction_id, device_id, digest, status, first_position, last_position, body, decided_at",
    ),
    ("heads", "space_id, epoch, position, hash, legacy_next, live_entities, checksum, recorded_at, repairs"),
    ("space_devices", "space_id, device_id, last_seq, last_ms, last_counter"),
    ("checkpoints", "space_id, projection, position, fold_version"),
    ("accounts", "account_id, email, password_hash, role, time_zone, created_at"),
    ("devices", "account_id, device_id, platform, device_name, created_at, last_seen_at"),
];

/// What one flush takes.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Of the tables that are written by the names of their columns.
    named: BTreeMap<&'static str, Vec<Column>>,
    lines: BTreeMap<&'static str, Lines>,
}

impl Rows {
    /// Reads what the tables are like.
    pub(super) async fn of(client: &Client) -> Result<Self, Failure> {
        let mut named = BTreeMap::new();
        for table in Kind::ALL.iter().map(|kind| kind.table()).chain(["days", "activity"]) {
            let rows = client.query(include_str!("sql/columns.sql"), &[&table]).await?;
            let column = |row: &tokio_postgres::Row| Column { name: row.get("name"), kind: row.get("kind") };
            named.insert(table, rows.iter().map(column).collect());
        }
        Ok(Self { named, lines: BTreeMap::new() })
    }

    /// Takes everything that is ready, and leaves the same tables without rows.
    pub(super) fn take(&mut self) -> Self {
        Self { named: self.named.clone(), lines: std::mem::take(&mut self.lines) }
    }

    /// How much is ready.
    pub(super) fn bytes(&self) -> usize {
        self.lines.values().map(|lines| lines.text.len()).sum()
    }

    /// Copies everything, with one commit.
    pub(super) async fn copy(self, client: &Client) -> Result<(), Failure> {
        client.batch_execute("BEGIN").await?;
        for (table, lines) in self.lines {
            let named =
                |columns: &Vec<Column>| columns.iter().map(|column| &*column.name).collect::<Vec<_>>().join(", ");
            let written = WRITTEN.iter().find(|(name, _)| *name == table).map(|(_, columns)| (*columns).to_owned());
            let columns = self.named.get(table).map(named).or(written).unwrap_or_default();
            let copy = include_str!("sql/copy.sql");
            let sink = client.copy_in(&copy.replace("{table}", table).replace("{columns}", &columns)).await?;
            let mut sink = std::pin::pin!(sink);
            sink.send(std::io::Cursor::new(lines.text)).await?;
            sink.close().await?;
        }
        client.batch_execute("COMMIT").await?;
        Ok(())
    }

    /// What one append writes, without the entities, of which only the last state counts.
    pub(super) fn prepared(&mut self, prepared: &Prepared) {
        for event in &prepared.events {
            self.event(prepared.space, event);
        }
        for receipt in &prepared.receipts {
            self.receipt(prepared, receipt);
        }
    }

    /// What a space came to.
    pub(super) fn space(&mut self, space: SpaceId, draft: &Draft) {
        let head = &draft.head;
        let line = self.line("heads").cell(space).cell(head.epoch).cell(head.position).bytes(&head.hash);
        line.cell(head.legacy_next).cell(head.live_entities).cell(head.checksum.cast_signed());
        line.cell(head.recorded_at).cell(head.repairs).end();
        // As if the audit log had been read up to here.
        self.line("checkpoints")
            .cell(space)
            .cell(audit::PROJECTION)
            .cell(head.position)
            .cell(audit::FOLD_VERSION)
            .end();
        for (device, clock) in &draft.devices {
            let stamp = clock.last_stamp;
            let line = self.line("space_devices").cell(space).cell(device).number(clock.last_seq);
            line.number(stamp.map(|stamp| stamp.ms)).number(stamp.map(|stamp| i64::from(stamp.counter))).end();
        }
        for (entity, (state, row)) in &draft.entities {
            self.row(entity.kind.table(), space, row.clone());
            for (day, entry) in state.days() {
                let Ok(Value::Object(row)) = serde_json::to_value(entry) else { continue };
                self.row("days", space, row_of_day(*entity, &day.to_string(), row));
            }
        }
    }

    /// Who owns it; `hash` is that of a password that all of them have.
    pub(super) fn account(&mut self, space: SpaceId, device: impl std::fmt::Display, email: &str, hash: &str, at: i64) {
        self.line("accounts").cell(space).text(email).text(hash).cell("user").cell("UTC").cell(at).end();
        self.line("devices").cell(space).cell(device).cell("ios").cell("phone").cell(at).cell(at).end();
    }

    fn event(&mut self, space: SpaceId, event: &NewEvent) {
        let change = &event.change;
        let fields = serde_json::to_string(&change.fields).unwrap_or_default();
        let line = self.line("events").cell(space).cell(change.position).cell(change.transaction_id);
        line.cell(change.entity.name()).cell(change.id).cell(change.version).cell(&event.event_type);
        line.cell(&event.event_version).text(&event.payload).text(&event.metadata).text(&fields).cell(change.device_id);
        line.cell(change.at).bytes(&event.payload_hash).bytes(&change.hash).end();
        if let Some(shown) = &event.activity {
            self.row("activity", space, shown.row());
        }
    }

    fn receipt(&mut self, prepared: &Prepared, new: &NewReceipt) {
        let committed = matches!(new.stored.receipt.verdict, Verdict::Committed { .. });
        let positions = new.stored.receipt.positions();
        let body = serde_json::to_string(&new.stored.receipt).unwrap_or_default();
        let line =
            self.line("receipts").cell(prepared.space).cell(new.transaction).cell(new.device).bytes(&new.stored.digest);
        line.cell(if committed { "committed" } else { "rejected" });
        line.number(positions.map(|span| span.first)).number(positions.map(|span| span.last));
        line.text(&body).cell(prepared.head.recorded_at).end();
    }

    fn row(&mut self, table: &'static str, space: SpaceId, mut row: Map<String, Value>) {
        row.insert("space_id".to_owned(), Value::from(space.to_string()));
        if let Some(columns) = self.named.get(table) {
            self.lines.entry(table).or_default().row(columns, &row);
        }
    }

    fn line(&mut self, table: &'static str) -> &mut Lines {
        self.lines.entry(table).or_default()
    }
}

fn row_of_day(entity: EntityRef, day: &str, mut row: Map<String, Value>) -> Map<String, Value> {
    row.insert("entity_id".to_owned(), Value::from(entity.id.to_string()));
    row.insert("entity".to_owned(), Value::from(entity.kind.name()));
    row.insert("day".to_owned(), Value::from(day));
    row
}
