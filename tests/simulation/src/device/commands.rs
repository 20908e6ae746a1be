//! The commands that people give, of every type, sensible and not.

use domain::entity::Kind;
use serde_json::{Value, json};

use super::Device;
use super::view::View;

const TAGS: [&str; 6] = ["book", "night", "home", "work", "日本", "ü"];

impl Device {
    pub(super) fn create(&mut self, now: i64, view: &View) -> Value {
        let id = self.chance.uuid();
        let number = self.chance.below(1_000);
        let (kind, data) = match self.chance.below(7) {
            1 if view.of(Kind::Goal).is_empty() => ("goal", json!({ "title": format!("Goal {number}") })),
            0 => ("skill", json!({ "name": format!("Skill {number}") })),
            1 => ("goal", json!({ "title": format!("Goal {number}"), "exp_reward": 5 + number % 100 })),
            2 => ("milestone", json!({ "title": format!("Step {number}"), "goal_id": self.one_of(view, Kind::Goal) })),
            _ => ("task", self.task(view, number)),
        };
        self.envelope(now, &format!("{kind}.create"), Some(id), json!({ "data": data }))
    }

    fn task(&mut self, view: &View, number: u64) -> Value {
        let categories = ["todo", "todo", "goal", "habit", "habit"];
        let mut task = json!({
            "title": format!("Task {number}"),
            "category": self.chance.pick(&categories),
            "difficulty": self.chance.pick(&["trivial", "easy", "medium", "hard"]),
            "tags": [self.chance.pick(&TAGS)],
        });
        for (field, kind) in [("skill_id", Kind::Skill), ("goal_id", Kind::Goal), ("parent_id", Kind::Task)] {
            if self.chance.one_in(3) && !view.of(kind).is_empty() {
                task[field] = json!(self.one_of(view, kind));
            }
        }
        task
    }

    pub(super) fn edit(&mut self, now: i64, view: &View) -> Value {
        let number = self.chance.below(1_000);
        let (kind, more) = match self.chance.below(11) {
            0 => (Kind::Goal, json!({ "set": { "title": format!("Goal, {number}"), "priority": "high" } })),
            1 => (Kind::Skill, json!({ "set": { "color": "#00FF00", "name": format!("Skill, {number}") } })),
            2 => (Kind::Milestone, json!({ "set": { "title": format!("Step, {number}") } })),
            3 => (Kind::Task, json!({ "add": { "tags": [self.chance.pick(&TAGS)] } })),
            4 => (Kind::Task, json!({ "remove": { "tags": [self.chance.pick(&TAGS)] } })),
            5 => (Kind::Task, json!({ "set": { "tags": [self.chance.pick(&TAGS), "set"] } })),
            6 => (Kind::Task, json!({ "set": { "skill_id": self.one_of(view, Kind::Skill) } })),
            7 => (Kind::Task, json!({ "set": { "exp_reward": 5 + number % 90, "category": "habit" } })),
            8 => (
                Kind::Task,
                json!({ "set": { "description": number.is_multiple_of(2).then_some(number.to_string()) } }),
            ),
            _ => (Kind::Task, json!({ "set": { "title": format!("Task, {number}"), "due_at": null } })),
        };
        let id = self.one_of(view, kind);
        self.envelope(now, &format!("{}.edit", kind.name()), Some(id), more)
    }

    pub(super) fn complete(&mut self, now: i64, view: &View) -> Value {
        let kinds = [Kind::Task, Kind::Task, Kind::Task, Kind::Milestone, Kind::Goal];
        let kind = self.chance.pick(&kinds).copied().unwrap_or(Kind::Task);
        let id = self.one_of(view, kind);
        self.envelope(now, &format!("{}.complete", kind.name()), Some(id), json!({}))
    }

