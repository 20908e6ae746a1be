//! The store of flags. Whoever changes one holds the count of changes first, so changes come one after the other and are seen
//! in their order.

use std::collections::BTreeSet;

use application::fault::Fault;
use application::flags::{Flags, Put, Removed, SetFlag, Wish};
use application::identity::{Act, Actor, Entry, Place};
use deadpool_postgres::{GenericClient, Transaction};
use domain::flag::Flag;
use domain::id::AccountId;
use serde_json::{Value, json};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{PostgresDirectory, fault, record};

const ALL: &str = include_str!("../sql/flags/all.sql");
const HOLD: &str = include_str!("../sql/flags/hold.sql");
const COUNT: &str = include_str!("../sql/flags/count.sql");
const PUT: &str = include_str!("../sql/flags/put.sql");
const CLEAR_ACCOUNTS: &str = include_str!("../sql/flags/clear_accounts.sql");
const PUT_ACCOUNTS: &str = include_str!("../sql/flags/put_accounts.sql");
const REMOVE: &str = include_str!("../sql/flags/remove.sql");
const NEXT_REVISION: &str = include_str!("../sql/redact/next_revision.sql");

impl Flags for PostgresDirectory {
    async fn all(&self) -> Result<Vec<SetFlag>, Fault> {
        let client = self.pool.get().await.map_err(fault::of_pool)?;
        let mut flags = read(&client, 0, false).await?;
        flags.sort_by(|one, other| one.flag.name.cmp(&other.flag.name));
        Ok(flags)
    }

    async fn since(&self, revision: i64) -> Result<Vec<SetFlag>, Fault> {
        let client = self.pool.get().await.map_err(fault::of_pool)?;
        read(&client, revision, true).await
    }

    async fn put(&self, wish: &Wish, max: usize) -> Result<Put, Fault> {
        let mut client = self.pool.get().await.map_err(fault::of_pool)?;
        let transaction = client.transaction().await.map_err(|error| fault::of_statement("put_flag", &error))?;
        let put = put(&transaction, wish, max).await?;
        if matches!(put, Put::Done(_)) {
            transaction.commit().await.map_err(|error| fault::of_statement("put_flag", &error))?;
        }
        Ok(put)
    }

    async fn remove(&self, name: &str, seen: i64, by: Actor, at: i64) -> Result<Removed, Fault> {
        let failed = |error| fault::of_statement("remove_flag", &error);
        let mut client = self.pool.get().await.map_err(fault::of_pool)?;
        let transaction = client.transaction().await.map_err(failed)?;
        let revision = next_revision(&transaction).await?;
        let Some(held) = hold(&transaction, name).await?.filter(|held| !held.is_removed) else {
            return Ok(Removed::Unknown);
        };
        if held.version != seen {
            return Ok(Removed::Changed(held.version));
        }
        transaction.execute(CLEAR_ACCOUNTS, &[&name]).await.map_err(failed)?;
        transaction.execute(REMOVE, &[&name, &at, &revision]).await.map_err(failed)?;
        log(&transaction, (Act::FlagRemoved, by, at), json!({ "flag": name, "before": held.said })).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(Removed::Done)
    }
}

