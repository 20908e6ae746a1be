//! `GET /api/v2/auth/me`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::AccountBody;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// Who the caller is.
#[derive(Serialize, ToSchema)]
pub struct MeBody {
    /// Who.
    account: AccountBody,
    /// Whether the address is proven.
    email_verified: bool,
    /// From which device.
    device_id: Uuid,
    /// In which session.
    session_id: Uuid,
}

/// Says who the access token stands for.
#[utoipa::path(get, path = "/api/v2/auth/me", tag = "identity", security(("bearer" = [])), responses(
    (status = 200, description = "The caller.", body = MeBody)
))]
pub async fn me(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    let me = identity::me(app.get_ref(), caller.account, caller.device, caller.session).await?;
    let body = MeBody {
        account: me.account.into(),
        email_verified: me.email_verified,
        device_id: me.device.0,
        session_id: me.session.0,
    };
    Ok(reply(&request, StatusCode::OK, &body))
}
