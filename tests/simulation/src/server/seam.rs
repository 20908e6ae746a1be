//! The seam between the write path and the store: where answers are lost, other nodes write in between, memory turns out
//! to be old, and bugs are planted.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use application::current::CurrentEntity;
use application::fault::Fault;
use application::ledger::{Appended, Ledger, Loaded, Prepared, Want};
use application::submit::{Batch, BatchOutcome, Committed, submit};
use domain::entity::Entity;
use domain::id::TransactionId;

use crate::bug::Bug;

/// What becomes of a flight. Whether there is an append at all depends on what the store remembers, so only what no
/// device can tell apart is done there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is written and answered.
    #[default]
    Written,
    /// It is written, and the answer lost.
    AnswerLost,
    /// The connection was lost before it was written, and nobody can tell.
    NeverSent,
    /// The store is away.
    Away,
    /// The server dies before it is written.
    DiesBefore,
    /// The server dies when it is written, before anyone is answered.
    DiesAfter,
}

/// What happens at the seam in one flight.
#[derive(Debug, Default)]
pub(crate) struct Flight {
    pub(crate) fate: Fate,
    /// What is remembered is incomplete: receipts and created entities are taken not to exist.
    pub(crate) forgetful: bool,
    /// Nothing is remembered: the server has just started.
    pub(crate) cold: bool,
    /// What another node writes between the decision and the append, and its clock.
    pub(crate) other: Option<(Batch, i64)>,
    /// What became of that.
    pub(crate) other_committed: Option<Box<Committed>>,
}

/// The store as the write path sees it.
#[derive(Debug)]
pub(crate) struct Seam<S> {
    pub(crate) store: S,
    flight: Mutex<Flight>,
    bug: Option<Bug>,
}

impl<S> Seam<S> {
    pub(crate) fn new(store: S, bug: Option<Bug>) -> Self {
        Self { store, flight: Mutex::default(), bug }
    }

    pub(crate) fn flight(&self) -> MutexGuard<'_, Flight> {
        self.flight.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget(&self, wants: &[Want], loaded: &mut [Loaded], forgetful: bool) {
        for (want, loaded) in wants.iter().zip(loaded) {
            if forgetful && !want.fresh {
                loaded.receipts.clear();
                want.created.iter().for_each(|entity| drop(loaded.entities.insert(*entity, None)));
            }
            match self.bug {
                Some(Bug::DroppedReceiptCheck) => loaded.receipts.clear(),
                Some(Bug::SkippedStamp) => loaded.devices.values_mut().for_each(|clock| clock.last_stamp = None),
                Some(Bug::CompletionCountedTwice) => loaded.entities.values_mut().for_each(reopen),
                _ => {}
            }
        }
    }
}

/// As if nobody had completed it.
fn reopen(entity: &mut Option<Arc<CurrentEntity>>) {
    let Some(Entity::Task(task)) = entity.as_deref().map(|current| &**current) else { return };
    let mut task = task.clone();
    task.completed_at = None;
    task.completion = None;
    task.core.meta.stamps.completion = None;
    *entity = Some(Arc::new(CurrentEntity::new(Entity::Task(task))));
}

impl<S: Ledger> Ledger for Seam<S> {
    async fn load(&self, mut wants: Vec<Want>) -> Result<Vec<Loaded>, Fault> {
        let (forgetful, cold) = {
            let mut flight = self.flight();
            (flight.forgetful, std::mem::take(&mut flight.cold))
        };
        let asked = wants.clone();
        wants.iter_mut().for_each(|want| want.fresh |= cold);
        let mut loaded = self.store.load(wants).await?;
        self.forget(&asked, &mut loaded, forgetful);
        Ok(loaded)
    }

    async fn append(&self, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
        let (fate, other) = {
            let mut flight = self.flight();
            (std::mem::take(&mut flight.fate), flight.other.take())
        };
        self.other_writes(other).await?;
        match fate {
            Fate::Away => return Err(Fault::Unavailable("the store is away".to_owned())),
            Fate::NeverSent => return Err(Fault::Unknown("the connection was lost".to_owned())),
            _ => {}
        }
        let appended = self.write(batch).await?;
        match fate {
            Fate::AnswerLost => Err(Fault::Unknown("the answer was lost".to_owned())),
            _ => Ok(appended),
        }
    }
}

impl<S: Ledger> Seam<S> {
    /// Another node writes. It has not read this space before: what it comes to is the same on any store.
    pub(super) async fn other_writes(&self, other: Option<(Batch, i64)>) -> Result<(), Fault> {
        let Some((batch, now)) = other else { return Ok(()) };
        if let Some(BatchOutcome::Committed(committed)) = submit(&self.store, now, &[batch], true).await?.pop() {
            self.flight().other_committed = Some(committed);
        }
        Ok(())
    }

    async fn write(&self, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
        if self.bug != Some(Bug::DroppedReceiptCheck) {
            return self.store.append(batch).await;
        }
        let mut batch = batch.to_vec();
        for prepared in &mut batch {
            let transactions = prepared.receipts.iter().map(|new| new.transaction).collect();
            let want = Want { space: prepared.space, transactions, fresh: true, ..Want::default() };
            let known = self.store.load(vec![want]).await?;
            let is_known = |id: &TransactionId| known.iter().any(|loaded| loaded.receipts.contains_key(id));
            prepared.receipts.retain(|new| !is_known(&new.transaction));
        }
        self.store.append(&batch).await
    }
}
