//! How a case ends: what readers of the space are shown.

use std::collections::BTreeMap;

use application::submit::shown;
use domain::entity::{Entity, Kind};
use domain::id::DeviceId;
use serde_json::{Map, Value, json};

use super::{CaseError, Played, SPACE};

/// Fields that depend on the order of arrival: counts of writes, times of the server, and amounts that depend on what
/// was there when they were granted.
const BY_ARRIVAL: [&str; 5] = ["version", "updated_at", "legacy_id", "completion", "focus_energy"];
/// Amounts of the hero and of skills.
const AMOUNTS: [&str; 9] = [
    "xp",
    "level",
    "xp_in_level",
    "xp_to_next",
    "streak",
    "last_active_on",
    "tasks_completed",
    "energy_day",
    "energy_spent",
];
/// What a conflict says of itself; the rest is bookkeeping.
const OF_CONFLICT: [&str; 6] = ["id", "entity_kind", "entity_id", "field", "current", "others"];

/// What readers are shown at the end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct End {
    /// Entities by kind and id, tombstones too. `deleted` says whether it is one.
    pub entities: BTreeMap<String, BTreeMap<String, Map<String, Value>>>,
    /// Open conflicts, by kind, entity and field.
    pub conflicts: Vec<Map<String, Value>>,
}

impl End {
    /// What a space shows. What only the founding made is left out.
    ///
    /// # Errors
    /// A row cannot be read.
    pub fn of(played: &Played) -> Result<Self, CaseError> {
        let mut end = Self::default();
        let entities = played.store().entities(SPACE).map_err(|fault| CaseError::Fault(fault.to_string()))?;
        for (name, entity) in entities {
            let deleted = entity.meta().deleted_at.is_some();
            let mut row = shown(name.kind, entity.row());
            if name.kind.name() == "conflict" {
                if !deleted {
                    row.retain(|field, _| OF_CONFLICT.contains(&field.as_str()));
                    end.conflicts.push(row);
                }
            } else if !is_core_skill(&entity) {
                row.insert("deleted".to_owned(), json!(row.get("deleted_at").is_some_and(|at| !at.is_null())));
                let of_kind = end.entities.entry(name.kind.name().to_owned()).or_default();
                of_kind.insert(name.id.to_string(), row);
            }
        }
        let place = |conflict: &Map<String, Value>| {
            ["entity_kind", "entity_id", "field"].map(|part| conflict.get(part).map(Value::to_string))
        };
        end.conflicts.sort_by_key(place);
        Ok(end)
    }

    /// The part that may not depend on the order of arrival.
    #[must_use]
    pub fn converging(&self) -> Self {
        let mut end = self.clone();
        for (kind, rows) in &mut end.entities {
            for row in rows.values_mut() {
                row.retain(|field, _| !derived(kind, field));
            }
        }
        end
    }

    /// As JSON.
    pub fn to_value(&self) -> Value {
        json!({ "entities": self.entities, "conflicts": self.conflicts })
    }
}

/// Whether it is a skill as the founding made it.
fn is_core_skill(entity: &Entity) -> bool {
    let meta = entity.meta();
    entity.kind() == Kind::Skill && meta.version == 1 && meta.created_by == DeviceId::SERVER
}

/// Whether a field may depend on the order of arrival.
pub fn derived(kind: &str, field: &str) -> bool {
    BY_ARRIVAL.contains(&field) || (matches!(kind, "hero" | "skill") && AMOUNTS.contains(&field))
}
