//! What an import from the legacy system has to know of this one, and the accounts that it makes.

use std::collections::{BTreeMap, BTreeSet};

use application::fault::Fault;
use application::identity::{Act, Actor, Entry, Place};
use application::legacy_import::{Before, Brought, Person, account_id};
use application::transfer::state::{DayKey, DayRows, DaysPage, Taken, Target};
use deadpool_postgres::Pool;
use domain::entity::{EntityRef, Kind};
use domain::founding::{CORE_SKILLS, core_skill_id};
use domain::id::{EntityId, SpaceId, TransactionId};
use serde_json::{Value, json};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::directory::record::record;
use super::fault::{no_connection, read, write};
use super::imports::PostgresImports;
use super::snapshot::PostgresSnapshot;

/// Events that are read at once.
const EVENTS_MAX: i64 = 2_000;

/// The spaces and accounts that imports from the legacy system go into.
#[derive(Clone, Debug)]
pub struct PostgresLegacyImports {
    pool: Pool,
    imports: PostgresImports,
    days: PostgresSnapshot,
}

/// How an account stands that is to be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is not here.
    New,
    /// It is here, and its days are those of this time zone.
    Here(String),
    /// Its address is another account's.
    AddressTaken,
    /// It was here and was erased.
    Erased,
}

impl PostgresLegacyImports {
    /// Reads and writes over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { imports: PostgresImports::new(pool.clone()), days: PostgresSnapshot::new(pool.clone()), pool }
    }

    /// How the account of a legacy user stands here.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn standing(&self, legacy_id: &str, email: &str) -> Result<Standing, Fault> {
        let id = account_id(legacy_id);
        let found = self.query(include_str!("sql/legacy_import/account.sql"), &[&id.0, &email]).await?;
        let Some(row) = found.first() else { return Ok(Standing::New) };
        let time_zone: Option<String> = row.get("time_zone");
        Ok(match (row.get("erased"), time_zone, row.get("has_address")) {
            (true, ..) => Standing::Erased,
            (false, Some(time_zone), _) => Standing::Here(time_zone),
            (false, None, true) => Standing::AddressTaken,
            (false, None, false) => Standing::New,
        })
    }

    /// Makes the account, if it is not here; the security log says so.
    ///
    /// # Errors
    /// The database failed.
    pub async fn make(&self, person: &Person, time_zone: &str, now: i64) -> Result<(), Fault> {
        let mut client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let transaction = client.transaction().await.map_err(|error| write(&error))?;
        let id = account_id(&person.legacy_id);
        let (asked, due) = person.deletion.unzip();
        let made = transaction
            .execute(
                include_str!("sql/legacy_import/create_account.sql"),
                &[
                    &id.0,
                    &person.email,
                    &person.password_hash,
                    &time_zone,
                    &person.created_at,
                    &person.legacy_id,
                    &person.first_name,
                    &person.last_name,
                    &person.image_url,
                    &asked,
                    &due,
                ],
            )
            .await
            .map_err(|error| write(&error))?;
        if made > 0 {
            let entry = Entry::by_oneself(id, Act::Registered, Place::default(), now);
            let about = json!({ "role": "user", "imported": "legacy" });
            record(&transaction, &Entry { actor: Actor::Operator, about, ..entry }).await?;
        }
        transaction.commit().await.map_err(|error| write(&error))
    }

    async fn query(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        client.query(&statement, values).await.map_err(|error| read(&error))
    }

    async fn brought_to_hero(&self, space: SpaceId, import: Uuid, before: &mut Before) -> Result<(), Fault> {
        let mut behind = 0_i64;
        loop {
            let sql = include_str!("sql/legacy_import/hero.sql");
            let rows = self.query(sql, &[&space.0, &behind, &import, &EVENTS_MAX]).await?;
            for row in &rows {
                behind = row.get("sequence");
                let past: Option<i64> = row.get("past");
                before.past.extend(past);
                let imported: Option<Value> = row.get("imported");
                let Some(imported) = imported else { continue };
                let amount = |name: &str| imported.get(name).and_then(Value::as_i64).unwrap_or_default();
                let (xp, tasks) = (amount("xp"), amount("tasks_completed"));
                // Days come alone; the totals came first, with the moment since which they count.
                if imported.get("created_at").is_some() || before.hero.is_some() {
                    let (had_xp, had_tasks) = before.hero.unwrap_or_default();
                    before.hero = Some((had_xp.saturating_add(xp), had_tasks.saturating_add(tasks)));
                }
            }
            if (rows.len() as i64) < EVENTS_MAX {
                return Ok(());
            }
        }
    }
}

fn core_skills(space: SpaceId) -> Vec<Uuid> {
    (1..=CORE_SKILLS.len()).map(|number| core_skill_id(space, number).0).collect()
}

impl Brought for PostgresLegacyImports {
    async fn before(&self, space: SpaceId, import: Uuid) -> Result<Before, Fault> {
        let mut before = Before::default();
        self.brought_to_hero(space, import, &mut before).await?;
        let sql = include_str!("sql/legacy_import/skills.sql");
        let rows = self.query(sql, &[&space.0, &core_skills(space), &import]).await?;
        let mut skills: BTreeMap<EntityId, i64> = BTreeMap::new();
        for row in &rows {
            let xp: Option<i64> = row.get("xp");
            *skills.entry(EntityId(row.get("aggregate_id"))).or_default() += xp.unwrap_or_default();
        }
        Ok(Before { skills, ..before })
    }

    async fn numbers(&self, space: SpaceId, kind: Kind, numbers: &[i64]) -> Result<BTreeSet<i64>, Fault> {
        let sql = include_str!("sql/legacy_import/numbers.sql").replace("{table}", kind.table());
        let rows = self.query(&sql, &[&space.0, &numbers, &core_skills(space)]).await?;
        Ok(rows.iter().map(|row| row.get("legacy_id")).collect())
    }
}

impl Target for PostgresLegacyImports {
    async fn taken(&self, space: SpaceId, import: Uuid, entities: &[EntityRef]) -> Result<Vec<Taken>, Fault> {
        self.imports.taken(space, import, entities).await
    }

    async fn live_entities(&self, space: SpaceId) -> Result<i64, Fault> {
        self.imports.live_entities(space).await
    }

    async fn was_rejected(&self, space: SpaceId, transaction: TransactionId) -> Result<bool, Fault> {
        self.imports.was_rejected(space, transaction).await
    }
}

impl DayRows for PostgresLegacyImports {
    async fn days(
        &self,
        space: SpaceId,
        of: Option<EntityId>,
        after: Option<DayKey>,
        rows: i64,
    ) -> Result<DaysPage, Fault> {
        self.days.days(space, of, after, rows).await
    }
}
