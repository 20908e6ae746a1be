//! What a session is about. Tasks, habits and goals share one counter of integer ids, so the id of a goal on a task's route
//! says which is meant, and so does a habit's on either.

use domain::entity::Kind;
use domain::id::EntityId;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::reading;

/// What a session is about.
#[derive(Debug)]
pub(super) struct Target {
    /// A task or a goal.
    pub(super) kind: Kind,
    /// Which.
    pub(super) id: EntityId,
    /// The cursor up to which it was read.
    pub(super) base: Option<String>,
}

/// The caller's task or goal with this integer id.
///
/// # Errors
/// `not_found`.
pub(super) async fn target(app: &App, caller: &Caller, id: i64) -> Result<Target, Problem> {
    match of_kind(app, caller, Kind::Task, id).await? {
        Some(task) => Ok(task),
        None => of_kind(app, caller, Kind::Goal, id).await?.ok_or_else(|| reading::missing(Kind::Task)),
    }
}

/// The caller's entity of this kind with this integer id, if there is one.
pub(super) async fn of_kind(app: &App, caller: &Caller, kind: Kind, id: i64) -> Result<Option<Target>, Problem> {
    let mut read = app.legacy.one(caller.space, kind, id).await?;
    Ok(read.rows.pop().map(|row| Target { kind, id: row.id, base: read.base }))
}
