//! The days of heroes and habits, to an export.

use std::future::Future;

use domain::day_entry::DayEntry;
use domain::entity::Kind;
use domain::id::{EntityId, SpaceId};
use jiff::civil::Date;

use crate::fault::Fault;

/// A day of a hero or habit.
#[derive(Clone, Debug)]
pub struct DayRow {
    /// Of which kind.
    pub kind: Kind,
    /// Whose.
    pub id: EntityId,
    /// Which.
    pub day: Date,
    /// What happened on it.
    pub entry: DayEntry,
}

/// Days as of one moment.
#[derive(Clone, Debug)]
pub struct DaysPage {
    /// The last position of the log at that moment.
    pub position: i64,
    /// Days by entity and date.
    pub rows: Vec<DayRow>,
}

/// The days, by keyset.
pub trait DayRows: Send + Sync {
    /// At most `rows` days that follow `after`; with `of`, those of one entity only.
    fn days(
        &self,
        space: SpaceId,
        of: Option<EntityId>,
        after: Option<(EntityId, Date)>,
        rows: i64,
    ) -> impl Future<Output = Result<DaysPage, Fault>> + Send;
}
