//! A space that did not land with its group, tried again alone and afresh: nothing remembered is used.
//!
//! - Lost (another writer was first, or holds the head): again, after a short pause.
//! - Unknown (the answer to the write was lost): the same transactions again. Their receipts are read first, so what
//!   did happen is answered and not done twice; should the lost write land later still, the head has moved and this
//!   attempt loses.
//! - Refused (a statement failed): one transaction at a time, so that a poisoned one is taken out and its neighbours
//!   go through.

use std::sync::Arc;
use std::time::Duration;

use application::fault::Fault;
use application::ledger::Ledger;
use application::submit::{BatchOutcome, submit};

use super::Shared;
use super::flight::HEAD_MOVED;
use super::landing::{Answered, answer, batch, defer, publish};
use super::queue::{Share, Waiting};
use super::timed::Timed;
use crate::clock::{jitter_ms, now_ms};

/// Tries until the space's transactions are answered; then the space may fly again.
pub(super) async fn retry<L: Ledger + 'static>(shared: Arc<Shared<L>>, share: Share, first: Fault) {
    let Share { space, waiting } = share;
    if matches!(first, Fault::Refused(_)) && waiting.len() > 1 {
        for one in waiting {
            attempt(&shared, Share { space, waiting: vec![one] }, first.clone()).await;
        }
    } else {
        let left = attempt(&shared, Share { space, waiting }, first).await;
        for one in left {
            let poisoned = Fault::Refused("its group was refused".to_owned());
            attempt(&shared, Share { space, waiting: vec![one] }, poisoned).await;
        }
    }
    shared.queue().landed(space);
    shared.wake.notify_one();
}

/// Tries a share until it is answered. Returns what is to be tried one by one, because together it was refused.
async fn attempt<L: Ledger>(shared: &Shared<L>, share: Share, first: Fault) -> Vec<Waiting> {
    let batches = [batch(share.space, &share.waiting)];
    let mut fault = first;
    let started = now_ms();
    let mut attempts = 0;
    loop {
        let outcome = {
            let Ok(_place) = shared.alone.acquire().await else { return Vec::new() };
            submit(&Timed::new(&*shared.ledger), now_ms(), &batches, true).await
        };
        fault = match outcome.map(|mut outcomes| outcomes.pop()) {
            Ok(Some(BatchOutcome::Committed(committed))) => {
                publish(shared, &committed);
                answer(shared, share.waiting, Answered::of(*committed));
                return Vec::new();
            }
            Ok(_) => worse(fault, Fault::Unavailable(HEAD_MOVED.to_owned())),
            // A write of unknown fate may still land, whatever is said of its repetition.
            Err(Fault::Refused(_)) if matches!(fault, Fault::Unknown(_)) => fault,
            Err(Fault::Refused(reason)) => return refused(shared, share.waiting, &reason),
            Err(next) => worse(fault, next),
        };
        attempts += 1;
        let waited = now_ms().saturating_sub(started).unsigned_abs();
        let unknown = matches!(fault, Fault::Unknown(_));
        if waited > shared.limits.unknown_ms_max || (!unknown && attempts >= shared.limits.attempts_max) {
            give_up(shared, share.waiting, &fault);
            return Vec::new();
        }
        let pause = (5_u64 << attempts.min(6)).min(shared.limits.pause_ms_max);
        tokio::time::sleep(Duration::from_millis(pause + jitter_ms(pause))).await;
    }
}

/// A write whose fate is unknown stays so until its receipts were read.
fn worse(before: Fault, now: Fault) -> Fault {
    if matches!(before, Fault::Unknown(_)) { before } else { now }
}

fn refused<L>(shared: &Shared<L>, waiting: Vec<Waiting>, reason: &str) -> Vec<Waiting> {
    if waiting.len() > 1 {
        return waiting;
    }
    for one in &waiting {
        let sent = &one.submission.sent;
        tracing::error!(transaction.id = %sent.id, request.id = sent.request.as_deref(), fault = reason, "a transaction could not be written and was taken out");
    }
    defer(
        shared,
        waiting,
        "internal",
        "the server could not write this transaction; it is taken out and nothing of it happened",
    );
    Vec::new()
}

fn give_up<L>(shared: &Shared<L>, waiting: Vec<Waiting>, fault: &Fault) {
    let (code, detail) = match fault {
        Fault::Unknown(_) => {
            ("outcome_unknown", "the database went away while this was written; send the same id again")
        }
        _ => ("busy", "this could not be written now; send the same id again"),
    };
    let request = waiting.first().and_then(|one| one.submission.sent.request.as_deref());
    tracing::warn!(transactions = waiting.len(), request.id = request, fault = %fault, "transactions were deferred");
    defer(shared, waiting, code, detail);
}
