//! Founds spaces over the pipeline: hero and core skills, by a transaction whose id every attempt shares.

use application::fault::Fault;
use application::identity::Spaces;
use application::submit::{Actor, WriterRole};
use domain::id::{AccountId, DeviceId, SessionId};
use domain::rejection::Rejection;
use domain::transaction::{Verdict, founding};

use crate::clock::now_ms;
use crate::pipeline::{Answers, Pipeline};
use crate::postgres::ledger::PostgresLedger;

/// Founds spaces.
#[derive(Clone, Debug)]
pub struct Founder {
    pipeline: Pipeline<PostgresLedger>,
}

impl Founder {
    /// Founds over this pipeline.
    pub fn new(pipeline: Pipeline<PostgresLedger>) -> Self {
        Self { pipeline }
    }
}

impl Spaces for Founder {
    async fn found(
        &self,
        account: AccountId,
        _device: DeviceId,
        session: SessionId,
        time_zone: &str,
    ) -> Result<(), Fault> {
        let space = account.into();
        let sent = vec![founding(space, time_zone, now_ms())];
        let actor = Actor { account, device: DeviceId::SERVER, session, role: WriterRole::System, network: None };
        let founded = match self.pipeline.submit(actor, space, sent, None) {
            Ok(answers) => outcome(&answers.await),
            // The store is there: nobody else is to be refused because of this.
            Err(overloaded) => Err(Fault::Crowded(overloaded.to_string())),
        };
        // Logged here, because a refresh goes on without its space: nobody further out would say it.
        founded.inspect_err(|fault| {
            tracing::warn!(
                account.id = %account,
                error.cause = %fault,
                "a space could not be founded; the next sign-in or refresh tries again"
            );
        })
    }
}

fn outcome(answers: &Answers) -> Result<(), Fault> {
    match answers.receipts.first().map(|receipt| &receipt.verdict) {
        Some(Verdict::Committed { .. }) => Ok(()),
        // The id is of foundings alone: the space was founded before, in another time zone.
        Some(Verdict::Rejected { problem }) if problem.code == Rejection::TransactionReused.code() => Ok(()),
        Some(Verdict::Rejected { problem }) => Err(Fault::Refused(format!("founding: {}", problem.detail))),
        Some(Verdict::Deferred { problem }) => Err(Fault::Unavailable(problem.detail.clone())),
        None => Err(Fault::Refused("founding was not answered".to_owned())),
    }
}
