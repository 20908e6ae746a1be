//! The audit of a log without what it says: positions, hashes, sequences, the clock, the receipts' spans. What it keeps is
//! a count for each entity, so a log may be as long as it likes. A flaw is told once, where it is; what merely follows from
//! it is not told again.

use std::collections::{BTreeMap, BTreeSet};

use domain::chain::{GENESIS, Hash, payload_hash};
use domain::checksum::canonical;
use domain::entity::upcast::Unreadable;
use domain::entity::{EntityRef, Event, Kind};
use domain::id::{EntityId, SpaceId};

use super::Logged;
use super::event::{agrees, link};
use super::flaw::Flaw;
use crate::ledger::Head;

/// Findings that are kept of one space; a log that is damaged all over is not listed to its end.
pub const FLAWS_MAX: usize = 1_000;

/// What is known of one entity's events.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    /// The sequence of the last one.
    last: i64,
    /// How many there were.
    events: i64,
}

/// One space's log while it is read.
#[derive(Debug)]
pub struct LogAudit {
    space: SpaceId,
    position: i64,
    /// The stored hash there; unknown after a gap, until the next event gives its own.
    hash: Option<Hash>,
    /// What the hash there ought to be, where the stored one is not: if only that was changed, the next event says so.
    instead: Option<Hash>,
    recorded_at: i64,
    entities: BTreeMap<EntityRef, Counted>,
    /// Entities that were read since they were last taken, with how many events they had before.
    touched: BTreeMap<EntityRef, i64>,
    /// Entities whose events cannot all be folded.
    damaged: BTreeSet<EntityId>,
    /// Events that are at another position than their own.
    misplaced: BTreeSet<(EntityRef, i64)>,
    /// What was found.
    pub flaws: Vec<Flaw>,
    omitted: u64,
}

impl LogAudit {
    /// A log before its first event.
    pub fn new(space: SpaceId) -> Self {
        Self {
            space,
            position: 0,
            hash: Some(GENESIS),
            instead: None,
            recorded_at: 0,
            entities: BTreeMap::new(),
            touched: BTreeMap::new(),
            damaged: BTreeSet::new(),
            misplaced: BTreeSet::new(),
            flaws: Vec::new(),
            omitted: 0,
        }
    }

    /// Up to where the log was read.
    pub fn position(&self) -> i64 {
        self.position
    }

    /// Whether nothing found so far forbids to rebuild from this log.
    pub fn is_sound(&self) -> bool {
        !self.flaws.iter().any(Flaw::is_of_the_log)
    }

    /// Whether every event is there: none is missing that would say more of some entity.
    pub fn is_whole(&self) -> bool {
        !self.flaws.iter().any(|flaw| matches!(flaw, Flaw::Gap { .. } | Flaw::Headless | Flaw::Head { .. }))
    }

    /// Whether every event of a span is there and at its place. What is behind the position is not read yet, or, where
    /// the head is further, gone.
    pub fn holds(&self, first: i64, last: i64) -> bool {
        (last <= self.position || self.is_whole())
            && !self.flaws.iter().any(|flaw| match flaw {
                Flaw::Gap { first: from, last: upto } => *from <= last && *upto >= first,
                Flaw::Misplaced { position, .. } => (first..=last).contains(position),
                _ => false,
            })
    }

    /// Whether all events of the entity can be folded.
    pub fn can_fold(&self, id: EntityId) -> bool {
        !self.damaged.contains(&id)
    }

    /// Whether some entity cannot be folded, so that nothing can be said of sums over all.
    pub fn has_damaged_entities(&self) -> bool {
        !self.damaged.is_empty()
    }

    /// Takes note that not all events of the entity can be folded.
    pub fn cannot_fold(&mut self, id: EntityId) {
        self.damaged.insert(id);
    }

    /// How many events of the entity were read.
    pub fn events_of(&self, entity: EntityRef) -> i64 {
        self.entities.get(&entity).map_or(0, |counted| counted.events)
    }

    /// The entities that were read since this was last asked, each with how many events it had before.
    pub fn take_touched(&mut self) -> BTreeMap<EntityRef, i64> {
        std::mem::take(&mut self.touched)
    }

    /// Takes note of a flaw.
    pub fn found(&mut self, flaw: Flaw) {
        if self.flaws.contains(&flaw) {
            return;
        }
        if self.flaws.len() < FLAWS_MAX {
            self.flaws.push(flaw);
        } else {
            self.omitted += 1;
        }
    }

    /// How many findings are not listed.
    pub fn omitted(&self) -> u64 {
        self.omitted
    }