    pub(super) fn undo(&mut self, now: i64, view: &View) -> Value {
        let types =
            [(Kind::Task, "task.uncomplete"), (Kind::Goal, "goal.reopen"), (Kind::Milestone, "milestone.reopen")];
        let (kind, name) = self.chance.pick(&types).copied().unwrap_or((Kind::Task, "task.uncomplete"));
        let done = |row: &serde_json::Map<String, Value>| row.get("completed_at").is_some_and(|at| !at.is_null());
        let all: Vec<_> = view.shown.iter().filter(|(one, row)| one.kind == kind && done(row)).collect();
        let id = match self.chance.pick(&all) {
            Some((one, _)) => one.id.0,
            None => self.one_of(view, kind),
        };
        self.envelope(now, name, Some(id), json!({}))
    }

    pub(super) fn focus(&mut self, now: i64, view: &View) -> Value {
        let kind = if self.chance.one_in(4) { Kind::Goal } else { Kind::Task };
        let mut data = json!({ "minutes": self.chance.between(1, 90), "cycles": self.chance.between(0, 3) });
        if self.chance.one_in(3) {
            data["balls"] = json!(self.chance.between(0, 6));
        }
        let id = self.one_of(view, kind);
        self.envelope(now, &format!("{}.focus", kind.name()), Some(id), json!({ "data": data }))
    }

    pub(super) fn delete(&mut self, now: i64, view: &View) -> Value {
        let kinds = [Kind::Task, Kind::Task, Kind::Goal, Kind::Milestone, Kind::Skill];
        let kind = self.chance.pick(&kinds).copied().unwrap_or(Kind::Task);
        let id = self.one_of(view, kind);
        self.envelope(now, &format!("{}.delete", kind.name()), Some(id), json!({}))
    }

    pub(super) fn restore(&mut self, now: i64, view: &View) -> Value {
        match self.chance.pick(&view.gone).copied() {
            Some(one) => self.envelope(now, &format!("{}.restore", one.kind.name()), Some(one.id.0), json!({})),
            None => self.delete(now, view),
        }
    }

    pub(super) fn hero(&mut self, now: i64) -> Value {
        let set = match self.chance.below(5) {
            0 => return self.envelope(now, "hero.restore_energy", None, json!({})),
            1 => json!({ "time_zone": self.chance.pick(&["Asia/Shanghai", "Europe/Vienna", "America/Los_Angeles"]) }),
            2 => json!({ "energy_max": self.chance.between(4, 30) }),
            3 => json!({ "onboarded": true, "mission": "Go on" }),
            _ => json!({ "name": format!("Hero {}", self.chance.below(100)) }),
        };
        self.envelope(now, "hero.edit", None, json!({ "set": set }))
    }

    pub(super) fn resolve(&mut self, now: i64, view: &View) -> Value {
        let data = match self.chance.below(4) {
            0 => json!({ "choice": "current" }),
            1 => json!({ "choice": "other" }),
            2 => json!({ "choice": "value", "value": null }),
            _ => json!({ "choice": "value", "value": "Decided" }),
        };
        let id = self.one_of(view, Kind::Conflict);
        self.envelope(now, "conflict.resolve", Some(id), json!({ "data": data }))
    }

    /// What has to be refused, and leave no trace.
    pub(super) fn nonsense(&mut self, now: i64, view: &View) -> Value {
        let (fresh, known) = (self.chance.uuid(), self.one_of(view, Kind::Task));
        let (kind, id, more) = match self.chance.below(8) {
            0 => ("task.explode", known, json!({})),
            1 => ("task.create", fresh, json!({ "data": { "title": "x" } })),
            2 => ("task.create", known, json!({ "data": { "title": "Again" } })),
            3 => ("task.edit", known, json!({ "set": { "exp_reward": 100_000 } })),
            4 => ("task.edit", known, json!({ "set": { "parent_id": known } })),
            5 => ("task.create", fresh, json!({ "data": { "title": "Lost", "goal_id": self.chance.uuid() } })),
            6 => ("goal.edit", self.one_of(view, Kind::Goal), json!({ "set": { "status": "completed" } })),
            _ => ("task.complete", fresh, json!({})),
        };
        self.envelope(now, kind, Some(id), more)
    }
}
