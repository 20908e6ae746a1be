//! `POST /api/auth/register`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::NamesAsked;

use super::{entrance, wire};
use crate::body::reply;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::body::OldBody;

/// Makes an account with its space and signs it in.
pub async fn register(app: web::Data<App>, request: HttpRequest, body: OldBody) -> Result<HttpResponse, Problem> {
    let names = NamesAsked::Needed(entrance::names(&body.0));
    let signed_in = entrance::register(&app, &request, &body.0, names).await?;
    let mut answer = wire::signed_in(&app, &signed_in).await?;
    answer.insert("message".to_owned(), "Welcome! Your account is ready.".into());
    Ok(reply(&request, StatusCode::OK, &answer))
}