    /// Reads the next event; gives it back, if it can be folded.
    pub fn read(&mut self, mut logged: Logged) -> Option<(EntityRef, Event)> {
        let (position, is_intact) = (logged.position, self.payload_is_intact(&logged));
        if position > self.position + 1 {
            self.found(Flaw::Gap { first: self.position + 1, last: position - 1 });
            (self.hash, self.instead) = (None, None);
        }
        self.position = position;
        let kind = Kind::from_name(&logged.aggregate_type);
        let entity = kind.map(|kind| EntityRef::new(kind, logged.aggregate_id));
        let payload = std::mem::take(&mut logged.payload);
        let event = kind.map(|kind| Event::read(kind, &logged.event_type, &logged.event_version, payload));
        if let Some(Ok(event)) = &event
            && is_intact
            && event.mark().position != position
        {
            self.misplaced(&logged, entity, event.mark().position);
            return None;
        }
        let is_linked = self.link(&logged);
        self.note(&logged);
        let Some(entity) = entity else {
            let reason = format!("there is no kind {}", logged.aggregate_type);
            self.damaged.insert(logged.aggregate_id);
            self.found(Flaw::Unreadable { position, reason });
            return None;
        };
        self.count(entity, &logged);
        let event = match event? {
            // Columns that were changed are told by the hash already.
            Ok(event) if !is_linked || agrees(&event, &logged) => event,
            Ok(_) => {
                self.unreadable(entity, position, "its columns contradict its payload".to_owned());
                return None;
            }
            // So is a type that was.
            Err(Unreadable::Contradiction) if !is_linked => {
                self.damaged.insert(entity.id);
                return None;
            }
            Err(error) => {
                self.unreadable(entity, position, error.to_string());
                return None;
            }
        };
        if !is_intact {
            self.damaged.insert(entity.id);
        }
        self.can_fold(entity.id).then_some((entity, event))
    }

    /// Compares the head with the last event.
    pub fn end(&mut self, head: &Head) {
        // A sequence that was missed where it belongs was met where it does not.
        let misplaced = std::mem::take(&mut self.misplaced);
        self.flaws.retain(|flaw| match flaw {
            Flaw::Sequence { kind, id, expected, found, .. } => {
                let entity = Kind::from_name(kind).map(|kind| EntityRef::new(kind, *id));
                let is_elsewhere = |sequence| entity.is_some_and(|entity| misplaced.contains(&(entity, sequence)));
                !(*expected..(*found).max(expected + 1)).all(is_elsewhere)
            }
            _ => true,
        });
        self.misplaced = misplaced;
        let hex = |hash: Hash| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        if head.position != self.position {
            self.head("position", &head.position, &self.position.clone());
        } else if self.hash.is_some_and(|hash| hash != head.hash) && self.instead != Some(head.hash) {
            self.head("hash", &hex(head.hash), &self.hash.map(hex).unwrap_or_default());
        }
        if head.recorded_at < self.recorded_at {
            self.head("recorded_at", &head.recorded_at, &self.recorded_at.clone());
        }
    }

    fn head(&mut self, column: &'static str, found: &impl ToString, expected: &impl ToString) {
        self.found(Flaw::Head { column, found: found.to_string(), expected: expected.to_string() });
    }

    fn payload_is_intact(&mut self, logged: &Logged) -> bool {
        let is_intact = logged.redacted || payload_hash(&canonical(&logged.payload)).as_slice() == logged.payload_hash;
        if !is_intact {
            self.found(Flaw::Payload(logged.position));
        }
        is_intact
    }

    /// An event that is whole, and elsewhere than it says. The hash before the next one is unknown then.
    fn misplaced(&mut self, logged: &Logged, entity: Option<EntityRef>, belongs: i64) {
        self.found(Flaw::Misplaced { position: logged.position, belongs });
        (self.hash, self.instead) = (None, None);
        self.damaged.insert(logged.aggregate_id);
        if let Some(entity) = entity {
            self.misplaced.insert((entity, logged.sequence));
        }
    }

    /// Checks the clock and that a receipt spans the event.
    fn note(&mut self, logged: &Logged) {
        let position = logged.position;
        if logged.recorded_at < self.recorded_at {
            self.found(Flaw::Clock(position));
        }
        if !logged.receipt.is_some_and(|span| (span.first..=span.last).contains(&position)) {
            self.found(Flaw::Unreceipted(position));
        }
        self.recorded_at = logged.recorded_at.max(self.recorded_at);
    }

    /// Checks that the hash follows from the one before. After a flaw either hash may go on, so that one is told once.
    fn link(&mut self, logged: &Logged) -> bool {
        let stored = Hash::try_from(logged.hash.as_slice()).ok();
        let (before, instead) = (self.hash, self.instead.take());
        let (follows, could_follow) = (
            before.and_then(|before| link(self.space, &before, logged)),
            instead.and_then(|one| link(self.space, &one, logged)),
        );
        let is_linked = before.is_none() || stored.is_some() && (stored == follows || stored == could_follow);
        if !is_linked {
            self.found(Flaw::Chain(logged.position));
            self.instead = follows;
        }
        self.hash = stored;
        is_linked
    }

    fn count(&mut self, entity: EntityRef, logged: &Logged) {
        let counted = self.entities.entry(entity).or_default();
        let (position, expected, found) = (logged.position, counted.last + 1, logged.sequence);
        self.touched.entry(entity).or_insert(counted.events);
        counted.last = found;
        counted.events += 1;
        if found != expected {
            self.damaged.insert(entity.id);
            self.found(Flaw::Sequence { position, kind: entity.kind.name(), id: entity.id, expected, found });
        }
    }

    fn unreadable(&mut self, entity: EntityRef, position: i64, reason: String) {
        self.damaged.insert(entity.id);
        self.found(Flaw::Unreadable { position, reason });
    }
}
