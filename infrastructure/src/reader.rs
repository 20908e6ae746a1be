//! A live reader: hub and log behind one cursor. Subscribe, catch up, go live, without gap or duplicate.

use std::sync::Arc;
use std::time::Duration;

use application::cursor::Cursor;
use application::fault::Fault;
use application::feed::{Leap, Page, Read, page, read};
use domain::id::SpaceId;
use metrics::{counter, histogram};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tracing::debug_span;

use crate::clock::now_ms;
use crate::hints::{Hints, Look};
use crate::hub::{Hub, Subscription};
use crate::measures::Measures;
use crate::metric_names::{DELIVERY_SECONDS, FEED_LAG_CHANGES, FEED_PAGES_TOTAL, FEED_RESETS_TOTAL, HEADS_FOUND_TOTAL};
use crate::postgres::log::PostgresLog;
use crate::postgres::replica::{NearLog, Replica, Seen};
use crate::redactions::Memories;
use crate::turns::Turns;

/// Makes live readers.
#[derive(Clone, Debug)]
pub struct Readers {
    hub: Hub,
    log: Arc<PostgresLog>,
    turns: Turns,
    measures: Measures,
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
    /// Whether it had everything, and waited for what comes next.
    waited: bool,
    /// Whether a replica may answer, and how far the log is that it waits for.
    near: Option<i64>,
    /// Whether a replica said last that there is nothing more.
    doubts_the_end: bool,
    measures: Measures,
}

impl Readers {
    /// Readers of this hub and log; what memory does not have they read in these turns.
    pub fn new(hub: Hub, log: PostgresLog, turns: Turns) -> Self {
        Self { hub, log: Arc::new(log), turns, measures: Measures::default() }
    }

    /// The same, counted here.
    #[must_use]
    pub fn counted_by(self, measures: Measures) -> Self {
        Self { measures, ..self }
    }

    /// The log.
    pub fn log(&self) -> &PostgresLog {
        &self.log
    }

    /// The hub.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// The replica that some of them are answered from.
    pub fn replica(&self) -> &Replica {
        self.hub.replica()
    }

    /// A reader from a cursor of this space, or from the beginning of the log.
    pub fn open(&self, space: SpaceId, cursor: Option<Cursor>) -> LiveReader {
        let subscription = self.hub.subscribe(space);
        let (log, turns, measures) = (Arc::clone(&self.log), self.turns.clone(), self.measures.clone());
        LiveReader {
            log,
            turns,
            subscription,
            cursor,
            verified: false,
            in_parts: false,
            leap: Leap::Allowed,
            waited: false,
            near: None,
            doubts_the_end: false,
            measures,
        }
    }

    /// The log to somebody who has seen this and reads no more than that it is there; from the replica, where it has it.
    pub fn awaiting(&self, awaited: Cursor) -> NearLog<'_> {
        let seen = Seen { what: "wait_for", cursor: awaited, at_least: awaited.position, leap: Leap::Never };
        NearLog::new(&self.log, &self.turns, self.replica(), Some(seen))
    }
}

/// How often heads are looked up in the database, for spaces with readers, while no hint of another node can come.
const SWEEP_ALONE_MS: u64 = 1_000;
/// How long after a look that failed the next one is.
const SWEEP_AGAIN_MS: u64 = 250;

/// Raises the hub's heads to those in the database, again and again, until `stop`: of the spaces that hints name at once, and
/// of all that have readers every `calm`, or every second while hints cannot come. A missed look is made up by the next.
/// Only the database is believed: a reader is never sent to look for what is not there.
pub async fn sweep(readers: Readers, memories: Memories, hints: Hints, calm: Duration, stop: CancellationToken) {
    let sweeping = async {
        let mut last = Instant::now();
        loop {
            let pause = if hints.come() { calm } else { Duration::from_millis(SWEEP_ALONE_MS) };
            let asked = hints.wanted().next(last + pause).await;
            if asked == Look::Everything {
                last = Instant::now();
            }
            if let Err(fault) = look(&readers, &memories, &asked).await {
                tracing::debug!(fault = %fault, "the heads could not be looked up");
                hints.wanted().again(asked);
                sleep(Duration::from_millis(SWEEP_AGAIN_MS)).await;
            }
        }
    };
    stop.run_until_cancelled(sweeping).await;
}

