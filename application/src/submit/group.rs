//! The group append: load once, decide in memory, write once; what was lost is tried again alone.

use domain::entity::{EntityRef, Kind};

use super::base;
use super::series::Series;
use super::working::Working;
use super::{Batch, Committed};
use crate::fault::Fault;
use crate::ledger::{Appended, Ledger, Prepared, Want};

/// What became of a space's part of a group.
#[derive(Debug)]
pub enum BatchOutcome {
    /// Decided and durable (or nothing was to be written).
    Committed(Box<Committed>),
    /// Another writer was first, holds the head, or has written what is not remembered here: try again alone.
    Lost,
}

/// Decides and appends the batches, each of another space, with one commit. `fresh`: nothing remembered may be used.
///
/// # Errors
/// `Unknown`: the write was sent and its answer lost. Otherwise nothing was written.
pub async fn submit<L: Ledger>(
    ledger: &L,
    now: i64,
    batches: &[Batch],
    fresh: bool,
) -> Result<Vec<BatchOutcome>, Fault> {
    let wants: Vec<Want> = batches.iter().map(|batch| wanted(batch, fresh)).collect();
    let loaded = ledger.load(wants.clone()).await?;
    let mut decided = Vec::with_capacity(batches.len());
    for ((batch, want), loaded) in batches.iter().zip(&wants).zip(loaded) {
        decided.push(Series::decide(ledger, now, batch, Working::new(want, loaded)).await?);
    }
    append(ledger, decided).await
}

/// What is known to be needed before anything is decided.
pub(super) fn wanted(batch: &Batch, fresh: bool) -> Want {
    let mut want = Want { space: batch.space, fresh, ..Want::default() };
    want.entities.insert(EntityRef::new(Kind::Hero, batch.space.into()));
    for submission in &batch.submissions {
        want.transactions.insert(submission.sent.id);
        want.bases.extend(base::position(submission, batch.space));
        want.devices.insert(submission.actor.device);
        for request in submission.sent.commands.iter().flatten() {
            if request.command.creates() {
                want.created.insert(request.target);
            } else {
                want.entities.insert(request.target);
            }
            if request.command.needs_referrers() {
                want.referrers_of.insert(request.target);
            }
        }
    }
    if fresh {
        want.entities.append(&mut want.created);
    } else {
        want.entities.retain(|entity| !want.created.contains(entity));
    }
    want
}

async fn append<L: Ledger>(ledger: &L, decided: Vec<Option<Series>>) -> Result<Vec<BatchOutcome>, Fault> {
    let mut outcomes = Vec::with_capacity(decided.len());
    let mut prepared: Vec<Prepared> = Vec::with_capacity(decided.len());
    let mut writing = Vec::with_capacity(decided.len());
    for one in decided {
        let Some(mut series) = one else {
            writing.push(false);
            outcomes.push(BatchOutcome::Lost);
            continue;
        };
        let group = series.cut();
        writing.push(group.prepared.is_some());
        prepared.extend(group.prepared);
        outcomes.push(BatchOutcome::Committed(group.committed));
    }
    if prepared.is_empty() {
        return Ok(outcomes);
    }
    let mut appended = ledger.append(&prepared).await?.into_iter();
    for (outcome, _) in outcomes.iter_mut().zip(writing).filter(|(_, writing)| *writing) {
        if appended.next() != Some(Appended::Committed) {
            *outcome = BatchOutcome::Lost;
        }
    }
    Ok(outcomes)
}
