//! Reading what was: an entity, or a list, as of a position or an instant.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use application::past::as_of::{AsOf, Then};
use application::past::{AS_OF_CHANGED_MAX, Changed, Past, changed, lives};
use application::submit::shown;
use domain::entity::{EntityRef, Kind};
use infrastructure::clock;
use infrastructure::postgres::rows::{ListQuery, Listed};

use super::view::View;
use super::wire::ListBody;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::{Code, Problem};
use crate::state::App;
use crate::v2::undo::ahead;

/// The position that `as_of` names, and when the event there was recorded (Unix ms).
///
/// # Errors
/// `query_invalid`: it names nothing. `position_ahead`: the log does not reach that far.
pub(super) async fn position(app: &App, caller: &Caller, as_of: &str) -> Result<(i64, i64), Problem> {
    let detail = "`as_of` is a position, an instant such as 2026-10-24T12:00:00Z, or Unix milliseconds.";
    let invalid = || Problem::new(Code::QueryInvalid).detail(detail).with("parameter", "as_of");
    let as_of = AsOf::read(as_of).ok_or_else(invalid)?;
    match as_of.find(&app.past, caller.space, clock::now_ms()).await? {
        Then::At { position, recorded_at } => Ok((position, recorded_at)),
        Then::Ahead { head } => Err(ahead(head)),
    }
}

/// An entity as it was; what is computed for the reader is of the local day of that moment.
pub(super) async fn one(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    entity: EntityRef,
    as_of: &str,
    wanted: Option<&std::collections::BTreeSet<String>>,
) -> Result<HttpResponse, Problem> {
    let (position, recorded_at) = position(app, caller, as_of).await?;
    let mut found = lives(&app.past, caller.space, &[entity], (position, position)).await?;
    let redacted = || Problem::new(Code::HistoryRedacted).detail("Part of its history was taken out.");
    let (then, _) = found.remove(&entity).ok_or_else(redacted)?;
    if !then.entity.meta().exists() {
        let detail = format!("You had no {} with this id then.", entity.kind.name());
        return Err(Problem::new(Code::NotFound).detail(detail));
    }
    let view = View::at(app, app.rows.standing(caller.space).await?, recorded_at);
    let row = view.row(entity.kind, shown(entity.kind, then.entity.row()), wanted);
    Ok(reply(request, StatusCode::OK, &row))
}

/// How often a list is read anew because somebody wrote between its two readings.
const TRIES_MAX: usize = 5;

/// A list as it was: the rows that have not changed since, and the others folded from the log.
pub(super) async fn list(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    (kind, query): (Kind, &ListQuery),
    as_of: &str,
) -> Result<HttpResponse, Problem> {
    let (position, recorded_at) = position(app, caller, as_of).await?;
    for _ in 0..TRIES_MAX {
        let head = app.past.head(caller.space).await?.position;
        let since = changed_since(app, caller, kind, (position, head)).await?;
        let then = lives(&app.past, caller.space, &since, (position, position)).await?;
        let existed = then.values().filter(|(life, _)| life.entity.meta().exists());
        let rows = existed.map(|(life, _)| shown(kind, life.entity.row())).collect();
        let ids = since.iter().map(|entity| entity.id.0).collect();
        let Listed { standing, rows, next } = app.rows.list_replacing(caller.space, kind, query, (ids, rows)).await?;
        if !changed_since(app, caller, kind, (head, standing.position)).await?.is_empty() {
            continue;
        }
        let view = View::at(app, standing, recorded_at);
        let items = rows.into_iter().map(|row| view.row(kind, row, query.fields.as_ref())).collect();
        return Ok(reply(request, StatusCode::OK, &ListBody { items, next }));
    }
    Err(Problem::new(Code::Busy).detail("The list is being written just now.").retry_after_ms(500))
}

async fn changed_since(app: &App, caller: &Caller, kind: Kind, span: (i64, i64)) -> Result<Vec<EntityRef>, Problem> {
    let of_kind = |entity: &EntityRef| entity.kind == kind;
    match changed(&app.past, caller.space, span, of_kind, AS_OF_CHANGED_MAX).await? {
        Changed::All(all) => Ok(all.into_iter().collect()),
        Changed::TooMany => Err(Problem::new(Code::AsOfTooFar)
            .detail("More entities of this kind have changed since then than a list is made of.")
            .with("max", AS_OF_CHANGED_MAX)),
    }
}
