//! `POST /api/auth/simple-login` and `POST /api/auth/login`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{entrance, wire};
use crate::body::reply;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::body::OldBody;

/// Opens a session by the password.
pub async fn login(app: web::Data<App>, request: HttpRequest, body: OldBody) -> Result<HttpResponse, Problem> {
    let signed_in = entrance::login_by(&app, &request, &body.0).await?;
    let mut answer = wire::signed_in(&app, &signed_in).await?;
    answer.insert("message".to_owned(), "You are signed in.".into());
    Ok(reply(&request, StatusCode::OK, &answer))
}
