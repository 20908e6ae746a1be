//! A live reader: hub and log behind one cursor. Subscribe, catch up, go live, without gap or duplicate.

use std::sync::Arc;
use std::time::Duration;

use application::cursor::Cursor;
use application::fault::Fault;
use application::feed::{Leap, Page, Read, page, read};
use domain::id::SpaceId;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::hub::{Hub, Subscription};
use crate::postgres::log::PostgresLog;
use crate::turns::Turns;

/// Makes live readers.
#[derive(Clone, Debug)]
pub struct Readers {
    hub: Hub,
    log: Arc<PostgresLog>,
    turns: Turns,
}

/// A reader of one space.
#[derive(Debug)]
pub struct LiveReader {
    log: Arc<PostgresLog>,
    turns: Turns,
    subscription: Subscription,
    cursor: Option<Cursor>,
    /// Whether the cursor was compared with the log.
    verified: bool,
    /// Whether it stands inside a transaction that comes in parts.
    in_parts: bool,
    /// Whether it may be told to take a snapshot instead.
    leap: Leap,
}

impl Readers {
    /// Readers of this hub and log; what memory does not have they read in these turns.
    pub fn new(hub: Hub, log: PostgresLog, turns: Turns) -> Self {
        Self { hub, log: Arc::new(log), turns }
    }

    /// The log.
    pub fn log(&self) -> &PostgresLog {
        &self.log
    }

    /// The hub.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// A reader from a cursor of this space, or from the beginning of the log.
    pub fn open(&self, space: SpaceId, cursor: Option<Cursor>) -> LiveReader {
        let subscription = self.hub.subscribe(space);
        let (log, turns) = (Arc::clone(&self.log), self.turns.clone());
        LiveReader { log, turns, subscription, cursor, verified: false, in_parts: false, leap: Leap::Allowed }
    }
}

/// How often heads are looked up in the database, for spaces with readers: it finds what another node wrote.
const SWEEP_MS: u64 = 1_000;

/// Raises the hub's heads to those in the database, again and again, until `stop`. A missed look is made up by the next.
pub async fn sweep(readers: Readers, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(Duration::from_millis(SWEEP_MS));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        let watched: Vec<SpaceId> = readers.hub.watched().into_iter().map(|(space, _)| space).collect();
        if watched.is_empty() {
            continue;
        }
        match readers.log.positions(&watched).await {
            Ok(positions) => positions.into_iter().for_each(|(space, position)| readers.hub.raise(space, position)),
            Err(fault) => tracing::debug!(fault = %fault, "the heads could not be looked up"),
        }
    }
}

impl LiveReader {
    /// The same, and whether it may be told to take a snapshot because that is shorter.
    #[must_use]
    pub fn with_leap(self, leap: Leap) -> Self {
        Self { leap, ..self }
    }

    /// What comes next, of at most `rows` changes; an empty page if nothing does.
    ///
    /// # Errors
    /// The log could not be read.
    pub async fn next(&mut self, rows: usize) -> Result<Read, Fault> {
        if let Some(live) = self.remembered(rows) {
            self.cursor = Some(live.cursor);
            return Ok(Read::Page(live));
        }
        let _turn = self.turns.take().await.map_err(|crowded| Fault::Crowded(crowded.to_string()))?;
        // Nobody is sent away in the middle.
        let leap = if self.verified { Leap::Never } else { self.leap };
        let answer = read(&*self.log, self.subscription.space(), self.cursor, rows, leap).await?;
        if let Read::Page(page) = &answer {
            self.cursor = Some(page.cursor);
            self.verified = true;
            self.in_parts = page.part.is_some_and(|(number, of)| number < of);
        }
        Ok(answer)
    }

    /// A cursor that was verified once only moves by what was read, so memory may serve it.
    fn remembered(&self, rows: usize) -> Option<Page> {
        let cursor = self.cursor.filter(|_| self.verified && !self.in_parts)?;
        let slice = self.subscription.after(cursor.position, rows)?;
        let next = page(cursor, &slice, i64::try_from(rows).ok()?);
        // A transaction larger than a page is cut into parts, which takes its bounds: the log knows them.
        (!next.changes.is_empty() || next.is_caught_up()).then_some(next)
    }

    /// Waits until there is more than was read.
    pub async fn wait(&mut self) {
        let position = self.cursor.map_or(0, |cursor| cursor.position);
        self.subscription.beyond(position).await;
    }
}
