//! `/api/crud?resource=…`: other names for routes that are there, with the same effects and the same refusals.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::body::OldBody;
use super::{goals, hero, path, skills, tasks};
use crate::caller::Caller;
use crate::problem::{Code, Problem};
use crate::state::App;

const PROFILE: &str = "profile";
const TASKS: &str = "tasks";
const SKILLS: &str = "skills";
const GOALS: &str = "goals";

/// What is meant.
#[derive(Debug, Deserialize)]
pub struct CrudQuery {
    #[serde(default)]
    resource: String,
    #[serde(default)]
    id: String,
}

/// Makes a task, a skill or a goal, or saves the profile.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<CrudQuery>,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    match query.resource.as_str() {
        PROFILE => hero::save_profile(app, request, caller, body).await,
        TASKS => tasks::create(app, request, caller, body.0).await,
        SKILLS => skills::create(app, request, caller, body).await,
        GOALS => goals::create(app, request, caller, body).await,
        _ => Err(unknown(&[PROFILE, TASKS, SKILLS, GOALS])),
    }
}

/// Changes a task or a skill.
pub async fn edit(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<CrudQuery>,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    match query.resource.as_str() {
        TASKS => tasks::change(app, request, caller, query.id()?, body.0).await,
        SKILLS => skills::edit(app, request, caller, query.id()?.to_string().into(), body).await,
        _ => Err(unknown(&[TASKS, SKILLS])),
    }
}

/// Deletes a task.
pub async fn remove(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<CrudQuery>,
) -> Result<HttpResponse, Problem> {
    match query.resource.as_str() {
        TASKS => tasks::delete(app, request, caller, query.id()?).await,
        _ => Err(unknown(&[TASKS])),
    }
}

impl CrudQuery {
    fn id(&self) -> Result<i64, Problem> {
        path::id(&self.id).map_err(|_| Problem::new(Code::QueryInvalid).detail("id is a whole number."))
    }
}

fn unknown(known: &[&str]) -> Problem {
    Problem::new(Code::QueryInvalid).detail(format!("resource is one of {}.", known.join(", ")))
}