async fn look(readers: &Readers, memories: &Memories, asked: &Look) -> Result<(), Fault> {
    let (spaces, by) = match asked {
        Look::Hinted(spaces) => (spaces.clone(), "hint"),
        Look::Everything => (readers.hub.watched().into_iter().map(|(space, _)| space).collect(), "sweep"),
    };
    if spaces.is_empty() {
        return Ok(());
    }
    for (space, position) in readers.log.positions(&spaces).await? {
        if readers.hub.raise(space, position) {
            counter!(HEADS_FOUND_TOTAL, "by" => by).increment(1);
            memories.outrun(space, position);
        }
    }
    Ok(())
}

impl LiveReader {
    /// The same, and whether it may be told to take a snapshot because that is shorter.
    #[must_use]
    pub fn with_leap(self, leap: Leap) -> Self {
        Self { leap, ..self }
    }

    /// The same, and a replica may answer that has come as far as this reader, and to `awaited`.
    #[must_use]
    pub fn near(self, awaited: i64) -> Self {
        Self { near: Some(awaited), ..self }
    }

    /// What comes next, of at most `rows` changes; an empty page if nothing does.
    ///
    /// # Errors
    /// The log could not be read.
    pub async fn next(&mut self, rows: usize) -> Result<Read, Fault> {
        if let Some(live) = self.remembered(rows) {
            self.cursor = Some(live.cursor);
            self.delivered(&live, "memory");
            return Ok(Read::Page(live));
        }
        // Nobody is sent away in the middle.
        let leap = if self.verified { Leap::Never } else { self.leap };
        let replica = self.subscription.replica().clone();
        let near = NearLog::new(&self.log, &self.turns, &replica, self.seen(leap));
        let answer = read(&near, self.subscription.space(), self.cursor, rows, leap).await?;
        let is_replicas = near.is_replicas();
        match &answer {
            Read::Page(page) => {
                self.doubts_the_end = is_replicas && page.is_caught_up();
                self.cursor = Some(page.cursor);
                self.verified = true;
                self.in_parts = page.part.is_some_and(|(number, of)| number < of);
                self.delivered(page, if is_replicas { "replica" } else { "log" });
            }
            Read::Reset(reset) => counter!(FEED_RESETS_TOTAL, "reason" => reset.reason.name()).increment(1),
        }
        Ok(answer)
    }

    /// What no answer may be older than, if a replica may answer.
    fn seen(&self, leap: Leap) -> Option<Seen> {
        let (awaited, cursor) = self.near.zip(self.cursor)?;
        let written = self.subscription.replica().written(self.subscription.space());
        let at_least = awaited.max(self.subscription.known()).max(written);
        Some(Seen { what: "changes", cursor, at_least, leap })
    }

    /// Counts a page. How long its changes were on their way is known of readers that waited for them: others came late
    /// themselves.
    fn delivered(&mut self, page: &Page, source: &'static str) {
        counter!(FEED_PAGES_TOTAL, "source" => source).increment(1);
        histogram!(FEED_LAG_CHANGES).record(page.pending as f64);
        let Some(last) = page.changes.last().filter(|_| self.waited) else { return };
        let span = debug_span!("delivery", changes = page.changes.len(), source);
        self.subscription.trace(&span);
        let took = Duration::from_millis((now_ms() - last.at).max(0).unsigned_abs());
        histogram!(DELIVERY_SECONDS).record(took);
        self.measures.delivered(took);
        self.waited = !page.is_caught_up();
    }

    /// A cursor that was verified once only moves by what was read, so memory may serve it.
    fn remembered(&self, rows: usize) -> Option<Page> {
        let cursor = self.cursor.filter(|_| self.verified && !self.in_parts)?;
        let slice = self.subscription.after(cursor.position, rows)?;
        let next = page(cursor, &slice, i64::try_from(rows).ok()?);
        // A transaction larger than a page is cut into parts, which takes its bounds: the log knows them.
        (!next.changes.is_empty() || next.is_caught_up()).then_some(next)
    }

    /// Hears of what was written before this reader came, and that a replica did not have yet: nobody tells of it again. Where the
    /// database cannot say, the sweep finds it.
    async fn look_at_the_end(&mut self) {
        let Ok(_turn) = self.turns.take().await else { return };
        let space = self.subscription.space();
        match self.log.positions(&[space]).await {
            Ok(found) => {
                found.iter().for_each(|(_, position)| self.subscription.raise(*position));
                self.doubts_the_end = false;
            }
            Err(fault) => tracing::debug!(fault = %fault, "the end of a log could not be looked up"),
        }
    }

    /// Waits until there is more than was read.
    pub async fn wait(&mut self) {
        if self.doubts_the_end {
            self.look_at_the_end().await;
        }
        let position = self.cursor.map_or(0, |cursor| cursor.position);
        self.subscription.beyond(position).await;
        self.waited = true;
    }
}
