//! `/api/mobile/auth/*`: the same ways in, with the envelope that the app reads.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{NamesAsked, SignedIn};
use serde_json::{Value, json};

use super::{entrance, wire};
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::body::OldBody;

/// `POST /api/mobile/auth/register`: names may come with it, both, one or none.
pub async fn register(app: web::Data<App>, request: HttpRequest, body: OldBody) -> Result<HttpResponse, Problem> {
    let names = NamesAsked::Welcome(entrance::names(&body.0));
    let signed_in = entrance::register(&app, &request, &body.0, names).await?;
    entered(&request, &signed_in, &app).await
}

/// `POST /api/mobile/auth/login`
pub async fn login(app: web::Data<App>, request: HttpRequest, body: OldBody) -> Result<HttpResponse, Problem> {
    let signed_in = entrance::login_by(&app, &request, &body.0).await?;
    entered(&request, &signed_in, &app).await
}

/// `POST /api/mobile/auth/refresh`
pub async fn refresh(app: web::Data<App>, request: HttpRequest, body: OldBody) -> Result<HttpResponse, Problem> {
    let refreshed = entrance::refresh(&app, &request, &body.0).await?;
    Ok(enveloped(&request, Value::Object(wire::tokens(&refreshed))))
}

/// `GET /api/mobile/auth/me`
pub async fn me(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    let user = app.legacy.user(caller.account).await?.ok_or_else(wire::gone)?;
    Ok(enveloped(&request, json!({ "user": wire::user(user) })))
}

async fn entered(request: &HttpRequest, signed_in: &SignedIn, app: &App) -> Result<HttpResponse, Problem> {
    let data = wire::signed_in(app, signed_in).await?;
    Ok(enveloped(request, Value::Object(data)))
}

fn enveloped(request: &HttpRequest, data: Value) -> HttpResponse {
    reply(request, StatusCode::OK, &json!({ "success": true, "data": data }))
}
