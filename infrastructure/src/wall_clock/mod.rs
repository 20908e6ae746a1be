//! Whether this node's clock can be trusted: it is compared with time that nobody sets, each second, and with the database's
//! clock. Tokens end and stamps are bounded by it, so a node whose clock is off says so; order never depends on it.

mod drift;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use application::fault::Fault;
use deadpool_postgres::Pool;
use metrics::{counter, gauge};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

pub use self::drift::ClockStanding;
use self::drift::Drift;
use crate::clock::now_ms;
use crate::metric_names::{CLOCK_JUMPS_TOTAL, CLOCK_OFFSET_SECONDS};
use crate::postgres::fault::{no_connection, read};

const DATABASE_NOW: &str = include_str!("../postgres/sql/wall_clock/database_now.sql");

/// How often the clock is looked at.
const TICK_MS: u64 = 1_000;
/// After so many looks it is compared with the database's while all is well; while it is not, each time.
const COMPARE_TICKS: u32 = 10;
/// How long the database may take to tell its clock.
const ANSWER_MS_MAX: u64 = 2_000;

/// What is known of this node's clock. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct WallClock(Arc<Mutex<Drift>>);

impl WallClock {
    /// Whether it can be trusted.
    pub fn standing(&self) -> ClockStanding {
        self.drift().standing()
    }

    /// Looks until `stop`.
    pub async fn watch(self, pool: Pool, stop: CancellationToken) {
        let (began, mut ticks, mut number) = (Instant::now(), interval(Duration::from_millis(TICK_MS)), 0);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            let before = self.standing();
            let steady_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
            let jumped = self.drift().ticked(now_ms(), steady_ms);
            if let Some(by_ms) = jumped {
                counter!(CLOCK_JUMPS_TOTAL).increment(1);
                tracing::warn!(clock.by_ms = by_ms, "the clock of this machine has jumped");
            }
            if number % COMPARE_TICKS == 0 || self.standing() != ClockStanding::Good {
                self.compare(&pool).await;
            }
            tell(before, self.standing());
            number = number.wrapping_add(1);
        }
    }

    async fn compare(&self, pool: &Pool) {
        let before = now_ms();
        // A database that is away is told of elsewhere.
        let Ok(Ok(database)) = timeout(Duration::from_millis(ANSWER_MS_MAX), database_now(pool)).await else { return };
        let off = self.drift().compared(before, database, now_ms());
        if let Some(off) = off {
            gauge!(CLOCK_OFFSET_SECONDS).set(off as f64 / 1_000.0);
        }
    }

    fn drift(&self) -> MutexGuard<'_, Drift> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn database_now(pool: &Pool) -> Result<i64, Fault> {
    let client = pool.get().await.map_err(|error| no_connection(&error))?;
    let statement = client.prepare_cached(DATABASE_NOW).await.map_err(|error| read(&error))?;
    let row = client.query_one(&statement, &[]).await.map_err(|error| read(&error))?;
    row.try_get("now_ms").map_err(|error| read(&error))
}

fn tell(before: ClockStanding, now: ClockStanding) {
    match (before, now) {
        (ClockStanding::Off(_), ClockStanding::Off(_)) => {}
        (_, ClockStanding::Off(by_ms)) => {
            tracing::warn!(clock.by_ms = by_ms, "the clock of this machine is not that of the database");
        }
        (ClockStanding::Off(_) | ClockStanding::Jumped(_), ClockStanding::Good) => {
            tracing::info!("the clock of this machine is that of the database again");
        }
        _ => {}
    }
}
