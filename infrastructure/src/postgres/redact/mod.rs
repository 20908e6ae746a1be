//! Taking a value out of everything that is kept of a space: the log, the rows and their shadows, and whatever document
//! speaks of it, in one transaction that holds the space's head.

mod activity;
mod log;
mod place;
mod rows;
mod spoken;

use application::audit::PROJECTION;
use application::fault::Fault;
use application::identity::{Act, Entry, Place};
use application::redact::{Order, Places, Redactions, Standing, TakenOut};
use deadpool_postgres::{Object, Pool, Transaction};
use domain::entity::EntityRef;
use domain::id::{AccountId, DeviceId, SpaceId};
use serde_json::{Value, json};
use tokio_postgres::error::SqlState;

use super::directory::record::record;
use super::fault::{no_connection, read, write};
use super::ledger::rows::head;

pub use spoken::SPOKEN;

/// Events of one device on one entity that are looked at.
const WRITTEN_MAX: i64 = 100;

/// What redacts. Clones share the connections.
#[derive(Clone, Debug)]
pub struct PostgresRedactions {
    pool: Pool,
}

impl PostgresRedactions {
    /// Redacts over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// Spaces of which something was taken out behind a revision, and the revision of the last.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn since(&self, revision: i64) -> Result<Vec<(SpaceId, i64)>, Fault> {
        let client = self.client().await?;
        let statement = client.prepare_cached(include_str!("../sql/redact/since.sql")).await.map_err(|e| read(&e))?;
        let rows = client.query(&statement, &[&revision]).await.map_err(|error| read(&error))?;
        Ok(rows.iter().map(|row| (SpaceId(row.get("space_id")), row.get("revision"))).collect())
    }

    async fn client(&self) -> Result<Object, Fault> {
        self.pool.get().await.map_err(|error| no_connection(&error))
    }
}

impl Redactions for PostgresRedactions {
    async fn standing(&self, space: SpaceId, entity: EntityRef) -> Result<Option<Standing>, Fault> {
        let client = self.client().await?;
        let sql = include_str!("../sql/ledger/heads.sql");
        let Some(found) = client.query_opt(sql, &[&vec![space.0]]).await.map_err(|error| read(&error))? else {
            return Ok(None);
        };
        let Some(row) = rows::read_one(&client, entity.kind.table(), space, entity, "").await? else {
            return Ok(None);
        };
        let Value::Object(fields) = row.document else { return Ok(None) };
        Ok(Some(Standing { head: head(&found)?, version: row.version, is_live: row.is_live, row: fields }))
    }

    async fn payload(&self, space: SpaceId, entity: EntityRef, position: i64) -> Result<Option<Value>, Fault> {
        let client = self.client().await?;
        let sql = include_str!("../sql/redact/payload.sql");
        let found = client.query_opt(sql, &[&space.0, &position, &entity.kind.name(), &entity.id.0]).await;
        Ok(found.map_err(|error| read(&error))?.map(|row| row.get("payload")))
    }

    async fn written_by(&self, space: SpaceId, entity: EntityRef, device: DeviceId) -> Result<Vec<Value>, Fault> {
        let client = self.client().await?;
        let sql = include_str!("../sql/redact/written_by.sql");
        let kind = entity.kind.name();
        let found = client.query(sql, &[&space.0, &kind, &entity.id.0, &device.0, &WRITTEN_MAX]).await;
        Ok(found.map_err(|error| read(&error))?.iter().map(|row| row.get("payload")).collect())
    }

    async fn take_out(&self, order: &Order) -> Result<TakenOut, Fault> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(|error| failed(&error))?;
        let sql = include_str!("../sql/rebuild/lock_head.sql");
        transaction.query_opt(sql, &[&order.space.0]).await.map_err(|error| failed(&error))?;
        // A projector may be reading what was there before: it is waited for, and what it read is read again.
        let again = include_str!("../sql/audit_log/restart.sql");
        transaction.execute(again, &[&order.space.0, &PROJECTION]).await.map_err(|error| failed(&error))?;
        let mut places = Places::default();
        places.events = log::take_out(&transaction, order, &mut places).await?;
        let shown = rows::take_out(&transaction, order, &mut places).await?;
        activity::take_out(&transaction, order, &mut places).await?;
        spoken::take_out(&transaction, order, &mut places).await?;
        if shown || order.dry_run {
            transaction.rollback().await.map_err(|error| failed(&error))?;
            return Ok(if shown { TakenOut::Shown(places) } else { TakenOut::Done(places) });
        }
        tell(&transaction, order, &places).await?;
        transaction.commit().await.map_err(|error| write(&error))?;
        Ok(TakenOut::Done(places))
    }
}

/// Lets every node know, and logs it where the account can read it.
async fn tell(transaction: &Transaction<'_>, order: &Order, places: &Places) -> Result<(), Fault> {
    let entity = order.redaction.entity;
    let about = json!({
        "entity": entity.kind.name(), "id": entity.id, "field": order.redaction.field,
        "reason": order.reason, "events": places.events,
    });
    let entry = Entry::by_oneself(AccountId(order.space.0), Act::Redacted, Place::default(), order.at);
    record(transaction, &Entry { actor: order.by, about, ..entry }).await?;
    let repaired = include_str!("../sql/redact/repaired.sql");
    transaction.execute(repaired, &[&order.space.0]).await.map_err(|error| failed(&error))?;
    let next = include_str!("../sql/redact/next_revision.sql");
    let revision: i64 = transaction.query_one(next, &[]).await.map_err(|error| failed(&error))?.get("revision");
    let (kind, id, field) = (entity.kind.name(), entity.id.0, &order.redaction.field);
    let note = include_str!("../sql/redact/note.sql");
    let noted = transaction.execute(note, &[&order.space.0, &order.id, &kind, &id, field, &order.at, &revision]).await;
    noted.map(drop).map_err(|error| failed(&error))
}

/// Nothing of a transaction stays that did not come to its commit. A table that is gone was the shadow of a rebuild that ended
/// just now; one that was rolled back for another (class 40) can be tried again at once.
fn failed(error: &tokio_postgres::Error) -> Fault {
    match error.code() {
        Some(&SqlState::UNDEFINED_TABLE) => Fault::Crowded("a rebuild ended just now; ask again".to_owned()),
        Some(state) if state.code().starts_with("40") => {
            Fault::Crowded("another write went first; ask again".to_owned())
        }
        _ => read(error),
    }
}
