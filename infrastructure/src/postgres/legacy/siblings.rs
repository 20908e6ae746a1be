//! The milestones of a goal around a place among them.

use application::fault::Fault;
use domain::id::{EntityId, SpaceId};
use domain::limits::TRANSACTION_COMMANDS_MAX;
use tokio_postgres::Row;

use super::PostgresLegacy;

/// As many as one transaction could move.
const SIBLINGS_MAX: i64 = TRANSACTION_COMMANDS_MAX as i64;

/// The milestones around a place, without the one that is to come there.
#[derive(Clone, Debug)]
pub struct LegacySiblings {
    /// The rank of the one before it.
    pub before: Option<String>,
    /// Those behind it in their order, with their ranks.
    pub behind: Vec<(EntityId, String)>,
    /// Whether that is all of them.
    pub is_all: bool,
}

impl PostgresLegacy {
    /// The live milestones of a goal around a place (0 is the first), without this one.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn siblings(
        &self,
        space: SpaceId,
        (goal, milestone): (EntityId, EntityId),
        place: i64,
    ) -> Result<LegacySiblings, Fault> {
        let sql = include_str!("../sql/legacy/siblings.sql");
        let found = self.query(sql, &[&space.0, &goal.0, &milestone.0, &place, &SIBLINGS_MAX]).await?;
        let (before, behind): (Vec<&Row>, Vec<&Row>) = found.iter().partition(|row| row.get::<_, i64>("place") < place);
        Ok(LegacySiblings {
            before: before.first().map(|row| row.get("rank")),
            behind: behind.into_iter().map(|row| (EntityId(row.get("id")), row.get("rank"))).collect(),
            is_all: found.len() < TRANSACTION_COMMANDS_MAX,
        })
    }
}
