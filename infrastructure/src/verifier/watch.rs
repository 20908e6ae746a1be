//! The task of a serving process.

use std::time::Duration;

use application::fault::Fault;
use application::verify::Finding;
use metrics::counter;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Verifier;
use super::schedule::is_due;
use crate::clock::{jitter_ms, now_ms};
use crate::metric_names::{VERIFIED_EVENTS_TOTAL, VERIFIED_SPACES_TOTAL};
use crate::postgres::rebuild::Progress;
use crate::postgres::verify::{BegunBy, News, RunError, Sessions, Worked, all_under_way, begin, last_walk_at, work};

/// How often it looks whether there is something to do.
const PAUSE_MS: u64 = 5_000;
/// And how much longer at most, so that nodes do not look together.
const PAUSE_JITTER_MS: u64 = 2_000;
/// Looks from one count of what is known to be wrong to the next.
const MEASURED_EVERY: u64 = 10;
/// Findings of one round that are told one by one; the table has them all.
const WARNINGS_MAX: u64 = 100;

impl Verifier {
    /// Looks every few seconds, and at once when this node is asked, until `stop`.
    pub async fn watch(self, stop: CancellationToken) {
        let started = now_ms();
        for round in 0_u64.. {
            // What is known outlives the process that found it, so a metric of it does too.
            if round.is_multiple_of(MEASURED_EVERY)
                && let Some(Err(fault)) = stop.run_until_cancelled(self.measure()).await
            {
                tracing::debug!(fault = %fault, "what is known to be wrong cannot be counted now");
            }
            if let Err(fault) = self.round(started, &stop).await {
                tracing::warn!(fault = %fault, "the logs cannot be verified now; it goes on where it was left");
            }
            let pause = tokio::time::sleep(Duration::from_millis(PAUSE_MS + jitter_ms(PAUSE_JITTER_MS)));
            let waited = stop.run_until_cancelled(async {
                tokio::select! {
                    () = pause => {}
                    () = self.asked.notified() => {}
                }
            });
            if waited.await.is_none() {
                return;
            }
        }
    }

    /// Works at the walks that are under way.
    async fn round(&self, started: i64, stop: &CancellationToken) -> Result<(), Fault> {
        let Some(config) = &self.config else { return Ok(()) };
        let runs = match self.look(started).await {
            Ok(runs) => runs,
            // Others say so already when the database is away.
            Err(error) => {
                tracing::debug!(because = %error, "it could not be seen whether there is something to verify");
                return Ok(());
            }
        };
        if runs.is_empty() {
            return Ok(());
        }
        let mut sessions = Sessions::connect(config).await?;
        for run in runs {
            self.work(&mut sessions, run, stop).await?;
        }
        sessions.close().await;
        self.measure().await
    }

    /// Begins a walk if its time has come; those that are under way.
    async fn look(&self, started: i64) -> Result<Vec<Uuid>, RunError> {
        let client = self.client().await?;
        if is_due(self.settings.verify_days, now_ms(), started, last_walk_at(&client).await?) {
            // Another node may have begun it just now.
            match begin(&client, None, BegunBy::Schedule).await {
                Ok(_) | Err(RunError::UnderWay(_)) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(all_under_way(&client).await?)
    }

    async fn work(&self, sessions: &mut Sessions, run: Uuid, stop: &CancellationToken) -> Result<(), Fault> {
        let (mut seen, mut warned) = (None::<Progress>, 0);
        let mut tell = |news: News<'_>| match news {
            News::Progress(now) => count(seen.replace(now), now),
            News::Finding(finding) => {
                warned += 1;
                warn(finding, warned);
            }
            News::Erased(space) => tracing::debug!(space.id = %space, "the space is being erased; it is not verified"),
        };
        let rate = Some(self.settings.verify_rate);
        let worked = work(sessions, run, rate, stop, &mut tell).await?;
        if worked == Worked::Done {
            tracing::info!(verify.run = %run, "the verify is done");
        }
        Ok(())
    }
}

fn warn(finding: &Finding, warned: u64) {
    let code = finding.flaw.code();
    if warned <= WARNINGS_MAX {
        tracing::warn!(space.id = %finding.space, finding.code = code, "verify: {}", finding.flaw.sentence());
    }
    if warned == WARNINGS_MAX {
        tracing::warn!("verify: further findings are not told here; `GET /api/v2/admin/verify` has them all");
    }
}

fn count(before: Option<Progress>, now: Progress) {
    let Some(before) = before else { return };
    counter!(VERIFIED_EVENTS_TOTAL).increment(now.events.saturating_sub(before.events));
    counter!(VERIFIED_SPACES_TOTAL).increment(now.spaces.saturating_sub(before.spaces));
}
