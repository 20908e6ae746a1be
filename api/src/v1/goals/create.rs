//! `POST /api/goals`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use domain::id::EntityId;
use serde_json::{Map, Value, json};

use super::targets;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::idempotency::Asked;
use crate::v1::shape;
use crate::v1::translate::{goal, milestone, words};
use crate::v1::writing::Wishes;

/// A new goal with its milestones, all or nothing.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    let OldBody(body) = body;
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let title = words::new_title(&body)?;
    let mut fields = goal::fields(&body, targets(&app, &caller, &body).await?);
    fields.insert("title".to_owned(), title.into());
    let goal = EntityId(acting.asked.new_id(0));
    let mut wishes = wishes(&acting.asked, goal, fields, milestone::steps(&body));
    if goal::reached(&body) == Some(true) {
        wishes.act(Kind::Goal, goal, "complete");
    }
    acting.write(None, wishes).await?;
    Ok(acting.answer(&acting.entity((Kind::Goal, goal), shape::goal).await?))
}

/// The commands that create a goal and the steps to it.
pub(super) fn wishes(
    asked: &Asked,
    goal: EntityId,
    fields: Map<String, Value>,
    steps: Vec<Map<String, Value>>,
) -> Wishes {
    let mut wishes = Wishes::default();
    wishes.create(Kind::Goal, goal, fields);
    for (mut step, number) in steps.into_iter().zip(1..) {
        step.insert("goal_id".to_owned(), json!(goal));
        wishes.create(Kind::Milestone, EntityId(asked.new_id(number)), step);
    }
    wishes
}
