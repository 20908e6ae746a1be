//! The activity of a space, read page by page, the newest first: what was done, what came of it, and by which transaction.

use std::future::Future;

use domain::activity::Action;
use domain::entity::Kind;
use domain::id::{DeviceId, EntityId, SpaceId, TransactionId};
use jiff::civil::Date;
use serde_json::Value;

use crate::fault::Fault;

/// Rows that one page of a filtered activity is taken from. It may be short, or empty, and yet there is more.
pub const LOOKED_AT_MAX: usize = 10_000;

/// Which part of the activity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of entities of this kind.
    pub kind: Option<Kind>,
    /// Of this one of them.
    pub id: Option<EntityId>,
    /// Of these actions; none: of all.
    pub actions: Vec<Action>,
    /// Of these local days, both included.
    pub days: Option<(Date, Date)>,
    /// Below this position; none: from the newest on.
    pub before: Option<i64>,
    /// Rows at most.
    pub rows: usize,
}

/// A row of the activity with the event behind it. Names are as they are stored: a newer program may know more of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Position in the space's log.
    pub position: i64,
    /// When the user acted, Unix ms.
    pub at: i64,
    /// When the server recorded it, Unix ms.
    pub recorded_at: i64,
    /// The local day that it counts on.
    pub day: Date,
    /// What was done.
    pub action: String,
    /// With what.
    pub entity: String,
    /// Which.
    pub id: EntityId,
    /// What it was called then.
    pub title: String,
    /// Of a task, what it was then.
    pub category: Option<String>,
    /// Of a task, how hard it was then.
    pub difficulty: Option<String>,
    /// The skill that the XP went to, beside the hero.
    pub skill_id: Option<EntityId>,
    /// XP granted.
    pub xp: i64,
    /// Balls taken.
    pub balls: i64,
    /// Minutes of focus.
    pub minutes: i64,
    /// Finished focus cycles.
    pub cycles: i64,
    /// The level now, where it has changed.
    pub level: Option<i64>,
    /// What else there is to say.
    pub details: Value,
    /// The transaction.
    pub transaction: TransactionId,
    /// By which device.
    pub device: DeviceId,
    /// The position of the event that it followed from.
    pub cause: Option<i64>,
}

/// What was found among some rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The rows that were wanted, the newest first; one more than was asked for when there are more.
    pub rows: Vec<Shown>,
    /// The last that was looked at, where there may be more below it.
    pub goes_on: Option<i64>,
}

/// A page of the activity.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The newest first.
    pub rows: Vec<Shown>,
    /// Where the next page begins: below this position. None after the last.
    pub next: Option<i64>,
}

/// The port to the activity.
pub trait ActivityLog {
    /// The wanted rows among the next `look_at` of the space, at most `rows` of them. Where what is wanted cannot be walked by itself,
    /// up to [`LOOKED_AT_MAX`] are looked at.
    fn find(
        &self,
        space: SpaceId,
        wanted: &Wanted,
        rows: usize,
        look_at: usize,
    ) -> impl Future<Output = Result<Found, Fault>> + Send;
}

impl Wanted {
    /// Whether every row that is looked at is shown.
    fn is_everything(&self) -> bool {
        self.kind.is_none() && self.id.is_none() && self.actions.is_empty()
    }
}

/// Reads a page.
///
/// # Errors
/// The store could not be read.
pub async fn page<L: ActivityLog>(log: &L, space: SpaceId, wanted: &Wanted) -> Result<Page, Fault> {
    let one_more = wanted.rows + 1;
    let look_at = if wanted.is_everything() { one_more } else { LOOKED_AT_MAX };
    let Found { mut rows, goes_on } = log.find(space, wanted, one_more, look_at).await?;
    let more = rows.len() > wanted.rows;
    rows.truncate(wanted.rows);
    let last_shown = rows.last().map(|row| row.position).filter(|_| more);
    Ok(Page { rows, next: last_shown.or(goes_on) })
}
