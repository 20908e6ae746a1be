//! Deciding one transaction on a working set: receipt, deferral, device sequence, then its commands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use domain::entity::EntityRef;
use domain::rejection::Rejection;
use domain::stamp::Stamp;
use domain::transaction::{CommandResult, Notice, Positions, Problem, Receipt, Refusal, Verdict};
use jiff::civil::Date;

use super::Submission;
use super::attempt::{Attempt, Stop};
use super::working::{Held, Need, Working};
use crate::cursor::Cursor;
use crate::ledger::{DeviceClock, Head, NewEvent, NewReceipt, StoredReceipt};

/// Decides a transaction and, unless it is deferred or a repeat, keeps its receipt in the working set.
///
/// # Errors
/// What has to be loaded first; the working set is as it was.
pub(super) async fn decide(working: &mut Working, submission: &Submission, now: i64) -> Result<Receipt, Need> {
    let sent = &submission.sent;
    let requests = sent.commands.iter().flatten();
    working.assume(&requests.filter(|request| request.command.creates()).map(|request| request.target).collect());
    if let Some(known) = working.receipts.get(&sent.id) {
        let same = known.digest == sent.digest;
        return Ok(if same { known.receipt.clone() } else { Receipt::reused(sent.id) });
    }
    let base = match readable_base(working, submission) {
        Ok(base) => base,
        Err(problem) => {
            submission.deferred.store(true, Ordering::Relaxed);
            return Ok(Receipt::deferred(sent.id, *problem));
        }
    };
    let clock = working.devices.get(&submission.actor.device).copied().unwrap_or_default();
    let decided = match device_sequence(&clock, sent.device_seq) {
        Ok(notices) => commands(working, submission, base, now).await?.map(|done| (done, notices)),
        Err(rejection) => Err(rejection.into()),
    };
    let receipt = match decided {
        Ok((done, notices)) => done.join(working, submission, notices),
        Err(refusal) => Receipt::rejected(Some(sent.id), &refusal),
    };
    keep(working, submission, clock, &receipt);
    Ok(receipt)
}

/// The base as a place in this log. A base that this log cannot have had is not decided about.
fn readable_base(working: &Working, submission: &Submission) -> Result<Option<Cursor>, Box<Problem>> {
    if submission.deferred.load(Ordering::Relaxed) {
        return Err(deferred("after_deferred", "an earlier transaction of this request was not decided"));
    }
    let Some(token) = &submission.sent.base else {
        return Ok(None);
    };
    let base = Cursor::read(token)
        .map_err(|_| deferred("base_invalid", "base is no cursor; send one that this server gave"))?;
    let head = &working.head;
    if base.space != working.space || base.epoch != head.epoch || base.position > head.position {
        let detail = "base does not belong to this log; read the changes, then send the same transaction again";
        return Err(deferred("base_unknown", detail));
    }
    Ok(Some(base))
}

fn deferred(code: &str, detail: &str) -> Box<Problem> {
    Box::new(Problem::deferred(code, detail, None))
}

fn device_sequence(clock: &DeviceClock, device_seq: Option<i64>) -> Result<Vec<Notice>, Rejection> {
    let (Some(sent), Some(last)) = (device_seq, clock.last_seq) else {
        return Ok(Vec::new());
    };
    if sent <= last {
        return Err(Rejection::DeviceSeqReused);
    }
    let gap = Notice {
        code: "device_seq_gap".to_owned(),
        detail: format!("{last} was followed by {sent}: transactions between them never came"),
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
    working.receipts.insert(sent.id, StoredReceipt { digest: sent.digest, receipt: receipt.clone() });
    working.new_receipts.push(NewReceipt {
        transaction: sent.id,
        device: submission.actor.device,
        digest: sent.digest,
        receipt: receipt.clone(),
    });
}
