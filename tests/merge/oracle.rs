//! What a set of writes comes to, from the definition: maximal elements, greatest stamps, adds that are left. No order
//! of arrival is looked at.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::writes::Write;

/// Fields that are asked about, by kind.
const ASKED: [(&str, &[&str]); 4] = [
    ("task", &["title", "description"]),
    ("goal", &["title", "description"]),
    ("milestone", &["title", "description"]),
    ("skill", &["name"]),
];
/// Sets.
const SETS: [(&str, &str); 4] = [("task", "tags"), ("task", "goal_tags"), ("goal", "tags"), ("skill", "prerequisites")];
/// Fields that refer to a kind.
const REFERENCES: [(&str, &str, &str); 6] = [
    ("task", "skill_id", "skill"),
    ("task", "goal_id", "goal"),
    ("task", "parent_id", "task"),
    ("goal", "skill_id", "skill"),
    ("goal", "parent_id", "goal"),
    ("skill", "prerequisites", "skill"),
];
const DAY_MS: i64 = 86_400_000;

/// One entity: its writes.
pub(crate) struct Thing<'a> {
    kind: &'a str,
    id: &'a str,
    writes: Vec<&'a Write>,
}

/// The entities of a set of writes.
pub(crate) struct Things<'a>(BTreeMap<(&'a str, &'a str), Thing<'a>>);

fn greatest<'a>(writes: impl IntoIterator<Item = &'a Write>) -> Option<&'a Write> {
    writes.into_iter().max_by(|a, b| a.stamp.cmp(&b.stamp))
}

impl<'a> Thing<'a> {
    fn of(&self, verbs: &[&str]) -> impl Iterator<Item = &'a Write> {
        self.writes.iter().copied().filter(|write| verbs.contains(&write.verb.as_str()))
    }

    /// Its creation, which a view without a base does not have.
    fn made(&self) -> Option<&'a Write> {
        self.of(&["create"]).next()
    }

    fn given(&self, field: &str) -> Value {
        self.made().and_then(|made| made.data().get(field).cloned()).unwrap_or_default()
    }

    /// Fields that somebody wrote after the creation, or that it was given.
    fn spoken(&self) -> BTreeSet<String> {
        let mut fields: BTreeSet<String> =
            self.made().into_iter().flat_map(|made| made.data()).map(|(name, _)| name).collect();
        for edit in self.of(&["edit"]) {
            for part in ["set", "add", "remove"] {
                fields.extend(edit.body[part].as_object().into_iter().flat_map(Map::keys).cloned());
            }
        }
        fields
    }

    /// Writes of a field with one value; the creation's is known where it was given.
    fn writes_of(&self, field: &str) -> Vec<(&'a Write, Value)> {
        let first = self.made().map(|made| (made, self.given(field)));
        let edits = self.of(&["edit"]).filter_map(|edit| Some((edit, edit.sets(field)?.clone())));
        first.into_iter().chain(edits).collect()
    }

    /// The greatest stamp; nothing where that is the creation's default, which is not known here.
    fn value(&self, field: &str) -> Option<Value> {
        let (write, value) = self.writes_of(field).into_iter().max_by(|(a, _), (b, _)| a.stamp.cmp(&b.stamp))?;
        (write.verb != "create" || write.data().contains_key(field)).then_some(value)
    }

    /// What nobody has seen, the greatest stamp first; what did not say what it had seen asks nobody.
    fn candidates(&self, field: &str) -> Vec<(&'a Write, Value)> {
        let all = self.writes_of(field);
        let floor = all.iter().filter(|(write, _)| write.base.is_none()).map(|(write, _)| &write.stamp).max();
        let top = all.iter().map(|(write, _)| &write.stamp).max().unwrap();
        let stands = |(write, _): &&(&Write, Value)| {
            let seen = all.iter().any(|(other, _)| other.saw(write));
            let asks = write.base.is_some() && floor.is_none_or(|floor| write.stamp >= *floor);
            !seen && (asks || write.stamp == *top)
        };
        let mut kept: Vec<_> = all.iter().filter(stands).cloned().collect();
        kept.sort_by(|(a, _), (b, _)| b.stamp.cmp(&a.stamp));
        kept.truncate(8);
        kept
    }

    fn members(&self, field: &str) -> Vec<Value> {
        let given = self.given(field);
        let given = given.as_array().into_iter().flatten().cloned();
        let mut adds: Vec<(&Write, Value)> =
            self.made().into_iter().flat_map(|made| given.clone().map(move |member| (made, member))).collect();
        for edit in self.of(&["edit"]) {
            let added = edit.members("set", field).into_iter().chain(edit.members("add", field));
            adds.extend(added.map(|member| (edit, member.clone())));
        }
        let takes = |edit: &Write, member: &Value| {
            let named = edit.members("remove", field).contains(&member);
            named || (edit.sets(field).is_some() && !edit.members("set", field).contains(&member))
        };
        let stands =
            |(add, member): &(&Write, Value)| !self.of(&["edit"]).any(|edit| takes(edit, member) && edit.saw(add));
        let left: BTreeSet<String> =
            adds.into_iter().filter(stands).map(|(_, member)| member.as_str().unwrap().to_owned()).collect();
        left.into_iter().map(Value::from).collect()
    }

    fn deletion(&self) -> Option<&'a Write> {
        greatest(self.of(&["delete", "restore"])).filter(|last| last.verb == "delete")
    }

    /// Whether an edit stands that the delete has not seen, nor it the delete.
    fn asks_to_restore(&self, gone: &Write) -> bool {
        let standing = |field: &String| greatest(self.of(&["edit"]).filter(|edit| edit.edits(field)));
        let apart = |write: &Write| write.base.is_some() && !write.saw(gone) && !gone.saw(write);
        gone.base.is_some() && self.spoken().iter().filter_map(standing).any(apart)
    }

    fn is_habit(&self) -> bool {
        self.kind == "task" && self.value("category").is_some_and(|category| category == "habit")
    }

    fn completed_at(&self) -> Value {
        standing(self.of(&["complete", "uncomplete", "reopen"]))
    }

    /// A register for each day; the zone is UTC.
    fn days(&self) -> BTreeMap<i64, Value> {
        let mut days: BTreeMap<i64, Vec<&Write>> = BTreeMap::new();
        for tick in self.of(&["complete", "uncomplete"]) {
            days.entry(tick.moment.div_euclid(DAY_MS)).or_default().push(tick);
        }
        let done = days.into_iter().map(|(day, ticks)| (day, standing(ticks)));
        done.filter(|(_, moment)| !moment.is_null()).collect()
    }
}

