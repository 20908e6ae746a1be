//! Room for a milestone at a place among those of its goal.

use domain::entity::Kind;
use domain::id::EntityId;
use infrastructure::clock::now_ms;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::problem::Problem;
use crate::v1::acting::Acting;
use crate::v1::place::placed;
use crate::v1::writing::Wishes;

/// The field that puts this milestone of this goal at a place; whoever has to make room is wished to move. `None`: no rank is
/// left there, so it stays where it is.
pub(super) async fn rank_at(
    acting: &Acting<'_>,
    (goal, milestone): (Uuid, EntityId),
    place: i64,
    wishes: &mut Wishes,
) -> Result<Option<(String, Value)>, Problem> {
    let field = |rank: String| ("rank".to_owned(), Value::from(rank));
    let siblings = acting.app.legacy.siblings(acting.caller.space, (EntityId(goal), milestone), place).await?;
    let Some(placed) = placed(&siblings, now_ms()) else { return Ok(None) };
    for (sibling, rank) in placed.moved {
        wishes.edit(Kind::Milestone, sibling, Map::from_iter([field(rank)]));
    }
    Ok(Some(field(placed.rank)))
}
