//! `POST /api/debug/restore-energy` and `POST /api/user-stats/{recalculate-level,restore-energy,force-reset-energy}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::entity::{Event, Kind};
use domain::hero::HeroChange;
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::hero::hero;
use crate::v1::shape;
use crate::v1::told;
use crate::v1::writing::Wishes;

const BACK: &str = "All energy of the day is back.";

/// All energy of the day is back; says how much there was before, and how much there is now.
pub async fn debug_restore(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let (stats, came_back) = restored(&acting).await?;
    let all = stats["maxEnergyBalls"].as_i64().unwrap_or_default();
    let answer = json!({
        "success": true,
        "message": BACK,
        "previousEnergy": (all - came_back).max(0),
        "currentEnergy": stats["energyBalls"],
        "stats": stats,
    });
    Ok(acting.answer(&answer))
}

/// The same, answered with the stats alone.
pub async fn restore(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    Ok(acting.answer(&restored(&acting).await?.0))
}

/// The same, answered with a message and the stats.
pub async fn force_reset(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    let (stats, _) = restored(&acting).await?;
    Ok(acting.answer(&json!({ "message": BACK, "stats": stats })))
}

/// Changes nothing: the level follows from the XP.
pub async fn recalculate_level(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    acting.write_nothing().await?;
    let stats = hero(&app, &caller).await?.shown(&app, shape::stats);
    Ok(acting.answer(&json!({ "message": "The level is what the experience makes of it.", "stats": stats })))
}

/// The stats as they are now, and the balls that came back.
async fn restored(acting: &Acting<'_>) -> Result<(Value, i64), Problem> {
    let before = hero(acting.app, acting.caller).await?;
    let mut wishes = Wishes::default();
    wishes.act(Kind::Hero, before.row.id, "restore_energy");
    let receipt = acting.write(before.read.base, wishes).await?;
    let told = told::first(acting.app, acting.caller, &receipt).await?;
    let came_back = told.and_then(|told| told.event).as_ref().map_or(0, spent);
    Ok((hero(acting.app, acting.caller).await?.shown(acting.app, shape::stats), came_back))
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
