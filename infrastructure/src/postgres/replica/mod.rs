//! A read-only copy of the database that follows it by streaming replication, and answers readers who carry a cursor when it has
//! come at least that far. It decides nothing: whatever is doubtful is asked of the database, and nothing fails because of it.
//!
//! Of a copy that is behind three things must not show. What the reader has seen: its cursor names position, hash and life of the
//! log, and the answer holds the head of the same moment. What this node was answered for: its own commits of the last seconds
//! are remembered. What was changed in place (a redaction): the copy is not asked until it has replayed that moment.

mod cover;
mod look;
mod near;
mod standing;
mod written;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use application::fault::Fault;
use application::feed::Slice;
use deadpool_postgres::Pool;
use domain::id::SpaceId;
use metrics::counter;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};
use tokio_postgres::Config;
use tokio_util::sync::CancellationToken;

use self::cover::Cover;
pub use self::near::{NearLog, Seen};
pub use self::standing::Standing;
use self::written::Written;
use super::log::PostgresLog;
use super::pool;
use crate::config::{GroupScope, Serving};
use crate::metric_names::CURSOR_READS_TOTAL;

/// How long the replica may take before the database is asked.
const ANSWER_MS_MAX: u64 = 1_000;

/// Why there can be no replica. No message repeats a setting that may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("LEVELUP_REPLICA_URL cannot be used: {0}")]
pub struct ReplicaSettingError(&'static str);

impl ReplicaSettingError {
    /// What the operator can do.
    pub const fn next_step(self) -> &'static str {
        "Write it like postgres://user:password@standby.example.org:5432/database, or leave it empty: the database then answers every read."
    }
}

/// The replica, or none. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Replica(Option<Arc<Standby>>);

#[derive(Debug)]
struct Standby {
    pool: Pool,
    log: PostgresLog,
    lag_max: Duration,
    state: Mutex<State>,
    /// Told when a read went wrong.
    doubted: Notify,
}

#[derive(Debug)]
struct State {
    standing: Standing,
    /// Whether something went wrong since the last look.
    is_doubtful: bool,
    cover: Cover,
    /// Something was changed in place then: an older copy is not read.
    outdated: Option<Instant>,
    written: Written,
}

impl Replica {
    /// The one that the settings name. Nothing is connected to; see [`Replica::follow`].
    ///
    /// # Errors
    /// It cannot be used.
    pub fn of(serving: &Serving) -> Result<Self, ReplicaSettingError> {
        let Some(url) = serving.replica.replica_url.get() else { return Ok(Self::default()) };
        if serving.settings.group_scope == GroupScope::Space {
            let why = "a database that is spread by space (LEVELUP_GROUP_SCOPE) has no one log that a standby follows";
            return Err(ReplicaSettingError(why));
        }
        let unreadable = ReplicaSettingError("it is not a PostgreSQL connection URL");
        let mut config: Config = url.parse().map_err(|_| unreadable)?;
        // Longer than anybody waits for. The operator's own options come last and win.
        let own = config.get_options().unwrap_or_default();
        config.options(format!("-c statement_timeout={} {own}", 2 * ANSWER_MS_MAX).trim_end().to_owned());
        let pool = pool::connect(config, serving.settings.pool_size).map_err(|_| unreadable)?;
        Ok(Self::over(pool, Duration::from_secs(serving.replica.replica_lag_s)))
    }

    fn over(pool: Pool, lag_max: Duration) -> Self {
        let state = State {
            standing: Standing::unknown(),
            is_doubtful: true,
            cover: Cover::default(),
            outdated: Some(Instant::now()),
            written: Written::new(lag_max),
        };
        let log = PostgresLog::new(pool.clone());
        Self(Some(Arc::new(Standby { pool, log, lag_max, state: Mutex::new(state), doubted: Notify::new() })))
    }

    /// Compares it with the database behind `database`, until `stop`.
    pub async fn follow(self, database: Pool, stop: CancellationToken) {
        if let Some(standby) = &self.0 {
            look::follow(standby, database, stop).await;
        }
    }

    /// Whether it is read from.
    pub fn standing(&self) -> Standing {
        self.0.as_ref().map_or(Standing::Off, |standby| standby.state().standing.clone())
    }

    /// This node has brought a space that far, and somebody is going to be told.
    pub(crate) fn wrote(&self, space: SpaceId, position: i64) {
        if let Some(standby) = &self.0 {
            standby.state().written.note(space, position, Instant::now());
        }
    }

