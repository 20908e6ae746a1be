//! What came of a write, as the log has it: a request that is sent again is told the same.

use application::replay::Replay;
use domain::entity::Event;
use domain::transaction::Receipt;
use serde_json::{Map, Value};

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// An event, and what readers of the feed were told by it.
#[derive(Debug)]
pub struct Told {
    /// Position in the caller's log.
    pub position: i64,
    /// What happened; none if that was taken out of the log since.
    pub event: Option<Event>,
    /// The fields that changed.
    pub fields: Map<String, Value>,
}

/// The first event of what was written, if anything was.
pub async fn first(app: &App, caller: &Caller, receipt: &Receipt) -> Result<Option<Told>, Problem> {
    let Some(positions) = receipt.positions() else { return Ok(None) };
    let found = Replay::after(&app.past, caller.space, positions.first - 1, 1).await?;
    let Some(past) = found.into_iter().find(|past| past.position == positions.first) else { return Ok(None) };
    let event = past.event(caller.space)?;
    Ok(Some(Told { position: past.position, event, fields: past.fields }))
}
