//! What somebody may ask of a rebuild while it is there: to pause, to go on, to end.

use application::fault::Fault;
use application::identity::{Act, Actor, Entry, Place};
use deadpool_postgres::{ClientWrapper, Pool};
use domain::id::{AccountId, SpaceId};
use serde_json::{Value, json};
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::super::directory::record::record;
use super::super::fault::{no_connection, read, write};
use super::lead;
use super::session::Session;
use super::standing::{Standing, State, get, one};
use crate::clock::now_ms;

/// What is asked of a rebuild.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// To stop after what its workers have in hand, so that it can go on later.
    Pause,
    /// To go on.
    Resume,
    /// To end. What it had switched stays; its shadow tables go.
    Cancel,
}

/// How an order was met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Met {
    /// It stands like this now.
    Done(Box<Standing>),
    /// It had ended before.
    Ended(State),
    /// There is none of that id.
    Unknown,
}

impl Order {
    /// From which states into which, and what the log says of it.
    const fn states(self) -> (&'static [&'static str], State, Act) {
        match self {
            Self::Pause => (&["running", "paused"], State::Paused, Act::RebuildPaused),
            Self::Resume => (&["running", "paused"], State::Running, Act::RebuildResumed),
            Self::Cancel => (&["running", "paused", "cancelling"], State::Cancelling, Act::RebuildCancelled),
        }
    }
}

/// Orders it. One that is cancelled and that nobody runs ends here; one that is to go on does so as soon as a process takes
/// it up. What somebody orders is logged.
///
/// # Errors
/// The database failed.
pub async fn order(pool: &Pool, id: Uuid, order: Order, by: Actor) -> Result<Met, Fault> {
    let met = {
        let mut client = pool.get().await.map_err(|error| no_connection(&error))?;
        meet(&mut client, id, order, by).await?
    };
    if met && order == Order::Cancel {
        let mut session = Session::open(pool).await?;
        if lead::hold(&session, id).await? {
            lead::cancelled(&mut session, id).await?;
        }
    }
    Ok(match get(pool, id).await? {
        None => Met::Unknown,
        Some(standing) if met => Met::Done(Box::new(standing)),
        Some(standing) => Met::Ended(standing.state),
    })
}

async fn meet(client: &mut ClientWrapper, id: Uuid, order: Order, by: Actor) -> Result<bool, Fault> {
    let (from, into, act) = order.states();
    let reason = (order == Order::Pause).then_some("it was asked to pause");
    let transaction = client.transaction().await.map_err(|error| read(&error))?;
    let met = set(&*transaction, id, into, reason, from).await?;
    if met {
        let space = one(&*transaction, id).await?.and_then(|standing| standing.space);
        record(&transaction, &entry(act, by, space, json!({ "rebuild_id": id }))).await?;
    }
    transaction.commit().await.map_err(|error| write(&error))?;
    Ok(met)
}

/// The entry of an act; about the account whose space it is of, if it is of one.
pub(super) fn entry(act: Act, actor: Actor, space: Option<SpaceId>, about: Value) -> Entry {
    let account = space.map(|space| AccountId(space.0));
    Entry { account, at: now_ms(), act, actor, session: None, device: None, place: Place::default(), about }
}

/// Brings it into a state, from one of some.
pub(super) async fn set(
    client: &impl GenericClient,
    id: Uuid,
    into: State,
    reason: Option<&str>,
    from: &[&str],
) -> Result<bool, Fault> {
    let sql = include_str!("../sql/rebuild/order.sql");
    let set = client.execute(sql, &[&id, &into.as_str(), &reason, &now_ms(), &from]).await;
    Ok(set.map_err(|error| write(&error))? > 0)
}
