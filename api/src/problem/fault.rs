//! A fault of the application becomes a problem: the one place where the two meet.

use application::fault::Fault;
use infrastructure::breaker::Away;
use infrastructure::life::Unsettled;
use infrastructure::turns::Crowded;

use super::{Code, Problem};

/// When to try again after the database was away.
const UNAVAILABLE_RETRY_MS: u64 = 1_000;
/// When to try again while the rows of a space are rebuilt.
const REBUILDING_RETRY_MS: u64 = 2_000;
const REBUILT: &str = "A newer version of the server rebuilds what it shows of this account first. Nothing was done.";
const TOO_MANY: &str = "Too many wait for the same. Nothing was done. Come back later.";

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Refused(_) => return Self::internal(fault),
            Fault::Damaged { position, .. } => return damaged(&fault, position),
            Fault::Crowded(_) => return Self::new(Code::Busy).detail(TOO_MANY).retry_after_ms(UNAVAILABLE_RETRY_MS),
            Fault::Rebuilding => {
                return Self::new(Code::Rebuilding).detail(REBUILT).retry_after_ms(REBUILDING_RETRY_MS);
            }
            Fault::Unavailable(_) | Fault::Unknown(_) => {}
        }
        tracing::warn!(error.cause = %fault, "a request found the store away; it was answered as unavailable");
        let detail = match fault {
            Fault::Unknown(_) => {
                "Whether it was done is not known. Send the same again; what was done is not done twice."
            }
            _ => "Nothing was done. Send the same again.",
        };
        Self::new(Code::Unavailable).detail(detail).retry_after_ms(UNAVAILABLE_RETRY_MS)
    }
}

/// Of one space alone: whoever asks for it learns where, and the log of the server why.
fn damaged(fault: &Fault, position: i64) -> Problem {
    tracing::error!(error.cause = %fault, "a log could not be read; only its space is concerned");
    Problem::new(Code::LogDamaged)
        .detail(format!("It cannot be read at position {position}. Support has to look at it."))
        .with("position", position)
}

impl From<Away> for Problem {
    fn from(away: Away) -> Self {
        Self::new(Code::Unavailable)
            .detail("The database is away. Nothing was done. Send the same again.")
            .retry_after_ms(away.retry_after_ms)
    }
}

impl From<Unsettled> for Problem {
    fn from(_: Unsettled) -> Self {
        Self::new(Code::Unavailable)
            .detail("The server has just started and looks after its database. Nothing was done. Send the same again.")
            .retry_after_ms(UNAVAILABLE_RETRY_MS)
    }
}

impl From<Crowded> for Problem {
    fn from(crowded: Crowded) -> Self {
        Self::new(Code::Busy).detail(TOO_MANY).retry_after_ms(crowded.retry_after_ms)
    }
}
