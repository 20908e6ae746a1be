//! `GET /api/skills`, `/api/goals`, `/api/user-stats` and `/api/profile`: one piece each. Tasks have a room of their own.

use actix_web::{HttpRequest, HttpResponse, web};

use super::answer;
use super::piece::{GOALS, PROFILE, SKILLS, STATS};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// The caller's skills, the core skills first.
pub async fn skills(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    answer(&app, &request, &caller, [SKILLS]).await
}

/// The caller's goals with their milestones, the newest first.
pub async fn goals(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    answer(&app, &request, &caller, [GOALS]).await
}

/// The caller's stats.
pub async fn stats(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    answer(&app, &request, &caller, [STATS]).await
}

/// The caller's profile; null while there is none.
pub async fn profile(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    answer(&app, &request, &caller, [PROFILE]).await
}
