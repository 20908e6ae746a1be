//! One space while its lines are read.

use domain::id::{DeviceId, EntityId, SpaceId, TransactionId};
use domain::transaction::Positions;
use serde::Deserialize;
use serde::de::Error as _;
use serde_json::Value;
use uuid::Uuid;

use super::bad_line::Bad;
use super::receipts::{Balance, ReceiptRow};
use crate::ledger::Head;
use crate::rebuild::{Counters, Rows};
use crate::verify::{Audit, Logged};

/// Bytes as the store writes them into JSON: `\x` and hexadecimal digits.
#[derive(Debug)]
struct Bytes(Vec<u8>);

#[derive(Debug, Deserialize)]
struct HeadRow {
    space_id: SpaceId,
    epoch: Uuid,
    position: i64,
    hash: Bytes,
    legacy_next: i64,
    live_entities: i64,
    checksum: i64,
    recorded_at: i64,
    repairs: i64,
}

#[derive(Debug, Deserialize)]
struct DeviceRow {
    device_id: DeviceId,
}

#[derive(Debug, Deserialize)]
struct EventRow {
    position: i64,
    transaction_id: TransactionId,
    aggregate_type: String,
    aggregate_id: EntityId,
    sequence: i64,
    event_type: String,
    event_version: String,
    payload: Value,
    metadata: Value,
    device_id: DeviceId,
    recorded_at: i64,
    payload_hash: Bytes,
    hash: Bytes,
    redacted_at: Option<i64>,
}

/// A space of which the first line was read.
#[derive(Debug)]
pub struct SpaceReader {
    /// Which.
    pub id: SpaceId,
    /// The head that it has to end with.
    pub head: Head,
    audit: Audit,
    balance: Balance,
    last_device: Option<DeviceId>,
    last_receipt: Option<TransactionId>,
    events_have_ended: bool,
}

impl SpaceReader {
    pub(super) fn new(row: &str) -> Result<Self, Bad> {
        let row: HeadRow = parsed(row)?;
        let hash = row.hash.0.as_slice().try_into().map_err(|_| Bad::Unreadable("a hash has 32 bytes".to_owned()))?;
        let head = Head {
            epoch: row.epoch,
            position: row.position,
            hash,
            legacy_next: row.legacy_next,
            live_entities: row.live_entities,
            checksum: row.checksum.cast_unsigned(),
            recorded_at: row.recorded_at,
            repairs: row.repairs,
        };
        let (audit, balance) = (Audit::new(row.space_id), Balance::default());
        let (last_device, last_receipt) = (None, None);
        Ok(Self { id: row.space_id, head, audit, balance, last_device, last_receipt, events_have_ended: false })
    }

    pub(super) fn device(&mut self, row: &str) -> Result<(), Bad> {
        if self.audit.position() > 0 || self.events_have_ended {
            return Err(Bad::Misplaced { found: "device", place: "behind events or receipts" });
        }
        let device = parsed::<DeviceRow>(row)?.device_id;
        rises(&mut self.last_device, device, "device", device.0)
    }

    pub(super) fn event(&mut self, row: &str) -> Result<(), Bad> {
        if self.events_have_ended {
            return Err(Bad::Misplaced { found: "event", place: "behind receipts" });
        }
        let row: EventRow = parsed(row)?;
        self.balance.event(row.transaction_id, row.position);
        self.audit.read(row.logged());
        self.sound()
    }

    pub(super) fn receipt(&mut self, row: &str) -> Result<(), Bad> {
        self.end_events()?;
        let row: ReceiptRow = parsed(row)?;
        rises(&mut self.last_receipt, row.transaction_id, "the receipt of transaction", row.transaction_id.0)?;
        let space = self.id;
        self.balance.receipt(&row, self.head.position).map_err(|reason| Bad::Receipts { space, reason })
    }

    /// Every line of it was read.
    pub(super) fn end(&mut self) -> Result<(), Bad> {
        self.end_events()?;
        let reason = "its receipts are not about exactly its events: one is missing, or spans another's".to_owned();
        self.balance.is_even().then_some(()).ok_or(Bad::Receipts { space: self.id, reason })
    }

    /// Up to where its events were read.
    pub fn position(&self) -> i64 {
        self.audit.position()
    }

    /// The last device and the last receipt that were read; whether all events were.
    pub(super) fn reached(&self) -> (bool, Option<TransactionId>) {
        (self.events_have_ended, self.last_receipt)
    }

    /// The rows of the entities that were folded since the rows were last taken.
    pub fn take_rows(&mut self) -> Rows {
        self.audit.fold.take_rows()
    }

    /// What the head has to count, as of the rows that were taken last.
    pub fn counters(&self) -> Counters {
        self.audit.fold.counters()
    }

    fn end_events(&mut self) -> Result<(), Bad> {
        if self.events_have_ended {
            return Ok(());
        }
        self.events_have_ended = true;
        self.audit.end(&self.head);
        self.sound()
    }

    fn sound(&self) -> Result<(), Bad> {
        let flaw = self.audit.flaws.first().cloned();
        flaw.map_or(Ok(()), |flaw| Err(Bad::Flaw { space: self.id, flaw }))
    }
}

impl EventRow {
    fn logged(self) -> Logged {
        Logged {
            position: self.position,
            transaction: self.transaction_id,
            device: self.device_id,
            aggregate_type: self.aggregate_type,
            aggregate_id: self.aggregate_id,
            sequence: self.sequence,
            event_type: self.event_type,
            event_version: self.event_version,
            payload: self.payload,
            metadata: self.metadata,
            recorded_at: self.recorded_at,
            payload_hash: self.payload_hash.0,
            hash: self.hash.0,
            redacted: self.redacted_at.is_some(),
            // Receipts come behind the events; they are compared there.
            receipt: Some(Positions { first: self.position, last: self.position }),
        }
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.strip_prefix("\\x").filter(|digits| digits.len() % 2 == 0 && digits.is_ascii());
        let byte = |at: usize| digits.and_then(|digits| u8::from_str_radix(&digits[at..at + 2], 16).ok());
        let bytes: Option<Vec<u8>> = (0..digits.map_or(0, str::len)).step_by(2).map(byte).collect();
        bytes.filter(|_| digits.is_some()).map(Self).ok_or_else(|| D::Error::custom("not `\\x` and hexadecimal digits"))
    }
}

/// A row as the type that it has to be.
pub(super) fn parsed<'a, T: Deserialize<'a>>(row: &'a str) -> Result<T, Bad> {
    serde_json::from_str(row).map_err(|error| Bad::Unreadable(error.to_string()))
}

/// Notes an id that has to be greater than the one before.
pub(super) fn rises<T: Ord + Copy>(last: &mut Option<T>, next: T, what: &'static str, id: Uuid) -> Result<(), Bad> {
    if last.is_some_and(|last| last >= next) {
        return Err(Bad::Order { what, id });
    }
    *last = Some(next);
    Ok(())
}