async fn put(transaction: &Transaction<'_>, wish: &Wish, max: usize) -> Result<Put, Fault> {
    let failed = |error| fault::of_statement("put_flag", &error);
    let flag = &wish.flag;
    let revision = next_revision(transaction).await?;
    let held = hold(transaction, &flag.name).await?;
    let there = held.as_ref().filter(|held| !held.is_removed);
    if there.map(|held| held.version) != wish.seen {
        return Ok(Put::Changed(there.map(|held| held.version)));
    }
    if there.is_none() {
        let flags: i64 = transaction.query_one(COUNT, &[]).await.map_err(failed)?.get("flags");
        if usize::try_from(flags).is_ok_and(|flags| flags >= max) {
            return Ok(Put::Full);
        }
    }
    // Also of one that was removed: a version is never that of another state.
    let version = held.as_ref().map_or(0, |held| held.version) + 1;
    let percentage = i64::from(flag.percentage);
    let row: [&(dyn tokio_postgres::types::ToSql + Sync); 7] =
        [&flag.name, &flag.is_on, &percentage, &wish.description, &version, &wish.at, &revision];
    transaction.execute(PUT, &row).await.map_err(failed)?;
    transaction.execute(CLEAR_ACCOUNTS, &[&flag.name]).await.map_err(failed)?;
    for (accounts, is_allowed) in [(&flag.allowed, true), (&flag.denied, false)] {
        let accounts: Vec<Uuid> = accounts.iter().map(|account| account.0).collect();
        transaction.execute(PUT_ACCOUNTS, &[&flag.name, &accounts, &is_allowed]).await.map_err(failed)?;
    }
    let before = there.map(|held| held.said.clone());
    let now = said(flag.is_on, percentage, &wish.description, flag.allowed.len(), flag.denied.len());
    log(transaction, (Act::FlagSet, wish.by, wish.at), json!({ "flag": flag.name, "before": before, "now": now }))
        .await?;
    let stored = read(transaction, revision - 1, true).await?.into_iter().find(|one| one.revision == revision);
    stored.map(Put::Done).ok_or_else(|| Fault::Refused("a flag that was written is not there".to_owned()))
}

/// A flag before its change.
struct Held {
    version: i64,
    is_removed: bool,
    said: Value,
}

async fn hold(transaction: &Transaction<'_>, name: &str) -> Result<Option<Held>, Fault> {
    let found = transaction.query_opt(HOLD, &[&name]).await;
    let found = found.map_err(|error| fault::of_statement("hold_flag", &error))?;
    Ok(found.map(|row| Held {
        version: row.get("version"),
        is_removed: row.get("is_removed"),
        said: json!({
            "on": row.get::<_, bool>("is_on"),
            "percentage": row.get::<_, i64>("percentage"),
            "description": row.get::<_, &str>("description"),
        }),
    }))
}

/// What the log says of a flag: of its lists only how long they are, since the log outlives the accounts on them.
fn said(is_on: bool, percentage: i64, description: &str, allowed: usize, denied: usize) -> Value {
    json!({
        "on": is_on, "percentage": percentage, "description": description, "allowed": allowed, "denied": denied,
    })
}

async fn next_revision(transaction: &Transaction<'_>) -> Result<i64, Fault> {
    let row = transaction.query_one(NEXT_REVISION, &[]).await;
    Ok(row.map_err(|error| fault::of_statement("next_revision", &error))?.get("revision"))
}

/// About no account: it is the clients of all.
async fn log(transaction: &Transaction<'_>, (act, actor, at): (Act, Actor, i64), about: Value) -> Result<(), Fault> {
    let (session, device, place) = (None, None, Place::default());
    record::record(transaction, &Entry { account: None, at, act, actor, session, device, place, about }).await
}

async fn read(client: &impl GenericClient, behind: i64, removed_too: bool) -> Result<Vec<SetFlag>, Fault> {
    let failed = |error| fault::of_statement("flags", &error);
    let statement = client.prepare_cached(ALL).await.map_err(failed)?;
    let rows = client.query(&statement, &[&behind, &removed_too]).await.map_err(failed)?;
    Ok(rows.iter().map(flag).collect())
}

fn flag(row: &Row) -> SetFlag {
    let accounts = |list: &str| row.get::<_, Vec<Uuid>>(list).into_iter().map(AccountId).collect::<BTreeSet<_>>();
    SetFlag {
        flag: Flag {
            name: row.get("name"),
            is_on: row.get("is_on"),
            percentage: u8::try_from(row.get::<_, i64>("percentage")).unwrap_or_default(),
            allowed: accounts("allowed"),
            denied: accounts("denied"),
        },
        description: row.get("description"),
        version: row.get("version"),
        changed_at: row.get("changed_at"),
        is_removed: row.get("is_removed"),
        revision: row.get("revision"),
    }
}
