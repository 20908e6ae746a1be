//! The rows of an account, table by table.

use serde_json::{Value, json};

use super::history::{log, reports, text};
use super::ids::{Names, beside_id};
use super::profile::{profile, stats, user};
use super::{ExportedAccount, ExportedEntity, Outgoing, Row};

/// The entities of an account by the integers that they have, here and there.
struct Known {
    skills: Names,
    goals: Names,
    tasks: Names,
    /// Tasks by the integers that they came with.
    tasks_there: Names,
}

/// The rows of an account.
pub fn rows(account: &ExportedAccount) -> Vec<(&'static str, Vec<Outgoing>)> {
    let owner = account.user_id.as_str();
    let known = Known {
        skills: names(&account.skills),
        goals: names(&account.goals),
        tasks: names(&account.tasks),
        tasks_there: account.tasks.iter().filter_map(|one| Some((there(one)?, one.id))).collect(),
    };
    let all = |entities: &[ExportedEntity], row: &dyn Fn(&ExportedEntity) -> Outgoing| -> Vec<Outgoing> {
        entities.iter().map(row).collect()
    };
    let mut found = vec![
        ("users", vec![user(account)]),
        ("user_profiles", profile(account)),
        ("user_stats", stats(account)),
        ("skills", all(&account.skills, &|one| skill(one, owner, &known))),
        ("goals", all(&account.goals, &|one| goal(one, owner, &known))),
        ("milestones", all(&account.milestones, &|one| milestone(one, &known))),
        ("tasks", all(&account.tasks, &|one| task(one, owner, &known))),
        ("goal_tasks", account.goals.iter().flat_map(|one| goal_tasks(one, &known)).collect()),
        ("micro_tasks", account.tasks.iter().flat_map(|one| below(one, "micro_tasks")).collect()),
        ("activity_logs", log(account)),
        ("daily_battle_reports", reports(account)),
        ("pomodoro_sessions", account.tasks.iter().flat_map(|one| below(one, "pomodoro_sessions")).collect()),
    ];
    found.retain(|(_, rows)| !rows.is_empty());
    found
}

/// A moment of a legacy row.
pub(super) fn moment(ms: i64) -> Value {
    text(ms).map_or(Value::Null, Value::from)
}

fn names(entities: &[ExportedEntity]) -> Names {
    entities.iter().filter_map(|one| Some((int(&one.row, "legacy_id")?, one.id))).collect()
}

/// The integer that an entity came with. One whose integer was another's here has its old one beside.
fn there(one: &ExportedEntity) -> Option<i64> {
    int(&one.extras, "id").or_else(|| int(&one.row, "legacy_id")).filter(|_| one.came)
}

fn skill(one: &ExportedEntity, owner: &str, known: &Known) -> Outgoing {
    let row = &one.row;
    let wanted = one.linked.get("prerequisites").and_then(Value::as_array).cloned().unwrap_or_default();
    let first: Vec<String> =
        wanted.iter().filter_map(|number| Some(known.skills.get(&number.as_i64()?)?.0.to_string())).collect();
    let first = (!first.is_empty()).then_some(first);
    over(
        one,
        json!({
            "user_id": owner, "name": row.get("name"), "level": row.get("level"), "exp": row.get("xp_in_level"),
            "max_exp": row.get("xp_to_next"), "color": row.get("color"), "icon": row.get("icon"),
            "skill_type": row.get("kind"), "category": row.get("category"), "talent_points": row.get("talent_points"),
            "prestige": row.get("prestige"), "unlocked": row.get("unlocked"),
        }),
        json!({ "prerequisites": first }),
    )
}

fn goal(one: &ExportedEntity, owner: &str, known: &Known) -> Outgoing {
    let row = &one.row;
    let is_done = row.get("completed_at").is_some_and(|at| !at.is_null());
    let (done, total) = (int(row, "milestones_done").unwrap_or(0), int(row, "milestones_total").unwrap_or(0));
    let progress = match (is_done, total) {
        (true, _) => 1.0,
        (false, 0) => 0.0,
        (false, total) => done as f64 / total as f64,
    };
    let status = if is_done { Some(json!("completed")) } else { row.get("status").cloned() };
    over(
        one,
        json!({
            "user_id": owner, "title": row.get("title"), "description": row.get("description"), "progress": progress,
            "status": status, "priority": row.get("priority"), "target_date": at(row, "target_at"),
            "exp_reward": row.get("exp_reward"), "created_at": at(row, "created_at"),
            "updated_at": at(row, "updated_at"), "completed_at": at(row, "completed_at"),
        }),
        json!({
            "parent_goal_id": link(&one.linked, "parent", &known.goals),
            "skill_id": link(&one.linked, "skill", &known.skills),
        }),
    )
}

