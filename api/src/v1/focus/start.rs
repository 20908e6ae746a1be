//! `POST /api/tasks/{id}/start-pomodoro` and `/api/habits/{id}/start-pomodoro`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::completion::FocusStarted;
use domain::entity::{Command, Event, Kind};
use domain::goal::{GoalChange, GoalCommand};
use domain::task::{TaskChange, TaskCommand};
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::translate::focus::minutes;
use crate::v1::writing::Wishes;
use crate::v1::{moment, path, told};

/// Begins a session. It is known by the position of the event that says so; nobody has to end it.
pub async fn start(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let subject = acting.subject([Kind::Task, Kind::Goal], path::id(&id)?).await?;
    let mut wishes = Wishes::default();
    wishes.ask(subject.kind, subject.row.id, command(subject.kind, minutes(&body)));
    let receipt = acting.write(subject.read.base, wishes).await?;
    let told = told::first(&app, &caller, &receipt).await?;
    let began = told.as_ref().and_then(|told| told.event.as_ref()).and_then(began);
    let answer = json!({
        "sessionId": told.map(|told| told.position),
        "startTime": began.and_then(moment::text).map_or(Value::Null, Value::from),
    });
    Ok(acting.answer(&answer))
}

fn command(kind: Kind, minutes: i64) -> Command {
    match kind {
        Kind::Goal => Command::Goal(GoalCommand::StartFocus(minutes)),
        _ => Command::Task(TaskCommand::StartFocus(minutes)),
    }
}

/// When the session of an event was begun, Unix ms.
fn began(event: &Event) -> Option<i64> {
    let FocusStarted { moment, .. } = match event {
        Event::Task(event) => match &event.change {
            TaskChange::FocusStarted(started) => started,
            _ => return None,
        },
        Event::Goal(event) => match &event.change {
            GoalChange::FocusStarted(started) => started,
            _ => return None,
        },
        _ => return None,
    };
    Some(*moment)
}
