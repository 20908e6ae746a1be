//! `POST /api/debug/restore-energy` and `POST /api/user-stats/{recalculate-level,restore-energy,force-reset-energy}`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::{Event, Kind};
use domain::hero::HeroChange;
use infrastructure::postgres::legacy::{LegacyRead, LegacyRow};
use serde_json::{Map, Value, json};

use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::body::OldBody;
use crate::v1::idempotency::Asked;
use crate::v1::shape::{self, Viewer};
use crate::v1::writing::{Wishes, write, write_if_any};
use crate::v1::{reading, told};

/// All energy of the day is back; says how much there was.
pub async fn debug_restore(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let (stats, came_back) = restored(&app, &request, &caller, body).await?;
    let current = stats["maxEnergyBalls"].as_i64().unwrap_or_default();
    let answer = json!({
        "success": true,
        "message": "All energy of the day is back.",
        "previousEnergy": (current - came_back).max(0),
        "currentEnergy": current,
        "stats": stats,
    });
    Ok(reply(&request, StatusCode::OK, &answer))
}

/// The same, answered with the stats alone.
pub async fn restore(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let (stats, _) = restored(&app, &request, &caller, body).await?;
    Ok(reply(&request, StatusCode::OK, &stats))
}

/// The same, answered with a message and the stats.
pub async fn force_reset(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let (stats, _) = restored(&app, &request, &caller, body).await?;
    let answer = json!({ "message": "All energy of the day is back.", "stats": stats });
    Ok(reply(&request, StatusCode::OK, &answer))
}

/// Changes nothing: the level follows from the XP.
pub async fn recalculate_level(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    write_if_any(&app, &caller, &Asked::of(&request, caller.space, &body.into())?, None, Wishes::default()).await?;
    let (hero, read) = hero(&app, &caller).await?;
    let stats = shape::stats(&hero, &Viewer::of(&app, &read));
    let answer = json!({ "message": "The level is what the experience makes of it.", "stats": stats });
    Ok(reply(&request, StatusCode::OK, &answer))
}

/// The stats afterwards, and the balls that came back.
async fn restored(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    body: Map<String, Value>,
) -> Result<(Value, i64), Problem> {
    let (hero_before, read) = hero(app, caller).await?;
    let mut wishes = Wishes::default();
    wishes.act(Kind::Hero, hero_before.id, "restore_energy");
    let asked = Asked::of(request, caller.space, &body.into())?;
    let receipt = write(app, caller, &asked, read.base, wishes).await?;
    let told = told::first(app, caller, &receipt).await?;
    let came_back = told.and_then(|told| told.event).as_ref().map_or(0, spent);
    let (hero, read) = hero(app, caller).await?;
    Ok((shape::stats(&hero, &Viewer::of(app, &read)), came_back))
}

async fn hero(app: &App, caller: &Caller) -> Result<(LegacyRow, LegacyRead), Problem> {
    let mut read = app.legacy.all(caller.space, Kind::Hero).await?;
    let hero = read.rows.pop().ok_or_else(|| reading::missing(Kind::Hero))?;
    Ok((hero, read))
}

/// What had been spent, of an event that brought energy back.
fn spent(event: &Event) -> i64 {
    match event {
        Event::Hero(event) => match &event.change {
            HeroChange::EnergyRestored(rested) => rested.spent,
            _ => 0,
        },
        _ => 0,
    }
}
