//! Writes the transactions of an import over the pipeline, one after the other, and waits while the store is away.

use std::time::Duration;

use application::fault::Fault;
use application::ledger::Ledger;
use application::submit::Actor;
use application::transfer::state::Writer;
use domain::id::SpaceId;
use domain::transaction::{Receipt, Sent, Verdict};
use tokio::time::sleep;

use crate::pipeline::Pipeline;

/// How often a transaction that is not decided is sent again.
const TRIES_MAX: u32 = 20;
/// How long to wait before that, unless the answer says.
const PAUSE_MS: u64 = 500;

/// Who imports.
#[derive(Debug)]
pub struct ImportWriter<L> {
    pipeline: Pipeline<L>,
    actor: Actor,
}

impl<L> ImportWriter<L> {
    /// Writes for this actor.
    pub fn new(pipeline: Pipeline<L>, actor: Actor) -> Self {
        Self { pipeline, actor }
    }
}

impl<L: Ledger + 'static> Writer for ImportWriter<L> {
    async fn write(&self, space: SpaceId, sent: Sent) -> Result<Receipt, Fault> {
        let mut last = None;
        for _ in 0..TRIES_MAX {
            let pause_ms = match self.pipeline.submit(self.actor, space, vec![sent.clone()], None) {
                Err(full) => full.retry_after_ms,
                Ok(answers) => {
                    let Some(receipt) = answers.await.receipts.into_iter().next() else { break };
                    let Verdict::Deferred { problem } = &receipt.verdict else { return Ok(receipt) };
                    let pause_ms = problem.retry_after_ms.unwrap_or(PAUSE_MS);
                    last = Some(receipt);
                    pause_ms
                }
            };
            sleep(Duration::from_millis(pause_ms)).await;
        }
        last.ok_or_else(|| Fault::Crowded("the queue of transactions is full".to_owned()))
    }
}
