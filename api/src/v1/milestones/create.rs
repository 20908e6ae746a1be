//! `POST /api/milestones`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use domain::id::EntityId;
use serde_json::json;

use super::room::rank_at;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::clamp;
use crate::v1::shape;
use crate::v1::translate::{milestone, words};
use crate::v1::writing::Wishes;

const GOAL_ID: &str = "goalId";

/// One more milestone of a goal; the last, unless the body says where.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    let OldBody(body) = body;
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let title = words::new_title(&body)?;
    let goal = body.get(GOAL_ID).and_then(clamp::id).ok_or_else(|| words::lacking(GOAL_ID))?;
    let goal = acting.subject([Kind::Goal], goal).await?;
    let id = EntityId(acting.asked.new_id(0));
    let mut wishes = Wishes::default();
    let mut fields = milestone::fields(&body);
    fields.insert("title".to_owned(), title.into());
    fields.insert("goal_id".to_owned(), json!(goal.row.id));
    if let Some(place) = milestone::place(&body) {
        fields.extend(rank_at(&acting, (goal.row.id.0, id), place, &mut wishes).await?);
    }
    wishes.create(Kind::Milestone, id, fields);
    if milestone::reached(&body) == Some(true) {
        wishes.act(Kind::Milestone, id, "complete");
    }
    acting.write(goal.read.base, wishes).await?;
    Ok(acting.answer(&acting.entity((Kind::Milestone, id), shape::milestone).await?))
}
