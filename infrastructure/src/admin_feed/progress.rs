//! How far long work is: the rebuild and the verify that go on, and the newest ones that ended; the newest backup. Each is told
//! again when it has come further.

use application::fault::Fault;
use deadpool_postgres::Pool;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use super::Happening;
use crate::clock::now_ms;
use crate::postgres::backup::runs;
use crate::postgres::fault::no_connection;
use crate::postgres::{rebuild, verify};

/// How all of it stands. What stands as before has the id that it was told under.
pub(super) async fn progress(pool: &Pool) -> Result<Vec<Happening>, Fault> {
    let mut found = Vec::new();
    for one in rebuild::recent(pool, None, 1).await? {
        let about = json!({
            "rebuild_id": one.id, "state": one.state.as_str(), "reason": one.reason, "spaces": one.spaces,
            "spaces_total": one.spaces_total, "events": one.events, "events_total": one.events_total,
            "differences": one.differences, "seconds_left": one.seconds_left(),
        });
        found.push(standing("rebuild_progress", one.id, one.ended_at, about));
    }
    let client = pool.get().await.map_err(|error| no_connection(&error))?;
    let client: &Client = &client;
    if let Some(id) = verify::newest(client).await?
        && let Some(run) = verify::run(client, id).await?
    {
        let about = json!({
            "run_id": run.id, "outcome": run.outcome, "spaces": run.spaces, "spaces_total": run.spaces_total,
            "events": run.events, "events_total": run.events_total, "findings": run.findings,
        });
        found.push(standing("verify_progress", run.id, run.ended_at, about));
    }
    for run in runs::newest(client, 1).await? {
        let about = json!({
            "name": run.name, "cause": run.cause, "began_at": run.began_at, "ended_at": run.ended_at, "bytes": run.bytes,
            "fault": run.fault,
        });
        found.push(standing("backup_progress", run.id, run.ended_at, about));
    }
    Ok(found)
}

fn standing(what: &str, of: Uuid, ended_at: Option<i64>, about: Value) -> Happening {
    let mut told = about.clone();
    // It falls while nothing happens.
    told["seconds_left"] = Value::Null;
    let id = Uuid::new_v5(&of, told.to_string().as_bytes());
    Happening { id, at: ended_at.unwrap_or_else(now_ms), what: what.to_owned(), about }
}
