//! `levelup rebuild status`, `pause`, `resume` and `cancel`: about the rebuild that has not ended, whoever runs it.

use std::time::Duration;

use application::identity::Actor;
use deadpool_postgres::Pool;
use infrastructure::config::Settings;
use infrastructure::postgres::pool;
use infrastructure::postgres::rebuild::{AtStop, Met, Order, Standing, current, get, go_on, order, recent};
use serde_json::json;

use super::super::database::{self, Database};
use super::super::{CliError, Exit, signals};
use super::meter::Meter;
use super::{Asked, OTHER_CONNECTIONS, OrderArgs, conclude, must_be_migrated, tell};

/// How often one that is being cancelled is looked at, and for how long.
const LOOK_MS: u64 = 250;
const LOOKS_MAX: usize = 240;

/// Does what is asked.
pub(super) async fn run(asked: Asked) -> Result<(), CliError> {
    match asked {
        Asked::Status(args) => on(&args.settings, async |_, pool| status(&args, pool).await).await,
        Asked::Pause(args) => on(&args.settings, async |_, pool| meet(&args, pool, Order::Pause).await).await,
        Asked::Cancel(args) => on(&args.settings, async |_, pool| meet(&args, pool, Order::Cancel).await).await,
        Asked::Resume(args) => on(&args.settings, async |database, pool| resume(database, pool).await).await,
    }
}

async fn on(
    settings: &Settings,
    work: impl AsyncFnOnce(&Database, &Pool) -> Result<(), CliError>,
) -> Result<(), CliError> {
    database::with(settings, async |database| {
        must_be_migrated(database).await?;
        let pool = pool::connect(database.config().clone(), OTHER_CONNECTIONS)?;
        work(database, &pool).await
    })
    .await
}

/// The one that has not ended, or else the last.
async fn status(args: &OrderArgs, pool: &Pool) -> Result<(), CliError> {
    let found = match current(pool).await? {
        Some(found) => Some(found),
        None => recent(pool, None, 1).await?.pop(),
    };
    match found {
        Some(standing) => say(args, &standing),
        None if args.json => println!("null"),
        None => println!("There has been no rebuild."),
    }
    Ok(())
}

async fn meet(args: &OrderArgs, pool: &Pool, what: Order) -> Result<(), CliError> {
    let id = unended(pool).await?.id;
    let mut standing = match order(pool, id, what, Actor::Operator).await? {
        Met::Done(standing) => *standing,
        Met::Ended(_) | Met::Unknown => return Err(none()),
    };
    // Whoever runs it stops after what its workers have in hand.
    for _ in 0..LOOKS_MAX {
        if standing.holder.is_none() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(LOOK_MS)).await;
        standing = get(pool, id).await?.ok_or_else(none)?;
    }
    say(args, &standing);
    Ok(())
}

async fn resume(database: &Database, orders: &Pool) -> Result<(), CliError> {
    let standing = unended(orders).await?;
    let workers = usize::try_from(standing.workers).unwrap_or(1);
    let pool = pool::connect(database.config().clone(), workers + OTHER_CONNECTIONS)?;
    let stop = signals::stop_token()?;
    if !matches!(order(&pool, standing.id, Order::Resume, Actor::Operator).await?, Met::Done(_)) {
        return Err(none());
    }
    let mut meter = Meter::new();
    let ended = go_on(&pool, standing.id, (&stop, AtStop::Pause), &mut |news| tell(&mut meter, &news)).await;
    conclude(ended, &meter)
}

async fn unended(pool: &Pool) -> Result<Standing, CliError> {
    current(pool).await?.ok_or_else(none)
}

fn none() -> CliError {
    let next = "`levelup rebuild status` shows the last one; `levelup rebuild` begins another.";
    CliError::new(Exit::Failed, "No rebuild is there that has not ended", next)
}

fn say(args: &OrderArgs, standing: &Standing) {
    if args.json {
        println!("{}", document(standing));
        return;
    }
    let Standing { id, spaces, spaces_total, events, events_total, differences, spaces_damaged, spaces_failed, .. } =
        standing;
    let state = standing.state.as_str();
    let who = match standing.holder {
        Some(pid) => format!(" (PostgreSQL session {pid})"),
        None => String::new(),
    };
    println!("rebuild {id}: {state}{who}");
    if let Some(reason) = &standing.reason {
        println!("  because {reason}");
    }
    println!("  {spaces} of {spaces_total} spaces, {events} of {events_total} events, {} rows", standing.rows);
    println!("  {differences} rows differed, {spaces_damaged} logs are damaged, {spaces_failed} spaces failed");
    if let Some(left) = standing.seconds_left() {
        println!("  {} events/s, about {left} s left", standing.events_per_s);
    }
}

fn document(standing: &Standing) -> serde_json::Value {
    json!({
        "id": standing.id,
        "state": standing.state.as_str(),
        "reason": standing.reason,
        "attended": standing.holder.is_some(),
        "space_id": standing.space.map(|space| space.0),
        "projections": standing.projections,
        "check": standing.check,
        "workers": standing.workers,
        "cause": standing.cause,
        "began_at": standing.began_at,
        "changed_at": standing.changed_at,
        "ended_at": standing.ended_at,
        "spaces_total": standing.spaces_total,
        "spaces": standing.spaces,
        "events_total": standing.events_total,
        "events": standing.events,
        "rows": standing.rows,
        "differences": standing.differences,
        "spaces_differing": standing.spaces_differing,
        "spaces_damaged": standing.spaces_damaged,
        "spaces_failed": standing.spaces_failed,
        "events_per_s": standing.events_per_s,
        "seconds_left": standing.seconds_left(),
    })
}