/// Of a register of completion the greatest stamp says whether, and when.
fn standing<'a>(ticks: impl IntoIterator<Item = &'a Write>) -> Value {
    greatest(ticks).filter(|last| last.verb == "complete").map_or(Value::Null, |last| json!(last.moment))
}

impl<'a> Things<'a> {
    /// Groups writes by entity.
    pub(crate) fn of(writes: &'a [Write]) -> Self {
        let mut things = BTreeMap::new();
        for write in writes {
            let (kind, id) = (write.kind.as_str(), write.id.as_str());
            let thing = things.entry((kind, id)).or_insert_with(|| Thing { kind, id, writes: Vec::new() });
            thing.writes.push(write);
        }
        Self(things)
    }

    /// Whether an entity is shown as deleted; one that is not there is not.
    pub(crate) fn deleted(&self, kind: &str, id: &str) -> bool {
        self.0.get(&(kind, id)).is_some_and(|thing| thing.deletion().is_some() || self.goal_is_gone(thing))
    }

    /// Every entity by kind and id.
    pub(crate) fn names(&self) -> Vec<(&'a str, &'a str)> {
        self.0.keys().copied().collect()
    }

    fn goal_is_gone(&self, thing: &Thing<'_>) -> bool {
        thing.kind == "milestone" && thing.given("goal_id").as_str().is_some_and(|goal| self.deleted("goal", goal))
    }

