//! The task that keeps the audit log close behind the events. Any number of nodes run it; a space that another one is at is
//! passed over. It writes nothing that a writer waits for.

use std::time::Duration;

use application::fault::Fault;
use domain::id::SpaceId;
use metrics::{counter, gauge};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::clock::{jitter_ms, now_ms};
use crate::metric_names::{
    PROJECTED_EVENTS_TOTAL, PROJECTION_BEHIND_SPACES, PROJECTION_LAG_SECONDS, PROJECTION_NEWER_SPACES,
};
use crate::postgres::audit_log::PostgresAudit;

/// The name in the metrics.
const PROJECTION: &str = application::audit::PROJECTION;

/// How long it rests when it has read everything. An active space is read on at most this often.
const PAUSE_MS: u64 = 1_000;
/// And how much longer at most, so that nodes do not look together.
const PAUSE_JITTER_MS: u64 = 500;

/// How often it looks for rows of an older version of the fold: an older program may still be writing some beside this one.
const RENEW: Duration = Duration::from_secs(60);

/// Spaces that are read in one step.
const SPACES_AT_ONCE: usize = 64;
/// How often those with much to read are read on before the others, which gather some more meanwhile, are looked at again.
const PASSES_MAX: usize = 16;

/// Reads on wherever there is something to read, until `stop`.
pub async fn keep(audit: PostgresAudit, stop: CancellationToken) {
    let (mut renewed, mut is_newer_known) = (None::<Instant>, false);
    loop {
        if renewed.is_none_or(|renewed| renewed.elapsed() >= RENEW) {
            // Rows of an older version of the fold are told apart by their checkpoints; who asks for one space waits for the new ones.
            renewed = audit.renew_outdated().await.is_ok().then(Instant::now);
        }
        let more = match stop.run_until_cancelled(walk(&audit)).await {
            Some(Ok(walked)) => {
                tell_newer(walked.newer, &mut is_newer_known);
                walked.more
            }
            Some(Err(fault)) => {
                tracing::warn!(error.cause = %fault, "the audit log could not be written on; it is tried again");
                false
            }
            None => return,
        };
        let pause = Duration::from_millis(if more { 0 } else { PAUSE_MS + jitter_ms(PAUSE_JITTER_MS) });
        if stop.run_until_cancelled(sleep(pause)).await.is_none() {
            return;
        }
    }
}

/// Takes steps in every space that there is something to read in; whether some have more.
///
/// # Errors
/// The database failed; what was read stays.
pub async fn round(audit: &PostgresAudit) -> Result<bool, Fault> {
    walk(audit).await.map(|walked| walked.more)
}

/// What a round came to.
#[derive(Clone, Copy, Debug, Default)]
struct Walked {
    /// Whether some spaces have more to read.
    more: bool,
    /// Spaces that are a newer program's.
    newer: usize,
}

async fn walk(audit: &PostgresAudit) -> Result<Walked, Fault> {
    let (mut after, mut walked, mut spaces_behind, mut oldest) = (None, Walked::default(), 0_usize, None);
    loop {
        let mut spaces = audit.pending(after).await?;
        if spaces.is_empty() {
            break;
        }
        after = spaces.last().copied();
        spaces_behind += spaces.len();
        let first = audit.oldest(&spaces).await?;
        oldest = [oldest, first].into_iter().flatten().min();
        measure(spaces_behind, oldest);
        for _ in 0..PASSES_MAX {
            spaces = pass(audit, &spaces, &mut walked.newer).await?;
            if spaces.is_empty() {
                break;
            }
        }
        walked.more |= !spaces.is_empty();
    }
    measure(spaces_behind, oldest);
    Ok(walked)
}

/// Takes a step in each of these spaces; those that have more. Counts those that are a newer program's.
async fn pass(audit: &PostgresAudit, spaces: &[SpaceId], newer: &mut usize) -> Result<Vec<SpaceId>, Fault> {
    let mut more = Vec::new();
    for some in spaces.chunks(SPACES_AT_ONCE) {
        match step(audit, some, newer).await {
            Ok(goes_on) => more.extend(goes_on),
            // What is wrong in one space keeps no other waiting.
            Err(Fault::Refused(_)) => {
                for space in some {
                    more.extend(alone(audit, *space, newer).await?);
                }
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(more)
}

async fn alone(audit: &PostgresAudit, space: SpaceId, newer: &mut usize) -> Result<Vec<SpaceId>, Fault> {
    match step(audit, &[space], newer).await {
        Err(Fault::Refused(reason)) => {
            tracing::error!(
                space.id = %space, error.cause = reason,
                "a space could not be read on for the audit log; it is tried again with every round"
            );
            Ok(Vec::new())
        }
        other => other,
    }
}

async fn step(audit: &PostgresAudit, spaces: &[SpaceId], newer: &mut usize) -> Result<Vec<SpaceId>, Fault> {
    let stepped = audit.read_on(spaces).await?;
    *newer += stepped.newer;
    counter!(PROJECTED_EVENTS_TOTAL, "projection" => PROJECTION).increment(stepped.events as u64);
    Ok(stepped.more)
}

/// Says, once until it is over, that a newer program keeps the audit log of some spaces.
fn tell_newer(spaces: usize, is_known: &mut bool) {
    if spaces > 0 && !*is_known {
        tracing::warn!(
            spaces,
            "a newer program has read spaces for the audit log; they are left to it until this server is upgraded too"
        );
    }
    *is_known = spaces > 0;
    #[expect(clippy::cast_precision_loss, reason = "a gauge")]
    gauge!(PROJECTION_NEWER_SPACES, "projection" => PROJECTION).set(spaces as f64);
}

fn measure(spaces: usize, oldest: Option<i64>) {
    #[expect(clippy::cast_precision_loss, reason = "a gauge")]
    let (spaces, lag_ms) = (spaces as f64, oldest.map_or(0, |oldest| (now_ms() - oldest).max(0)) as f64);
    gauge!(PROJECTION_BEHIND_SPACES, "projection" => PROJECTION).set(spaces);
    gauge!(PROJECTION_LAG_SECONDS, "projection" => PROJECTION).set(lag_ms / 1_000.0);
}
