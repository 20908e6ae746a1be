//! `GET /api/v2/admin/accounts?email=` and `GET /api/v2/admin/accounts/{id}`

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::Email;
use application::identity::admin::{self, Whose};
use infrastructure::clock;
use serde::Deserialize;
use utoipa::IntoParams;

use super::wire::AccountFileBody;
use super::{AccountPath, account};
use crate::body::reply;
use crate::caller::role::Support;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Whom to find.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct FindQuery {
    /// Compared without case.
    #[param(example = "ada@example.org")]
    email: String,
}

/// Finds an account by its address. The look is logged, and the account can read who looked.
#[utoipa::path(get, path = "/api/v2/admin/accounts", tag = "admin", params(FindQuery), security(("bearer" = [])),
responses(
    (status = 200, description = "The account.", body = AccountFileBody),
    (status = 403, description = "`role_missing`: support or admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json")
))]
pub async fn find(
    app: web::Data<App>,
    request: HttpRequest,
    by: Support,
    query: Result<Query<FindQuery>, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let asked = query.map_err(|error| Problem::new(Code::QueryInvalid).detail(error.to_string()))?;
    // What is no address is nobody's.
    let email = Email::parse(&asked.email).ok_or_else(|| Problem::new(Code::NotFound))?;
    look(&app, &request, by, Whose::Email(email)).await
}

/// Shows an account with its devices and sessions. The look is logged, and the account can read who looked.
#[utoipa::path(get, path = "/api/v2/admin/accounts/{id}", tag = "admin", params(("id" = uuid::Uuid, Path)),
security(("bearer" = [])), responses(
    (status = 200, description = "The account.", body = AccountFileBody),
    (status = 403, description = "`role_missing`: support or admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json")
))]
pub async fn one(
    app: web::Data<App>,
    request: HttpRequest,
    by: Support,
    path: AccountPath,
) -> Result<HttpResponse, Problem> {
    let id = account(path)?;
    look(&app, &request, by, Whose::Id(id)).await
}

async fn look(app: &App, request: &HttpRequest, by: Support, which: Whose) -> Result<HttpResponse, Problem> {
    let file = admin::look(&app.directory, which, by.actor, clock::now_ms()).await?;
    Ok(reply(request, StatusCode::OK, &AccountFileBody::from(file)))
}
