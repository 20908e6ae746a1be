//! One step in some spaces: the next events of each are read and their rows written, in one transaction with the checkpoints. It is
//! a few statements however many spaces there are: most of them have a few events each.
//!
//! The rows in `behind` are taken away before the events are read. An append that found such a row holds it until its commit, and
//! a row that is held is left alone; an append that came later finds none and writes its own. So whatever was committed is
//! either among the events that are read now, or a row is left that says that there is more.

use std::collections::BTreeMap;

use application::audit::{FOLD_VERSION, PROJECTION};
use application::fault::Fault;
use deadpool_postgres::{Object, Transaction};
use domain::id::SpaceId;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::super::fault::{read, write};
use super::columns::Columns;

/// Events that are read at once of one space.
const EVENTS_OF_ONE_MAX: usize = 1_000;

/// And of all together: each space has its share.
const EVENTS_MAX: usize = 2_000;

/// Rows that go at once.
const CLEARED_MAX: i64 = 5_000;

/// What a step came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOn {
    /// In how many spaces it was taken. The others are in the hands of another projector, or are gone or going.
    pub held: usize,
    /// How many events were read.
    pub events: usize,
    /// The spaces in which there is more to read.
    pub more: Vec<SpaceId>,
    /// In how many spaces it was not taken because a newer program has read them.
    pub newer: usize,
}

/// Up to where spaces are read.
#[derive(Default)]
struct Places {
    spaces: Vec<Uuid>,
    positions: Vec<i64>,
}

impl FromIterator<(Uuid, i64)> for Places {
    fn from_iter<I: IntoIterator<Item = (Uuid, i64)>>(places: I) -> Self {
        let (spaces, positions) = places.into_iter().unzip();
        Self { spaces, positions }
    }
}

/// Checkpoints that are held.
#[derive(Default)]
struct Held {
    /// Of what can be read on.
    current: Places,
    /// Whose rows have to go first.
    outdated: Places,
}

/// Takes a step.
pub(super) async fn step(client: &mut Object, spaces: &[SpaceId]) -> Result<ReadOn, Fault> {
    let spaces: Vec<Uuid> = spaces.iter().map(|space| space.0).collect();
    let begin = include_str!("../sql/audit_log/begin.sql");
    let begun = client.prepare_cached(begin).await.map_err(|error| read(&error))?;
    client.execute(&begun, &[&spaces, &PROJECTION, &FOLD_VERSION]).await.map_err(|error| write(&error))?;
    let tx = client.transaction().await.map_err(|error| read(&error))?;
    let Held { mut current, outdated } = claim(&tx, &spaces).await?;
    let mut stepped = ReadOn { held: current.spaces.len() + outdated.spaces.len(), ..ReadOn::default() };
    if stepped.held < spaces.len() {
        stepped.newer = newer(&tx, &spaces).await?;
    }
    if stepped.held == 0 {
        return Ok(stepped);
    }
    if !outdated.spaces.is_empty() {
        if clear(&tx, &outdated).await? {
            current.spaces.extend(&outdated.spaces);
            current.positions.extend(&outdated.positions);
        } else {
            stepped.more.extend(outdated.spaces.iter().copied().map(SpaceId));
        }
    }
    if !current.spaces.is_empty() {
        read_on(&tx, &current, &mut stepped).await?;
    }
    tx.commit().await.map_err(|error| write(&error))?;
    Ok(stepped)
}

async fn claim(tx: &Transaction<'_>, spaces: &[Uuid]) -> Result<Held, Fault> {
    let rows = query(tx, include_str!("../sql/audit_log/claim.sql"), &[&spaces, &PROJECTION, &FOLD_VERSION]).await?;
    let (mut current, mut outdated) = (BTreeMap::new(), BTreeMap::new());
    for row in &rows {
        let (space, position): (Uuid, i64) = (row.get("space_id"), row.get("position"));
        if row.get("clearing") || row.get::<_, i32>("fold_version") != FOLD_VERSION {
            outdated.insert(space, 0);
        } else {
            current.insert(space, position);
        }
    }
    Ok(Held { current: current.into_iter().collect(), outdated: outdated.into_iter().collect() })
}

async fn newer(tx: &Transaction<'_>, spaces: &[Uuid]) -> Result<usize, Fault> {
    let rows = query(tx, include_str!("../sql/audit_log/newer.sql"), &[&spaces, &PROJECTION, &FOLD_VERSION]).await?;
    let count = rows.first().map_or(0, |row| row.get::<_, i64>("spaces"));
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Takes rows away; whether all are gone. Behind the last of them the logs are read from their beginning.
async fn clear(tx: &Transaction<'_>, outdated: &Places) -> Result<bool, Fault> {
    let sql = include_str!("../sql/audit_log/clear.sql");
    let cleared = execute(tx, sql, &[&outdated.spaces, &CLEARED_MAX]).await?;
    let are_gone = cleared < CLEARED_MAX.unsigned_abs();
    advance(tx, outdated, !are_gone).await?;
    if !are_gone {
        put_behind(tx, outdated).await?;
    }
    Ok(are_gone)
}

async fn read_on(tx: &Transaction<'_>, from: &Places, stepped: &mut ReadOn) -> Result<(), Fault> {
    execute(tx, include_str!("../sql/audit_log/take_behind.sql"), &[&from.spaces, &PROJECTION]).await?;
    let share = (EVENTS_MAX / from.spaces.len()).clamp(1, EVENTS_OF_ONE_MAX);
    let sql = include_str!("../sql/audit_log/events.sql");
    let events = query(tx, sql, &[&from.spaces, &from.positions, &(share as i64)]).await?;
    let (mut columns, mut read) = (Columns::default(), BTreeMap::<Uuid, (i64, usize)>::new());
    for event in &events {
        columns.push(event);
        let (last, count) = read.entry(event.get("space_id")).or_default();
        (*last, *count) = (event.get("position"), *count + 1);
    }
    if events.is_empty() {
        return Ok(());
    }
    execute(tx, include_str!("../sql/audit_log/write.sql"), &columns.all()).await?;
    advance(tx, &read.iter().map(|(space, (last, _))| (*space, *last)).collect(), false).await?;
    let more = read.iter().filter(|(_, (_, count))| *count == share).map(|(space, (last, _))| (*space, *last));
    let more: Places = more.collect();
    if !more.spaces.is_empty() {
        put_behind(tx, &more).await?;
    }
    stepped.events = events.len();
    stepped.more.extend(more.spaces.into_iter().map(SpaceId));
    Ok(())
}

async fn advance(tx: &Transaction<'_>, places: &Places, clearing: bool) -> Result<(), Fault> {
    let sql = include_str!("../sql/audit_log/advance.sql");
    let Places { spaces, positions } = places;
    execute(tx, sql, &[spaces, &PROJECTION, positions, &FOLD_VERSION, &clearing]).await.map(drop)
}

async fn put_behind(tx: &Transaction<'_>, places: &Places) -> Result<(), Fault> {
    let sql = include_str!("../sql/audit_log/put_behind.sql");
    execute(tx, sql, &[&places.spaces, &PROJECTION, &places.positions]).await.map(drop)
}

async fn query(tx: &Transaction<'_>, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
    let statement = tx.prepare_cached(sql).await.map_err(|error| read(&error))?;
    tx.query(&statement, parameters).await.map_err(|error| read(&error))
}

async fn execute(tx: &Transaction<'_>, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<u64, Fault> {
    let statement = tx.prepare_cached(sql).await.map_err(|error| read(&error))?;
    tx.execute(&statement, parameters).await.map_err(|error| write(&error))
}
