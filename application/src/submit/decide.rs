//! Deciding one transaction on a working set: receipt, deferral, device sequence, then its commands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use domain::entity::EntityRef;
use domain::rejection::Rejection;
use domain::stamp::Stamp;
use domain::transaction::{CommandResult, Notice, Positions, Problem, Receipt, Refusal, Verdict};
use jiff::civil::Date;

use super::Submission;
use super::attempt::{Attempt, Stop};
use super::base::{self, NoBase};
use super::working::{Held, Need, Working};
use crate::cursor::Cursor;
use crate::ledger::{DeviceClock, Head, NewEvent, NewReceipt, StoredReceipt};

/// A transaction of the server's that is to be made again; nobody outside is told.
pub(crate) const PLAN_STALE: &str = "plan_stale";

/// Why a transaction is not decided now. The working set is as it was.
#[derive(Debug)]
pub(super) enum Hindrance {
    /// Something has to be loaded first.
    Need(Need),
    /// Its base is beyond what is remembered, or of another life of the log: the log itself has to be asked.
    Stale,
}

impl From<Need> for Hindrance {
    fn from(need: Need) -> Self {
        Self::Need(need)
    }
}

/// Decides a transaction and, unless it is deferred or a repeat, keeps its receipt in the working set.
///
/// # Errors
/// What has to be done first.
pub(super) async fn decide(working: &mut Working, submission: &Submission, now: i64) -> Result<Receipt, Hindrance> {
    let sent = &submission.sent;
    let requests = sent.commands.iter().flatten();
    working.assume(&requests.filter(|request| request.command.creates()).map(|request| request.target).collect());
    if let Some(known) = working.receipts.get(&sent.id) {
        let same = known.digest == sent.digest;
        return Ok(if same { known.receipt.clone() } else { Receipt::reused(sent.id) });
    }
    let base = match base::readable(working, submission) {
        Ok(base) => base,
        Err(NoBase::Stale) => return Err(Hindrance::Stale),
        Err(NoBase::Deferred(problem)) => {
            submission.deferred.store(true, Ordering::Relaxed);
            return Ok(Receipt::deferred(sent.id, *problem));
        }
    };
    if stale(working, submission)? {
        let detail = "what the transaction was made from has changed; it is made again";
        return Ok(Receipt::deferred(sent.id, Problem::deferred(PLAN_STALE, detail, None)));
    }
    let clock = working.devices.get(&submission.actor.device).copied().unwrap_or_default();
    let decided = match device_sequence(&clock, sent.device_seq) {
        Ok(notices) => commands(working, submission, base, now).await?.map(|done| (done, notices)),
        Err(rejection) => Err(rejection.into()),
    };
    let receipt = match decided {
        Ok((done, mut notices)) => {
            notices.extend(sent.plan.iter().flat_map(|plan| plan.notices.iter().cloned()));
            done.join(working, submission, notices)
        }
        Err(refusal) => Receipt::rejected(Some(sent.id), &refusal),
    };
    keep(working, submission, clock, &receipt);
    Ok(receipt)
}

/// Whether an entity has another version than that from which the server made the transaction.
fn stale(working: &Working, submission: &Submission) -> Result<bool, Need> {
    let (mut stale, mut missing) = (false, BTreeSet::new());
    for (entity, planned) in submission.sent.plan.iter().flat_map(|plan| &plan.versions) {
        match working.entity(*entity) {
            Some(found) => stale |= found.map_or(0, |entity| entity.meta().version) != *planned,
            None => drop(missing.insert(*entity)),
        }
    }
    if missing.is_empty() { Ok(stale) } else { Err(Need { entities: missing, ..Need::default() }) }
}

fn device_sequence(clock: &DeviceClock, device_seq: Option<i64>) -> Result<Vec<Notice>, Rejection> {
    let (Some(sent), Some(last)) = (device_seq, clock.last_seq) else {
        return Ok(Vec::new());
    };
    if sent <= last {
        return Err(Rejection::DeviceSeqReused { last_seq: last });
    }
    let gap = Notice {
        code: "device_seq_gap".to_owned(),
        detail: format!("{last} was followed by {sent}: transactions between them never came"),
        facts: serde_json::Map::new(),
    };
    Ok((sent > last + 1).then_some(gap).into_iter().collect())
}

/// A transaction whose commands all went through.
struct Done {
    head: Head,
    touched: BTreeMap<EntityRef, (Held, BTreeSet<Date>)>,
    events: Vec<NewEvent>,
    last_stamp: Option<Stamp>,
    results: Vec<CommandResult>,
}

async fn commands(
    working: &Working,
    submission: &Submission,
    base: Option<Cursor>,
    now: i64,
) -> Result<Result<Done, Refusal>, Need> {
    let requests = match &submission.sent.commands {
        Ok(requests) => requests,
        Err(refusal) => return Ok(Err(refusal.clone())),
    };
    let mut attempt = Attempt::new(working, submission, base, now);
    let mut results = Vec::with_capacity(requests.len());
    for (index, request) in requests.iter().enumerate() {
        match attempt.command(request).await {
            Ok(result) => results.push(result),
            Err(Stop::Need(need)) => return Err(need),
            Err(Stop::Rejected(rejection)) => {
                return Ok(Err(Refusal { index: Some(index), command_id: Some(request.command_id), rejection }));
            }
        }
    }
    let Attempt { head, touched, events, last_stamp, .. } = attempt;
    Ok(Ok(Done { head, touched, events, last_stamp, results }))
}

impl Done {
    /// Joins the working set: later transactions of the group build on it.
    fn join(self, working: &mut Working, submission: &Submission, notices: Vec<Notice>) -> Receipt {
        let first = working.head.position + 1;
        let positions = (!self.events.is_empty()).then_some(Positions { first, last: self.head.position });
        working.head = self.head;
        working.events.extend(self.events);
        for (entity, (held, days)) in self.touched {
            let entry = working.changed.entry(entity).or_insert_with(|| (held.clone(), days.clone()));
            entry.0 = held;
            entry.1.extend(days);
        }
        working.devices.entry(submission.actor.device).or_default().last_stamp = self.last_stamp;
        let verdict = Verdict::Committed { positions, results: self.results };
        Receipt { transaction_id: Some(submission.sent.id), verdict, notices }
    }
}

/// Keeps the receipt, and the device's sequence number: also of a rejected transaction.
fn keep(working: &mut Working, submission: &Submission, clock: DeviceClock, receipt: &Receipt) {
    let sent = &submission.sent;
    let device = working.devices.entry(submission.actor.device).or_default();
    device.last_seq = clock.last_seq.max(sent.device_seq);
    working.wrote.insert(submission.actor.device);
    let stored = Arc::new(StoredReceipt { digest: sent.digest, receipt: receipt.clone() });
    working.receipts.insert(sent.id, Arc::clone(&stored));
    working.new_receipts.push(NewReceipt {
        transaction: sent.id,
        device: submission.actor.device,
        stored,
        refused: matches!(receipt.verdict, Verdict::Rejected { .. }).then(|| Arc::clone(&sent.content)),
    });
}
