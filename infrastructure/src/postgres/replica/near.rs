//! The log as one reader has seen it: the one place that decides where a read goes.

use std::sync::atomic::{AtomicBool, Ordering};

use application::cursor::Cursor;
use application::fault::Fault;
use application::feed::{Leap, Log, Slice, fits};
use domain::id::SpaceId;

use super::Replica;
use crate::postgres::log::PostgresLog;
use crate::turns::Turns;

/// What a reader has seen, so that no answer is older.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// What is read, as the counters call it.
    pub what: &'static str,
    /// Where it stands.
    pub cursor: Cursor,
    /// How far the log is, by what the reader waits for or this node knows.
    pub at_least: i64,
    /// Whether it may be told to take a snapshot instead.
    pub leap: Leap,
}

/// A log that answers from the replica where that has come far enough, and else from the database, in turns.
#[derive(Debug)]
pub struct NearLog<'a> {
    pub(crate) log: &'a PostgresLog,
    pub(crate) turns: &'a Turns,
    pub(crate) replica: &'a Replica,
    /// `None`: the database answers.
    pub(crate) seen: Option<Seen>,
    pub(crate) is_replicas: AtomicBool,
}

impl Seen {
    /// Whether a stretch of the log, as of its own moment, is an answer: all that was seen is there and is the same, and the
    /// reader would go on. What would make it start again is for the database to say.
    pub(super) fn is_in(&self, slice: &Slice) -> bool {
        slice.head.position >= self.at_least && fits(&self.cursor, slice, self.leap)
    }
}

impl<'a> NearLog<'a> {
    /// A log over these.
    pub fn new(log: &'a PostgresLog, turns: &'a Turns, replica: &'a Replica, seen: Option<Seen>) -> Self {
        Self { log, turns, replica, seen, is_replicas: AtomicBool::new(false) }
    }

    /// Whether the last answer is the replica's.
    pub fn is_replicas(&self) -> bool {
        self.is_replicas.load(Ordering::Relaxed)
    }
}

impl Log for NearLog<'_> {
    async fn after(&self, space: SpaceId, position: i64, rows: i64) -> Result<Slice, Fault> {
        let seen = self.seen.filter(|seen| seen.cursor.position == position && seen.cursor.space == space);
        let found = match &seen {
            Some(seen) => self.replica.after(seen, rows).await,
            None => None,
        };
        self.is_replicas.store(found.is_some(), Ordering::Relaxed);
        if let Some(slice) = found {
            return Ok(slice);
        }
        let _turn = self.turns.take().await.map_err(|crowded| Fault::Crowded(crowded.to_string()))?;
        self.log.after(space, position, rows).await
    }
}
