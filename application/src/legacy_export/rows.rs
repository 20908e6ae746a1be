//! The rows of an account, table by table, in an order in which everything is there before it is referred to.

use serde_json::{Map, Value, json};

use super::history::{log, reports, text};
use super::ids::{Ids, Numbers};
use super::{ExportedAccount, ExportedEntity, Row};

/// The rows of an account.
pub fn rows(account: &ExportedAccount, ids: &mut Ids) -> Vec<(&'static str, Vec<Row>)> {
    let user = account.user_id.as_str();
    let skills = numbers(&account.skills, ids);
    let goals = numbers(&account.goals, ids);
    let milestones = numbers(&account.milestones, ids);
    let tasks = numbers(&account.tasks, ids);
    let came = |name: &str| listed(&account.hero_extras, name);
    let all = |entities: &[ExportedEntity], row: &dyn Fn(&ExportedEntity) -> Row| entities.iter().map(row).collect();
    let skill_rows: Vec<Row> = all(&account.skills, &|one| skill(one, user, &skills));
    let goal_rows: Vec<Row> = all(&account.goals, &|one| goal(one, user, (&goals, &skills)));
    let milestone_rows: Vec<Row> = all(&account.milestones, &|one| milestone(one, (&milestones, &goals)));
    let task_rows: Vec<Row> = all(&account.tasks, &|one| task(one, user, (&tasks, &goals, &skills)));
    let beside = |entities: &[ExportedEntity], name: &str| -> Vec<Row> {
        entities.iter().flat_map(|one| listed(&one.extras, name)).collect()
    };
    let mut found = vec![
        ("users", vec![self::user(account)]),
        ("user_profiles", profile(account, came("user_profiles"), ids)),
        ("user_stats", stats(account, ids)),
        ("skills", skill_rows),
        ("goals", goal_rows),
        ("milestones", milestone_rows),
        ("goal_tasks", beside(&account.goals, "goal_tasks")),
        ("tasks", task_rows),
        ("micro_tasks", beside(&account.tasks, "micro_tasks")),
        ("activity_logs", log(&account.activity, user, (&tasks, &skills), ids)),
        ("daily_battle_reports", reports(&account.days, &came("daily_battle_reports"), user, ids)),
        ("pomodoro_sessions", beside(&account.tasks, "pomodoro_sessions")),
    ];
    found.retain(|(_, rows)| !rows.is_empty());
    found
}

/// A moment of a legacy row.
pub(super) fn moment(ms: i64) -> Value {
    text(ms).map_or(Value::Null, Value::from)
}

/// The ids that entities of a kind have there. What came and whose id was another's here has its old one.
fn numbers(entities: &[ExportedEntity], ids: &mut Ids) -> Numbers {
    let number = |one: &ExportedEntity| {
        let here = int(&one.row, "legacy_id")?;
        let there = if one.came { int(&one.extras, "id").unwrap_or(here) } else { ids.next() };
        Some((here, there))
    };
    entities.iter().filter_map(number).collect()
}

fn skill(one: &ExportedEntity, user: &str, skills: &Numbers) -> Row {
    let row = &one.row;
    let wanted = one.linked.get("prerequisites").and_then(Value::as_array).cloned().unwrap_or_default();
    let prerequisites: Vec<i64> = wanted.iter().filter_map(|number| skills.get(&number.as_i64()?).copied()).collect();
    over(
        one,
        json!({
            "id": linked(&one.row, "legacy_id", skills), "user_id": user, "name": row.get("name"),
            "level": row.get("level"), "exp": row.get("xp_in_level"), "max_exp": row.get("xp_to_next"),
            "color": row.get("color"), "icon": row.get("icon"), "skill_type": row.get("kind"),
            "category": row.get("category"), "talent_points": row.get("talent_points"),
            "prestige": row.get("prestige"), "unlocked": row.get("unlocked"),
            "prerequisites": (!prerequisites.is_empty()).then_some(prerequisites),
        }),
    )
}

fn goal(one: &ExportedEntity, user: &str, (goals, skills): (&Numbers, &Numbers)) -> Row {
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
            "id": linked(row, "legacy_id", goals), "user_id": user, "title": row.get("title"),
            "description": row.get("description"), "progress": progress, "status": status,
            "priority": row.get("priority"), "target_date": at(row, "target_at"),
            "parent_goal_id": linked(&one.linked, "parent", goals), "exp_reward": row.get("exp_reward"),
            "skill_id": linked(&one.linked, "skill", skills), "created_at": at(row, "created_at"),
            "updated_at": at(row, "updated_at"), "completed_at": at(row, "completed_at"),
        }),
    )
}

fn milestone(one: &ExportedEntity, (milestones, goals): (&Numbers, &Numbers)) -> Row {
    let row = &one.row;
    let completed_at = at(row, "completed_at");
    over(
        one,
        json!({
            "id": linked(row, "legacy_id", milestones), "goal_id": linked(&one.linked, "goal", goals),
            "title": row.get("title"), "description": row.get("description"), "completed": !completed_at.is_null(),
            "progress": 0, "order": one.linked.get("order"), "created_at": at(row, "created_at"),
            "completed_at": completed_at,
        }),
    )
}

