//! Tasks: to-dos, tasks of goals and habits.

use std::collections::BTreeMap;

use domain::entity::text::{default_rank, numbered_rank};
use domain::entity::{Kept, Kind};
use serde_json::{Map, Value, json};

use super::columns::{flag, int, text};
use super::cycles::to_cut;
use super::goals::{completed, created, grouped, numbered, parent, parents};
use super::map::{Imported, Mapping};
use super::notes::{About, Fate};
use super::source::Row;
use super::words::Reading;
use crate::transfer::state::{COUNTER_MAX, followers};

const MAPPED: &[&str] = &[
    "id",
    "user_id",
    "title",
    "description",
    "completed",
    "skill_id",
    "goal_id",
    "goal_tags",
    "exp_reward",
    "estimated_duration",
    "accumulated_time",
    "actual_energy_balls",
    "pomodoro_cycles",
    "created_at",
    "completed_at",
    "task_category",
    "task_type",
    "parent_task_id",
    "tags",
    "difficulty",
    "required_energy_balls",
    "due_date",
];

/// What other tables say of tasks.
struct Beside {
    micro_tasks: BTreeMap<i64, Vec<Row>>,
    sessions: BTreeMap<i64, Vec<Row>>,
    /// Goals of tasks, in databases where a table of its own says so.
    goals: BTreeMap<i64, Vec<Row>>,
}

/// Takes the account's tasks over; each comes behind the one that it is part of.
pub(super) fn map(mapping: &mut Mapping<'_>) {
    let rows = numbered(mapping, "tasks");
    for number in rows.keys() {
        mapping.links.put(Kind::Task, *number, mapping.entity_id(Kind::Task, *number));
    }
    let of = |table| grouped(mapping.account.rows(table), "task_id");
    let mut beside =
        Beside { micro_tasks: of("micro_tasks"), sessions: of("pomodoro_sessions"), goals: of("goal_tasks") };
    let parents = parents(&rows, "parent_task_id");
    let cut = to_cut(&parents);
    let above = |number: &i64| parents.get(number).filter(|_| !cut.contains(number)).copied();
    let names: Vec<(i64, Vec<i64>)> =
        rows.keys().map(|number| (*number, above(number).into_iter().collect())).collect();
    for number in followers(&names).unwrap_or_default() {
        if let Some(row) = rows.get(&number) {
            task(mapping, row, (number, cut.contains(&number)), &mut beside);
        }
    }
    for (table, left) in [("micro_tasks", beside.micro_tasks), ("pomodoro_sessions", beside.sessions)] {
        for row in left.values().flatten() {
            let about = About { table, row: super::columns::key(row, "id").unwrap_or_default() };
            mapping.notes.skipped(&about, "task_missing", "its task is not there, or another person's");
        }
    }
}

fn task(mapping: &mut Mapping<'_>, row: &Row, (number, is_cut): (i64, bool), beside: &mut Beside) {
    let (links, since) = (&mapping.links, mapping.mapped.person.created_at);
    let about = About { table: "tasks", row: number.to_string() };
    let mut reading = Reading { row, about, notes: &mut mapping.notes };
    let created_at = created(&mut reading, since, mapping.now);
    let mut fields = fields(&mut reading, created_at);
    let is_habit = fields.get("category") == Some(&json!("habit"));
    for (field, column, kind) in [("skill_id", "skill_id", Kind::Skill), ("goal_id", "goal_id", Kind::Goal)] {
        fields.insert(field.to_owned(), links.field(&mut reading, column, kind));
    }
    if fields.get("goal_id").is_none_or(Value::is_null) {
        let linked = beside.goals.get(&number).into_iter().flatten().find_map(|link| int(link, "goal_id"));
        fields.insert("goal_id".to_owned(), json!(linked.and_then(|goal| links.of(Kind::Goal, goal))));
    }
    fields.insert("parent_id".to_owned(), parent(&mut reading, links, "parent_task_id", Kind::Task, is_cut));
    let completed_at = if is_habit { None } else { completed(&mut reading, created_at, mapping.now) };
    let mut count = |column| reading.number(column, 0, COUNTER_MAX).unwrap_or_default();
    let (focus_minutes, focus_cycles, focus_energy) =
        (count("accumulated_time"), count("pomodoro_cycles"), count("actual_energy_balls"));
    let mut extras = reading.extras(MAPPED);
    for (name, rows) in [("micro_tasks", &mut beside.micro_tasks), ("pomodoro_sessions", &mut beside.sessions)] {
        extras.extend(rows.remove(&number).map(|rows| (name.to_owned(), json!(rows))));
    }
    let extras = reading.held(extras);
    let import = mapping.import;
    let kept = Kept { import, completed_at, focus_minutes, focus_cycles, focus_energy, extras, ..Kept::default() };
    let id = mapping.entity_id(Kind::Task, number);
    let imported = Imported { kind: Kind::Task, id, number: Some(number), created_at, fields, kept };
    if is_habit {
        mapping.habits.insert(number, row.clone());
    }
    let title = imported.fields.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
    mapping.titles.insert(number, title);
    mapping.mapped.entities.push(imported);
}

