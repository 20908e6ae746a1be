//! Goals and their milestones.

use std::collections::BTreeMap;

use domain::entity::text::numbered_rank;
use domain::entity::{Kept, Kind};
use serde_json::{Map, Value, json};

use super::columns::{flag, int, key, moment, text};
use super::cycles::to_cut;
use super::map::{Imported, Mapping};
use super::notes::About;
use super::source::Row;
use super::words::Reading;
use crate::transfer::state::followers;

const GOAL_MAPPED: &[&str] = &[
    "id",
    "user_id",
    "title",
    "description",
    "priority",
    "target_date",
    "parent_goal_id",
    "exp_reward",
    "skill_id",
    "created_at",
    "completed_at",
];
const MILESTONE_MAPPED: &[&str] =
    &["id", "goal_id", "user_id", "title", "description", "completed", "created_at", "completed_at"];

/// Why a row without a number stays where it is.
pub(super) const NO_NUMBER: &str = "its id is no number, by which clients would know it";

/// Takes the account's goals over; each comes behind the one that it is part of.
pub(super) fn map(mapping: &mut Mapping<'_>) {
    let rows = numbered(mapping, "goals");
    for number in rows.keys() {
        mapping.links.put(Kind::Goal, *number, mapping.entity_id(Kind::Goal, *number));
    }
    let parents = parents(&rows, "parent_goal_id");
    let cut = to_cut(&parents);
    let above = |number: &i64| parents.get(number).filter(|_| !cut.contains(number)).copied();
    let names: Vec<(i64, Vec<i64>)> =
        rows.keys().map(|number| (*number, above(number).into_iter().collect())).collect();
    let mut tasks = grouped(mapping.account.rows("goal_tasks"), "goal_id");
    for number in followers(&names).unwrap_or_default() {
        if let Some(row) = rows.get(&number) {
            goal(mapping, row, (number, cut.contains(&number)), &tasks.remove(&number).unwrap_or_default());
        }
    }
}

fn goal(mapping: &mut Mapping<'_>, row: &Row, (number, is_cut): (i64, bool), tasks: &[Row]) {
    let about = About { table: "goals", row: number.to_string() };
    let (links, since) = (&mapping.links, mapping.mapped.person.created_at);
    let mut reading = Reading { row, about, notes: &mut mapping.notes };
    let mut fields = Map::new();
    fields.insert("title".to_owned(), json!(reading.title("title")));
    fields.insert("description".to_owned(), reading.description());
    fields.insert("status".to_owned(), json!(if text(row, "status") == Some("paused") { "paused" } else { "active" }));
    fields.insert("priority".to_owned(), json!(reading.word("priority", "medium", priority)));
    fields.extend(reading.moment("target_date").map(|at| ("target_at".to_owned(), json!(at))));
    fields.extend(reading.number("exp_reward", 5, 5_000).map(|xp| ("exp_reward".to_owned(), json!(xp))));
    fields.insert("skill_id".to_owned(), links.field(&mut reading, "skill_id", Kind::Skill));
    fields.insert("parent_id".to_owned(), parent(&mut reading, links, "parent_goal_id", Kind::Goal, is_cut));
    let is_done = text(row, "status") == Some("completed") || flag(row, "completed") == Some(true);
    let created_at = created(&mut reading, since, mapping.now);
    let at = reading.moment("completed_at");
    let completed_at = (at.is_some() || is_done).then(|| when(&mut reading, at, created_at, mapping.now));
    let mut extras = reading.extras(GOAL_MAPPED);
    if !tasks.is_empty() {
        extras.insert("goal_tasks".to_owned(), json!(tasks));
    }
    let extras = reading.held(extras);
    let kept = Kept { import: mapping.import, completed_at, extras, ..Kept::default() };
    let id = mapping.entity_id(Kind::Goal, number);
    let imported = Imported { kind: Kind::Goal, id, number: Some(number), created_at, fields, kept };
    mapping.mapped.entities.push(imported);
}

