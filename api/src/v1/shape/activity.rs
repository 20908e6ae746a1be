//! A row of the activity log of v1. Actions have the names that old clients show. What is taken back has names of its own
//! and XP below zero, so that what a client adds up is right; what v1 has no name for is not in its log.

use domain::activity::Action;
use domain::entity::Kind;
use infrastructure::postgres::legacy::LegacyActivity;
use serde_json::{Map, Value, json};

use super::Viewer;
use crate::v1::moment;

/// The actions that v1 shows.
pub const ACTIONS: [Action; 7] = [
    Action::Completed,
    Action::Uncompleted,
    Action::Reopened,
    Action::Focused,
    Action::Unfocused,
    Action::LevelUp,
    Action::LevelDown,
];

/// The row.
pub fn activity(row: &LegacyActivity, viewer: &Viewer) -> Value {
    let (action, details) = said_elsewhere(row).unwrap_or_else(|| said(row));
    json!({
        "id": row.position,
        "userId": viewer.user_id,
        "createdAt": moment::text(row.at),
        "taskId": row.task,
        "skillId": row.skill,
        "expGained": row.xp,
        "action": action,
        "details": details,
    })
}

/// What the system said from which the row was brought.
fn said_elsewhere(row: &LegacyActivity) -> Option<(String, Value)> {
    let legacy = row.details.get("legacy")?;
    Some((legacy.get("action")?.as_str()?.to_owned(), legacy.get("details").cloned().unwrap_or_default()))
}

fn said(row: &LegacyActivity) -> (String, Value) {
    let (action, kind) = (Action::from_name(&row.action), Kind::from_name(&row.entity));
    let name = action.zip(kind).and_then(|(action, kind)| name(action, kind));
    let mut details = Map::from_iter([("description".to_owned(), row.title.clone().into())]);
    let mut say = |name: &str, amount: i64| drop(details.insert(name.to_owned(), amount.into()));
    match (action, kind) {
        (Some(Action::Completed | Action::Uncompleted), Some(Kind::Task)) => {
            say("duration", row.estimated_minutes.unwrap_or_default());
            say("energyBalls", row.balls);
        }
        (Some(Action::Focused | Action::Unfocused), _) => {
            say("duration", row.minutes);
            say("energyBalls", row.balls);
            say("cycles", row.cycles);
        }
        (Some(Action::LevelUp | Action::LevelDown), _) => say("level", row.level.unwrap_or_default()),
        _ => {}
    }
    (name.map_or_else(|| row.action.clone(), str::to_owned), Value::Object(details))
}

/// What v1 calls an action.
fn name(action: Action, kind: Kind) -> Option<&'static str> {
    Some(match (action, kind) {
        (Action::Completed, Kind::Task) => "task_completed",
        (Action::Uncompleted, Kind::Task) => "task_uncompleted",
        (Action::Focused, Kind::Task) => "pomodoro_complete",
        (Action::Unfocused, Kind::Task) => "pomodoro_taken_back",
        (Action::Completed, Kind::Goal) => "goal_completed",
        (Action::Reopened, Kind::Goal) => "goal_reopened",
        (Action::Focused, Kind::Goal) => "goal_pomodoro_complete",
        (Action::Unfocused, Kind::Goal) => "goal_pomodoro_taken_back",
        (Action::Completed, Kind::Milestone) => "milestone_completed",
        (Action::Reopened, Kind::Milestone) => "milestone_reopened",
        (Action::LevelUp, Kind::Hero) => "level_up",
        (Action::LevelDown, Kind::Hero) => "level_down",
        (Action::LevelUp, Kind::Skill) => "skill_levelup",
        (Action::LevelDown, Kind::Skill) => "skill_leveldown",
        _ => return None,
    })
}
