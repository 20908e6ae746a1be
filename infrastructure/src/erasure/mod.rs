//! Erasure as this process does it: the store, the list beside it, and the task that looks every minute what is to go.
//! Any number of processes may do so at once.

mod list;
mod watch;

use std::path::Path;
use std::time::Duration;

use application::erase::{self, Erased, Round, Unfinished};
use application::fault::Fault;
use deadpool_postgres::Pool;
use domain::id::AccountId;
use tokio_util::sync::CancellationToken;

use crate::clock::now_ms;
use crate::postgres::directory::PostgresDirectory;
use crate::postgres::directory::erasure::PostgresErasures;
use crate::revocations::Revocations;

pub use list::{Contents, ErasureFile};

/// How long to wait while another process erases the same account.
const ELSEWHERE_MS: u64 = 100;

/// What erases.
#[derive(Clone, Debug)]
pub struct Eraser {
    pool: Pool,
    store: PostgresErasures,
    list: ErasureFile,
    live_sessions: Revocations,
}

impl Eraser {
    /// Erases in the database behind `pool`, with the list in this data directory; what is live here hears of it.
    pub fn new(pool: Pool, data_dir: &Path, live_sessions: Revocations) -> Self {
        let store = PostgresErasures::new(pool.clone());
        Self { pool, store, list: ErasureFile::within(data_dir), live_sessions }
    }

    /// Goes over everything that is to be erased, once. `stop` ends it between two steps.
    ///
    /// # Errors
    /// The database is away, or the list cannot be read.
    pub async fn round(&self, stop: &CancellationToken) -> Result<Round, Fault> {
        let flags = PostgresDirectory::new(self.pool.clone());
        erase::round((&self.store, &flags), &self.list, &self.live_sessions, &now_ms, &|| stop.is_cancelled()).await
    }

    /// The same for whoever was erased before, and nobody else.
    ///
    /// # Errors
    /// The database is away, or the list cannot be read.
    pub async fn again(&self, stop: &CancellationToken) -> Result<Round, Fault> {
        erase::again(&self.store, &self.list, &self.live_sessions, &now_ms, &|| stop.is_cancelled()).await
    }

    /// Erases an account now, whatever date it has; `None` when there is no such account and no such space.
    ///
    /// # Errors
    /// It broke off; the next round, of any process, goes on with it.
    pub async fn now(&self, account: AccountId, stop: &CancellationToken) -> Result<Option<Erased>, Fault> {
        let at = now_ms();
        if !erase::begin(&self.store, &self.live_sessions, account, at, false).await? {
            return Ok(None);
        }
        let begun = Unfinished { account, requested_at: at };
        loop {
            match erase::erase(&self.store, &self.list, begun, &now_ms, &|| stop.is_cancelled()).await? {
                // A server that looked just now: it may have taken a step, or do all of it.
                Erased::Elsewhere => tokio::time::sleep(Duration::from_millis(ELSEWHERE_MS)).await,
                erased => return Ok(Some(erased)),
            }
        }
    }
}
