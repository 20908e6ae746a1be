//! `POST /api/tasks/intelligent-create`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::founding::{CORE_SKILLS, core_skill_id};
use serde_json::{Map, Value, json};

use super::classify::classify;
use super::create::written;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::clamp::text;
use crate::v1::translate::words::{lacking, titled};

/// The number of the skill that such a task trains, the default one.
const SKILL: usize = CORE_SKILLS.len();

/// Creates a task from what somebody says of it.
pub async fn intelligent_create(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let said = body.get("description").filter(|said| text(said, usize::MAX).is_some());
    let said = said.and_then(Value::as_str).ok_or_else(|| lacking("description"))?;
    let (skill, _, _, _) = CORE_SKILLS[SKILL - 1];
    let of = classify(said);
    let data = Map::from_iter([
        ("title".to_owned(), titled(&said.trim().into()).into()),
        ("category".to_owned(), of.category.into()),
        ("difficulty".to_owned(), of.difficulty.into()),
        ("skill_id".to_owned(), json!(core_skill_id(caller.space, SKILL))),
        ("tags".to_owned(), json!([skill])),
    ]);
    let task = written(&acting, data, false).await?;
    let analysis = json!({
        "category": of.category,
        "title": task["title"],
        "difficulty": of.difficulty,
        "skillName": skill,
        "energyBalls": task["requiredEnergyBalls"],
    });
    Ok(acting.answer(&json!({ "task": dressed(task), "analysis": analysis })))
}

/// The task with what clients expect beside, here alone.
fn dressed(mut task: Value) -> Value {
    let is_habit = task["taskCategory"] == "habit";
    let Some(members) = task.as_object_mut() else { return task };
    let last = members.get("lastCompletedAt").cloned().unwrap_or_default();
    for (name, value) in [
        ("isDailyTask", Value::from(false)),
        ("dailyStreak", 0.into()),
        ("isRecurring", is_habit.into()),
        ("recurringPattern", if is_habit { "daily".into() } else { Value::Null }),
        ("habitDirection", if is_habit { "positive".into() } else { Value::Null }),
        ("habitStreak", 0.into()),
        ("habitValue", 0.into()),
        ("lastCompletedDate", last),
    ] {
        members.insert(name.to_owned(), value);
    }
    task
}
