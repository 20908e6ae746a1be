//! The lines of a state export, and how an entity becomes one. `docs/API.md` describes them.

use std::collections::BTreeMap;

use domain::completion::Completion;
use domain::day_entry::DayEntry;
use domain::entity::{Kept, Kind};
use domain::id::EntityId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

/// The format's name, in the header.
pub const FORMAT: &str = "levelup.state";
/// The version that is written and read.
pub(super) const VERSION: u32 = 1;

/// Kinds of entity that have lines. A conflict is between devices, and those stay where they are.
pub(super) const KINDS: [Kind; 5] = [Kind::Skill, Kind::Goal, Kind::Milestone, Kind::Task, Kind::Hero];

/// A line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub(super) enum Line {
    /// The first.
    Header(Header),
    /// An entity as it stands; one that comes again replaces what came before.
    Entity(EntityLine),
    /// An entity that was written before this line was and is no more.
    Gone(Gone),
    /// Days of a hero or habit; a date that comes again replaces what came before.
    Days(DaysLine),
    /// The last.
    End(End),
}

/// What the export is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    /// `levelup.state`.
    pub(super) format: String,
    /// The version of the format.
    pub(super) version: u32,
    /// The space; ids of its core skills follow from it.
    pub(super) space: Uuid,
    /// The life of its log.
    pub(super) epoch: Uuid,
    /// Where the export began.
    pub(super) position: i64,
    /// Live entities of each kind there.
    pub(super) counts: BTreeMap<Kind, i64>,
}

/// An entity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntityLine {
    pub(super) entity: Kind,
    pub(super) id: EntityId,
    pub(super) created_at: i64,
    /// What clients may write.
    pub(super) fields: Map<String, Value>,
    /// What they may not.
    #[serde(default)]
    pub(super) kept: KeptLine,
}

/// Derived state; a kind has what its table has of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct KeptLine {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) completed_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) completion: Option<Completion>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) focus_minutes: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) focus_cycles: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) focus_energy: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) xp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) talent_points: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) prestige: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tasks_completed: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) energy_day: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) energy_spent: Option<i64>,
}

/// An entity that is no more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gone {
    pub(super) entity: Kind,
    pub(super) id: EntityId,
}

/// Days of one entity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DaysLine {
    pub(super) entity: Kind,
    pub(super) id: EntityId,
    pub(super) days: Vec<DayLine>,
}

/// A day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DayLine {
    pub(super) day: Date,
    pub(super) completions: i64,
    pub(super) minutes: i64,
    pub(super) balls: i64,
    pub(super) xp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) completion: Option<Completion>,
}

/// What the lines before come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    /// Where the space stood: the export is of this position.
    pub(super) position: i64,
    /// Live entities of each kind there.
    pub(super) counts: BTreeMap<Kind, i64>,
    /// Lines before this one.
    pub(super) lines: u64,
    /// SHA-256 over the bytes of the lines before, line feeds too: 64 hexadecimal digits.
    pub(super) checksum: String,
}

impl Line {
    /// The line's text, with its line feed.
    pub(super) fn text(&self) -> String {
        let mut text = serde_json::to_string(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The line of a row of a kind's table; `None`: the row is not of that shape.
    pub(super) fn of_row(kind: Kind, mut row: Map<String, Value>) -> Option<Self> {
        let id = serde_json::from_value(row.remove("id")?).ok()?;
        if row.get("deleted_at").is_some_and(|at| !at.is_null()) {
            return Some(Self::Gone(Gone { entity: kind, id }));
        }
        let created_at = row.get("created_at")?.as_i64()?;
        let take = |row: &mut Map<String, Value>, field: &str| Some((field.to_owned(), row.remove(field)?));
        let fields: Map<String, Value> =
            kind.policies().iter().filter_map(|(field, _)| take(&mut row, field)).collect();
        let kept = kept_fields(kind).iter().filter_map(|field| take(&mut row, field)).collect();
        let kept = serde_json::from_value(Value::Object(kept)).ok()?;
        Some(Self::Entity(EntityLine { entity: kind, id, created_at, fields, kept }))
    }
}

/// The derived columns that a kind's lines have.
pub(super) fn kept_fields(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Hero => &["xp", "tasks_completed", "energy_day", "energy_spent"],
        Kind::Skill => &["xp", "talent_points", "prestige"],
        Kind::Goal => &["completed_at", "completion", "focus_minutes", "focus_cycles"],
        Kind::Milestone => &["completed_at"],
        Kind::Conflict => &[],
        Kind::Task => &["completed_at", "completion", "focus_minutes", "focus_cycles", "focus_energy"],
    }
}

impl DayLine {
    pub(super) fn of(day: Date, entry: DayEntry) -> Self {
        let DayEntry { completions, minutes, balls, xp, completion, .. } = entry;
        Self { day, completions, minutes, balls, xp, completion }
    }
}

impl KeptLine {
    /// The same as a creation keeps it.
    pub(super) fn of_import(self, import: Uuid) -> Kept {
        Kept {
            import,
            completed_at: self.completed_at,
            completion: self.completion,
            focus_minutes: self.focus_minutes.unwrap_or_default(),
            focus_cycles: self.focus_cycles.unwrap_or_default(),
            focus_energy: self.focus_energy.unwrap_or_default(),
            xp: self.xp.unwrap_or_default(),
            talent_points: self.talent_points.unwrap_or_default(),
            prestige: self.prestige.unwrap_or_default(),
            extras: Map::new(),
        }
    }

    /// Every counter, by name.
    pub(super) fn counters(&mut self) -> impl Iterator<Item = (&'static str, &mut i64)> {
        [
            ("focus_minutes", &mut self.focus_minutes),
            ("focus_cycles", &mut self.focus_cycles),
            ("focus_energy", &mut self.focus_energy),
            ("xp", &mut self.xp),
            ("talent_points", &mut self.talent_points),
            ("prestige", &mut self.prestige),
            ("tasks_completed", &mut self.tasks_completed),
            ("energy_spent", &mut self.energy_spent),
        ]
        .into_iter()
        .filter_map(|(name, counter)| Some((name, counter.as_mut()?)))
    }
}
