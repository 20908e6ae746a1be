//! `GET /api/pomodoro/available-tasks`

use actix_web::{HttpRequest, HttpResponse, web};
use infrastructure::postgres::legacy::Wanted;

use super::answer;
use super::piece::{list, text};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::shape;

/// Goals that are not reached, to-dos that are not done, habits that are not done today. Tasks of goals are not in it: the
/// timer of v1 works on their goal.
pub async fn available_tasks(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let pieces = [
        text(r#"{"goals":"#),
        list(Wanted::OpenGoals, shape::available),
        text(r#","tasks":"#),
        list(Wanted::OpenTodos, shape::available),
        text(r#","habits":"#),
        list(Wanted::Habits, shape::available),
        text("}"),
    ];
    answer(&app, &request, &caller, pieces).await
}
