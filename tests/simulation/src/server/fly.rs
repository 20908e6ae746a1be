//! A flight: what waits is decided and written, tried again where it was lost, and answered, unless the server dies.

use std::collections::VecDeque;
use std::sync::Arc;

use application::cursor::Cursor;
use application::fault::Fault;
use application::ledger::Head;
use application::submit::{Actor, Batch, BatchOutcome, Committed, Submission, submit};
use domain::id::SessionId;
use domain::stamp::clock_shift_ms;
use domain::transaction::{Problem, Receipt, read};

use super::Server;
use super::seam::{Fate, Flight};
use crate::message::{Answer, Ask, Request};
use crate::store::Store;

/// How often a space that lost its append is tried again.
const ATTEMPTS_MAX: usize = 6;

/// What became of a flight.
#[derive(Debug, Default)]
pub(crate) struct Flown {
    /// Answers to requests.
    pub(crate) answers: Vec<(Request, Answer)>,
    /// Whether readers are to be told of the head.
    pub(crate) told: bool,
    /// The server has died.
    pub(crate) died: bool,
    /// Another node wrote while it was decided.
    pub(crate) beside: bool,
}

impl<S: Store> Server<S> {
    /// Decides what waits. With `other`, a share of it is another node's, which writes in between.
    pub(crate) async fn fly(&mut self, now: i64, fate: Fate, forgetful: bool, other: bool) -> Result<Flown, Fault> {
        let now = now + self.clock_off_ms;
        let mut mine = std::mem::take(&mut self.waiting);
        let theirs = if other && mine.len() > 1 { mine.split_off(mine.len() / 2) } else { Vec::new() };
        let other = (!theirs.is_empty()).then(|| (self.batch(&theirs, now), now));
        let cold = self.seam.flight().cold;
        *self.seam.flight() = Flight { fate, forgetful, cold, other, ..Flight::default() };
        if fate == Fate::DiesBefore {
            return Ok(Flown { died: true, ..Flown::default() });
        }
        let committed = self.decide(&self.batch(&mine, now), now).await?;
        let unwritten = self.seam.flight().other.take();
        self.seam.other_writes(unwritten).await?;
        let other = self.seam.flight().other_committed.take();
        if fate == Fate::DiesAfter {
            return Ok(Flown { died: true, ..Flown::default() });
        }
        let mut flown = Flown::default();
        match other {
            Some(committed) => {
                flown.beside = true;
                self.answer(theirs, Some(*committed), &mut flown);
            }
            None => self.waiting.extend(theirs),
        }
        self.answer(mine, committed, &mut flown);
        Ok(flown)
    }

    /// Until it is durable or there is no point any more; a store that refuses is a fault of the run.
    async fn decide(&self, batch: &Batch, now: i64) -> Result<Option<Committed>, Fault> {
        for attempt in 0..ATTEMPTS_MAX {
            match submit(&self.seam, now, std::slice::from_ref(batch), attempt > 0).await.map(|mut all| all.pop()) {
                Ok(Some(BatchOutcome::Committed(committed))) => return Ok(Some(*committed)),
                Err(Fault::Refused(reason)) => return Err(Fault::Refused(reason)),
                _ => {}
            }
        }
        Ok(None)
    }

    fn batch(&self, requests: &[Request], now: i64) -> Batch {
        let mut submissions = Vec::new();
        for request in requests {
            let Ask::Push { sent_at, transactions } = &request.ask else { continue };
            let deferred = Arc::default();
            let device = self.devices.get(request.device).copied().unwrap_or_default();
            let actor = Actor { account: self.account, device, session: SessionId(device.0), ..Actor::default() };
            let sent = transactions.iter().filter_map(|one| read(one.clone(), self.space).ok());
            let shift_ms = clock_shift_ms(Some(*sent_at), now);
            submissions.extend(sent.map(|sent| Submission { actor, sent, shift_ms, deferred: Arc::clone(&deferred) }));
        }
        Batch { space: self.space, submissions }
    }

    fn answer(&self, requests: Vec<Request>, committed: Option<Committed>, flown: &mut Flown) {
        flown.told |= committed.is_some();
        let head = committed.as_ref().map_or(String::new(), |committed| self.cursor(&committed.head));
        let mut receipts: VecDeque<Receipt> = committed.map(|committed| committed.receipts).unwrap_or_default().into();
        for request in requests {
            let Ask::Push { transactions, .. } = &request.ask else { continue };
            let answers = transactions.iter().filter_map(|one| {
                let id = one.get("transaction_id").and_then(|id| serde_json::from_value(id.clone()).ok())?;
                let busy =
                    || Receipt::deferred(id, Problem::deferred("busy", "this could not be written now", Some(500)));
                Some(receipts.pop_front().unwrap_or_else(busy))
            });
            let answer = Answer::Receipts(answers.collect(), head.clone());
            flown.answers.push((request, answer));
        }
    }

    pub(super) fn cursor(&self, head: &Head) -> String {
        Cursor::of_head(self.space, head).token()
    }
}
