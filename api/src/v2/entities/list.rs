//! A list of any kind.

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse};
use domain::entity::Kind;
use infrastructure::postgres::rows::list_query;

use super::view::View;
use super::wire::ListBody;
use super::{as_of, computed};
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::{Code, Problem};
use crate::state::App;
use crate::v2::etag::{is_asked, tagged, unchanged};

/// A page of the caller's entities of this kind.
pub(super) async fn list(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    kind: Kind,
) -> Result<HttpResponse, Problem> {
    let parameters = parameters(request)?;
    let _turn = app.read_turns.take().await?;
    let columns = app.rows.columns(kind).await?;
    let query = list_query(columns, caller.space, computed::names(kind), &parameters)?;
    if let Some((_, then)) = parameters.iter().find(|(name, _)| name == "as_of") {
        return as_of::list(app, request, caller, (kind, &query), then).await;
    }
    if is_asked(request) {
        let held = View::new(app, app.rows.standing(caller.space).await?).tag(request, caller);
        if let Some(unchanged) = unchanged(request, &held) {
            return Ok(unchanged);
        }
    }
    let listed = app.rows.list(caller.space, kind, &query).await?;
    let view = View::new(app, listed.standing);
    let items = listed.rows.into_iter().map(|row| view.row(kind, row, query.fields.as_ref())).collect();
    let response = reply(request, StatusCode::OK, &ListBody { items, next: listed.next });
    Ok(tagged(response, &view.tag(request, caller)))
}

/// The parameters of the query string, in order.
pub(super) fn parameters(request: &HttpRequest) -> Result<Vec<(String, String)>, Problem> {
    let read = Query::<Vec<(String, String)>>::from_query(request.query_string());
    read.map(Query::into_inner).map_err(|error| Problem::new(Code::QueryInvalid).detail(error.to_string()))
}
