//! One space: its log audited by this program's reader, its rows compared with what the second reader's events make, its
//! receipts held against its events. It runs beside writers. What a pass compares is read in one snapshot: the head, the
//! events up to it and a chunk of rows, which the append writes in one commit. In memory are a count for each entity, the
//! events of one, and a chunk of rows.

use application::fault::Fault;
use application::ledger::Head;
use application::rebuild::{Counters, Difference, Fold, Rows};
use application::verify::{FLAWS_MAX, Flaw, LogAudit, Reading, reread};
use cqrs_es::persist::SerializedEvent;
use domain::entity::EntityRef;
use domain::id::{EntityId, SpaceId};
use tokio_postgres::{Client, GenericClient, IsolationLevel};
use uuid::Uuid;

use super::super::fault::{read, write};
use super::super::ledger::rows;
use super::super::rebuild::folds;
use super::super::rebuild::look::At;
use super::super::rebuild::refold::repairs;
use super::super::rebuild::shadows::Shadows;
use super::course::Course;
use super::{receipts, stored};
use crate::second_reader::{Read, SecondReader};

/// Events that are read at once.
const EVENTS_MAX: i64 = 1_000;
/// Entities whose rows are written at once.
const ENTITIES_MAX: usize = 500;
/// Rows that one pass compares.
const ROWS_MAX: i64 = 1_000;

/// What was looked at, and what was found.
#[derive(Debug, Default)]
pub(super) struct Looked {
    pub(super) flaws: Vec<Flaw>,
    pub(super) events: u64,
    pub(super) rows: u64,
}

/// One space on its way.
struct OneSpace<'a> {
    space: SpaceId,
    shadows: &'a Shadows,
    reader: &'a SecondReader,
    /// How often the space had been repaired before its first event was read.
    repairs: Option<i64>,
    /// Whether its rows are to be what this program's folds make. Those of a space that was not built with them are not.
    compares: bool,
    log: LogAudit,
    counters: Counters,
    differences: Vec<Flaw>,
    omitted: u64,
    rows: u64,
}

/// Looks at a space; `None` when it was stopped on the way, or the space is being erased. One about which the database refuses
/// a statement is in nobody else's way: that is what was found.
pub(super) async fn look(
    client: &mut Client,
    (shadows, reader): (&Shadows, &SecondReader),
    space: SpaceId,
    course: &mut Course<'_>,
) -> Result<Option<Looked>, Fault> {
    let looked = match look_again_and_again(client, (shadows, reader), space, course).await {
        Err(Fault::Refused(reason)) => {
            tracing::error!(space.id = %space, reason, "a space could not be verified: the database refused a statement");
            shadows.clear(client, space).await?;
            Some(Looked { flaws: vec![Flaw::Refused(reason)], ..Looked::default() })
        }
        other => other?,
    };
    let is_leaving = match &looked {
        Some(looked) => !looked.flaws.is_empty() && is_being_erased(client, space).await?,
        None => false,
    };
    Ok(looked.filter(|_| !is_leaving))
}

/// From the beginning, as often as something else than a write changes the space meanwhile: that may change stored events too.
async fn look_again_and_again(
    client: &mut Client,
    (shadows, reader): (&Shadows, &SecondReader),
    space: SpaceId,
    course: &mut Course<'_>,
) -> Result<Option<Looked>, Fault> {
    loop {
        let mut one = OneSpace::begin(client, (shadows, reader), space).await?;
        reader.empty().await?;
        course.begin();
        let mut at = Passed::Next(At::default());
        while let Passed::Next(from) = at {
            // What was written meanwhile is read outside of the transaction, which so stays short.
            if !one.catch_up(client, course).await? {
                return Ok(None);
            }
            at = one.pass(client, from).await?;
        }
        if let Passed::Last = at {
            let of_receipts = receipts::flaws(client, space, &one.log).await?;
            return Ok(Some(one.end(of_receipts)));
        }
        shadows.clear(client, space).await?;
    }
}

/// Whether the space goes, or has gone, with its account.
pub(super) async fn is_being_erased(client: &Client, space: SpaceId) -> Result<bool, Fault> {
    let row = client.query_opt(include_str!("../sql/verify/erasing.sql"), &[&space.0]).await;
    Ok(row.map_err(|error| read(&error))?.is_some())
}

/// What becomes of a look after a pass.
enum Passed {
    /// It goes on from here.
    Next(At),
    /// It was the last.
    Last,
    /// What was read is no longer what is stored.
    Again,
}

impl<'a> OneSpace<'a> {
    async fn begin(
        client: &Client,
        (shadows, reader): (&'a Shadows, &'a SecondReader),
        space: SpaceId,
    ) -> Result<Self, Fault> {
        let repairs = repairs(client, space).await?;
        let compares = folds::are_of(client, space).await?;
        let (log, counters) = (LogAudit::new(space), Fold::new(space).counters());
        let (differences, omitted, rows) = (Vec::new(), 0, 0);
        Ok(Self { space, shadows, reader, repairs, compares, log, counters, differences, omitted, rows })
    }

    /// Reads the log to its end; false when it is to stop.
    async fn catch_up(&mut self, client: &impl GenericClient, course: &mut Course<'_>) -> Result<bool, Fault> {
        loop {
            let count = self.read_on(client).await?;
            course.read(count);
            if !course.took(client, count).await? {
                return Ok(false);
            }
            if (count as i64) < EVENTS_MAX {
                break;
            }
        }
        self.reread(client, Some(course)).await
    }

