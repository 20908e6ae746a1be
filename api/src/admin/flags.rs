//! `GET /api/v2/admin/flags` and `GET`, `PUT`, `DELETE /api/v2/admin/flags/{name}`

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse, web};
use application::flags::{self, Flags, Refused, SetFlag, Wish};
use domain::flag::{FLAG_ACCOUNTS_MAX, FLAG_DESCRIPTION_CHARS_MAX, FLAG_NAME_CHARS_MAX, FLAGS_MAX, Flag};
use domain::id::AccountId;
use infrastructure::clock::now_ms;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::asked;
use crate::body::{Body, reply};
use crate::caller::role::Admin;
use crate::problem::{Code, Content, FieldProblem, Problem};
use crate::state::App;

/// A flag as it is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagBody {
    /// Off, it is off for everybody.
    on: bool,
    /// Of a hundred accounts so many, 0 to 100; 100 when absent. A greater one only adds accounts.
    percentage: Option<i64>,
    /// Accounts for which it is on whatever the percentage.
    #[serde(default)]
    allow: BTreeSet<Uuid>,
    /// Accounts for which it is off whatever else.
    #[serde(default)]
    deny: BTreeSet<Uuid>,
    /// What it is for.
    #[serde(default)]
    description: String,
    /// The version that was seen; null or absent: there is to be no such flag yet.
    version: Option<i64>,
}

/// A flag as it is.
#[derive(Serialize, ToSchema)]
pub struct SetFlagBody {
    /// Its name.
    name: String,
    /// Off, it is off for everybody.
    on: bool,
    /// Of a hundred accounts so many.
    percentage: u8,
    /// Accounts for which it is on. An id that is no account's is left out.
    allow: BTreeSet<Uuid>,
    /// Accounts for which it is off.
    deny: BTreeSet<Uuid>,
    /// What it is for.
    description: String,
    /// Counts its changes; the next change names it.
    version: i64,
    /// When it was changed last, Unix ms.
    changed_at: i64,
}

/// Every flag.
#[derive(Serialize, ToSchema)]
pub struct FlagListBody {
    /// By name.
    items: Vec<SetFlagBody>,
}

/// Which version is to be removed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RemoveQuery {
    /// The version that was seen.
    version: i64,
}

/// Every flag.
#[utoipa::path(get, path = "/api/v2/admin/flags", tag = "admin", operation_id = "list_flags", security(("bearer" = [])),
responses(
    (status = 200, description = "All of them.", body = FlagListBody),
    (status = 403, description = "`role_missing`: admin only.", body = Content, content_type = "application/problem+json")
))]
pub async fn list(app: web::Data<App>, request: HttpRequest, _by: Admin) -> Result<HttpResponse, Problem> {
    let items = app.directory.all().await?.into_iter().map(Into::into).collect();
    Ok(reply(&request, StatusCode::OK, &FlagListBody { items }))
}

/// One flag.
#[utoipa::path(get, path = "/api/v2/admin/flags/{name}", tag = "admin", operation_id = "show_flag",
params(("name" = String, Path)), security(("bearer" = [])), responses(
    (status = 200, description = "The flag.", body = SetFlagBody),
    (status = 403, description = "`role_missing`: admin only.", body = Content, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json")
))]
pub async fn one(
    app: web::Data<App>,
    request: HttpRequest,
    _by: Admin,
    name: Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = app.directory.all().await?.into_iter().find(|one| one.flag.name == *name);
    let found = found.ok_or_else(|| Problem::from(Refused::Unknown))?;
    Ok(reply(&request, StatusCode::OK, &SetFlagBody::from(found)))
}

