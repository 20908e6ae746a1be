//! The activity of a space: what a log page shows of an event, one row for each event that it shows. Amounts are those that
//! the event recorded, less than zero where it takes them back, so their sum is what came of a day.

mod happened;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use self::happened::{Happened, happened};
use crate::entity::{Entity, EntityRef, Event, Kind};
use crate::id::EntityId;
use crate::rules::day::local_day;
use crate::rules::reward::Difficulty;
use crate::task::Category;

/// Events of early logs do not all say on which local day they count; the day of this zone stands in, whatever the hero's,
/// so that a refold never depends on what is known of time zones.
const DAYS_WITHOUT_ZONE: &str = "UTC";

macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident = $name:literal;)*) => {
        /// What was done or happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Action {$(
            $(#[$doc])*
            $action,
        )*}

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$action),*];

            /// Its name in the store and on the wire.
            pub fn name(self) -> &'static str {
                match self {$(Self::$action => $name),*}
            }

            /// The action of this name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|action| action.name() == name)
            }
        }
    };
}

actions! {
    /// A task was done, a habit for a day, a goal or a milestone reached.
    Completed = "completed";
    /// A task, or a habit's day, is not done after all.
    Uncompleted = "uncompleted";
    /// A goal or a milestone is not reached after all.
    Reopened = "reopened";
    /// Time was spent in focus on a task, a habit or a goal.
    Focused = "focused";
    /// That was taken back.
    Unfocused = "unfocused";
    /// The hero or a skill has reached a level.
    LevelUp = "level_up";
    /// The hero or a skill has lost a level, because what it was reached by was taken back.
    LevelDown = "level_down";
    /// All energy of a day came back.
    EnergyRestored = "energy_restored";
    /// Spent energy is more or less, because that was taken back which changed it.
    EnergyAdjusted = "energy_adjusted";
    /// What was done elsewhere joined the hero.
    Imported = "imported";
    /// Something was done elsewhere, as `details.legacy` tells; what it granted came with the import.
    Past = "past";
}

/// A row of the activity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Activity {
    /// Position of the event in the space's log.
    pub position: i64,
    /// When the user acted, Unix ms.
    pub at: i64,
    /// The local day that it counts on; what takes something back counts on the day of that.
    pub day: Date,
    /// What was done.
    pub action: Action,
    /// With what.
    #[serde(rename = "entity")]
    pub kind: Kind,
    /// Which.
    pub entity_id: EntityId,
    /// What it was called then.
    pub title: String,
    /// Of a task, what it was then.
    pub category: Option<Category>,
    /// Of a task, how hard it was then.
    pub difficulty: Option<Difficulty>,
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
    pub details: Map<String, Value>,
}

/// The level of a hero or a skill; 0 of what has none.
pub fn level(entity: &Entity) -> i64 {
    match entity {
        Entity::Hero(hero) => hero.level,
        Entity::Skill(skill) => skill.level,
        Entity::Goal(_) | Entity::Milestone(_) | Entity::Task(_) | Entity::Conflict(_) => 0,
    }
}

/// What the activity shows of an event that made `after` of an entity with this level; nothing of most.
pub fn activity(level_before: i64, after: &Entity, event: &Event) -> Option<Activity> {
    let Happened { action, at, day, about, skill_id, xp, balls, minutes, cycles, level, details } =
        happened(level_before, after, event)?;
    let mark = event.mark();
    // A space's founding has no moment of its own.
    let at = at.unwrap_or(if mark.stamp.ms == 0 { mark.at } else { mark.stamp.ms });
    let (title, category, difficulty) = shown(after);
    let (entity, title) = match about {
        Some((about, title)) => (about.unwrap_or(EntityRef::new(event.kind(), after.meta().id)), title),
        None => (EntityRef::new(event.kind(), after.meta().id), title.to_owned()),
    };
    Some(Activity {
        position: mark.position,
        at,
        day: day.unwrap_or_else(|| local_day(at, DAYS_WITHOUT_ZONE)),
        action,
        kind: entity.kind,
        entity_id: entity.id,
        title,
        category,
        difficulty,
        skill_id,
        xp,
        balls,
        minutes,
        cycles,
        level,
        details,
    })
}

impl Activity {
    /// Its row, without the space.
    pub fn row(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(row)) => row,
            _ => Map::new(),
        }
    }
}

/// The field of what an entity is called, which the activity shows as its title.
pub fn titled_by(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Task | Kind::Goal | Kind::Milestone => Some("title"),
        Kind::Skill | Kind::Hero => Some("name"),
        Kind::Conflict => None,
    }
}

/// What an entity is called, and of a task what it is and how hard.
fn shown(entity: &Entity) -> (&str, Option<Category>, Option<Difficulty>) {
    match entity {
        Entity::Task(task) => {
            let fields = &task.core.fields;
            (&fields.title, Some(fields.category), Some(fields.difficulty))
        }
        Entity::Goal(goal) => (&goal.core.fields.title, None, None),
        Entity::Milestone(milestone) => (&milestone.core.fields.title, None, None),
        Entity::Skill(skill) => (&skill.core.fields.name, None, None),
        Entity::Hero(hero) => (&hero.core.fields.name, None, None),
        Entity::Conflict(_) => ("", None, None),
    }
}
