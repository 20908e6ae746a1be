//! Taking one value out of what is kept: somebody typed a password into a title. In the log, the rows and what readers
//! were told, the value of one field of one entity gives way to a placeholder.
//!
//! The fold of a log is a function of its values and never compares them, so the fold of the changed log is the changed
//! fold: rows, checksums and rebuilds go on agreeing. That holds only where every place is changed in the same way, which is
//! why all of them stand here. Besides, a text can be spoken of in loose documents (receipts, dead letters): [`Veil`].

use serde_json::Value;

use crate::conflict::conflict_id;
use crate::entity::{EntityRef, Kind, Policy};
use crate::id::SpaceId;

#[cfg(test)]
mod tests;
mod veil;

pub use veil::Veil;

/// What stands where a value was. It fits every field that can be redacted.
pub const PLACEHOLDER: &str = "[redacted]";

/// One value of one field of one entity, to be taken out.
#[derive(Clone, PartialEq, Eq)]
pub struct Redaction {
    /// The entity.
    pub entity: EntityRef,
    /// Its field.
    pub field: String,
    /// The conflict about that field, which shows the value too.
    pub conflict: EntityRef,
    value: String,
}

/// Whether a field holds a text of a person's own that can give way to the placeholder.
pub fn is_redactable(kind: Kind, field: &str) -> bool {
    kind.policies().iter().any(|(name, policy)| *name == field && *policy == Policy::Ask)
}

/// What an event wrote into a field: its creation, or an edit of that field.
pub fn written<'a>(payload: &'a Value, field: &str) -> Option<&'a str> {
    let change = &payload["change"];
    if let Some(created) = change["created"]["fields"].get(field) {
        return created.as_str();
    }
    let change = change["edited"]["changes"].get(field)?;
    change.get("written").unwrap_or(&change["after"]).as_str()
}

/// What the placeholder took the place of, where an edit put it into a field; nothing once that value is taken out.
pub fn replaced<'a>(payload: &'a Value, field: &str) -> Option<&'a str> {
    let change = payload.pointer("/change/edited/changes")?.get(field)?;
    let text = |part: &str| change.get(part).and_then(Value::as_str);
    let before = text("before").filter(|before| !before.is_empty() && *before != PLACEHOLDER);
    before.filter(|_| text("after") == Some(PLACEHOLDER))
}

impl Redaction {
    /// The redaction of a value; none of a value that says nothing.
    pub fn of(space: SpaceId, entity: EntityRef, field: &str, value: &str) -> Option<Self> {
        if value.is_empty() || value == PLACEHOLDER {
            return None;
        }
        let conflict = EntityRef::new(Kind::Conflict, conflict_id(space, entity, field));
        Some(Self { entity, field: field.to_owned(), conflict, value: value.to_owned() })
    }

    /// The value.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The text, wherever else it may be spoken of.
    pub fn veil(&self) -> Veil {
        Veil::over(&self.value)
    }

    /// Whether a text tells the value.
    pub fn is_told_by(&self, text: &str) -> bool {
        text.contains(&self.value)
    }

    /// Takes it out of the payload of an event of the entity or its conflict; whether it was there.
    pub fn in_payload(&self, payload: &mut Value, of: EntityRef) -> bool {
        let Some(change) = payload.get_mut("change") else { return false };
        if of.kind == Kind::Conflict {
            let opened = change.pointer_mut("/opened/fields").is_some_and(|fields| self.sides(fields));
            return change.get_mut("changed").is_some_and(|fields| self.sides(fields)) || opened;
        }
        let created = change.pointer_mut("/created/fields").is_some_and(|fields| self.at(fields, &self.field));
        let edited = change.pointer_mut("/edited/changes").and_then(|changes| changes.get_mut(&self.field));
        let edited = edited.is_some_and(|change| self.change(change));
        let extras = change.pointer_mut("/created/kept/extras").is_some_and(|extras| self.veil().cover(extras));
        created || edited || extras
    }

    /// Takes it out of what an import told the hero, in whose events other entities are spoken of; whether it was there.
    pub fn in_past(&self, payload: &mut Value) -> bool {
        let Some(change) = payload.get_mut("change") else { return false };
        let veil = self.veil();
        let told = ["/activity_imported/title", "/activity_imported/legacy", "/imported/extras"];
        told.iter().filter(|place| change.pointer_mut(place).is_some_and(|said| veil.cover(said))).count() > 0
    }

    /// Takes it out of what readers of the feed were told by such an event.
    pub fn in_told(&self, fields: &mut Value, of: EntityRef) -> bool {
        if of.kind == Kind::Conflict { self.sides(fields) } else { self.at(fields, &self.field) }
    }

    /// Takes it out of the row of the entity or its conflict.
    pub fn in_row(&self, row: &mut Value, of: EntityRef) -> bool {
        if of.kind == Kind::Conflict {
            return self.sides(row);
        }
        let kept = row.pointer_mut("/stamps/candidates").and_then(|kept| kept.get_mut(&self.field));
        let kept = kept.is_some_and(|candidates| self.values(candidates));
        self.at(row, &self.field) || kept
    }

    fn change(&self, change: &mut Value) -> bool {
        let mut found = false;
        for part in ["before", "after", "written"] {
            found |= self.at(change, part);
        }
        change.get_mut("candidates").is_some_and(|candidates| self.values(candidates)) || found
    }

    fn sides(&self, fields: &mut Value) -> bool {
        let shown = fields.get_mut("current").is_some_and(|side| self.at(side, "value"));
        fields.get_mut("others").is_some_and(|others| self.values(others)) || shown
    }

    /// The `value` of each member of a list.
    fn values(&self, list: &mut Value) -> bool {
        let members = list.as_array_mut().into_iter().flatten();
        members.map(|member| self.at(member, "value")).filter(|found| *found).count() > 0
    }

    fn at(&self, object: &mut Value, name: &str) -> bool {
        match object.get_mut(name) {
            Some(Value::String(text)) if *text == self.value => {
                PLACEHOLDER.clone_into(text);
                true
            }
            _ => false,
        }
    }
}

impl std::fmt::Debug for Redaction {
    /// Never the value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redaction").field("entity", &self.entity).field("field", &self.field).finish_non_exhaustive()
    }
}