fn task(one: &ExportedEntity, user: &str, (tasks, goals, skills): (&Numbers, &Numbers, &Numbers)) -> Row {
    let row = &one.row;
    let completed_at = at(row, "completed_at");
    let last = at(row, "last_completed_at");
    let last = if last.is_null() { completed_at.clone() } else { last };
    let mut made = over(
        one,
        json!({
            "id": linked(row, "legacy_id", tasks), "user_id": user, "title": row.get("title"),
            "description": row.get("description"), "completed": !completed_at.is_null(),
            "completed_at": completed_at, "last_completed_at": last, "completion_count": row.get("completion_count"),
            "skill_id": linked(&one.linked, "skill", skills), "goal_id": linked(&one.linked, "goal", goals),
            "parent_task_id": linked(&one.linked, "parent", tasks), "tags": row.get("tags"),
            "goal_tags": row.get("goal_tags"), "exp_reward": row.get("exp_reward"),
            "required_energy_balls": row.get("energy_cost"), "estimated_duration": row.get("estimated_minutes"),
            "accumulated_time": row.get("focus_minutes"), "pomodoro_cycles": row.get("focus_cycles"),
            "actual_energy_balls": row.get("focus_energy"), "created_at": at(row, "created_at"),
            "task_category": row.get("category"), "task_type": row.get("kind"), "difficulty": row.get("difficulty"),
            "due_date": at(row, "due_at"),
        }),
    );
    made.entry("order").or_insert(json!(0));
    made
}

fn user(account: &ExportedAccount) -> Row {
    let mut row = account.user.clone();
    for name in ["deletion_requested_at", "deletion_scheduled_for", "created_at", "updated_at"] {
        let at = at(&account.user, name);
        row.insert(name.to_owned(), at);
    }
    row.insert("id".to_owned(), json!(account.user_id));
    row
}

fn profile(account: &ExportedAccount, came: Vec<Row>, ids: &mut Ids) -> Vec<Row> {
    let hero = &account.hero;
    let name = hero.get("name").and_then(Value::as_str).unwrap_or_default();
    if name.is_empty() {
        return Vec::new();
    }
    let newest = came.into_iter().max_by(|one, other| updated(one).cmp(&updated(other))).unwrap_or_default();
    let mut row = newest;
    let id = row.get("id").cloned().unwrap_or_else(|| ids.next().into());
    extend(
        &mut row,
        json!({
            "id": id, "user_id": account.user_id, "name": name, "age": some(hero, "age"),
            "occupation": some(hero, "occupation"), "mission": some(hero, "mission"),
            "has_completed_onboarding": hero.get("onboarded"), "has_completed_tutorial": hero.get("tutorial_done"),
            "updated_at": at(hero, "updated_at"),
        }),
    );
    let created = at(hero, "created_at");
    row.entry("created_at").or_insert(created);
    vec![row]
}

fn stats(account: &ExportedAccount, ids: &mut Ids) -> Vec<Row> {
    let hero = &account.hero;
    if hero.is_empty() {
        return Vec::new();
    }
    let mut row = match account.hero_extras.get("user_stats") {
        Some(Value::Object(row)) => row.clone(),
        _ => Map::new(),
    };
    let id = row.get("id").cloned().unwrap_or_else(|| ids.next().into());
    let (max, spent) = (int(hero, "energy_max").unwrap_or(18), int(hero, "energy_spent").unwrap_or(0));
    let reset = hero.get("energy_day").and_then(Value::as_str).map(|day| format!("{day}T00:00:00"));
    extend(
        &mut row,
        json!({
            "id": id, "user_id": account.user_id, "level": hero.get("level"), "experience": hero.get("xp_in_level"),
            "experience_to_next": hero.get("xp_to_next"), "energy_balls": (max - spent).max(0),
            "max_energy_balls": max, "energy_ball_duration": hero.get("ball_minutes"),
            "energy_peak_start": hero.get("peak_start"), "energy_peak_end": hero.get("peak_end"),
            "streak": hero.get("streak"), "total_tasks_completed": hero.get("tasks_completed"),
            "last_energy_reset": reset, "created_at": at(hero, "created_at"), "updated_at": at(hero, "updated_at"),
        }),
    );
    vec![row]
}

fn updated(row: &Row) -> String {
    row.get("updated_at").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The columns that it came with, and over them what it is now.
fn over(one: &ExportedEntity, now: Value) -> Row {
    let mut row = one.extras.clone();
    for beside in ["micro_tasks", "pomodoro_sessions", "goal_tasks"] {
        row.remove(beside);
    }
    extend(&mut row, now);
    row
}

fn extend(row: &mut Row, now: Value) {
    if let Value::Object(now) = now {
        row.extend(now);
    }
}

fn listed(extras: &Row, name: &str) -> Vec<Row> {
    let rows = extras.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    rows.into_iter().filter_map(|row| if let Value::Object(row) = row { Some(row) } else { None }).collect()
}

fn int(row: &Row, name: &str) -> Option<i64> {
    row.get(name)?.as_i64()
}

fn at(row: &Row, name: &str) -> Value {
    int(row, name).map_or(Value::Null, moment)
}

fn some(row: &Row, name: &str) -> Value {
    row.get(name).filter(|value| *value != "").cloned().unwrap_or_default()
}

fn linked(row: &Row, name: &str, numbers: &Numbers) -> Value {
    int(row, name).and_then(|number| numbers.get(&number)).map_or(Value::Null, |number| json!(number))
}
