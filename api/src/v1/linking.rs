//! Integer ids in bodies, and what they stand for. What names nothing, nobody's or a stranger's stands for nothing.

use domain::entity::Kind;
use domain::id::EntityId;
use infrastructure::postgres::legacy::LegacyRow;
use serde_json::{Map, Value};

use super::clamp;
use super::reading::all;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// The caller's live entity of a kind that a member of a body names.
///
/// # Errors
/// The store is away.
pub async fn linked(
    app: &App,
    caller: &Caller,
    kind: Kind,
    (body, member): (&Map<String, Value>, &str),
) -> Result<Option<EntityId>, Problem> {
    let Some(id) = body.get(member).and_then(clamp::id) else { return Ok(None) };
    let read = app.legacy.one(caller.space, kind, id).await?;
    Ok(read.rows.first().map(|row| row.id))
}

/// The caller's live entities of a kind that a list in a body names. `None`: there is no list; null is an empty one.
///
/// # Errors
/// The store is away.
pub async fn all_linked(
    app: &App,
    caller: &Caller,
    kind: Kind,
    (body, member): (&Map<String, Value>, &str),
) -> Result<Option<Vec<EntityId>>, Problem> {
    let named: Vec<i64> = match body.get(member) {
        Some(Value::Null) => Vec::new(),
        Some(Value::Array(sent)) => sent.iter().filter_map(clamp::id).collect(),
        _ => return Ok(None),
    };
    if named.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let read = all(app, caller, kind).await?;
    let is_named =
        |row: &&LegacyRow| row.entity.get("legacy_id").and_then(Value::as_i64).is_some_and(|id| named.contains(&id));
    Ok(Some(read.rows.iter().filter(is_named).map(|row| row.id).collect()))
}
