//! `POST /api/tasks/{id}/complete-pomodoro` and `/api/habits/{id}/complete-pomodoro`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::completion::Focused;
use domain::entity::{Event, Kind};
use domain::goal::GoalChange;
use domain::task::TaskChange;
use serde_json::{Map, Value, json};

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::{Acting, Subject};
use crate::v1::body::OldBody;
use crate::v1::translate::focus::session;
use crate::v1::writing::Wishes;
use crate::v1::{path, told};

/// A session is over: time, balls and XP are what the rules make of it.
pub async fn complete(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let subject = acting.subject([Kind::Task, Kind::Goal], path::id(&id)?).await?;
    let done = record(&acting, subject, &body).await?;
    let answer = json!({
        "success": true,
        "expGained": done.xp,
        "actualEnergyBalls": done.balls,
        "totalAccumulatedTime": done.minutes_total,
        // What the route of habits was meant to say.
        "totalCycles": done.cycles,
        "totalEnergyBalls": done.balls,
    });
    Ok(acting.answer(&answer))
}

/// What came of a session.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) xp: i64,
    pub(super) balls: i64,
    pub(super) cycles: i64,
    /// Minutes of all sessions of that task or goal up to this one.
    pub(super) minutes_total: i64,
}

/// Records the session of a body; what came of it, by the log.
pub(super) async fn record(acting: &Acting<'_>, subject: Subject, body: &Map<String, Value>) -> Result<Done, Problem> {
    let mut wishes = Wishes::default();
    let data = Map::from_iter([("data".to_owned(), session(body).into())]);
    wishes.add(subject.kind, subject.row.id, "focus", data);
    let receipt = acting.write(subject.read.base, wishes).await?;
    let Some(told) = told::first(acting.app, acting.caller, &receipt).await? else { return Ok(Done::default()) };
    let Some(Focused { xp, balls, cycles, minutes, .. }) = told.event.as_ref().and_then(focused) else {
        return Ok(Done::default());
    };
    let minutes_total = told.fields.get("focus_minutes").and_then(Value::as_i64);
    Ok(Done { xp: *xp, balls: *balls, cycles: *cycles, minutes_total: minutes_total.unwrap_or(*minutes) })
}

/// The session that an event counts.
fn focused(event: &Event) -> Option<&Focused> {
    match event {
        Event::Task(event) => match &event.change {
            TaskChange::Focused(session) => Some(session),
            _ => None,
        },
        Event::Goal(event) => match &event.change {
            GoalChange::Focused(session) => Some(session),
            _ => None,
        },
        _ => None,
    }
}