fn milestone(one: &ExportedEntity, known: &Known) -> Outgoing {
    let row = &one.row;
    let completed_at = at(row, "completed_at");
    over(
        one,
        json!({
            "title": row.get("title"), "description": row.get("description"), "completed": !completed_at.is_null(),
            "progress": 0, "order": one.linked.get("order"), "created_at": at(row, "created_at"),
            "completed_at": completed_at,
        }),
        json!({ "goal_id": link(&one.linked, "goal", &known.goals) }),
    )
}

fn task(one: &ExportedEntity, owner: &str, known: &Known) -> Outgoing {
    let row = &one.row;
    let completed_at = at(row, "completed_at");
    let last = at(row, "last_completed_at");
    let last = if last.is_null() { completed_at.clone() } else { last };
    let mut made = over(
        one,
        json!({
            "user_id": owner, "title": row.get("title"), "description": row.get("description"),
            "completed": !completed_at.is_null(), "completed_at": completed_at, "last_completed_at": last,
            "completion_count": row.get("completion_count"), "tags": row.get("tags"), "goal_tags": row.get("goal_tags"),
            "exp_reward": row.get("exp_reward"), "required_energy_balls": row.get("energy_cost"),
            "estimated_duration": row.get("estimated_minutes"), "accumulated_time": row.get("focus_minutes"),
            "pomodoro_cycles": row.get("focus_cycles"), "actual_energy_balls": row.get("focus_energy"),
            "created_at": at(row, "created_at"), "task_category": row.get("category"), "task_type": row.get("kind"),
            "difficulty": row.get("difficulty"), "due_date": at(row, "due_at"),
        }),
        json!({
            "skill_id": link(&one.linked, "skill", &known.skills), "goal_id": link(&one.linked, "goal", &known.goals),
            "parent_task_id": link(&one.linked, "parent", &known.tasks),
        }),
    );
    made.row.entry("order").or_insert(json!(0));
    made
}

/// Rows that came with a task and are kept beside it.
fn below(one: &ExportedEntity, table: &str) -> Vec<Outgoing> {
    let links = object(json!({ "task_id": one.id.0.to_string() }));
    let row = |row: Row| Outgoing { entity: beside_id(one.id, table, &row), row, links: links.clone() };
    listed(&one.extras, table).into_iter().map(row).collect()
}

/// Rows that came with a goal. In databases where they name tasks, that is another reference.
fn goal_tasks(one: &ExportedEntity, known: &Known) -> Vec<Outgoing> {
    let outgoing = |row: Row| {
        let task = int(&row, "task_id").and_then(|number| known.tasks_there.get(&number));
        let mut links = object(json!({ "goal_id": one.id.0.to_string() }));
        links.extend(task.map(|task| ("task_id".to_owned(), json!(task.0.to_string()))));
        Outgoing { entity: beside_id(one.id, "goal_tasks", &row), row, links }
    };
    listed(&one.extras, "goal_tasks").into_iter().map(outgoing).collect()
}

/// The columns that it came with, and over them what it is now.
fn over(one: &ExportedEntity, now: Value, links: Value) -> Outgoing {
    let mut row = one.extras.clone();
    for beside in ["micro_tasks", "pomodoro_sessions", "goal_tasks"] {
        row.remove(beside);
    }
    row.remove("id");
    row.extend(there(one).map(|number| ("id".to_owned(), json!(number))));
    extend(&mut row, now);
    Outgoing { entity: one.id.0, row, links: object(links) }
}

pub(super) fn object(value: Value) -> Row {
    if let Value::Object(row) = value { row } else { Row::new() }
}

pub(super) fn extend(row: &mut Row, now: Value) {
    row.extend(object(now));
}

pub(super) fn listed(extras: &Row, name: &str) -> Vec<Row> {
    let rows = extras.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    rows.into_iter().filter(Value::is_object).map(object).collect()
}

pub(super) fn int(row: &Row, name: &str) -> Option<i64> {
    row.get(name)?.as_i64()
}

pub(super) fn at(row: &Row, name: &str) -> Value {
    int(row, name).map_or(Value::Null, moment)
}

pub(super) fn some(row: &Row, name: &str) -> Value {
    row.get(name).filter(|value| *value != "").cloned().unwrap_or_default()
}

fn link(row: &Row, name: &str, names: &Names) -> Value {
    int(row, name).and_then(|number| names.get(&number)).map_or(Value::Null, |id| json!(id.0.to_string()))
}
