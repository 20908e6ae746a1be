//! Goals of v1, with their milestones.

mod create;
mod edit;
mod intelligent;
mod remove;

use infrastructure::postgres::legacy::LegacyTargets;
use serde_json::{Map, Value};

pub use create::create;
pub use edit::edit;
pub use intelligent::intelligent_create;
pub use remove::remove;

use super::translate::goal;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// What the integer ids of a body stand for.
async fn targets(app: &App, caller: &Caller, body: &Map<String, Value>) -> Result<LegacyTargets, Problem> {
    Ok(app.legacy.targets(caller.space, goal::names(body)).await?)
}
