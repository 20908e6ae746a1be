//! `POST /api/auth/refresh`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{entrance, wire};
use crate::body::reply;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::body::OldBody;

/// The next tokens of a session. Two tabs that ask at once get the same.
pub async fn refresh(app: web::Data<App>, request: HttpRequest, body: OldBody) -> Result<HttpResponse, Problem> {
    let refreshed = entrance::refresh(&app, &request, &body.0).await?;
    let mut answer = wire::tokens(&refreshed);
    answer.insert("message".to_owned(), "The session goes on.".into());
    Ok(reply(&request, StatusCode::OK, &answer))
}
