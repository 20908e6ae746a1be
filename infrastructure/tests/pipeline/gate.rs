//! A store in memory whose appends are let through one by one.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use application::fault::Fault;
use application::ledger::{Appended, Ledger, Loaded, Prepared, Want};
use domain::id::SpaceId;
use infrastructure::memory::MemoryStore;
use tokio::sync::{Semaphore, watch};

/// What becomes of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Done,
    /// As if another writer had been first.
    Lost,
    /// Written, but the answer is lost.
    DoneUnknown,
    /// Neither written nor answered.
    NotDoneUnknown,
    Refused,
}

/// The store.
pub(crate) struct Gate {
    pub(crate) store: MemoryStore,
    /// Appends that may go through.
    pub(crate) open: Semaphore,
    /// How often whoever writes makes way for others meanwhile.
    pub(crate) turns: usize,
    /// Fates of the next appends, in order; then they are done.
    pub(crate) fates: Mutex<VecDeque<Fate>>,
    /// The appends that came, as their spaces with how many transactions of each.
    pub(crate) came: watch::Sender<Vec<Vec<(SpaceId, usize)>>>,
    /// How often something was recalled.
    pub(crate) recalled: watch::Sender<usize>,
}

impl Gate {
    pub(crate) fn new(store: MemoryStore, open: usize) -> Self {
        let (came, recalled) = (watch::Sender::default(), watch::Sender::default());
        Self { store, open: Semaphore::new(open), turns: 0, fates: Mutex::default(), came, recalled }
    }

    pub(crate) fn fate(&self, fate: Fate) {
        self.fates.lock().unwrap_or_else(PoisonError::into_inner).push_back(fate);
    }

    /// Waits until so many appends came.
    pub(crate) async fn until_came(&self, appends: usize) {
        self.came.subscribe().wait_for(|came| came.len() >= appends).await.unwrap();
    }

    /// Waits until so much was recalled.
    pub(crate) async fn until_recalled(&self, times: usize) {
        self.recalled.subscribe().wait_for(|recalled| *recalled >= times).await.unwrap();
    }
}

impl Ledger for Gate {
    async fn load(&self, wants: Vec<Want>) -> Result<Vec<Loaded>, Fault> {
        self.store.load(wants).await
    }

    fn recall(&self, want: &Want) -> Option<Loaded> {
        let recalled = self.store.recall(want);
        self.recalled.send_modify(|times| *times += 1);
        recalled
    }

    async fn append(&self, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
        let group = batch.iter().map(|prepared| (prepared.space, prepared.receipts.len())).collect();
        self.came.send_modify(|came| came.push(group));
        self.open.acquire().await.unwrap().forget();
        for _ in 0..self.turns {
            tokio::task::yield_now().await;
        }
        let fate = self.fates.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or(Fate::Done);
        let unknown = || Err(Fault::Unknown("the answer was lost".to_owned()));
        match fate {
            Fate::Done => self.store.append(batch).await,
            Fate::Lost => Ok(vec![Appended::Lost; batch.len()]),
            Fate::DoneUnknown => self.store.append(batch).await.and(unknown()),
            Fate::NotDoneUnknown => unknown(),
            Fate::Refused => Err(Fault::Refused("a statement failed".to_owned())),
        }
    }
}
