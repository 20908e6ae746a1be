//! The restore point that is made before an import.

use application::undo::{Point, make_point};
use domain::chain::GENESIS;
use infrastructure::clock::now_ms;
use uuid::Uuid;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// Makes it; an import that goes on finds the one that it began with.
pub(super) async fn before(app: &App, caller: &Caller, import: Uuid) -> Result<Uuid, Problem> {
    let point = Point {
        id: Uuid::new_v5(&caller.space.0, format!("import/{import}/before").as_bytes()),
        name: "Before an import".to_owned(),
        position: 0,
        hash: GENESIS,
        recorded_at: 0,
        created_at: now_ms(),
        created_by: caller.device,
        automatic: true,
    };
    Ok(make_point(&app.past, &app.past, caller.space, None, point).await?.id)
}