    /// How far this node has lately brought a space.
    pub(crate) fn written(&self, space: SpaceId) -> i64 {
        self.0.as_ref().map_or(0, |standby| standby.state().written.of(space))
    }

    /// Something was changed in place by now.
    pub(crate) fn outdate(&self) {
        if let Some(standby) = &self.0 {
            standby.state().outdated = Some(Instant::now());
        }
    }

    /// What the replica has behind a cursor; `None`: ask the database.
    async fn after(&self, seen: &Seen, rows: i64) -> Option<Slice> {
        let standby = self.0.as_ref()?;
        let found = match standby.pass() {
            Ok(()) => standby.after(seen, rows).await,
            Err(because) => Err(because),
        };
        let (by, because) = match &found {
            Ok(_) => ("replica", "there"),
            Err(because) => ("database", *because),
        };
        counter!(CURSOR_READS_TOTAL, "what" => seen.what, "by" => by, "because" => because).increment(1);
        found.ok()
    }
}

impl Standby {
    /// Whether it may be asked now, or why not.
    fn pass(&self) -> Result<(), &'static str> {
        let state = self.state();
        match &state.standing {
            Standing::Following => {}
            Standing::Behind => return Err("behind"),
            Standing::Off | Standing::Away { .. } => return Err("away"),
        }
        let covered = state.cover.at().filter(|at| at.elapsed() <= self.lag_max).ok_or("behind")?;
        match () {
            () if state.is_doubtful => Err("doubtful"),
            () if state.outdated.is_some_and(|outdated| covered < outdated) => Err("outdated"),
            () => Ok(()),
        }
    }

    async fn after(&self, seen: &Seen, rows: i64) -> Result<Slice, &'static str> {
        let asked = self.log.found(seen.cursor.space, seen.cursor.position, rows);
        let because = match timeout(Duration::from_millis(ANSWER_MS_MAX), asked).await {
            Ok(Ok(found)) => return found.filter(|slice| seen.is_in(slice)).ok_or("not_there"),
            Ok(Err(fault)) => {
                tracing::debug!(fault = %fault, "the replica failed a reader; the database is asked");
                if matches!(fault, Fault::Damaged { .. }) {
                    // Of this space alone, and no fault of the replica.
                    return Err("failed");
                }
                "failed"
            }
            Err(_) => "slow",
        };
        self.state().is_doubtful = true;
        self.doubted.notify_one();
        Err(because)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serving(url: &str) -> Serving {
        let mut serving = Serving::default();
        serving.replica.replica_url = url.to_owned().into();
        serving
    }

    #[test]
    fn without_a_setting_there_is_none_and_a_wrong_one_is_refused_without_its_password() {
        assert_eq!(Replica::of(&serving(" ")).unwrap().standing(), Standing::Off);
        let error = Replica::of(&serving("postgres://me:sec ret@standby:x/db")).unwrap_err();
        assert!(!error.to_string().contains("ret"), "{error}");
        let mut spread = serving("postgres://me@standby/db");
        assert!(matches!(Replica::of(&spread).unwrap().standing(), Standing::Away { .. }));
        spread.settings.group_scope = GroupScope::Space;
        assert!(Replica::of(&spread).is_err());
    }

    #[test]
    fn it_is_asked_only_while_it_follows_closely_and_nothing_is_doubtful() {
        let replica = Replica::of(&serving("postgres://me@standby/db")).unwrap();
        let standby = replica.0.as_ref().unwrap();
        assert_eq!(standby.pass(), Err("away"));
        standby.state().standing = Standing::Following;
        assert_eq!(standby.pass(), Err("behind"), "nothing is known of it");
        standby.state().cover.asked(Instant::now(), 1).unwrap();
        standby.state().cover.replayed(1);
        assert_eq!(standby.pass(), Err("doubtful"));
        standby.state().is_doubtful = false;
        assert_eq!(standby.pass(), Ok(()));
        replica.outdate();
        assert_eq!(standby.pass(), Err("outdated"));
        standby.state().cover.asked(Instant::now(), 2).unwrap();
        assert_eq!(standby.pass(), Err("outdated"), "it has not replayed it");
        standby.state().cover.replayed(2);
        assert_eq!(standby.pass(), Ok(()));
    }
}
