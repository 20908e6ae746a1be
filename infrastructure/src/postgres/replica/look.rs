//! Looks at the database and its replica side by side, again and again: whether the one follows the other, and how closely.

use std::time::Duration;

use deadpool_postgres::Pool;
use metrics::gauge;
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::Row;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::cover::Ahead;
use super::standing::Standing;
use super::{Standby, State};
use crate::metric_names::DATABASE_REPLICA_LAG_SECONDS;
use crate::postgres::fault::{no_connection, read};

/// How often.
const EVERY: Duration = Duration::from_millis(250);
/// How long an answer may take, the wait for a connection included.
const ANSWER: Duration = Duration::from_secs(1);

/// Which database something is, and where in its log.
struct Place {
    system: i64,
    epoch: Uuid,
    timeline: i32,
    /// `None`: it has replayed nothing.
    position: Option<i64>,
}

/// Why nothing is read from the replica, in words for the log.
type Why = String;

/// Looks until `stop`, and at once when a read went wrong.
pub(super) async fn follow(standby: &Standby, database: Pool, stop: CancellationToken) {
    let looking = async {
        loop {
            let now = match look(standby, &database).await {
                Ok(()) => standby.state().judged(standby.lag_max),
                Err(why) => {
                    // Connections that got stuck would be the next to be used.
                    standby.pool.retain(|_, _| false);
                    Standing::Away { why }
                }
            };
            standby.state().stands(now);
            tokio::select! {
                () = sleep(EVERY) => {}
                () = standby.doubted.notified() => {}
            }
        }
    };
    stop.run_until_cancelled(looking).await;
}

async fn look(standby: &Standby, database: &Pool) -> Result<(), Why> {
    let asked_at = Instant::now();
    let source = ask(database, include_str!("../sql/replica/database.sql"));
    let source = source.await.map_err(|why| format!("the database could not be asked how far it is: {why}"))?;
    let source = place(&source).map_err(|error| error.to_string())?;
    let copy = ask(&standby.pool, include_str!("../sql/replica/replica.sql")).await?;
    let is_standby: bool = copy.try_get("is_standby").map_err(|error| error.to_string())?;
    let copy = place(&copy).map_err(|error| error.to_string())?;
    is_copy(&source, is_standby, &copy)?;
    let mut state = standby.state();
    let asked = state.cover.asked(asked_at, source.position.unwrap_or_default());
    asked.map_err(|Ahead| "it is ahead of the database, so it follows another".to_owned())?;
    state.cover.replayed(copy.position.unwrap_or_default());
    Ok(())
}

/// Positions mean something only between a database and what is replayed of its own log.
fn is_copy(source: &Place, is_standby: bool, copy: &Place) -> Result<(), Why> {
    let wrong = match () {
        () if !is_standby => "it is no standby",
        () if source.system != copy.system => "it is a copy of another database",
        () if source.timeline != copy.timeline => "it is on another timeline than the database",
        () if source.epoch != copy.epoch => "it is in another life of the logs",
        () => return Ok(()),
    };
    Err(wrong.to_owned())
}

async fn ask(pool: &Pool, sql: &str) -> Result<Row, Why> {
    let answer = async {
        let client = pool.get().await.map_err(|error| no_connection(&error))?;
        // Not prepared for good: the other side may become another database at any time.
        client.query_one(sql, &[]).await.map_err(|error| read(&error))
    };
    let answered = timeout(ANSWER, answer).await;
    answered.map_err(|_| "no answer in time".to_owned())?.map_err(|fault| fault.to_string())
}

fn place(row: &Row) -> Result<Place, tokio_postgres::Error> {
    Ok(Place {
        system: row.try_get("system_identifier")?,
        epoch: row.try_get("epoch")?,
        timeline: row.try_get("timeline")?,
        position: row.try_get("position")?,
    })
}

impl State {
    /// What the last look says, which found nothing wrong. A replica that was too far behind has to come close before it is read
    /// from again: at the limit it would come and go.
    fn judged(&self, lag_max: Duration) -> Standing {
        let Some(lag) = self.cover.lag(Instant::now()) else { return Standing::Behind };
        gauge!(DATABASE_REPLICA_LAG_SECONDS).set(lag.as_secs_f64());
        let may_be = if self.standing == Standing::Following { lag_max } else { lag_max / 2 };
        if lag <= may_be { Standing::Following } else { Standing::Behind }
    }

    fn stands(&mut self, now: Standing) {
        self.is_doubtful = now != Standing::Following;
        self.standing.become_now(now);
        self.written.forget(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(system: i64, timeline: i32, epoch: u128) -> Place {
        Place { system, epoch: Uuid::from_u128(epoch), timeline, position: Some(1) }
    }

    #[test]
    fn only_a_standby_of_the_same_history_is_a_copy() {
        let source = place(1, 2, 3);
        assert!(is_copy(&source, true, &place(1, 2, 3)).is_ok());
        for (is_standby, copy) in
            [(false, place(1, 2, 3)), (true, place(9, 2, 3)), (true, place(1, 1, 3)), (true, place(1, 2, 9))]
        {
            assert!(is_copy(&source, is_standby, &copy).is_err());
        }
    }
}
