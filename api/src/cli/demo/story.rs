//! What the two devices do.

use infrastructure::clock::uuid_v7;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::error::CliError;
use super::stage::Stage;
use super::stage::Who::{Browser, Phone};

/// A core skill that every space is founded with.
const SKILL: &str = "心智成长力";

/// Plays the whole story.
pub(super) async fn play(stage: &mut Stage) -> Result<(), CliError> {
    let read = uuid_v7();
    let task = json!({ "title": "Read a chapter", "difficulty": "medium", "skill_id": skill(stage), "tags": ["book"] });
    stage.says(Phone, "create \"Read a chapter\"", vec![create("task", read, task)]).await?;
    let completion = stage.says(Phone, "complete \"Read a chapter\"", vec![command("task.complete", read)]).await?;
    stage.repeats(Phone, &completion).await?;
    habit(stage).await?;
    goal(stage).await?;
    focus_and_edit(stage).await?;
    stage.says(Phone, "uncomplete \"Read a chapter\"", vec![command("task.uncomplete", read)]).await?;
    Ok(())
}

async fn habit(stage: &mut Stage) -> Result<(), CliError> {
    let habit = uuid_v7();
    let data = json!({ "title": "Ten pages before bed", "category": "habit", "kind": "daily", "difficulty": "easy" });
    stage.says(Browser, "create the habit \"Ten pages before bed\"", vec![create("task", habit, data)]).await?;
    stage.says(Phone, "complete it for today", vec![command("task.complete", habit)]).await?;
    Ok(())
}

async fn goal(stage: &mut Stage) -> Result<(), CliError> {
    let (goal, outline, draft) = (uuid_v7(), uuid_v7(), uuid_v7());
    let milestone = |id, title| create("milestone", id, json!({ "goal_id": goal, "title": title }));
    let data = json!({ "title": "Write a short story", "priority": "high", "exp_reward": 150 });
    let commands = vec![create("goal", goal, data), milestone(outline, "Outline"), milestone(draft, "First draft")];
    stage.says(Phone, "create a goal with two milestones", commands).await?;
    stage.says(Phone, "complete the milestone \"Outline\"", vec![command("milestone.complete", outline)]).await?;
    let too_early = vec![command("goal.complete", goal)];
    stage.is_refused(Browser, "complete the goal too early", "milestones_open", too_early).await?;
    let commands = vec![command("milestone.complete", draft), command("goal.complete", goal)];
    stage.says(Browser, "complete \"First draft\" and the goal", commands).await?;
    Ok(())
}

async fn focus_and_edit(stage: &mut Stage) -> Result<(), CliError> {
    let task = uuid_v7();
    let data = json!({ "title": "Sketch the harbour", "difficulty": "hard" });
    stage.says(Phone, "create \"Sketch the harbour\"", vec![create("task", task, data)]).await?;
    let mut focus = command("task.focus", task);
    focus["data"] = json!({ "minutes": 25, "cycles": 1 });
    stage.says(Phone, "focus on it for 25 minutes", vec![focus]).await?;
    let mut edit = command("task.edit", task);
    edit["set"] = json!({ "title": "Sketch the harbour at dusk", "difficulty": "easy" });
    edit["add"] = json!({ "tags": ["drawing"] });
    stage.says(Browser, "rename it and make it easy", vec![edit]).await?;
    Ok(())
}

fn command(kind: &str, id: Uuid) -> Value {
    json!({ "type": kind, "id": id })
}

fn create(entity: &str, id: Uuid, data: Value) -> Value {
    let mut create = command(&format!("{entity}.create"), id);
    create["data"] = data;
    create
}

fn skill(stage: &Stage) -> Option<Uuid> {
    let skills = stage.phone.replica.live().filter(|(entity, _, _)| *entity == "skill");
    skills.into_iter().find(|(_, _, row)| row.fields.get("name").is_some_and(|name| name == SKILL)).map(|(_, id, _)| id)
}
