//! Why nothing was undone becomes a problem.

use application::undo::Refused;
use domain::transaction;

use crate::problem::{Code, Problem};

/// When to try again after what was to be undone was being written.
const MOVING_RETRY_MS: u64 = 500;

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotFound => Self::new(Code::NotFound),
            Refused::WasRejected => Self::new(Code::TransactionRejected)
                .detail("The transaction was rejected, so there is nothing to take back."),
            Refused::WroteNothing => {
                Self::new(Code::NothingToRevert).detail("The transaction was committed and changed nothing.")
            }
            Refused::Founding => Self::new(Code::NotRevertible).detail("It founded the space."),
            Refused::Moving => Self::new(Code::Busy)
                .detail("What is to be taken back is being written just now. Nothing was done. Ask again.")
                .retry_after_ms(MOVING_RETRY_MS),
            Refused::Ahead { head } => ahead(head),
            Refused::Forked => Self::new(Code::RestorePointGone)
                .detail("The log went another way since this restore point was made: the server was restored."),
            Refused::PointsFull => Self::new(Code::TooManyRestorePoints).detail("Delete one first."),
            Refused::Rejected(problem) => rejected(&problem),
            Refused::Deferred(problem) => Self::new(Code::Busy)
                .detail(problem.detail.clone())
                .retry_after_ms(problem.retry_after_ms.unwrap_or(MOVING_RETRY_MS)),
            Refused::Fault(fault) => fault.into(),
        }
    }
}

/// The log ends before what was asked for.
pub(crate) fn ahead(head: i64) -> Problem {
    Problem::new(Code::PositionAhead).detail("The log does not reach that far.").with("head", head)
}

fn rejected(problem: &transaction::Problem) -> Problem {
    let said = serde_json::to_value(problem).unwrap_or_default();
    Problem::new(Code::UndoRefused).detail(problem.detail.clone()).with("problem", said)
}