    /// The fields that are known, and the open conflicts.
    pub(crate) fn end(&self) -> Value {
        let mut entities: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
        for thing in self.0.values().filter(|thing| thing.made().is_some()) {
            entities.entry(thing.kind).or_default().insert(thing.id, self.fields(thing));
        }
        json!({ "entities": entities, "conflicts": self.conflicts() })
    }

    fn fields(&self, thing: &Thing<'_>) -> Value {
        let spoken = thing.spoken().into_iter();
        let mut fields: Map<String, Value> =
            spoken.filter_map(|field| Some((field.clone(), self.shown(thing, &field)?))).collect();
        fields.insert("deleted".to_owned(), json!(self.deleted(thing.kind, thing.id)));
        if let Some(gone) = thing.deletion() {
            fields.insert("deleted_at".to_owned(), json!(gone.moment));
        }
        if thing.is_habit() {
            let days = thing.days();
            fields.insert("completion_count".to_owned(), json!(days.len()));
            fields.insert("last_completed_at".to_owned(), days.values().last().cloned().unwrap_or_default());
        } else if thing.kind != "skill" {
            fields.insert("completed_at".to_owned(), thing.completed_at());
        }
        let minutes: i64 = thing.of(&["focus"]).filter_map(|focus| focus.body["data"]["minutes"].as_i64()).sum();
        if minutes > 0 {
            fields.insert("focus_minutes".to_owned(), json!(minutes));
        }
        fields.extend(self.counts(thing));
        Value::Object(fields)
    }

    fn shown(&self, thing: &Thing<'_>, field: &str) -> Option<Value> {
        let target = REFERENCES.iter().find(|(kind, name, _)| *kind == thing.kind && *name == field);
        let hidden =
            |id: &Value| target.is_some_and(|(_, _, kind)| id.as_str().is_some_and(|id| self.deleted(kind, id)));
        if SETS.contains(&(thing.kind, field)) {
            return Some(thing.members(field).into_iter().filter(|member| !hidden(member)).collect());
        }
        let value = thing.value(field)?;
        Some(if hidden(&value) { Value::Null } else { value })
    }

    /// The milestones of a live goal.
    fn counts(&self, goal: &Thing<'_>) -> Vec<(String, Value)> {
        if goal.kind != "goal" || goal.deletion().is_some() {
            return Vec::new();
        }
        let belongs =
            |one: &&Thing<'_>| one.kind == "milestone" && one.given("goal_id") == goal.id && one.deletion().is_none();
        let steps: Vec<&Thing<'_>> = self.0.values().filter(belongs).collect();
        let done = steps.iter().filter(|step| !step.completed_at().is_null()).count();
        vec![("milestones_done".to_owned(), json!(done)), ("milestones_total".to_owned(), json!(steps.len()))]
    }

    fn conflicts(&self) -> Vec<Value> {
        // In the order of kind, entity and field as text.
        let made = self.0.values().filter(|thing| thing.made().is_some());
        made.flat_map(|thing| self.conflicts_of(thing)).collect()
    }

    fn conflicts_of(&self, thing: &Thing<'_>) -> Vec<Value> {
        let about = |field: &str, current: Value, others: Vec<Value>| json!({ "entity_kind": thing.kind, "entity_id": thing.id, "field": field, "current": current, "others": others });
        if self.deleted(thing.kind, thing.id) {
            let gone = thing.deletion().filter(|gone| thing.asks_to_restore(gone));
            let current = |gone: &Write| json!({ "value": gone.moment, "device_id": gone.device });
            return gone
                .map(|gone| about("deleted_at", current(gone), vec![json!({ "value": null })]))
                .into_iter()
                .collect();
        }
        let mut fields =
            ASKED.iter().find(|(kind, _)| *kind == thing.kind).map_or(Vec::new(), |(_, fields)| fields.to_vec());
        fields.sort_unstable();
        let open = |field: &str| {
            let said = thing.candidates(field);
            let values: Vec<Value> =
                said.iter().map(|(write, value)| json!({ "value": value, "device_id": write.device })).collect();
            let asked = said.iter().any(|(_, value)| *value != said[0].1);
            asked.then(|| about(field, values[0].clone(), values[1..].to_vec()))
        };
        fields.into_iter().filter_map(open).collect()
    }
}
