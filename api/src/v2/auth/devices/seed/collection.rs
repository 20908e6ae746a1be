//! `GET` and `POST /api/auth/devices`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity;

use super::wire::{SeedDevices, SeedNewDevice, SeedShownDevice};
use crate::body::{Body, reply};
use crate::caller::Caller;
use crate::problem::{Content, Problem};
use crate::state::App;
use crate::v2::auth::devices::act;
use crate::v2::auth::devices::names::Names;

/// The devices of the caller's account.
#[utoipa::path(
    get, path = "/api/auth/devices", operation_id = "seed_list_devices", tag = "identity", security(("bearer" = [])),
    responses(
        (status = 200, description = "All of them.", body = SeedDevices)
    )
)]
pub async fn list(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    let devices = identity::devices(app.get_ref(), &caller.asker()).await?;
    Ok(reply(&request, StatusCode::OK, &SeedDevices::of(devices, caller.device)))
}

/// Adds a device to the caller's account, or brings one up to date. A new one takes the place of the one unseen longest when
/// there are 20 and that one was not seen for 30 days.
#[utoipa::path(
    post, path = "/api/auth/devices", operation_id = "seed_put_device", tag = "identity", security(("bearer" = [])),
    request_body = SeedNewDevice,
    responses(
        (status = 200, description = "It was known.", body = SeedShownDevice),
        (status = 201, description = "It is new.", body = SeedShownDevice),
        (status = 401, description = "`credentials_invalid`: `currentPassword` is wrong", body = Content, content_type = "application/problem+json"),
        (status = 403, description = "`device_key_foreign`, `password_required`", body = Content,
         content_type = "application/problem+json"),
        (status = 409, description = "`too_many_devices`: `devices` lists them", body = Content,
         content_type = "application/problem+json"),
        (status = 422, description = "`fields_invalid`, `body_invalid`, `field_unknown`", body = Content,
         content_type = "application/problem+json"),
        (status = 429, description = "`sign_in_delayed`, `rate_limited`", body = Content,
         content_type = "application/problem+json")
    )
)]
pub async fn put(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: Body<SeedNewDevice>,
) -> Result<HttpResponse, Problem> {
    let (status, device) = act::put(&app, &request, &caller, body.0.into(), Names::Camel).await?;
    Ok(reply(&request, status, &SeedShownDevice::of(device, caller.device)))
}
