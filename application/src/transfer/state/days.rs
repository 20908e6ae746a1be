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

impl DayRow {
    /// Its place among all days.
    pub fn key(&self) -> DayKey {
        (self.id, self.kind, self.day)
    }
}

/// The order of days: by entity, kind and date. Several kinds may have one id.
pub type DayKey = (EntityId, Kind, Date);

/// Days as of one moment.
#[derive(Clone, Debug)]
pub struct DaysPage {
    /// The last position of the log at that moment.
    pub position: i64,
    /// Days by their key.
    pub rows: Vec<DayRow>,
}

/// The days, by keyset.
pub trait DayRows: Send + Sync {
    /// At most `rows` days that follow `after`; with `of`, those of one entity only.
    fn days(
        &self,
        space: SpaceId,
        of: Option<EntityId>,
        after: Option<DayKey>,
        rows: i64,
    ) -> impl Future<Output = Result<DaysPage, Fault>> + Send;
}
