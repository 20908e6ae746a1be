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

use self::cache::{Cache, Remembered};
use self::statements::Statements;
use super::catalog::Catalog;
use super::fault::{no_connection, read};
use crate::breaker::Breaker;
use crate::config::GroupScope;
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
    scope: GroupScope,
}

impl PostgresLedger {
    /// A store on a migrated database that remembers at most `memory_bytes_max` of entities.
    pub fn new(pool: Pool, memory_bytes_max: u64) -> Self {
        let cache = Cache::new(memory_bytes_max);
        let (statements, breaker) = (OnceCell::new(), Breaker::default());
        Self { pool, statements, cache, breaker, folds: None, scope: GroupScope::Cluster }
    }

    /// Touches so much in one statement.
    #[must_use]
    pub fn of_scope(self, scope: GroupScope) -> Self {
        Self { scope, ..self }
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
            Ok(Statements::new(&catalog, self.scope))
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

    /// Loads what is missing: of all spaces at once, or of one after the other.
    async fn fill(&self, remembered: &mut HashMap<SpaceId, Remembered>) -> Result<(), Fault> {
        let statements = self.statements().await?;
        if self.scope == GroupScope::Cluster {
            return load::load(&self.pool, statements, &self.cache, remembered).await;
        }
        for (space, known) in remembered.iter_mut() {
            let mut alone = HashMap::from([(*space, known.clone())]);
            load::load(&self.pool, statements, &self.cache, &mut alone).await?;
            alone.remove(space).into_iter().for_each(|loaded| *known = loaded);
        }
        Ok(())
    }

    /// Writes all parts with one commit, or each with its own. Whoever asks for several where a commit is of one space
    /// is told that what became of them is unknown when one fails behind others.
    async fn write(&self, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
        let statements = self.statements().await?;
        if self.scope == GroupScope::Cluster {
            return append::append(&self.pool, statements, batch).await;
        }
        let mut outcomes = Vec::with_capacity(batch.len());
        for one in batch.chunks(1) {
            let earlier = outcomes.contains(&Appended::Committed);
            let written = append::append(&self.pool, statements, one).await;
            let doubtful = |fault: Fault| if earlier { Fault::Unknown(fault.to_string()) } else { fault };
            outcomes.extend(written.map_err(doubtful)?);
        }
        Ok(outcomes)
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

/// Counts where a load came from, and what was remembered of it.
fn count<'a>(remembered: impl Iterator<Item = &'a Remembered>, is_complete: bool) {
    let source = if is_complete { "memory" } else { "database" };
    counter!(LOADS_TOTAL, "source" => source).increment(1);
    remembered.for_each(Remembered::count);
}

impl Ledger for PostgresLedger {
    async fn load(&self, wants: Vec<Want>) -> Result<Vec<Loaded>, Fault> {
        self.pass(wants.iter().map(|want| want.space)).await?;
        wants.iter().filter(|want| want.fresh).for_each(|want| self.cache.forget(want.space));
        let mut remembered: HashMap<SpaceId, Remembered> =
            wants.iter().map(|want| (want.space, self.cache.recall(want))).collect();
        let is_complete = remembered.values().all(Remembered::is_complete);
        count(remembered.values(), is_complete);
        if !is_complete {
            let loaded = self.fill(&mut remembered).await;
            self.breaker.learn(&loaded);
            loaded?;
        }
        let answer = |want: &Want| remembered.remove(&want.space).and_then(Remembered::loaded);
        let loaded: Option<Vec<Loaded>> = wants.iter().map(answer).collect();
        loaded.ok_or_else(|| {
            Fault::Refused("a space was asked for twice, or has no head, as one that was erased".to_owned())
        })
    }

    fn recall(&self, want: &Want) -> Option<Loaded> {
        if self.folds.as_ref().is_some_and(|folds| !folds.are_current()) {
            return None;
        }
        let known = self.cache.recall(want);
        if !known.is_complete() {
            return None;
        }
        count(std::iter::once(&known), true);
        known.loaded()
    }

    async fn append(&self, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
        // A newer program may have come since the rows were read.
        self.pass(batch.iter().map(|prepared| prepared.space)).await?;
        let appended = self.write(batch).await;
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
