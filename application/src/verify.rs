//! The audit of a space's log: every stored event is read once, in order, checked against the one before and folded.
//! The log is sound when nothing was found; only then is it the truth that the tables are rebuilt from.

use domain::chain::{GENESIS, Hash, Link, hash, payload_hash};
use domain::checksum::canonical;
use domain::entity::{EntityRef, Event, Kind};
use domain::id::{DeviceId, EntityId, SpaceId, TransactionId};
use domain::transaction::Positions;
use serde_json::Value;

use crate::ledger::Head;
use crate::rebuild::Fold;

mod flaw;

pub use flaw::{Finding, Flaw};

/// Findings that are kept of one space; a log that is damaged all over is not listed to its end.
const FLAWS_MAX: usize = 1_000;

/// An event as it is stored, with the span of its transaction's receipt.
#[derive(Clone, Debug)]
pub struct Logged {
    /// Position in the space's log.
    pub position: i64,
    /// The transaction.
    pub transaction: TransactionId,
    /// The device that wrote.
    pub device: DeviceId,
    /// Kind of entity, by name.
    pub aggregate_type: String,
    /// Which entity.
    pub aggregate_id: EntityId,
    /// The entity's own count of events.
    pub sequence: i64,
    /// Type of event.
    pub event_type: String,
    /// Version of its shape.
    pub event_version: String,
    /// What happened.
    pub payload: Value,
    /// Who and why.
    pub metadata: Value,
    /// When it was recorded, Unix ms.
    pub recorded_at: i64,
    /// The stored hash of the payload.
    pub payload_hash: Vec<u8>,
    /// The stored hash of the event.
    pub hash: Vec<u8>,
    /// Whether the payload was taken out: its hash stays and cannot be recomputed.
    pub redacted: bool,
    /// The span of its transaction's receipt, if that is committed.
    pub receipt: Option<Positions>,
}

/// One space's log while it is read.
#[derive(Debug)]
pub struct Audit {
    space: SpaceId,
    position: i64,
    /// The hash there; unknown after a gap, until the next event gives its own.
    hash: Option<Hash>,
    recorded_at: i64,
    /// What the events make.
    pub fold: Fold,
    /// What was found.
    pub flaws: Vec<Flaw>,
    /// Events whose payload was taken out or changed by a redaction: only there it need not fit its hash.
    pub redacted: u64,
}

impl Audit {
    /// A log before its first event.
    pub fn new(space: SpaceId) -> Self {
        let fold = Fold::new(space);
        Self { space, position: 0, hash: Some(GENESIS), recorded_at: 0, fold, flaws: Vec::new(), redacted: 0 }
    }

    /// Up to where the log was read.
    pub fn position(&self) -> i64 {
        self.position
    }

    /// Whether nothing found so far forbids to rebuild from this log.
    pub fn is_sound(&self) -> bool {
        !self.flaws.iter().any(Flaw::is_of_the_log)
    }

    /// Takes note of a flaw.
    pub fn found(&mut self, flaw: Flaw) {
        if self.flaws.len() < FLAWS_MAX && !self.flaws.contains(&flaw) {
            self.flaws.push(flaw);
        }
    }

    /// Reads the next event.
    pub fn read(&mut self, logged: Logged) {
        let position = logged.position;
        if position > self.position + 1 {
            self.found(Flaw::Gap { first: self.position + 1, last: position - 1 });
            self.hash = None;
        }
        if logged.recorded_at < self.recorded_at {
            self.found(Flaw::Clock(position));
        }
        if !logged.receipt.is_some_and(|span| (span.first..=span.last).contains(&position)) {
            self.found(Flaw::Unreceipted(position));
        }
        self.redacted += u64::from(logged.redacted);
        self.link(&logged);
        self.position = position;
        self.recorded_at = logged.recorded_at.max(self.recorded_at);
        if let Err(flaw) = self.fold(logged) {
            self.found(flaw);
        }
    }

    /// Compares the head with the last event.
    pub fn end(&mut self, head: &Head) {
        if head.position != self.position {
            self.head("position", &head.position, &self.position.clone());
        } else if self.hash.is_some_and(|hash| hash != head.hash) {
            let hex = |hash: Hash| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            self.head("hash", &hex(head.hash), &self.hash.map(hex).unwrap_or_default());
        }
        if head.recorded_at < self.recorded_at {
            self.head("recorded_at", &head.recorded_at, &self.recorded_at.clone());
        }
    }

    fn head(&mut self, column: &'static str, found: &impl ToString, expected: &impl ToString) {
        self.found(Flaw::Head { column, found: found.to_string(), expected: expected.to_string() });
    }

    /// Checks payload, columns and the hash before. After a flaw the stored hash counts, so that one is told once.
    fn link(&mut self, logged: &Logged) {
        if !logged.redacted && payload_hash(&canonical(&logged.payload)).as_slice() != logged.payload_hash {
            self.found(Flaw::Payload(logged.position));
        }
        let stored = Hash::try_from(logged.hash.as_slice()).ok();
        if let Some(before) = self.hash
            && (stored.is_none() || stored != link(self.space, &before, logged))
        {
            self.found(Flaw::Chain(logged.position));
        }
        self.hash = stored;
    }

    fn fold(&mut self, logged: Logged) -> Result<(), Flaw> {
        let position = logged.position;
        let unreadable = |reason: String| Flaw::Unreadable { position, reason };
        let kind = Kind::from_name(&logged.aggregate_type)
            .ok_or_else(|| unreadable(format!("there is no kind {}", logged.aggregate_type)))?;
        let entity = EntityRef::new(kind, logged.aggregate_id);
        let expected = self.fold.version(entity) + 1;
        if logged.sequence != expected {
            return Err(Flaw::Sequence { position, expected, found: logged.sequence });
        }
        let event = Event::from_payload(kind, logged.payload).map_err(|error| unreadable(error.to_string()))?;
        let (mark, stamp) = (event.mark(), event.mark().stamp);
        let agrees = mark.position == position
            && mark.at == logged.recorded_at
            && stamp.device == logged.device
            && event.event_type() == logged.event_type
            && event.event_version() == logged.event_version;
        if !agrees {
            return Err(unreadable("its columns contradict its payload".to_owned()));
        }
        self.fold.apply(entity, event);
        Ok(())
    }
}

/// The hash that the event ought to have.
fn link(space: SpaceId, before: &Hash, logged: &Logged) -> Option<Hash> {
    let link = Link {
        space: space.0,
        position: logged.position,
        transaction: logged.transaction.0,
        device: logged.device.0,
        aggregate_type: &logged.aggregate_type,
        aggregate_id: logged.aggregate_id.0,
        sequence: logged.sequence,
        event_type: &logged.event_type,
        event_version: &logged.event_version,
        metadata: &canonical(&logged.metadata),
        recorded_at: logged.recorded_at,
        payload_hash: &Hash::try_from(logged.payload_hash.as_slice()).ok()?,
    };
    Some(hash(before, &link))
}
