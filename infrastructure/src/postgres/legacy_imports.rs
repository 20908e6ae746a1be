//! What an import from the legacy system has to know of this one, and the accounts that it makes.

mod renewal;
mod terms;

use std::collections::BTreeSet;
use std::sync::Arc;

use application::fault::Fault;
use application::identity::{Act, Actor, Entry, Place};
use application::legacy_import::{Before, Brought, Here, Numbers, Person, There, account_id};
use application::transfer::state::{DayKey, DayRows, DaysPage, Taken, Target};
use deadpool_postgres::Pool;
use domain::entity::{EntityRef, Kind};
use domain::id::{EntityId, SpaceId, TransactionId};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::directory::record::record;
use super::fault::{no_connection, read, write};
use super::imports::PostgresImports;
use super::ledger::rows::damage;
use super::snapshot::PostgresSnapshot;

pub use self::terms::Terms;

/// Events that are read at once.
const EVENTS_MAX: i64 = 2_000;

/// The spaces and accounts that imports from the legacy system go into.
#[derive(Clone, Debug)]
pub struct PostgresLegacyImports {
    pool: Pool,
    imports: PostgresImports,
    days: PostgresSnapshot,
    terms: Arc<Terms>,
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
        Self {
            imports: PostgresImports::new(pool.clone()),
            days: PostgresSnapshot::new(pool.clone()),
            pool,
            terms: Arc::default(),
        }
    }

    /// The same on these terms.
    #[must_use]
    pub fn on(self, terms: Terms) -> Self {
        Self { terms: Arc::new(terms), ..self }
    }

    /// The terms on which accounts come.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// How the account of a legacy user stands here.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn standing(&self, legacy_id: &str, email: &str) -> Result<Standing, Fault> {
        let id = account_id(legacy_id);
        if self.terms.erased.contains(&id) {
            return Ok(Standing::Erased);
        }
        let found = self.query(include_str!("sql/legacy_import/account.sql"), &[&id.0, &email]).await?;
        let Some(row) = found.first() else { return Ok(Standing::New) };
        let time_zone: Option<String> = row.get("time_zone");
        Ok(match (row.get("erased"), time_zone, row.get("has_address")) {
            (true, ..) => Standing::Erased,
            (false, Some(time_zone), _) => Standing::Here(time_zone),
            (false, None, true) => Standing::AddressTaken,
            (false, None, false) if self.terms.claims(id, email) => Standing::New,
            (false, None, false) => Standing::AddressTaken,
        })
    }

    /// Makes the account, if it is not here, else takes over what has changed of it there; the security log says so.
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
                    &now,
                ],
            )
            .await
            .map_err(|error| write(&error))?;
        if made > 0 {
            let entry = Entry::by_oneself(id, Act::Registered, Place::default(), now);
            let about = json!({ "role": "user", "imported": "legacy" });
            record(&transaction, &Entry { actor: Actor::Operator, about, ..entry }).await?;
        } else {
            renewal::renew(&transaction, id, person, now).await?;
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
                before.past.extend(row.get::<_, Option<i64>>("past"));
                if let Some(import) = told(space, row, "imported")? {
                    before.told_hero(import);
                }
                if let Some(line) = told(space, row, "report")? {
                    before.told_line(&line);
                }
            }
            if (rows.len() as i64) < EVENTS_MAX {
                return Ok(());
            }
        }
    }
}

/// What an event says in a column.
fn told<T: DeserializeOwned>(space: SpaceId, row: &Row, column: &str) -> Result<Option<T>, Fault> {
    let Some(said) = row.get::<_, Option<Value>>(column) else { return Ok(None) };
    serde_json::from_value(said).map(Some).map_err(|error| damage("an import", space, error))
}

fn uuids(ids: &[EntityId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.0).collect()
}

fn unknown(space: SpaceId, kind: &str) -> Fault {
    damage("a row", space, format!("{kind} is no kind"))
}

