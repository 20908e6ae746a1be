//! The hero, which clients of v1 know as stats and as profile.

mod mobile;
mod profile;
mod stats;

use domain::entity::Kind;

pub use mobile::save as save_mobile_profile;
pub use profile::save as save_profile;
pub use stats::edit as edit_stats;

use super::acting::Subject;
use super::reading::missing;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// The caller's hero, and what it was read with.
///
/// # Errors
/// `not_found`: the space is not founded yet.
pub(super) async fn hero(app: &App, caller: &Caller) -> Result<Subject, Problem> {
    let mut read = app.legacy.all(caller.space, Kind::Hero).await?;
    let row = read.rows.pop().ok_or_else(|| missing(Kind::Hero))?;
    Ok(Subject { kind: Kind::Hero, row, read })
}