/// Makes or changes a flag, on the version that was seen. Every node evaluates it so within a second.
#[utoipa::path(put, path = "/api/v2/admin/flags/{name}", tag = "admin", operation_id = "set_flag",
params(("name" = String, Path)), request_body = FlagBody, security(("bearer" = [])), responses(
    (status = 200, description = "It is so now.", body = SetFlagBody),
    (status = 403, description = "`role_missing`: admin only.", body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`flag_changed`: `version` is the present one, null when there is none; `too_many_flags`", body = Content,
     content_type = "application/problem+json"),
    (status = 422, description = "`body_invalid`, `field_unknown`, `fields_invalid`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn set(
    app: web::Data<App>,
    request: HttpRequest,
    by: Admin,
    name: Path<String>,
    body: Result<Body<FlagBody>, Problem>,
) -> Result<HttpResponse, Problem> {
    let asked = body?.0;
    let ids = |ids: BTreeSet<Uuid>| ids.into_iter().map(AccountId).collect();
    // What is no percentage becomes one that is refused.
    let percentage = asked.percentage.map_or(100, |given| u8::try_from(given).unwrap_or(u8::MAX));
    let (allowed, denied) = (ids(asked.allow), ids(asked.deny));
    let flag = Flag { name: name.into_inner(), is_on: asked.on, percentage, allowed, denied };
    let wish = Wish { flag, description: asked.description, seen: asked.version, by: by.actor, at: now_ms() };
    let set = flags::set(&app.directory, wish).await?;
    app.flags.changed(&app.directory).await?;
    Ok(reply(&request, StatusCode::OK, &SetFlagBody::from(set)))
}

/// Removes a flag, on the version that was seen. To clients it is off then.
#[utoipa::path(delete, path = "/api/v2/admin/flags/{name}", tag = "admin", operation_id = "remove_flag",
params(("name" = String, Path), RemoveQuery), security(("bearer" = [])), responses(
    (status = 204, description = "It is gone."),
    (status = 400, description = "`query_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 403, description = "`role_missing`: admin only.", body = Content, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`flag_changed`: `version` is the present one", body = Content, content_type = "application/problem+json")
))]
pub async fn remove(
    app: web::Data<App>,
    by: Admin,
    name: Path<String>,
    query: Result<Query<RemoveQuery>, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    flags::remove(&app.directory, &name, asked(query)?.version, by.actor, now_ms()).await?;
    app.flags.changed(&app.directory).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<SetFlag> for SetFlagBody {
    fn from(set: SetFlag) -> Self {
        let SetFlag { flag, description, version, changed_at, .. } = set;
        let ids = |ids: BTreeSet<AccountId>| ids.into_iter().map(|account| account.0).collect();
        let (allow, deny) = (ids(flag.allowed), ids(flag.denied));
        let (name, on, percentage) = (flag.name, flag.is_on, flag.percentage);
        Self { name, on, percentage, allow, deny, description, version, changed_at }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let invalid = |field: FieldProblem| Self::new(Code::FieldsInvalid).field(field);
        match refused {
            Refused::Name => {
                let message = "A name begins with a small letter and has small letters, digits, `.`, `_` and `-`.";
                invalid(FieldProblem::new("/name", "name_invalid", message).limit("chars_max", FLAG_NAME_CHARS_MAX))
            }
            Refused::Percentage => {
                let field = FieldProblem::new("/percentage", "out_of_range", "A percentage is 0 to 100.");
                invalid(field.limit("min", 0).limit("max", 100))
            }
            Refused::Description => {
                let message = "A description has no control characters and is not longer than the limit.";
                let field = FieldProblem::new("/description", "description_invalid", message);
                invalid(field.limit("chars_max", FLAG_DESCRIPTION_CHARS_MAX))
            }
            Refused::Accounts(list) => {
                let field =
                    FieldProblem::new(format!("/{list}"), "too_many", "There are too many accounts on this list.");
                invalid(field.limit("max", FLAG_ACCOUNTS_MAX))
            }
            Refused::Full => Self::new(Code::TooManyFlags).detail("Remove one first.").with("max", FLAGS_MAX),
            Refused::Unknown => Self::new(Code::NotFound).detail("There is no such flag."),
            Refused::Changed(version) => {
                let detail = "Look at it again, and send the change with the version that it has.";
                Self::new(Code::FlagChanged).detail(detail).with("version", version)
            }
            Refused::Fault(fault) => fault.into(),
        }
    }
}
