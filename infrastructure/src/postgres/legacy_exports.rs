//! Accounts, read for their way back into a database of the legacy system.

use std::collections::HashMap;

use application::fault::Fault;
use application::legacy_export::{ExportedAccount, ExportedActivity, ExportedDay, ExportedEntity, Row as LegacyRow};
use application::legacy_import::import_id;
use application::transfer::state::{DayRow, DayRows};
use deadpool_postgres::Pool;
use domain::entity::Kind;
use domain::id::{AccountId, EntityId, SpaceId};
use serde_json::{Map, Value, json};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::fault::{no_connection, read};
use super::legacy::PostgresLegacy;
use super::snapshot::PostgresSnapshot;

/// Accounts that are read at once.
const ACCOUNTS_MAX: i64 = 500;
/// Rows of the activity, and days, that are read at once.
const ROWS_MAX: i64 = 2_000;

/// Reads accounts for the legacy system.
#[derive(Clone, Debug)]
pub struct PostgresLegacyExports {
    pool: Pool,
    rows: PostgresLegacy,
    days: PostgresSnapshot,
}

/// An account, before anything else of it is read.
#[derive(Clone, Debug)]
pub struct Exportable {
    /// Its id here.
    pub id: AccountId,
    /// Its id there; of one that was made here, its own.
    pub user_id: String,
    /// Its address.
    pub email: String,
    /// Whether its password can be checked there; if not, the person has to set another.
    pub has_password: bool,
    user: LegacyRow,
}

impl PostgresLegacyExports {
    /// Reads over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { rows: PostgresLegacy::new(pool.clone()), days: PostgresSnapshot::new(pool.clone()), pool }
    }

    /// Every account, by id.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn accounts(&self) -> Result<Vec<Exportable>, Fault> {
        let (mut found, mut after) = (Vec::new(), Uuid::nil());
        loop {
            let sql = include_str!("sql/legacy_export/accounts.sql");
            let rows = self.query(sql, &[&after, &ACCOUNTS_MAX]).await?;
            found.extend(rows.iter().map(exportable));
            after = rows.last().map_or(after, |row| row.get("account_id"));
            if (rows.len() as i64) < ACCOUNTS_MAX {
                return Ok(found);
            }
        }
    }

    /// Everything of an account.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn account(&self, one: &Exportable) -> Result<ExportedAccount, Fault> {
        let space: SpaceId = one.id.into();
        let hero = self.rows.all(space, Kind::Hero).await?.rows.pop().map(|row| row.entity).unwrap_or_default();
        Ok(ExportedAccount {
            space,
            user_id: one.user_id.clone(),
            user: one.user.clone(),
            hero,
            hero_extras: self.hero_extras(space).await?,
            skills: self.entities(space, Kind::Skill).await?,
            goals: self.entities(space, Kind::Goal).await?,
            milestones: self.entities(space, Kind::Milestone).await?,
            tasks: self.entities(space, Kind::Task).await?,
            activity: self.activity(space).await?,
            days: self.days(space).await?,
        })
    }

    async fn entities(&self, space: SpaceId, kind: Kind) -> Result<Vec<ExportedEntity>, Fault> {
        let found = self.rows.all(space, kind).await?.rows;
        let ids: Vec<Uuid> = found.iter().map(|row| row.id.0).collect();
        let kinds = vec![kind.name(); ids.len()];
        let import = import_id(space).to_string();
        let sql = include_str!("sql/legacy_export/kept.sql");
        let kept = self.query(sql, &[&space.0, &kinds, &ids, &import]).await?;
        let extras = |row: &Row| {
            let extras: Option<Value> = row.get("extras");
            (row.get::<_, Uuid>("aggregate_id"), object(extras))
        };
        let mut kept: HashMap<Uuid, LegacyRow> = kept.iter().map(extras).collect();
        // Core skills came with the account, but were created by its founding.
        let cores = if kind == Kind::Skill { self.hero_extras(space).await? } else { LegacyRow::new() };
        let cores = cores.get("core_skills").and_then(Value::as_array).cloned().unwrap_or_default();
        let is_core = |number: Option<i64>| {
            number.is_some_and(|number| cores.iter().any(|row| row.get("id").and_then(Value::as_i64) == Some(number)))
        };
        Ok(found
            .into_iter()
            .map(|row| {
                let number = row.entity.get("legacy_id").and_then(Value::as_i64);
                let extras = kept.remove(&row.id.0);
                let came = extras.is_some() || is_core(number);
                ExportedEntity {
                    id: row.id,
                    row: row.entity,
                    linked: row.linked,
                    extras: extras.unwrap_or_default(),
                    came,
                }
            })
            .collect())
    }

    async fn hero_extras(&self, space: SpaceId) -> Result<LegacyRow, Fault> {
        let sql = include_str!("sql/legacy_export/hero.sql");
        let found = self.query(sql, &[&space.0, &import_id(space)]).await?;
        Ok(object(found.first().and_then(|row| row.get("extras"))))
    }

    async fn activity(&self, space: SpaceId) -> Result<Vec<ExportedActivity>, Fault> {
        let (mut all, mut behind) = (Vec::new(), 0_i64);
        loop {
            let sql = include_str!("sql/legacy_export/activity.sql");
            let rows = self.query(sql, &[&space.0, &behind, &ROWS_MAX]).await?;
            all.extend(rows.iter().map(activity));
            behind = rows.last().map_or(behind, |row| row.get("position"));
            if (rows.len() as i64) < ROWS_MAX {
                return Ok(all);
            }
        }
    }

    async fn days(&self, space: SpaceId) -> Result<Vec<ExportedDay>, Fault> {
        let hero: EntityId = space.into();
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = self.days.days(space, Some(hero), after, ROWS_MAX).await?;
            after = page.rows.last().map(DayRow::key);
            let read = page.rows.len() as i64;
            all.extend(page.rows.into_iter().map(|row| ExportedDay {
                day: row.day,
                completions: row.entry.completions,
                minutes: row.entry.minutes,
                balls: row.entry.balls,
            }));
            if read < ROWS_MAX {
                return Ok(all);
            }
        }
    }

    async fn query(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        client.query(&statement, values).await.map_err(|error| read(&error))
    }
}

