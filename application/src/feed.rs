//! The feed's rules: what a reader with this cursor gets next. From memory or from the log, the answer is the same.

use std::future::Future;
use std::sync::Arc;

use domain::chain::Hash;
use domain::id::SpaceId;
use domain::limits::PAGE_BYTES_MAX;
use domain::transaction::Positions;
use uuid::Uuid;

use crate::change::Change;
use crate::cursor::Cursor;
use crate::fault::Fault;
use crate::ledger::Head;

mod reset;
#[cfg(test)]
mod tests;

pub use self::reset::{Leap, Reset, ResetReason, fits};

/// Rows of one part of a transaction that is too large for a page. Such a part stays below a page's bytes.
const PART_ROWS: i64 = 64;

/// A stretch of the log behind a position, as of one moment.
#[derive(Clone, Debug)]
pub struct Slice {
    /// The head at that moment.
    pub head: Head,
    /// The chain's hash at the position that the stretch follows; `None` if there is no such event.
    pub hash_before: Option<Hash>,
    /// The events after it, in order; at most one more than the page's rows.
    pub changes: Vec<Arc<Change>>,
    /// First and last position of the transaction that the first of them belongs to.
    pub transaction: Option<Positions>,
    /// How this life of the log began, and what is no longer served of it.
    pub life: Life,
}

/// How the present life of a log began, and what is no longer served of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Life {
    /// The life before it, of which everything up to `began` is kept; `None` if there was none, or nobody knows.
    pub before: Option<Uuid>,
    /// The position at which it began.
    pub began: i64,
    /// Events up to here are no longer served.
    pub floor: i64,
}

/// What a reader gets.
#[derive(Clone, Debug)]
pub enum Read {
    /// The next changes.
    Page(Page),
    /// Start again from a snapshot.
    Reset(Reset),
}

/// The next changes.
#[derive(Clone, Debug)]
pub struct Page {
    /// In order, without gaps, whole transactions (unless `part` is set).
    pub changes: Vec<Arc<Change>>,
    /// Where the reader stands after them.
    pub cursor: Cursor,
    /// The last position of the log.
    pub head: i64,
    /// How many changes remain.
    pub pending: i64,
    /// The checksum of the space, when nothing remains.
    pub checksum: Option<u64>,
    /// Which part of one large transaction this is, and of how many.
    pub part: Option<(i64, i64)>,
}

/// The log, to readers.
pub trait Log: Send + Sync {
    /// At most `rows` events after `position`, as of one moment.
    fn after(&self, space: SpaceId, position: i64, rows: i64) -> impl Future<Output = Result<Slice, Fault>> + Send;
}

impl Page {
    /// Whether nothing remains.
    pub fn is_caught_up(&self) -> bool {
        self.pending == 0
    }
}

/// Where a reader starts: its cursor, or before the first event of the log.
pub fn start(space: SpaceId, head: &Head) -> Cursor {
    Cursor::at(space, head.epoch, 0, &domain::chain::GENESIS, 0)
}

/// The next page for a reader, read from the log.
///
/// # Errors
/// The log could not be read.
pub async fn read<L: Log>(
    log: &L,
    space: SpaceId,
    cursor: Option<Cursor>,
    rows: usize,
    leap: Leap,
) -> Result<Read, Fault> {
    let rows = i64::try_from(rows).unwrap_or(i64::MAX - 1);
    let position = cursor.map_or(0, |cursor| cursor.position);
    let slice = log.after(space, position, rows + 1).await?;
    let cursor = cursor.unwrap_or_else(|| start(space, &slice.head));
    Ok(match reset::reason(&cursor, &slice, leap) {
        Some(reason) => Read::Reset(reset::reset(log, reason, &cursor, &slice).await?),
        None => Read::Page(page(cursor, &slice, rows)),
    })
}

/// Cuts a page from a stretch of the log: whole transactions within the limits of rows and bytes, or one part of a
/// transaction that is larger than that.
pub fn page(from: Cursor, slice: &Slice, rows: i64) -> Page {
    let whole = whole_transactions(slice, rows);
    let begun = slice.transaction.is_some_and(|span| span.first <= from.position);
    let (count, part) = match (whole, begun, slice.transaction) {
        (0, _, Some(span)) | (_, true, Some(span)) => part(from.position, span, rows),
        _ => (whole, None),
    };
    let changes: Vec<Arc<Change>> = slice.changes.iter().take(count).cloned().collect();
    let cursor = match changes.last() {
        Some(last) => Cursor::at(from.space, from.epoch, last.position, &last.hash, last.at),
        None => from,
    };
    let pending = slice.head.position - cursor.position;
    let checksum = (pending == 0).then_some(slice.head.checksum);
    Page { changes, cursor, head: slice.head.position, pending, checksum, part }
}

/// How many changes at the start are whole transactions within the limits.
fn whole_transactions(slice: &Slice, rows: i64) -> usize {
    let rows = usize::try_from(rows).unwrap_or(usize::MAX);
    let mut bytes = 0;
    let mut whole = 0;
    for (index, change) in slice.changes.iter().enumerate() {
        bytes += change.json().len();
        if index >= rows || bytes > PAGE_BYTES_MAX {
            return whole;
        }
        let ends = match slice.changes.get(index + 1) {
            Some(next) => next.transaction_id != change.transaction_id,
            None => change.position == slice.head.position || slice.changes.len() <= rows,
        };
        if ends {
            whole = index + 1;
        }
    }
    whole
}

/// The rows of the next part of a large transaction, which part it is, and of how many.
fn part(position: i64, span: Positions, rows: i64) -> (usize, Option<(i64, i64)>) {
    let chunk = rows.clamp(1, PART_ROWS);
    let length = span.last - span.first + 1;
    let parts = (length + chunk - 1) / chunk;
    let number = (position + 1 - span.first) / chunk + 1;
    let last = (span.first + number * chunk - 1).min(span.last);
    (usize::try_from(last - position).unwrap_or_default(), Some((number, parts)))
}
