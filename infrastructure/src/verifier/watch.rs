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
use crate::postgres::verify::{BegunBy, News, RunError, Sessions, Worked, all_under_way, last_walk_at, work};

/// How often it looks whether there is something to do.
const PAUSE_MS: u64 = 5_000;
/// And how much longer at most, so that nodes do not look together.
const PAUSE_JITTER_MS: u64 = 2_000;
/// Findings of one round that are told one by one; the table has them all.
const WARNINGS_MAX: u64 = 100;

impl Verifier {
    /// Looks every few seconds, and at once when this node is asked, until `stop`.
    pub async fn watch(self, stop: CancellationToken) {
        let started = now_ms();
        loop {
            match self.round(started, &stop).await {
                Ok(()) => {}
                Err(RunError::Fault(fault)) => {
                    tracing::warn!(fault = %fault, "the logs cannot be verified now; it goes on where it was left")
                }
                Err(other) => tracing::debug!(because = %other, "no verify was begun"),
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

    /// Begins a walk if its time has come, and works at those that are under way.
    async fn round(&self, started: i64, stop: &CancellationToken) -> Result<(), RunError> {
        let Some(config) = &self.config else { return Ok(()) };
        let runs = {
            let client = self.client().await?;
            if self.settings.verify_days > 0
                && is_due(self.settings.verify_days, now_ms(), started, last_walk_at(&client).await?)
            {
                // Another node may have begun it just now.
                match crate::postgres::verify::begin(&client, None, BegunBy::Schedule).await {
                    Ok(_) | Err(RunError::UnderWay(_)) => {}
                    Err(other) => return Err(other),
                }
            }
            all_under_way(&client).await?
        };
        if runs.is_empty() {
            return Ok(());
        }
        let mut sessions = Sessions::connect(config).await?;
        for run in runs {
            self.work(&mut sessions, run, stop).await?;
        }
        sessions.close().await;
        Ok(self.measure().await?)
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
