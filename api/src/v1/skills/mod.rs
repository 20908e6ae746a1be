//! Skills of v1.

mod create;
mod edit;
mod initialize;

use domain::entity::Kind;
use domain::id::EntityId;
use infrastructure::postgres::legacy::LegacyRow;
use serde_json::{Map, Value};

pub use create::create;
pub use edit::edit;
pub use initialize::initialize_core;

use super::clamp;
use super::reading::all;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// The caller's live skills that a body names as `prerequisites`; a stranger's are nobody's. `None`: there is no list; null is
/// an empty one.
async fn prerequisites(
    app: &App,
    caller: &Caller,
    body: &Map<String, Value>,
) -> Result<Option<Vec<EntityId>>, Problem> {
    let named: Vec<i64> = match body.get("prerequisites") {
        Some(Value::Null) => Vec::new(),
        Some(Value::Array(sent)) => sent.iter().filter_map(clamp::id).collect(),
        _ => return Ok(None),
    };
    if named.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let read = all(app, caller, Kind::Skill).await?;
    let is_named =
        |row: &&LegacyRow| row.entity.get("legacy_id").and_then(Value::as_i64).is_some_and(|id| named.contains(&id));
    Ok(Some(read.rows.iter().filter(is_named).map(|row| row.id).collect()))
}
