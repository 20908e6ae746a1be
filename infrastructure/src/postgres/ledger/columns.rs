//! A group append as columns: the arrays that `append.sql` unnests.

use application::ledger::{NewEvent, NewReceipt, Prepared, StoredReceipt};
use domain::transaction::Verdict;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// Borrowed parameters, in the statement's order.
pub(super) type Parameters<'a> = Vec<&'a (dyn ToSql + Sync)>;

/// `$1`–`$3` and `$9`–`$14`: heads, as they are expected to be and as they become.
#[derive(Default)]
pub(super) struct Heads<'a> {
    space: Vec<Uuid>,
    expected: Vec<i64>,
    repairs: Vec<i64>,
    position: Vec<i64>,
    hash: Vec<&'a [u8]>,
    legacy_next: Vec<i64>,
    live_entities: Vec<i64>,
    checksum: Vec<i64>,
    recorded_at: Vec<i64>,
}

impl<'a> Heads<'a> {
    pub(super) fn push(&mut self, prepared: &'a Prepared) {
        self.space.push(prepared.space.0);
        self.expected.push(prepared.expected.position);
        self.repairs.push(prepared.expected.repairs);
        self.position.push(prepared.head.position);
        self.hash.push(&prepared.head.hash);
        self.legacy_next.push(prepared.head.legacy_next);
        self.live_entities.push(prepared.head.live_entities);
        self.checksum.push(prepared.head.checksum.cast_signed());
        self.recorded_at.push(prepared.head.recorded_at);
    }

    pub(super) fn expected(&'a self) -> Parameters<'a> {
        vec![&self.space, &self.expected, &self.repairs]
    }

    pub(super) fn next(&'a self) -> Parameters<'a> {
        vec![&self.position, &self.hash, &self.legacy_next, &self.live_entities, &self.checksum, &self.recorded_at]
    }
}

/// `$6`–`$8`: entities that are created, which must not exist.
#[derive(Default)]
pub(super) struct Created {
    space: Vec<Uuid>,
    kind: Vec<&'static str>,
    id: Vec<Uuid>,
}

impl Created {
    pub(super) fn push(&mut self, space: Uuid, event: &NewEvent) {
        if event.change.version == 1 {
            self.space.push(space);
            self.kind.push(event.change.entity.name());
            self.id.push(event.change.id.0);
        }
    }

    pub(super) fn all(&self) -> Parameters<'_> {
        vec![&self.space, &self.kind, &self.id]
    }
}

/// `$15`–`$29`: events.
#[derive(Default)]
pub(super) struct Events<'a> {
    space: Vec<Uuid>,
    position: Vec<i64>,
    transaction: Vec<Uuid>,
    kind: Vec<&'static str>,
    id: Vec<Uuid>,
    sequence: Vec<i64>,
    event_type: Vec<&'a str>,
    event_version: Vec<&'a str>,
    payload: Vec<&'a str>,
    metadata: Vec<&'a str>,
    fields: Vec<String>,
    device: Vec<Uuid>,
    recorded_at: Vec<i64>,
    payload_hash: Vec<&'a [u8]>,
    hash: Vec<&'a [u8]>,
}

impl<'a> Events<'a> {
    pub(super) fn push(&mut self, space: Uuid, event: &'a NewEvent) {
        let change = &event.change;
        self.space.push(space);
        self.position.push(change.position);
        self.transaction.push(change.transaction_id.0);
        self.kind.push(change.entity.name());
        self.id.push(change.id.0);
        self.sequence.push(change.version);
        self.event_type.push(&event.event_type);
        self.event_version.push(&event.event_version);
        self.payload.push(&event.payload);
        self.metadata.push(&event.metadata);
        self.fields.push(serde_json::to_string(&change.fields).unwrap_or_default());
        self.device.push(change.device_id.0);
        self.recorded_at.push(change.at);
        self.payload_hash.push(&event.payload_hash);
        self.hash.push(&change.hash);
    }

    pub(super) fn all(&'a self) -> Parameters<'a> {
        vec![
            &self.space,
            &self.position,
            &self.transaction,
            &self.kind,
            &self.id,
            &self.sequence,
            &self.event_type,
            &self.event_version,
            &self.payload,
            &self.metadata,
            &self.fields,
            &self.device,
            &self.recorded_at,
            &self.payload_hash,
            &self.hash,
        ]
    }
}

/// `$4`, `$5` and `$30`–`$36`: receipts.
#[derive(Default)]
pub(super) struct Receipts<'a> {
    space: Vec<Uuid>,
    transaction: Vec<Uuid>,
    device: Vec<Uuid>,
    digest: Vec<&'a [u8]>,
    status: Vec<&'static str>,
    first: Vec<Option<i64>>,
    last: Vec<Option<i64>>,
    body: Vec<String>,
    decided_at: Vec<i64>,
}

impl<'a> Receipts<'a> {
    pub(super) fn push(&mut self, prepared: &Prepared, new: &'a NewReceipt) {
        let StoredReceipt { digest, receipt } = &*new.stored;
        let committed = matches!(receipt.verdict, Verdict::Committed { .. });
        let positions = receipt.positions();
        self.space.push(prepared.space.0);
        self.transaction.push(new.transaction.0);
        self.device.push(new.device.0);
        self.digest.push(digest);
        self.status.push(if committed { "committed" } else { "rejected" });
        self.first.push(positions.map(|span| span.first));
        self.last.push(positions.map(|span| span.last));
        self.body.push(serde_json::to_string(receipt).unwrap_or_default());
        self.decided_at.push(prepared.head.recorded_at);
    }

    pub(super) fn ids(&'a self) -> Parameters<'a> {
        vec![&self.space, &self.transaction]
    }

    pub(super) fn others(&'a self) -> Parameters<'a> {
        vec![&self.device, &self.digest, &self.status, &self.first, &self.last, &self.body, &self.decided_at]
    }
}

/// `$37`–`$41`: the version vector.
#[derive(Default)]
pub(super) struct Devices {
    space: Vec<Uuid>,
    device: Vec<Uuid>,
    last_seq: Vec<Option<i64>>,
    last_ms: Vec<Option<i64>>,
    last_counter: Vec<Option<i64>>,
}

impl Devices {
    pub(super) fn push(&mut self, prepared: &Prepared) {
        for (device, clock) in &prepared.devices {
            self.space.push(prepared.space.0);
            self.device.push(device.0);
            self.last_seq.push(clock.last_seq);
            self.last_ms.push(clock.last_stamp.map(|stamp| stamp.ms));
            self.last_counter.push(clock.last_stamp.map(|stamp| i64::from(stamp.counter)));
        }
    }

    pub(super) fn all(&self) -> Parameters<'_> {
        vec![&self.space, &self.device, &self.last_seq, &self.last_ms, &self.last_counter]
    }
}