fn exportable(row: &Row) -> Exportable {
    let id: Uuid = row.get("account_id");
    let (legacy, email, hash): (Option<String>, String, Option<String>) =
        (row.get("legacy_user_id"), row.get("email"), row.get("legacy_hash"));
    let moment = |column: &str| row.get::<_, Option<i64>>(column);
    let user = json!({
        "email": email, "first_name": row.get::<_, String>("first_name"), "last_name": row.get::<_, String>("last_name"),
        "profile_image_url": row.get::<_, Option<String>>("profile_image_url"), "hashed_password": hash,
        "deletion_requested_at": moment("deletion_requested_at"), "deletion_scheduled_for": moment("erase_after"),
        "created_at": moment("created_at"),
    });
    let user_id = legacy.unwrap_or_else(|| id.to_string());
    Exportable { id: AccountId(id), user_id, email, has_password: hash.is_some(), user: object(Some(user)) }
}

fn activity(row: &Row) -> ExportedActivity {
    let skill: Option<Uuid> = row.get("skill_id");
    ExportedActivity {
        position: row.get("position"),
        line: row.get("line"),
        at: row.get("at"),
        action: row.get("action"),
        entity: row.get("entity"),
        of: EntityId(row.get("entity_id")),
        skill: skill.map(EntityId),
        title: row.get("title"),
        xp: row.get("xp"),
        balls: row.get("balls"),
        minutes: row.get("minutes"),
        cycles: row.get("cycles"),
        legacy: row.get("legacy"),
    }
}

fn object(value: Option<Value>) -> LegacyRow {
    if let Some(Value::Object(object)) = value { object } else { Map::new() }
}
