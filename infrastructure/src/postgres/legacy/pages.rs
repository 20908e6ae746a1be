//! Lists that may be long: the first rows in one statement, which is nearly always all; of the others their ids, and then rows
//! by ids, page by page, so that no reader costs more memory than a page and no statement is open between two.

use application::fault::Fault;
use domain::entity::Kind;
use domain::id::SpaceId;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{LegacyRead, LegacyRow, PostgresLegacy, of_rows, statement};

/// How much a page reads: rows, and the milestones that come with goals.
const PAGE_WEIGHT_MAX: i64 = 1_000;
/// Milestones that a goal is shown with; those behind are the last of their order.
pub const MILESTONES_SHOWN_MAX: i64 = 1_000;
/// The condition of some entities.
const BY_IDS: &str = " AND t.id = ANY ($2)";

/// Which live entities of a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All tasks, the newest first.
    Tasks,
    /// To-dos that are not done, the newest first.
    OpenTodos,
    /// All habits, the newest first.
    Habits,
    /// All goals, the newest first.
    Goals,
    /// Goals that are not reached, the newest first.
    OpenGoals,
    /// All skills, by their integer ids.
    Skills,
}

impl Wanted {
    /// The kind that they are of.
    pub fn kind(self) -> Kind {
        match self {
            Self::Tasks | Self::OpenTodos | Self::Habits => Kind::Task,
            Self::Goals | Self::OpenGoals => Kind::Goal,
            Self::Skills => Kind::Skill,
        }
    }

    fn condition(self) -> &'static str {
        match self {
            Self::Tasks | Self::Goals | Self::Skills => "",
            Self::OpenTodos => " AND t.category = 'todo' AND t.completed_at IS NULL",
            Self::Habits => " AND t.category = 'habit'",
            Self::OpenGoals => " AND t.completed_at IS NULL",
        }
    }

    fn order(self) -> &'static str {
        if self == Self::Skills { "t.legacy_id, t.id" } else { "t.created_at DESC, t.id DESC" }
    }

    /// What a row weighs.
    fn weight(self) -> String {
        match self.kind() {
            Kind::Goal => format!("(1 + least(t.milestones_total, {MILESTONES_SHOWN_MAX}))"),
            _ => "1".to_owned(),
        }
    }

    /// The statement of their ids.
    fn ids(self) -> String {
        include_str!("../sql/legacy/ids.sql")
            .replace("{weight}", &self.weight())
            .replace("{order}", self.order())
            .replace("{table}", self.kind().table())
            .replace("{condition}", self.condition())
    }

    /// The condition of the first of them: one more than fit a page, so that it is seen when there are more.
    fn first(self) -> String {
        let ids = self.ids();
        format!(" AND t.id = ANY (ARRAY(\nSELECT l.id FROM (\n{ids}\n) l WHERE l.weight - l.own <= $2))")
    }
}

impl PostgresLegacy {
    /// The first of the wanted entities, and whether that is all of them.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn first(&self, space: SpaceId, wanted: Wanted) -> Result<(LegacyRead, bool), Fault> {
        let kind = wanted.kind();
        let sql = statement(kind, &wanted.first());
        let read = of_rows(space, kind, &self.query(&sql, &[&space.0, &PAGE_WEIGHT_MAX]).await?)?;
        let is_all = read.rows.iter().map(weight).sum::<i64>() <= PAGE_WEIGHT_MAX;
        Ok((read, is_all))
    }

    /// The ids of all wanted entities in their order, page by page.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn ids(&self, space: SpaceId, wanted: Wanted) -> Result<Vec<Vec<Uuid>>, Fault> {
        let found = self.query(&wanted.ids(), &[&space.0]).await?;
        let page_of = |row: &Row| (row.get::<_, i64>("weight") - 1) / PAGE_WEIGHT_MAX;
        let pages = found.chunk_by(|one, other| page_of(one) == page_of(other));
        Ok(pages.map(|page| page.iter().map(|row| row.get("id")).collect()).collect())
    }

    /// Those of the entities with these ids that still live, in the order of their kind.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn page(&self, space: SpaceId, kind: Kind, ids: &[Uuid]) -> Result<LegacyRead, Fault> {
        let found = self.query(&statement(kind, BY_IDS), &[&space.0, &ids]).await?;
        of_rows(space, kind, &found)
    }
}

/// What a row that was read weighs: as the statement says.
fn weight(row: &LegacyRow) -> i64 {
    let milestones = row.entity.get("milestones_total").and_then(Value::as_i64).unwrap_or_default();
    1 + milestones.min(MILESTONES_SHOWN_MAX)
}