impl Brought for PostgresLegacyImports {
    async fn before(
        &self,
        space: SpaceId,
        import: Uuid,
        (skills, habits): (&[EntityId], &[EntityId]),
    ) -> Result<Before, Fault> {
        let mut before = Before::default();
        self.brought_to_hero(space, import, &mut before).await?;
        let sql = include_str!("sql/legacy_import/skills.sql");
        for row in &self.query(sql, &[&space.0, &uuids(skills), &import]).await? {
            let xp: Option<i64> = row.get("xp");
            *before.skills.entry(EntityId(row.get("aggregate_id"))).or_default() += xp.unwrap_or_default();
        }
        let sql = include_str!("sql/legacy_import/habits.sql");
        for row in &self.query(sql, &[&space.0, &uuids(habits), &import]).await? {
            if let Some(days) = told(space, row, "imported")? {
                before.told_habit(EntityId(row.get("aggregate_id")), days);
            }
        }
        Ok(before)
    }

    async fn since(
        &self,
        space: SpaceId,
        import: Uuid,
        skills: &[EntityId],
        (position, hash): (i64, &str),
    ) -> Result<Option<There>, Fault> {
        let sql = include_str!("sql/legacy_import/since.sql");
        let rows = self.query(sql, &[&space.0, &position, &hash, &import, &uuids(skills)]).await?;
        let (mut brought, mut stood) = (There::default(), false);
        for row in &rows {
            let (id, xp) = (EntityId(row.get("id")), row.get("xp"));
            if id == EntityId::from(space) {
                brought.xp += xp;
                brought.tasks_completed += row.get::<_, i64>("tasks_completed");
                stood |= row.get::<_, bool>("stood");
            } else {
                brought.skills.insert(id, xp);
            }
        }
        Ok(stood.then_some(brought))
    }

    async fn here(&self, space: SpaceId) -> Result<Here, Fault> {
        let mut here = Here::default();
        if let Some(hero) = self.query(include_str!("sql/legacy_import/here_hero.sql"), &[&space.0]).await?.first() {
            (here.xp, here.tasks_completed) = (hero.get("xp"), hero.get("tasks_completed"));
            here.energy_day = hero.get("energy_day");
        }
        for row in &self.query(include_str!("sql/legacy_import/here_skills.sql"), &[&space.0]).await? {
            here.skills.insert(EntityId(row.get("id")), row.get("xp"));
        }
        for row in &self.query(include_str!("sql/legacy_import/redacted.sql"), &[&space.0]).await? {
            let kind: &str = row.get("aggregate_type");
            let kind = Kind::from_name(kind).ok_or_else(|| unknown(space, kind))?;
            let entity = EntityRef::new(kind, EntityId(row.get("aggregate_id")));
            here.redacted.push((entity, row.get("field")));
        }
        Ok(here)
    }

    async fn done_at(&self, space: SpaceId, moments: &[i64]) -> Result<BTreeSet<i64>, Fault> {
        let sql = include_str!("sql/legacy_import/done_at.sql");
        let rows = self.query(sql, &[&space.0, &moments]).await?;
        Ok(rows.iter().map(|row| row.get("at")).collect())
    }

    async fn numbers(&self, space: SpaceId, numbers: &[i64], aside: &[EntityId]) -> Result<Numbers, Fault> {
        let sql = include_str!("sql/legacy_import/numbers.sql");
        let mut given = BTreeSet::new();
        for row in &self.query(sql, &[&space.0, &numbers, &uuids(aside)]).await? {
            let kind: &str = row.get("kind");
            given.insert((Kind::from_name(kind).ok_or_else(|| unknown(space, kind))?, row.get("legacy_id")));
        }
        let next = self.query(include_str!("sql/legacy_import/next_number.sql"), &[&space.0]).await?;
        Ok(Numbers::new(given, next.first().map_or(1, |row| row.get("legacy_next"))))
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
