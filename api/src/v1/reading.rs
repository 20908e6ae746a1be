//! Reading for a client of v1: whole lists and single entities, with the tag that v2 has.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use domain::entity::Kind;
use domain::id::EntityId;
use infrastructure::postgres::legacy::{LegacyRead, LegacyRow};
use serde_json::Value;

use super::shape::Viewer;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::{Code, Problem};
use crate::state::App;
use crate::v2::etag::{Basis, is_asked, tag, tagged, unchanged};

/// How an entity is shown.
pub type Shape = fn(&LegacyRow, &Viewer) -> Value;

/// Every live entity of a kind, in turn with other readers.
pub async fn all(app: &App, caller: &Caller, kind: Kind) -> Result<LegacyRead, Problem> {
    let _turn = app.read_turns.take().await?;
    Ok(app.legacy.all(caller.space, kind).await?)
}

/// The caller's live entity of a kind with this integer id, and what it was read with. A stranger's number is nobody's.
///
/// # Errors
/// `not_found`.
pub async fn one(app: &App, caller: &Caller, kind: Kind, id: i64) -> Result<(LegacyRow, LegacyRead), Problem> {
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
pub fn missing(kind: Kind) -> Problem {
    Problem::new(Code::NotFound).detail(format!("You have no {} with this id.", kind.name()))
}

/// Answers a list of all entities of a kind, each in its shape, with an ETag of position and local day.
pub async fn list(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    kind: Kind,
    shape: Shape,
    dress: impl FnOnce(Vec<Value>) -> Value,
) -> Result<HttpResponse, Problem> {
    let read = all(app, caller, kind).await?;
    let viewer = Viewer::of(app, &read);
    Ok(answer(request, caller, &read, &viewer, || dress(read.rows.iter().map(|row| shape(row, &viewer)).collect())))
}

/// Answers with what was made from a read: 304, if the caller holds it already.
pub fn answer(
    request: &HttpRequest,
    caller: &Caller,
    read: &LegacyRead,
    viewer: &Viewer,
    make: impl FnOnce() -> Value,
) -> HttpResponse {
    let standing = &read.standing;
    let (epoch, position, repairs) = (standing.epoch, standing.position, standing.repairs);
    let tag = tag(request, caller, &Basis { epoch, position, repairs, more: &viewer.today.to_string() });
    if is_asked(request)
        && let Some(unchanged) = unchanged(request, &tag)
    {
        return unchanged;
    }
    tagged(reply(request, StatusCode::OK, &make()), &tag)
}
