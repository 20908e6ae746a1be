//! Reading for a client of v1: single entities, and the tag that an answer has, which is v2's.

use actix_web::http::StatusCode;
use actix_web::http::header::EntityTag;
use actix_web::{HttpRequest, HttpResponse};
use domain::entity::Kind;
use domain::id::EntityId;
use infrastructure::postgres::legacy::{LegacyRead, LegacyRow};
use infrastructure::postgres::rows::Standing;
use serde_json::Value;

use super::shape::Viewer;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::{Code, Problem};
use crate::state::App;
use crate::v2::etag::{Basis, is_asked, tag, tagged, unchanged};

/// Every live entity of a kind, in turn with other readers.
pub(super) async fn all(app: &App, caller: &Caller, kind: Kind) -> Result<LegacyRead, Problem> {
    let _turn = app.read_turns.take().await?;
    Ok(app.legacy.all(caller.space, kind).await?)
}

/// The caller's live entity of a kind with this integer id, and what it was read with. A stranger's number is nobody's.
///
/// # Errors
/// `not_found`.
pub(super) async fn one(app: &App, caller: &Caller, kind: Kind, id: i64) -> Result<(LegacyRow, LegacyRead), Problem> {
    let mut read = app.legacy.one(caller.space, kind, id).await?;
    let row = read.rows.pop().ok_or_else(|| missing(kind))?;
    Ok((row, read))
}

/// The caller's live entity of a kind with this id, such as one that was just created.
///
/// # Errors
/// `not_found`: it was deleted since.
pub async fn by_id(app: &App, caller: &Caller, kind: Kind, id: EntityId) -> Result<(LegacyRow, LegacyRead), Problem> {
    let mut read = app.legacy.by_id(caller.space, kind, id).await?;
    let row = read.rows.pop().ok_or_else(|| missing(kind))?;
    Ok((row, read))
}

/// There is none with this id.
pub(super) fn missing(kind: Kind) -> Problem {
    Problem::new(Code::NotFound).detail(format!("You have no {} with this id.", kind.name()))
}

/// 304, if the caller holds what this request would be answered with; nothing is read for it but where the space stands.
///
/// # Errors
/// The store could not be read.
pub(super) async fn held(app: &App, request: &HttpRequest, caller: &Caller) -> Result<Option<HttpResponse>, Problem> {
    if !is_asked(request) {
        return Ok(None);
    }
    let standing = app.rows.standing(caller.space).await?;
    let today = Viewer::at(app, &standing, String::new()).today;
    Ok(unchanged(request, &tag_of(request, caller, &standing, &today.to_string())))
}

/// The tag of what a request is answered with: what decides about it is where the space stands and, besides, the local day.
pub(super) fn tag_of(request: &HttpRequest, caller: &Caller, standing: &Standing, more: &str) -> EntityTag {
    let Standing { epoch, position, repairs, .. } = *standing;
    tag(request, caller, &Basis { epoch, position, repairs, more })
}

/// 304, if the caller holds an answer with this tag.
pub(super) fn is_held(request: &HttpRequest, tag: &EntityTag) -> Option<HttpResponse> {
    if is_asked(request) { unchanged(request, tag) } else { None }
}

/// The answer with this value and tag.
pub(super) fn whole(request: &HttpRequest, tag: &EntityTag, value: &Value) -> HttpResponse {
    tagged(reply(request, StatusCode::OK, value), tag)
}

/// Answers with what was made from a read: 304, if the caller holds it already.
pub(super) fn answer(
    request: &HttpRequest,
    caller: &Caller,
    read: &LegacyRead,
    viewer: &Viewer,
    make: impl FnOnce() -> Value,
) -> HttpResponse {
    let tag = tag_of(request, caller, &read.standing, &viewer.today.to_string());
    is_held(request, &tag).unwrap_or_else(|| whole(request, &tag, &make()))
}
