//! `GET`, `PATCH` and `DELETE /api/auth/devices/{id}`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity;

use super::wire::{SeedDeviceChange, SeedShownDevice};
use crate::body::{Body, reply};
use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;
use crate::v2::auth::devices::names::Names;
use crate::v2::auth::devices::{act, named};
use crate::v2::auth::fresh;

/// One device of the caller's account.
#[utoipa::path(
    get, path = "/api/auth/devices/{id}", operation_id = "seed_get_device", tag = "identity", security(("bearer" = [])),
    params(("id" = String, Path, description = "The device's id.")),
    responses(
        (status = 200, description = "The device.", body = SeedShownDevice),
        (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json")
    )
)]
pub async fn one(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let device = identity::device(app.get_ref(), &caller.asker(), named(&id)?).await?;
    Ok(reply(&request, StatusCode::OK, &SeedShownDevice::of(device, caller.device)))
}

/// Changes a device of the caller's account. A key is changed by the device itself alone; another one than it has, or none
/// any more, needs the account's password.
#[utoipa::path(
    patch, path = "/api/auth/devices/{id}", operation_id = "seed_change_device", tag = "identity",
    security(("bearer" = [])), params(("id" = String, Path, description = "The device's id.")),
    request_body = SeedDeviceChange,
    responses(
        (status = 200, description = "The device as it is now.", body = SeedShownDevice),
        (status = 401, description = "`credentials_invalid`: `currentPassword` is wrong", body = Content, content_type = "application/problem+json"),
        (status = 403, description = "`device_key_foreign`, `password_required`", body = Content,
         content_type = "application/problem+json"),
        (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
        (status = 422, description = "`fields_invalid`, `body_invalid`, `field_unknown`", body = Content,
         content_type = "application/problem+json"),
        (status = 429, description = "`sign_in_delayed`, `rate_limited`", body = Content,
         content_type = "application/problem+json")
    )
)]
pub async fn change(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
    body: Body<SeedDeviceChange>,
) -> Result<HttpResponse, Problem> {
    let device = act::change(&app, &request, &caller, (&id, body.0.into()), Names::Camel).await?;
    Ok(reply(&request, StatusCode::OK, &SeedShownDevice::of(device, caller.device)))
}

/// Removes a device of the caller's account and ends its sessions; the caller's own too, if it is this device. What it wrote
/// stays.
#[utoipa::path(
    delete, path = "/api/auth/devices/{id}", operation_id = "seed_remove_device", tag = "identity",
    security(("bearer" = [])), params(("id" = String, Path, description = "The device's id.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json")
    )
)]
pub async fn remove(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    identity::remove_device(app.get_ref(), &caller.asker(), named(&id)?, &fresh(&request)).await?;
    Ok(HttpResponse::NoContent().finish())
}
