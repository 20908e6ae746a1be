//! Groups of one space in a series: each is decided on the state that the one before it will leave, so that this can be
//! done while that one is being written. Whoever writes them does so in order, and drops the series when one is lost: what
//! was decided after it never happened.

use std::mem::take;
use std::sync::Arc;

use domain::transaction::Receipt;

use super::decide::{Hindrance, decide};
use super::group::wanted;
use super::working::Working;
use super::{Batch, Committed, Submission};
use crate::fault::Fault;
use crate::ledger::{Ledger, Loaded, Prepared, Want};

/// Groups of one space, one after the other.
#[derive(Debug)]
pub struct Series {
    working: Working,
    receipts: Vec<Receipt>,
    repeated: Vec<bool>,
}

/// A group that was decided.
#[derive(Debug)]
pub struct Group {
    /// What there is to tell once it is durable.
    pub committed: Box<Committed>,
    /// What is to be written for that; nothing if all of it was decided before.
    pub prepared: Option<Prepared>,
}

impl Series {
    /// Decides the first transactions. `None`: on what is remembered they cannot be; try again alone.
    ///
    /// # Errors
    /// Something could not be loaded.
    pub async fn begin<L: Ledger>(ledger: &L, now: i64, batch: &Batch) -> Result<Option<Self>, Fault> {
        let want = wanted(batch, false);
        let loaded = load(ledger, want.clone()).await?;
        Self::decide(ledger, now, batch, Working::new(&want, loaded)).await
    }

    /// Decides a batch in order; what a transaction turns out to need is loaded, and it is decided again.
    pub(super) async fn decide<L: Ledger>(
        ledger: &L,
        now: i64,
        batch: &Batch,
        working: Working,
    ) -> Result<Option<Self>, Fault> {
        let count = batch.submissions.len();
        let (receipts, repeated) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut series = Self { working, receipts, repeated };
        for submission in &batch.submissions {
            loop {
                match series.one(submission, now).await {
                    Ok(()) => break,
                    Err(Hindrance::Stale) => return Ok(None),
                    Err(Hindrance::Need(need)) => {
                        let (entities, referrers_of) = (need.entities, need.referrers_of);
                        let want = Want { space: batch.space, entities, referrers_of, ..Want::default() };
                        let loaded = load(ledger, want.clone()).await?;
                        series.working.add(&want, loaded);
                    }
                }
            }
        }
        Ok(Some(series))
    }

    /// Decides more, as if what was cut off were written. How many, in their order: the next one needs what is not remembered,
    /// and has to wait until the ledger may be read.
    pub async fn extend<L: Ledger>(&mut self, ledger: &L, now: i64, batch: &Batch) -> usize {
        let want = self.working.unknown(wanted(batch, false));
        let Some(loaded) = ledger.recall(&want) else { return 0 };
        self.working.add(&want, loaded);
        for (count, submission) in batch.submissions.iter().enumerate() {
            if self.one(submission, now).await.is_err() {
                return count;
            }
        }
        batch.submissions.len()
    }

    async fn one(&mut self, submission: &Submission, now: i64) -> Result<(), Hindrance> {
        let repeated = self.working.receipts.contains_key(&submission.sent.id);
        let receipt = decide(&mut self.working, submission, now).await?;
        self.receipts.push(receipt);
        self.repeated.push(repeated);
        Ok(())
    }

    /// Cuts off what was decided, as a group to be written. The group before it is durable.
    pub fn cut(&mut self) -> Group {
        let working = &mut self.working;
        let committed = Committed {
            space: working.space,
            before: working.expected.clone(),
            head: working.head.clone(),
            changes: working.events.iter().map(|event| Arc::clone(&event.change)).collect(),
            receipts: take(&mut self.receipts),
            repeated: take(&mut self.repeated),
        };
        let prepared = (!working.is_empty()).then(|| working.cut());
        Group { committed: Box::new(committed), prepared }
    }
}

async fn load<L: Ledger>(ledger: &L, want: Want) -> Result<Loaded, Fault> {
    let loaded = ledger.load(vec![want]).await?.pop();
    loaded.ok_or_else(|| Fault::Refused("a load was not answered".to_owned()))
}
