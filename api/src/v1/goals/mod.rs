//! Goals of v1, with their milestones.

mod create;
mod edit;
mod intelligent;
mod remove;

use domain::entity::Kind;
use serde_json::{Map, Value};

pub use create::create;
pub use edit::edit;
pub use intelligent::intelligent_create;
pub use remove::remove;

use super::linking::linked;
use super::translate::goal::Links;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// What the integer ids of a body stand for.
async fn links(app: &App, caller: &Caller, body: &Map<String, Value>) -> Result<Links, Problem> {
    let parent = linked(app, caller, Kind::Goal, (body, "parentGoalId")).await?;
    let skill = linked(app, caller, Kind::Skill, (body, "skillId")).await?;
    Ok(Links { parent, skill })
}
