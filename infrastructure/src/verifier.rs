//! Verify as a serving process does it: slowly, beside its work, when its time has come or an admin asks. Every node works
//! at the walk that is under way; what one leaves when it ends, another goes on with.

mod schedule;
mod watch;

use std::sync::Arc;

use application::fault::Fault;
use application::verify::Flaw;
use deadpool_postgres::{Object, Pool};
use domain::id::SpaceId;
use metrics::{counter, gauge};
use tokio::sync::Notify;
use tokio_postgres::{Client, Config};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::config::{Serving, Verify};
use crate::metric_names::{REPAIRED_ROWS_TOTAL, VERIFY_FINDINGS};
use crate::postgres::fault::no_connection;
use crate::postgres::verify::{
    self, BegunBy, Kept, RepairNews, Repaired, Run, RunError, Wanted, counts, findings, repair,
};

/// What verifies beside serving.
#[derive(Clone, Debug)]
pub struct Verifier {
    pool: Pool,
    /// Verifying and repairing take connections of their own.
    config: Option<Config>,
    settings: Verify,
    asked: Arc<Notify>,
}

/// What is known.
#[derive(Debug)]
pub struct Known {
    /// The walk that was asked for, or the one that began last.
    pub run: Option<Run>,
    /// How much is known to be wrong, by code.
    pub counts: Vec<(String, i64)>,
    /// What is known to be wrong, a page of it.
    pub findings: Vec<Kept>,
}

impl Verifier {
    /// Verifies the database behind `pool`, which was reached as the settings say.
    pub fn new(pool: Pool, serving: &Serving) -> Self {
        let (config, settings) = (serving.settings.reached.clone(), serving.verify.clone());
        Self { pool, config, settings, asked: Arc::default() }
    }

    /// Begins a walk; this node, and every other that has time, works at it.
    ///
    /// # Errors
    /// One is under way, the space is unknown or goes, or the database failed.
    pub async fn begin(&self, space: Option<SpaceId>, by: BegunBy) -> Result<Run, RunError> {
        let client = self.client().await?;
        let id = verify::begin(&client, space, by).await?;
        let run = verify::run(&client, id).await?;
        self.asked.notify_one();
        run.ok_or_else(|| Fault::Refused(format!("the verify {id} was forgotten at once")).into())
    }

    /// The walk over a space, or over all, that is under way.
    ///
    /// # Errors
    /// The database failed.
    pub async fn under_way(&self, space: Option<SpaceId>) -> Result<Option<Uuid>, Fault> {
        verify::under_way(&*self.client().await?, space).await
    }

    /// Ends a walk before its end; false when it had ended.
    ///
    /// # Errors
    /// The database failed.
    pub async fn stop(&self, run: Uuid) -> Result<bool, Fault> {
        verify::stop(&*self.client().await?, run).await
    }

    /// The walk over all that is under way or else the one that began last, and what is known to be wrong.
    ///
    /// # Errors
    /// The database failed.
    pub async fn known(&self, wanted: &Wanted) -> Result<Known, Fault> {
        let client = self.client().await?;
        let client: &Client = &client;
        let id = match verify::under_way(client, None).await? {
            Some(id) => Some(id),
            None => verify::newest(client).await?,
        };
        let run = match id {
            Some(id) => verify::run(client, id).await?,
            None => None,
        };
        Ok(Known { run, counts: counts(client).await?, findings: findings(client, wanted).await? })
    }

    /// Repairs one space, or every space in which something was found. `dry_run` only looks.
    ///
    /// # Errors
    /// The space is unknown or goes, or the database failed; what was switched is whole.
    pub async fn repair(
        &self,
        space: Option<SpaceId>,
        dry_run: bool,
        stop: &CancellationToken,
        tell: &mut (dyn FnMut(RepairNews<'_>) + Send),
    ) -> Result<Repaired, RunError> {
        let config = self.config.as_ref().ok_or_else(|| Fault::Unavailable("no way to connect is known".to_owned()))?;
        let repaired = repair(config, space, dry_run, stop, tell).await?;
        if !dry_run {
            counter!(REPAIRED_ROWS_TOTAL).increment(repaired.rows);
            self.measure().await?;
        }
        Ok(repaired)
    }

    /// Shows what is known to be wrong as metrics.
    async fn measure(&self) -> Result<(), Fault> {
        let counts = counts(&*self.client().await?).await?;
        for code in Flaw::CODES {
            let count = counts.iter().find(|(found, _)| found == code).map_or(0, |(_, count)| *count);
            gauge!(VERIFY_FINDINGS, "code" => code).set(count as f64);
        }
        Ok(())
    }

    async fn client(&self) -> Result<Object, Fault> {
        self.pool.get().await.map_err(|error| no_connection(&error))
    }
}
