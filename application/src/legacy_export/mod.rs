//! An account goes back into a database of the legacy system: as rows of its tables. What came from there keeps its ids
//! and the columns that nothing here has a field for; what was made here gets ids of that database when it is written
//! there, so references are by entity. `docs/LEGACY_IMPORT.md` says when that is wanted.

mod history;
mod ids;
mod profile;
mod rows;
#[cfg(test)]
mod tests;

use domain::id::{EntityId, SpaceId};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::legacy_import::Wrote;

pub use history::{ExportedActivity, ExportedDay};
pub use rows::rows;

/// A row of a legacy table.
pub type Row = Map<String, Value>;

/// A row on its way into a legacy table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outgoing {
    /// What it is here; of a row that is no entity, an id that follows from the account.
    pub entity: Uuid,
    /// Its columns. With an `id` it came from there, without one it gets one there.
    pub row: Row,
    /// Columns that refer to other rows, with the entities that these are.
    pub links: Row,
}

/// An entity of an account, as it stands.
#[derive(Clone, Debug, Default)]
pub struct ExportedEntity {
    /// Its id.
    pub id: EntityId,
    /// The row as readers of API v1 are shown it.
    pub row: Row,
    /// Integer ids, here, of what it refers to.
    pub linked: Row,
    /// What it came with that nothing here has a field for.
    pub extras: Row,
    /// Whether it came from the legacy system, so that its integer id is from there.
    pub came: bool,
}

/// An account, read for its way back.
#[derive(Clone, Debug, Default)]
pub struct ExportedAccount {
    /// Its space.
    pub space: SpaceId,
    /// Its id in the legacy system; of one that was made here, its own.
    pub user_id: String,
    /// Columns of its row of `users`, moments as Unix ms.
    pub user: Row,
    /// What is noted there of the account: where its log stands, and what goes beyond columns.
    pub wrote: Wrote,
    /// The hero's row; none before the first write.
    pub hero: Row,
    /// What the hero came with.
    pub hero_extras: Row,
    /// Live skills.
    pub skills: Vec<ExportedEntity>,
    /// Live goals.
    pub goals: Vec<ExportedEntity>,
    /// Live milestones.
    pub milestones: Vec<ExportedEntity>,
    /// Live tasks.
    pub tasks: Vec<ExportedEntity>,
    /// What was done, in order.
    pub activity: Vec<ExportedActivity>,
    /// The hero's days.
    pub days: Vec<ExportedDay>,
}

impl ExportedAccount {
    /// Its address.
    pub fn email(&self) -> &str {
        self.user.get("email").and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether its password can be checked there; if not, the person has to set another.
    pub fn has_password(&self) -> bool {
        self.user.get("hashed_password").is_some_and(Value::is_string)
    }
}
