//! The current tables, as API v1 reads them: whole lists of live entities, found by their integer ids, with the integer ids
//! of what they refer to, and what a write that follows from them is based on.

mod user;

mod activity;
mod pages;
mod reports;
mod siblings;
use application::cursor::Cursor;
use application::fault::Fault;
use application::submit::shown;
use deadpool_postgres::{Pool, Transaction};
use domain::entity::Kind;
use domain::id::{EntityId, SpaceId};
use serde_json::{Map, Value};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::fault::{no_connection, read};
use super::ledger::rows::damage;
use super::rows::Standing;

pub use user::LegacyUser;

pub use self::activity::LegacyActivity;
pub use self::pages::{MILESTONES_SHOWN_MAX, Wanted};
pub use self::reports::{LegacyDay, LegacyPart};
pub use self::siblings::LegacySiblings;
/// The condition of entities that live.
const LIVING: &str = " AND t.deleted_at IS NULL";
/// The condition of one entity, by its integer id.
const BY_LEGACY_ID: &str = " AND t.legacy_id = $2";
/// The condition of one entity, by its id.
const BY_ID: &str = " AND t.id = $2";

/// Reads for API v1.
#[derive(Clone, Debug)]
pub struct PostgresLegacy {
    pool: Pool,
}

/// Entities of one kind, as of one moment.
#[derive(Clone, Debug)]
pub struct LegacyRead {
    /// Where the space stood.
    pub standing: Standing,
    /// The account's id, as clients of v1 know it.
    pub user_id: String,
    /// The cursor of that moment: what a write that follows from this has seen. `None` before the first write.
    pub base: Option<String>,
    /// The entities, in the order in which v1 lists them.
    pub rows: Vec<LegacyRow>,
}

/// An entity.
#[derive(Clone, Debug)]
pub struct LegacyRow {
    /// Its id.
    pub id: EntityId,
    /// The row as a reader is shown it.
    pub entity: Map<String, Value>,
    /// Integer ids of what it refers to (`skill`, `goal`, `parent`, `prerequisites`), a milestone's place in its goal
    /// (`order`), the rows of a goal's `milestones`.
    pub linked: Map<String, Value>,
}

/// Integer ids of entities that something refers to, as a client of v1 names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LegacyNames {
    /// Of a skill.
    pub skill: Option<i64>,
    /// Of a goal.
    pub goal: Option<i64>,
    /// Of a task.
    pub task: Option<i64>,
}

/// The live entities of the space that have those ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LegacyTargets {
    /// The skill.
    pub skill: Option<EntityId>,
    /// The goal.
    pub goal: Option<EntityId>,
    /// The task.
    pub task: Option<EntityId>,
}

impl PostgresLegacy {
    /// Reads over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// Every live entity of a kind; the hero alone for heroes.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn all(&self, space: SpaceId, kind: Kind) -> Result<LegacyRead, Fault> {
        let found = self.query(&statement(kind, ""), &[&space.0]).await?;
        of_rows(space, kind, &found)
    }

    /// The live entity of a kind that has this integer id in the space, if there is one.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn one(&self, space: SpaceId, kind: Kind, legacy_id: i64) -> Result<LegacyRead, Fault> {
        let found = self.query(&statement(kind, BY_LEGACY_ID), &[&space.0, &legacy_id]).await?;
        of_rows(space, kind, &found)
    }

    /// The same, also of one that was deleted.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn ever(&self, space: SpaceId, kind: Kind, legacy_id: i64) -> Result<LegacyRead, Fault> {
        let found = self.query(&statement_of_all(kind, BY_LEGACY_ID), &[&space.0, &legacy_id]).await?;
        of_rows(space, kind, &found)
    }

    /// The entity of a kind with this id, if there is one, also of one that was deleted.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn by_id(&self, space: SpaceId, kind: Kind, id: EntityId) -> Result<LegacyRead, Fault> {
        let found = self.query(&statement_of_all(kind, BY_ID), &[&space.0, &id.0]).await?;
        of_rows(space, kind, &found)
    }

    /// The entities of the space that have these integer ids. A stranger's are nobody's.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn targets(&self, space: SpaceId, names: LegacyNames) -> Result<LegacyTargets, Fault> {
        let LegacyNames { skill, goal, task } = names;
        if names == LegacyNames::default() {
            return Ok(LegacyTargets::default());
        }
        let found = self.query(include_str!("sql/legacy/linked_ids.sql"), &[&space.0, &skill, &goal, &task]).await?;
        let id = |name: &str| found.first().and_then(|row| row.get::<_, Option<Uuid>>(name)).map(EntityId);
        Ok(LegacyTargets { skill: id("skill"), goal: id("goal"), task: id("task") })
    }

    async fn query(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        client.query(&statement, parameters).await.map_err(|error| read(&error))
    }
}

/// Every live entity of a kind, in the snapshot of somebody else.
pub(super) async fn all_within(snapshot: &Transaction<'_>, space: SpaceId, kind: Kind) -> Result<LegacyRead, Fault> {
    let prepared = snapshot.prepare_cached(&statement(kind, "")).await.map_err(|error| read(&error))?;
    let found = snapshot.query(&prepared, &[&space.0]).await.map_err(|error| read(&error))?;
    of_rows(space, kind, &found)
}

fn statement(kind: Kind, condition: &str) -> String {
    statement_of_all(kind, &format!("{LIVING}{condition}"))
}

/// Also of those that were deleted.
fn statement_of_all(kind: Kind, condition: &str) -> String {
    let template = match kind {
        Kind::Task => include_str!("sql/legacy/tasks.sql"),
        Kind::Goal => include_str!("sql/legacy/goals.sql"),
        Kind::Milestone => include_str!("sql/legacy/milestones.sql"),
        Kind::Skill => include_str!("sql/legacy/skills.sql"),
        // No client of v1 knows of conflicts.
        Kind::Hero | Kind::Conflict => include_str!("sql/legacy/heroes.sql"),
    };
    template.replace("{condition}", condition).replace("{milestones}", &MILESTONES_SHOWN_MAX.to_string())
}

fn of_rows(space: SpaceId, kind: Kind, found: &[Row]) -> Result<LegacyRead, Fault> {
    let first = found.first().ok_or_else(|| damage("the standing", space, "there is none"))?;
    let (standing, user_id) = origin(first);
    let hash: Option<&[u8]> = first.get("hash");
    let at = |hash| Cursor::at(space, standing.epoch, standing.position, hash, first.get("recorded_at")).token();
    let base = hash.filter(|_| standing.position > 0).map(at);
    let rows = found.iter().filter_map(|row| row_of(kind, row)).collect();
    Ok(LegacyRead { standing, user_id, base, rows })
}

/// Where the space stood, and the account's id as clients of v1 know it.
fn origin(row: &Row) -> (Standing, String) {
    let standing = Standing {
        epoch: row.get("epoch"),
        position: row.get("position"),
        repairs: row.get("repairs"),
        time_zone: row.get("time_zone"),
    };
    let user_id: Option<String> = row.get("user_id");
    (standing, user_id.unwrap_or_default())
}

fn row_of(kind: Kind, row: &Row) -> Option<LegacyRow> {
    let entity: Option<Value> = row.get("entity");
    let linked: Option<Value> = row.get("linked");
    let (Value::Object(entity), Value::Object(linked)) = (entity?, linked?) else { return None };
    let id = entity.get("id")?.as_str()?.parse().ok().map(EntityId)?;
    Some(LegacyRow { id, entity: shown(kind, entity), linked })
}
