//! The write path, for what the server writes for a person: over the pipeline, like everything else.

use application::cursor::Cursor;
use application::fault::Fault;
use application::submit::Actor;
use application::undo::{Answered, Writes};
use domain::id::SpaceId;
use domain::transaction::Sent;

use crate::pipeline::{Answers, Pipeline};
use crate::postgres::ledger::PostgresLedger;

/// Writes over a pipeline.
#[derive(Clone, Debug)]
pub struct Writer {
    pipeline: Pipeline<PostgresLedger>,
}

impl Writer {
    /// Writes over this pipeline.
    pub fn new(pipeline: Pipeline<PostgresLedger>) -> Self {
        Self { pipeline }
    }
}

impl Writes for Writer {
    async fn write(&self, actor: Actor, space: SpaceId, sent: Sent) -> Result<Answered, Fault> {
        let answers = self.pipeline.submit(actor, space, vec![sent], None);
        let answers = answers.map_err(|overloaded| Fault::Crowded(overloaded.to_string()))?;
        let Answers { mut receipts, head } = answers.await;
        let receipt = receipts.pop().ok_or_else(|| Fault::Refused("a transaction was not answered".to_owned()))?;
        Ok(Answered { receipt, written: head.as_ref().map(|head| Cursor::of_head(space, head)) })
    }
}