fn fields(reading: &mut Reading<'_>, created_at: i64) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
    put("title", json!(reading.title("title")));
    put("description", reading.description());
    let usual = if has_category(reading.row) || !is_daily(reading.row) { "todo" } else { "habit" };
    put("category", json!(reading.word("task_category", usual, category)));
    let known = |all: &'static [&'static str]| move |raw: &str| all.iter().copied().find(|known| *known == raw);
    put("kind", json!(reading.word("task_type", "simple", known(&["main", "stage", "daily", "simple"]))));
    put("difficulty", json!(reading.word("difficulty", "medium", known(&["trivial", "easy", "medium", "hard"]))));
    for (column, field, min, max) in [
        ("exp_reward", "exp_reward", 5, 100),
        ("required_energy_balls", "energy_cost", 1, 5),
        ("estimated_duration", "estimated_minutes", 1, 480),
    ] {
        if let Some(number) = reading.number(column, min, max) {
            put(field, json!(number));
        }
    }
    if let Some(at) = reading.moment("due_date") {
        put("due_at", json!(at));
    }
    put("tags", reading.tags("tags"));
    put("goal_tags", reading.tags("goal_tags"));
    let rank = match int(reading.row, "order") {
        Some(order) if order > 0 => numbered_rank(order),
        _ => default_rank(created_at),
    };
    put("rank", json!(rank));
    fields
}

fn has_category(row: &Row) -> bool {
    text(row, "task_category").is_some_and(|word| category(word).is_some())
}

/// Older deployments say by a column of its own that a task comes every day.
fn is_daily(row: &Row) -> bool {
    ["is_daily_task", "is_recurring"].iter().any(|column| flag(row, column) == Some(true))
}

/// The category that a word means. The legacy system and its clients used several for each.
fn category(raw: &str) -> Option<&'static str> {
    let word = raw.trim().to_lowercase();
    let is = |all: &[&str]| all.contains(&word.as_str());
    if is(&["goal", "objective", "project"]) || word.starts_with("main") {
        return Some("goal");
    }
    if is(&["habit", "daily", "routine", "recurring", "repeat"]) {
        return Some("habit");
    }
    (is(&["todo", "task", "once", "single"]) || word.starts_with("side")).then_some("todo")
}

/// Notes what a habit's own row knows of days that nothing else tells.
pub(super) fn note_lost(mapping: &mut Mapping<'_>, number: i64, counted: i64, found: usize) {
    if counted > i64::try_from(found).unwrap_or(i64::MAX) {
        let about = About { table: "tasks", row: number.to_string() };
        let message = format!("{counted} completions were counted and {found} days are known");
        mapping.notes.add(&about, Some("completion_count"), (Fate::Noted, "history_lost"), message);
    }
}

#[cfg(test)]
mod tests {
    use super::category;

    #[test]
    fn every_word_for_a_category_means_one_of_three() {
        for (raw, means) in [
            ("todo", Some("todo")),
            ("sideQuest", Some("todo")),
            ("Daily", Some("habit")),
            ("mainQuest", Some("goal")),
            ("project", Some("goal")),
            ("", None),
            ("banana", None),
        ] {
            assert_eq!(category(raw), means, "{raw}");
        }
    }
}