    /// Reads the next events with one reader and copies them for the other.
    async fn read_on(&mut self, client: &impl GenericClient) -> Result<usize, Fault> {
        let after = self.log.position();
        let events = stored::events(client, self.space, after, EVENTS_MAX).await?;
        let count = events.len();
        for logged in events {
            self.log.read(logged);
        }
        if count > 0 && self.compares {
            self.reader.copy(self.space, after, self.log.position()).await?;
        }
        Ok(count)
    }

    /// Folds what the second reader reads of the entities that have new events; false when it is to stop.
    async fn reread(
        &mut self,
        client: &impl GenericClient,
        mut course: Option<&mut Course<'_>>,
    ) -> Result<bool, Fault> {
        if !self.compares {
            return Ok(true);
        }
        let touched: Vec<(EntityRef, i64)> = self.log.take_touched().into_iter().collect();
        for chunk in touched.chunks(ENTITIES_MAX) {
            let (mut rows, mut events) = (Rows::default(), 0);
            for (entity, known) in chunk {
                events += self.reread_one(*entity, *known, &mut rows).await?;
            }
            self.shadows.put(client, rows).await?;
            if let Some(course) = course.as_deref_mut()
                && !course.took(client, events).await?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn reread_one(&mut self, entity: EntityRef, known: i64, rows: &mut Rows) -> Result<usize, Fault> {
        if !self.log.can_fold(entity.id) {
            return Ok(0);
        }
        let events = match self.reader.read(entity).await? {
            Read::Events(events) => events,
            Read::Undecodable(reason) => return Ok(self.disagrees(entity, reason)),
        };
        let (count, expected) = (events.len(), self.log.events_of(entity));
        if count as i64 != expected {
            return Ok(self.disagrees(entity, format!("{count} of {expected} events came")));
        }
        let reading = |event: SerializedEvent| Reading {
            event_type: event.event_type,
            event_version: event.event_version,
            payload: event.payload,
        };
        match reread(self.space, entity, known, events.into_iter().map(reading).collect()) {
            Ok(reread) => {
                self.counters = reread.count(self.counters);
                reread
                    .rows
                    .entities
                    .into_iter()
                    .for_each(|(kind, more)| rows.entities.entry(kind).or_default().extend(more));
                rows.days.extend(reread.rows.days);
                rows.activity.extend(reread.rows.activity);
                Ok(count)
            }
            Err((which, _)) => Ok(self.disagrees(entity, format!("event {which} cannot be folded"))),
        }
    }

    fn disagrees(&mut self, entity: EntityRef, reason: String) -> usize {
        self.log.cannot_fold(entity.id);
        self.log.found(Flaw::SecondReader { entity, reason });
        0
    }

    /// Compares the next rows, in one snapshot.
    async fn pass(&mut self, client: &mut Client, from: At) -> Result<Passed, Fault> {
        let begun = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).start().await;
        let transaction = begun.map_err(|error| read(&error))?;
        let head = transaction.query_opt(include_str!("../sql/rebuild/head.sql"), &[&self.space.0]).await;
        let head = head.map_err(|error| read(&error))?.as_ref().map(rows::head).transpose()?;
        if head.as_ref().map(|head| head.repairs) != self.repairs {
            return Ok(Passed::Again);
        }
        while self.read_on(&transaction).await? as i64 == EVENTS_MAX {}
        self.reread(&transaction, None).await?;
        match &head {
            Some(head) => self.log.end(head),
            None => self.log.found(Flaw::Headless),
        }
        let mut next = Passed::Last;
        // Where events are missing, nobody knows what the rows ought to be.
        if let Some(head) = head.filter(|_| self.compares && self.log.is_whole()) {
            if from == At::default() {
                self.compare_head(&head);
            }
            let looked = self.shadows.look(&transaction, self.space, from, ROWS_MAX).await?;
            self.rows += looked.rows.cast_unsigned();
            looked.differences.into_iter().for_each(|difference| self.differs(difference));
            next = looked.next.map_or(Passed::Last, Passed::Next);
        }
        transaction.commit().await.map_err(|error| write(&error))?;
        Ok(next)
    }

    fn compare_head(&mut self, head: &Head) {
        if self.log.has_damaged_entities() {
            return;
        }
        let live =
            Counters { live_entities: head.live_entities, checksum: head.checksum, legacy_next: head.legacy_next };
        if let Some(difference) = Difference::of_head(self.space, live, self.counters) {
            self.differs(difference);
        }
    }

    fn differs(&mut self, difference: Difference) {
        // The key begins with the entity, in the tables of entities and in that of days.
        let entity = difference.key.split(' ').next().and_then(|id| Uuid::try_parse(id).ok()).map(EntityId);
        // A row of the activity is of a position: whose that was, nobody knows where an event cannot be folded.
        let is_of_an_event = difference.table == "activity" && self.log.has_damaged_entities();
        if is_of_an_event || entity.is_some_and(|id| !self.log.can_fold(id)) {
            return;
        }
        if self.differences.len() < FLAWS_MAX {
            self.differences.push(Flaw::Row(difference));
        } else {
            self.omitted += 1;
        }
    }

    /// Everything that was found, the log first.
    fn end(self, of_receipts: Vec<Flaw>) -> Looked {
        let (events, omitted) = (self.log.position().cast_unsigned(), self.omitted + self.log.omitted());
        let mut flaws = self.log.flaws;
        flaws.extend(of_receipts);
        flaws.extend(self.differences);
        let omitted = omitted + flaws.len().saturating_sub(FLAWS_MAX) as u64;
        flaws.truncate(FLAWS_MAX);
        flaws.extend((omitted > 0).then_some(Flaw::More(omitted)));
        Looked { flaws, events, rows: self.rows }
    }
}
