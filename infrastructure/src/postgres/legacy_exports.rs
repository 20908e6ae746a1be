//! Accounts, read for their way back into a database of the legacy system.

use std::collections::HashMap;

use application::fault::Fault;
use application::legacy_export::{ExportedAccount, ExportedActivity, ExportedDay, ExportedEntity, Row as LegacyRow};
use application::legacy_import::{Wrote, import_id};
use application::transfer::state::DayRow;
use deadpool_postgres::{Pool, Transaction};
use domain::entity::Kind;
use domain::id::{AccountId, EntityId, SpaceId};
use serde_json::{Map, Value, json};
use tokio_postgres::types::ToSql;
use tokio_postgres::{IsolationLevel, Row};
use uuid::Uuid;

use super::fault::{no_connection, read};
use super::legacy::{LegacyRow as FoundRow, all_within};
use super::snapshot::days_within;

/// Accounts that are read at once.
const ACCOUNTS_MAX: i64 = 500;
/// Accounts that are asked for at once.
const ACCOUNTS_ASKED_MAX: usize = 10_000;
/// Rows of the activity, and days, that are read at once.
const ROWS_MAX: i64 = 2_000;

/// Reads accounts for the legacy system.
#[derive(Clone, Debug)]
pub struct PostgresLegacyExports {
    pool: Pool,
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
}

impl PostgresLegacyExports {
    /// Reads over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
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

    /// Which of these accounts were erased, or are being.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn erased(&self, accounts: &[Exportable]) -> Result<Vec<AccountId>, Fault> {
        let mut found = Vec::new();
        for accounts in accounts.chunks(ACCOUNTS_ASKED_MAX) {
            let ids: Vec<Uuid> = accounts.iter().map(|one| one.id.0).collect();
            let rows = self.query(include_str!("sql/legacy_export/erased.sql"), &[&ids]).await?;
            found.extend(rows.iter().map(|row| AccountId(row.get("account_id"))));
        }
        Ok(found)
    }

    /// Everything of an account, as of one moment; `None`: it was erased meanwhile.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn account(&self, one: &Exportable) -> Result<Option<ExportedAccount>, Fault> {
        let mut client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let snapshot = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
        let snapshot = snapshot.start().await.map_err(|error| read(&error))?;
        let account = Reading { snapshot: &snapshot, space: one.id.into() }.account(&one.user_id).await?;
        snapshot.commit().await.map_err(|error| read(&error))?;
        Ok(account)
    }

    async fn query(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        client.query(&statement, values).await.map_err(|error| read(&error))
    }
}

/// An account while it is read, all of it in one snapshot.
struct Reading<'a> {
    snapshot: &'a Transaction<'a>,
    space: SpaceId,
}

impl Reading<'_> {
    async fn account(&self, user_id: &str) -> Result<Option<ExportedAccount>, Fault> {
        let found = self.query(include_str!("sql/legacy_export/account.sql"), &[&self.space.0]).await?;
        let Some(row) = found.first() else { return Ok(None) };
        let hero = self.all(Kind::Hero).await?.pop().map(|row| row.entity).unwrap_or_default();
        let hero_extras = self.hero_extras().await?;
        Ok(Some(ExportedAccount {
            space: self.space,
            user_id: user_id.to_owned(),
            user: user(row),
            wrote: wrote(row),
            hero,
            skills: self.entities(Kind::Skill, &hero_extras).await?,
            goals: self.entities(Kind::Goal, &hero_extras).await?,
            milestones: self.entities(Kind::Milestone, &hero_extras).await?,
            tasks: self.entities(Kind::Task, &hero_extras).await?,
            hero_extras,
            activity: self.activity().await?,
            days: self.days().await?,
        }))
    }

    async fn all(&self, kind: Kind) -> Result<Vec<FoundRow>, Fault> {
        Ok(all_within(self.snapshot, self.space, kind).await?.rows)
    }

    async fn entities(&self, kind: Kind, hero_extras: &LegacyRow) -> Result<Vec<ExportedEntity>, Fault> {
        let found = self.all(kind).await?;
        let ids: Vec<Uuid> = found.iter().map(|row| row.id.0).collect();
        let kinds = vec![kind.name(); ids.len()];
        let import = import_id(self.space).to_string();
        let sql = include_str!("sql/legacy_export/kept.sql");
        let kept = self.query(sql, &[&self.space.0, &kinds, &ids, &import]).await?;
        let extras = |row: &Row| {
            let extras: Option<Value> = row.get("extras");
            (row.get::<_, Uuid>("aggregate_id"), object(extras))
        };
        let mut kept: HashMap<Uuid, LegacyRow> = kept.iter().map(extras).collect();
        // Core skills came with the account, but were created by its founding.
        let cores = hero_extras.get("core_skills").filter(|_| kind == Kind::Skill);
        let cores = cores.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
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

    async fn hero_extras(&self) -> Result<LegacyRow, Fault> {
        let sql = include_str!("sql/legacy_export/hero.sql");
        let found = self.query(sql, &[&self.space.0, &import_id(self.space)]).await?;
        Ok(object(found.first().and_then(|row| row.get("extras"))))
    }

    async fn activity(&self) -> Result<Vec<ExportedActivity>, Fault> {
        let (mut all, mut behind) = (Vec::new(), 0_i64);
        loop {
            let sql = include_str!("sql/legacy_export/activity.sql");
            let rows = self.query(sql, &[&self.space.0, &behind, &ROWS_MAX]).await?;
            all.extend(rows.iter().map(activity));
            behind = rows.last().map_or(behind, |row| row.get("position"));
            if (rows.len() as i64) < ROWS_MAX {
                return Ok(all);
            }
        }
    }

    async fn days(&self) -> Result<Vec<ExportedDay>, Fault> {
        let hero: EntityId = self.space.into();
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = days_within(self.snapshot, self.space, hero, after, ROWS_MAX).await?;
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
        let statement = self.snapshot.prepare_cached(sql).await.map_err(|error| read(&error))?;
        self.snapshot.query(&statement, values).await.map_err(|error| read(&error))
    }
}

fn exportable(row: &Row) -> Exportable {
    let (id, legacy): (Uuid, Option<String>) = (row.get("account_id"), row.get("legacy_user_id"));
    Exportable { id: AccountId(id), user_id: legacy.unwrap_or_else(|| id.to_string()), email: row.get("email") }
}

/// What is noted there of the account beside its rows.
fn wrote(row: &Row) -> Wrote {
    let (position, hash): (Option<i64>, Option<String>) = (row.get("position"), row.get("hash"));
    let has_password = row.get::<_, Option<String>>("legacy_hash").is_some();
    Wrote {
        position: position.unwrap_or_default(),
        hash: hash.unwrap_or_default(),
        password: (!has_password).then(|| row.get("password_digest")),
        wish: row.get("deletion_requested_at"),
        ..Wrote::default()
    }
}

/// The columns of its row of `users`.
fn user(row: &Row) -> LegacyRow {
    let (email, hash): (String, Option<String>) = (row.get("email"), row.get("legacy_hash"));
    let moment = |column: &str| row.get::<_, Option<i64>>(column);
    let user = json!({
        "email": email, "first_name": row.get::<_, String>("first_name"), "last_name": row.get::<_, String>("last_name"),
        "profile_image_url": row.get::<_, Option<String>>("profile_image_url"), "hashed_password": hash,
        "deletion_requested_at": moment("deletion_requested_at"), "deletion_scheduled_for": moment("erase_after"),
        "created_at": moment("created_at"),
    });
    object(Some(user))
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
