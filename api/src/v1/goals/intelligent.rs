//! `POST /api/goals/intelligent-create`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::Kind;
use domain::id::EntityId;

use super::create::wishes;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::{asked, created};
use crate::v1::body::OldBody;
use crate::v1::shape;
use crate::v1::translate::{Described, described};
use crate::v1::writing::write;

/// A goal out of a description, with three steps to it.
pub async fn intelligent_create(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    let OldBody(body) = body;
    let asked = asked(&request, &caller, &body)?;
    let Described { goal: fields, steps } = described(&body)?;
    let goal = EntityId(asked.new_id(0));
    write(&app, &caller, &asked, None, wishes(&asked, goal, fields, steps)).await?;
    created(&app, &request, &caller, (Kind::Goal, goal), shape::goal).await
}
