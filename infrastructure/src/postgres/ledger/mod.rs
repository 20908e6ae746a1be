//! The event store in PostgreSQL: the port `application::ledger` by set-based statements and a bounded memory.

mod append;
mod cache;
mod columns;
mod load;
pub(super) mod rows;
mod statements;

use std::collections::HashMap;

use application::fault::Fault;
use application::ledger::{Appended, Ledger, Loaded, Prepared, Want};
use deadpool_postgres::Pool;
use domain::id::SpaceId;
use metrics::counter;
use tokio::sync::OnceCell;

use self::cache::Cache;
use self::statements::Statements;
use super::catalog::Catalog;
use super::fault::{no_connection, read};
use crate::breaker::Breaker;
use crate::folds::Folds;
use crate::metric_names::LOADS_TOTAL;

/// The event store.
#[derive(Debug)]
pub struct PostgresLedger {
    pool: Pool,
    /// Written from the catalog at the first use, so that a server starts while its database is away.
    statements: OnceCell<Statements>,
    cache: Cache,
    breaker: Breaker,
    folds: Option<Folds>,
}

impl PostgresLedger {
    /// A store on a migrated database that remembers at most `memory_bytes_max` of entities.
    pub fn new(pool: Pool, memory_bytes_max: u64) -> Self {
        let cache = Cache::new(memory_bytes_max);
        Self { pool, statements: OnceCell::new(), cache, breaker: Breaker::default(), folds: None }
    }

    /// Tells this breaker what becomes of writes.
    #[must_use]
    pub fn watched_by(self, breaker: Breaker) -> Self {
        Self { breaker, ..self }
    }

    /// Decides on no row of an older fold.
    #[must_use]
    pub fn guarded_by(self, folds: Folds) -> Self {
        Self { folds: Some(folds), ..self }
    }

    async fn statements(&self) -> Result<&Statements, Fault> {
        let write = || async {
            let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
            let catalog = Catalog::read(&**client).await.map_err(|error| read(&error))?;
            Ok(Statements::new(&catalog))
        };
        self.statements.get_or_try_init(write).await
    }

    /// Waits until the rows of these spaces are of this program's folds.
    async fn pass(&self, spaces: impl Iterator<Item = SpaceId> + Send) -> Result<(), Fault> {
        let Some(folds) = self.folds.as_ref().filter(|folds| !folds.are_current()) else { return Ok(()) };
        for space in spaces {
            let passed = folds.pass(space).await;
            if passed.is_err() {
                self.breaker.learn(&passed);
                return passed;
            }
        }
        Ok(())
    }

    /// Bytes of entities that are remembered, as they are taken to weigh.
    pub fn memory_bytes(&self) -> u64 {
        self.cache.bytes()
    }

    /// Forgets what is remembered of these spaces.
    pub fn forget(&self, spaces: impl IntoIterator<Item = SpaceId>) {
        spaces.into_iter().for_each(|space| self.cache.forget(space));
    }

    /// Forgets what is remembered of a space whose log goes further than that: the next write would be lost on it.
    pub fn forget_behind(&self, space: SpaceId, position: i64) {
        if self.cache.is_behind(space, position) {
            self.cache.forget(space);
        }
    }

    /// Forgets what is remembered of a space of which something was taken out, the answers to its transactions too.
    pub fn forget_texts(&self, space: SpaceId) {
        self.cache.forget(space);
        self.cache.forget_receipts();
    }
}

impl Ledger for PostgresLedger {
    async fn load(&self, wants: Vec<Want>) -> Result<Vec<Loaded>, Fault> {
        self.pass(wants.iter().map(|want| want.space)).await?;
        wants.iter().filter(|want| want.fresh).for_each(|want| self.cache.forget(want.space));
        let mut remembered: HashMap<SpaceId, cache::Remembered> =
            wants.iter().map(|want| (want.space, self.cache.recall(want))).collect();
        let is_complete = remembered.values().all(cache::Remembered::is_complete);
        let source = if is_complete { "memory" } else { "database" };
        counter!(LOADS_TOTAL, "source" => source).increment(1);
        remembered.values().for_each(cache::Remembered::count);
        if !is_complete {
            let loading =
                async { load::load(&self.pool, self.statements().await?, &self.cache, &mut remembered).await };
            let loaded = loading.await;
            self.breaker.learn(&loaded);
            loaded?;
        }
        let answer = |want: &Want| remembered.remove(&want.space).and_then(cache::Remembered::loaded);
        let loaded: Option<Vec<Loaded>> = wants.iter().map(answer).collect();
        loaded.ok_or_else(|| {
            Fault::Refused("a space was asked for twice, or has no head, as one that was erased".to_owned())
        })
    }

    async fn append(&self, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
        // A newer program may have come since the rows were read.
        self.pass(batch.iter().map(|prepared| prepared.space)).await?;
        let appending = async { append::append(&self.pool, self.statements().await?, batch).await };
        let appended = appending.await;
        self.breaker.learn(&appended);
        match &appended {
            Ok(outcomes) => {
                for (prepared, outcome) in batch.iter().zip(outcomes) {
                    match outcome {
                        Appended::Committed => self.cache.committed(prepared),
                        Appended::Lost => self.cache.forget(prepared.space),
                    }
                }
            }
            Err(_) => self.forget(batch.iter().map(|prepared| prepared.space)),
        }
        appended
    }
}
