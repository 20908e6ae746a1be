//! Looking back and undoing: transactions as they were, reverting them, restore points, and who wrote what.

pub mod point;
pub mod points;
pub mod preview;
mod refusal;
pub mod restore;
pub mod revert;
pub mod transaction;
mod wire;

pub(crate) use self::refusal::ahead;
pub use self::wire::{NewPointBody, PointBody, SpanBody};

use application::submit::Actor;

use crate::caller::{Caller, revoked};
use crate::problem::Problem;
use crate::state::App;

/// Who writes, if the session still goes on.
fn actor(app: &App, caller: &Caller) -> Result<Actor, Problem> {
    if let Some(because) = app.revocations.reason(caller.session) {
        return Err(revoked(because));
    }
    Ok(caller.writer())
}
