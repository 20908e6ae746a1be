//! `GET`, `PATCH` and `DELETE /api/v2/auth/devices/{id}`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity;

use super::names::Names;
use super::wire::{DeviceChangeBody, ShownDeviceBody};
use super::{act, named};
use crate::body::{Body, reply};
use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;
use crate::v2::auth::fresh;

/// One device of the caller's account.
#[utoipa::path(
    get, path = "/api/v2/auth/devices/{id}", operation_id = "get_device", tag = "identity", security(("bearer" = [])),
    params(("id" = String, Path, description = "The device's id.")),
    responses(
        (status = 200, description = "The device.", body = ShownDeviceBody),
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
    Ok(reply(&request, StatusCode::OK, &ShownDeviceBody::of(device, caller.device)))
}

/// Changes a device of the caller's account. A key is changed by the device itself alone; another one than it has, or none
/// any more, needs the account's password.
#[utoipa::path(
    patch, path = "/api/v2/auth/devices/{id}", operation_id = "change_device", tag = "identity",
    security(("bearer" = [])), params(("id" = String, Path, description = "The device's id.")),
    request_body = DeviceChangeBody,
    responses(
        (status = 200, description = "The device as it is now.", body = ShownDeviceBody),
        (status = 401, description = "`credentials_invalid`: `current_password` is wrong", body = Content, content_type = "application/problem+json"),
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
    body: Body<DeviceChangeBody>,
) -> Result<HttpResponse, Problem> {
    let device = act::change(&app, &request, &caller, (&id, body.0.into()), Names::Snake).await?;
    Ok(reply(&request, StatusCode::OK, &ShownDeviceBody::of(device, caller.device)))
}

/// Removes a device of the caller's account and ends its sessions; the caller's own too, if it is this device. What it wrote
/// stays.
#[utoipa::path(
    delete, path = "/api/v2/auth/devices/{id}", operation_id = "remove_device", tag = "identity",
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
