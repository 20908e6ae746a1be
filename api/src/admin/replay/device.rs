//! `GET /api/v2/admin/spaces/{space}/replay/device/{device}`

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse, web};
use application::past::as_of::AsOf;
use application::replay::{Bound, DeviceThen, Known, device_then};
use domain::id::DeviceId;
use infrastructure::clock;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::look::look;
use super::moment::{find, invalid, read};
use crate::body::reply;
use crate::caller::role::Support;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// At which instant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DeviceQuery {
    /// RFC 3339, or Unix ms; now when absent.
    at: Option<String>,
}

/// What a device had at an instant.
#[derive(Serialize, ToSchema)]
pub struct DeviceThenBody {
    /// Which.
    pub device_id: Uuid,
    /// What the person calls it; null: it is no longer there.
    #[schema(required)]
    pub device_name: Option<String>,
    /// The instant, Unix ms.
    pub at: i64,
    /// It certainly had everything up to here.
    pub at_least: BoundBody,
    /// It certainly had nothing behind this. What lies between the two it may have had or not; `replay/compare` lists it.
    pub at_most: BoundBody,
    /// Up to where it has said, by now, that it keeps everything.
    #[schema(required)]
    pub acked_position: Option<i64>,
    /// When it said so last, Unix ms.
    #[schema(required)]
    pub last_synced_at: Option<i64>,
}

/// One of the two positions.
#[derive(Serialize, ToSchema)]
pub struct BoundBody {
    /// The position.
    pub position: i64,
    /// `acknowledged`: it had said so before the instant. `wrote`: it wrote the event at `by` on top of that. `nothing`: nothing is
    /// known. `log_ended`: the log ended there.
    pub because: &'static str,
    /// The position of what it wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<i64>,
}

/// What a device had of a space at an instant: between which two positions it stood. Nobody writes down what a device reads, so
/// more is not known. The look is logged, and the account can read who looked.
#[utoipa::path(get, path = "/api/v2/admin/spaces/{space}/replay/device/{device}", tag = "admin",
    security(("bearer" = [])), params(("space" = Uuid, Path), ("device" = Uuid, Path), DeviceQuery), responses(
    (status = 200, description = "The two positions.", body = DeviceThenBody),
    (status = 400, description = "`query_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 403, description = "`role_missing`: support or admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
    (status = 422, description = "`position_ahead`", body = Content, content_type = "application/problem+json"),
    (status = 500, description = "`log_damaged`, with its `position`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn device(
    app: web::Data<App>,
    request: HttpRequest,
    by: Support,
    path: Result<Path<(Uuid, Uuid)>, actix_web::Error>,
    query: Result<Query<DeviceQuery>, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let query = query.map_err(|error| invalid("query", &error.to_string()))?;
    let at = instant(query.at.as_deref())?;
    let _turn = app.read_turns.take().await?;
    let id = path.as_ref().map_or_else(|_| Uuid::nil(), |path| path.1);
    let about = json!({ "what": "replay", "device": id, "at": query.at });
    let seen = look(&app, &by, &path, |(space, _)| space, about).await?;
    let end = find(&app, seen.space, AsOf::Instant(at)).await?.position;
    let missing = || Problem::new(Code::NotFound).detail("The space has no such device.");
    let device = DeviceId(id);
    let then = device_then(&app.past, seen.space, device, (at, end)).await?.ok_or_else(missing)?;
    let name = app.past.device_names(seen.account, &[device]).await?.remove(&device);
    Ok(reply(&request, StatusCode::OK, &DeviceThenBody::of(device, name, at, then)))
}

fn instant(at: Option<&str>) -> Result<i64, Problem> {
    match at.map(|at| read("at", at)).transpose()? {
        None => Ok(clock::now_ms()),
        Some(AsOf::Instant(at)) => Ok(at),
        Some(AsOf::Position(_)) => Err(invalid("at", "at is an instant such as 2026-10-24T12:00:00Z, or Unix ms.")),
    }
}

impl DeviceThenBody {
    /// What is known, with what the person calls the device.
    pub(crate) fn of(device: DeviceId, device_name: Option<String>, at: i64, then: DeviceThen) -> Self {
        Self {
            device_id: device.0,
            device_name,
            at,
            at_least: then.at_least.into(),
            at_most: then.at_most.into(),
            acked_position: then.acked,
            last_synced_at: then.synced_at,
        }
    }
}

impl From<Bound> for BoundBody {
    fn from(Bound { position, known }: Bound) -> Self {
        let by = if let Known::Wrote { position } = known { Some(position) } else { None };
        Self { position, because: known.as_str(), by }
    }
}