/// Takes the milestones over, in the order that each goal shows them.
pub(super) fn milestones(mapping: &mut Mapping<'_>) {
    let mut rows: Vec<&Row> = mapping.account.rows("milestones").iter().collect();
    rows.sort_by_key(|row| (int(row, "goal_id"), int(row, "order"), int(row, "id")));
    let mut places: BTreeMap<i64, i64> = BTreeMap::new();
    for row in rows {
        let about = About { table: "milestones", row: key(row, "id").unwrap_or_default() };
        let goal = int(row, "goal_id").unwrap_or_default();
        let Some(number) = int(row, "id") else {
            mapping.notes.skipped(&about, "number_missing", NO_NUMBER);
            continue;
        };
        let Some(goal_id) = mapping.links.of(Kind::Goal, goal) else {
            mapping.notes.skipped(&about, "goal_missing", format!("the account has no goal {goal}"));
            continue;
        };
        let place = places.entry(goal).or_default();
        let rank = numbered_rank(*place);
        *place += 1;
        let since = mapping.mapped.person.created_at;
        let mut reading = Reading { row, about, notes: &mut mapping.notes };
        let mut fields = Map::new();
        fields.insert("goal_id".to_owned(), json!(goal_id));
        fields.insert("title".to_owned(), json!(reading.title("title")));
        fields.insert("description".to_owned(), reading.description());
        fields.insert("rank".to_owned(), json!(rank));
        let created_at = created(&mut reading, since, mapping.now);
        let completed_at = completed(&mut reading, created_at, mapping.now);
        let extras = reading.extras(MILESTONE_MAPPED);
        let kept = Kept { import: mapping.import, completed_at, extras, ..Kept::default() };
        let id = mapping.entity_id(Kind::Milestone, number);
        mapping.links.put(Kind::Milestone, number, id);
        let imported = Imported { kind: Kind::Milestone, id, number: Some(number), created_at, fields, kept };
        mapping.mapped.entities.push(imported);
    }
}

/// Rows by their number; one without a number is told, and not there.
pub(super) fn numbered<'a>(mapping: &mut Mapping<'a>, table: &'static str) -> BTreeMap<i64, &'a Row> {
    let mut rows = BTreeMap::new();
    for row in mapping.account.rows(table) {
        match int(row, "id") {
            Some(number) => drop(rows.insert(number, row)),
            None => {
                let about = About { table, row: key(row, "id").unwrap_or_default() };
                mapping.notes.skipped(&about, "number_missing", NO_NUMBER);
            }
        }
    }
    rows
}

/// What a word or a number for the priority of a goal means.
fn priority(raw: &str) -> Option<&'static str> {
    match raw.trim().to_lowercase().as_str() {
        "low" | "0" | "1" => Some("low"),
        "medium" | "normal" | "2" => Some("medium"),
        "high" | "urgent" | "3" => Some("high"),
        _ => None,
    }
}

/// Which row is above which, of those that are there.
pub(super) fn parents(rows: &BTreeMap<i64, &Row>, column: &str) -> BTreeMap<i64, i64> {
    let above = |(number, row): (&i64, &&Row)| {
        let above = int(row, column).filter(|above| rows.contains_key(above))?;
        Some((*number, above))
    };
    rows.iter().filter_map(above).collect()
}

/// What it is part of, unless that leads in a circle.
pub(super) fn parent(
    reading: &mut Reading<'_>,
    links: &super::links::Links,
    column: &'static str,
    kind: Kind,
    is_cut: bool,
) -> Value {
    if is_cut {
        reading.notes.changed(&reading.about, column, "cycle_cut", "what it is part of is part of it, or far too deep");
        return Value::Null;
    }
    links.field(reading, column, kind)
}

/// When it was created; what says nothing is as old as the account.
pub(super) fn created(reading: &mut Reading<'_>, since: i64, now: i64) -> i64 {
    let read = reading.past("created_at", now);
    if read.is_none() {
        let message = "it is as old as the account";
        reading.notes.changed(&reading.about, "created_at", "moment_missing", message);
    }
    read.unwrap_or(since)
}

/// When it was completed, if it is; a time of something that is not counts for nothing.
pub(super) fn completed(reading: &mut Reading<'_>, created_at: i64, now: i64) -> Option<i64> {
    let at = reading.moment("completed_at");
    match (flag(reading.row, "completed").unwrap_or(at.is_some()), at) {
        (true, at) => Some(when(reading, at, created_at, now)),
        (false, Some(_)) => {
            let message = "it is open, whatever the time says";
            reading.notes.changed(&reading.about, "completed_at", "completion_open", message);
            None
        }
        (false, None) => None,
    }
}

/// When something was completed that is: without a time, or with one that is not there yet, when it was last known of.
fn when(reading: &mut Reading<'_>, at: Option<i64>, created_at: i64, now: i64) -> i64 {
    if let Some(at) = at.filter(|at| *at <= now) {
        return at;
    }
    let (code, message) = match at {
        None => ("moment_missing", "it is completed without a time; the last that is known of it stands"),
        Some(_) => ("in_the_future", "it is completed later than now; the last that is known of it stands"),
    };
    reading.notes.changed(&reading.about, "completed_at", code, message);
    let known = [moment(reading.row, "last_completed_at"), moment(reading.row, "updated_at")];
    known.into_iter().flatten().find(|at| *at <= now).unwrap_or(created_at)
}

/// The rows of a table by the number that a column of theirs holds.
pub(super) fn grouped(rows: &[Row], column: &str) -> BTreeMap<i64, Vec<Row>> {
    let mut groups: BTreeMap<i64, Vec<Row>> = BTreeMap::new();
    for row in rows {
        groups.entry(int(row, column).unwrap_or_default()).or_default().push(row.clone());
    }
    groups
}
