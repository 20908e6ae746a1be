//! One entity of any kind.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use domain::entity::{EntityRef, Kind};
use domain::id::EntityId;
use infrastructure::postgres::rows::{fields, id};

use super::list::parameters;
use super::view::View;
use super::{as_of, computed, refusal};
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::{Code, Problem};
use crate::state::App;
use crate::v2::etag::{tagged, unchanged};

/// The caller's entity of this kind with this id, tombstones too. What is no id is nobody's entity.
pub(super) async fn one(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    kind: Kind,
    named: &str,
) -> Result<HttpResponse, Problem> {
    let _turn = app.read_turns.take().await?;
    let (mut wanted, mut then) = (None, None);
    for (name, value) in parameters(request)? {
        match name.as_str() {
            "fields" => wanted = Some(fields(app.rows.columns(kind).await?, computed::names(kind), &value)?),
            "as_of" => then = Some(value),
            _ => return Err(refusal::unknown(&name)),
        }
    }
    let missing = || Problem::new(Code::NotFound).detail(format!("You have no {} with this id.", kind.name()));
    let id = EntityId(id(named).ok_or_else(missing)?);
    if let Some(then) = then {
        let entity = EntityRef::new(kind, id);
        return as_of::one(app, request, caller, entity, &then, wanted.as_ref()).await;
    }
    let found = app.rows.one(caller.space, kind, id).await?;
    let row = found.row.ok_or_else(missing)?;
    let view = View::new(app, found.standing);
    let tag = view.tag(request, caller);
    if let Some(unchanged) = unchanged(request, &tag) {
        return Ok(unchanged);
    }
    Ok(tagged(reply(request, StatusCode::OK, &view.row(kind, row, wanted.as_ref())), &tag))
}
