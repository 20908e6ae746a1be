//! The newest of what was done, with the integer ids of tasks and skills.

use application::fault::Fault;
use domain::id::SpaceId;
use serde_json::Value;
use tokio_postgres::Row;

use super::super::ledger::rows::damage;
use super::super::rows::Standing;
use super::{PostgresLegacy, origin};

/// A row of the activity.
#[derive(Clone, Debug, Default)]
pub struct LegacyActivity {
    /// Position in the space's log.
    pub position: i64,
    /// When the user acted, Unix ms.
    pub at: i64,
    /// What was done.
    pub action: String,
    /// With what.
    pub entity: String,
    /// What it was called then.
    pub title: String,
    /// XP granted; less than zero: taken back.
    pub xp: i64,
    /// Balls taken.
    pub balls: i64,
    /// Minutes of focus.
    pub minutes: i64,
    /// Finished focus cycles.
    pub cycles: i64,
    /// The level now, where it has changed.
    pub level: Option<i64>,
    /// What else there is to say.
    pub details: Value,
    /// The integer id of the task.
    pub task: Option<i64>,
    /// How long the task is meant to take, minutes.
    pub estimated_minutes: Option<i64>,
    /// The integer id of the skill.
    pub skill: Option<i64>,
}

impl PostgresLegacy {
    /// Where the space stands, the account's id, and the newest rows of these actions or with a name from elsewhere, the
    /// latest moment first.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn activity(
        &self,
        space: SpaceId,
        actions: &[&str],
        rows_max: i64,
    ) -> Result<(Standing, String, Vec<LegacyActivity>), Fault> {
        let sql = include_str!("../sql/legacy/activity.sql");
        let found = self.query(sql, &[&space.0, &actions, &rows_max]).await?;
        let first = found.first().ok_or_else(|| damage("the standing", space, "there is none"))?;
        let (standing, user_id) = origin(first);
        Ok((standing, user_id, found.iter().filter_map(activity).collect()))
    }
}

/// A row; none where nothing was found.
fn activity(row: &Row) -> Option<LegacyActivity> {
    Some(LegacyActivity {
        position: row.get::<_, Option<i64>>("row_position")?,
        at: row.get("at"),
        action: row.get("action"),
        entity: row.get("entity"),
        title: row.get("title"),
        xp: row.get("xp"),
        balls: row.get("balls"),
        minutes: row.get("minutes"),
        cycles: row.get("cycles"),
        level: row.get("level"),
        details: row.get("details"),
        task: row.get("task"),
        estimated_minutes: row.get("estimated_minutes"),
        skill: row.get("skill"),
    })
}
