//! Sessions that their account ends: this one, another one, or all others.

use domain::id::{AccountId, SessionId};
use domain::session::Because;

use crate::identity::failure::{Failure, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::ports::Ports;
use crate::identity::session::ending::{Ending, Which};
use crate::identity::session::live_sessions::LiveSessions;
use crate::identity::session::sessions::Sessions;

/// Ends the session that asks. One that has ended meanwhile is where it wants to be.
pub async fn sign_out<P: Ports>(
    ports: &P,
    account: AccountId,
    session: SessionId,
    fresh: Fresh,
) -> Result<(), Failure> {
    end(ports, account, Which::One(session), Because::SignedOut, fresh).await.map(drop)
}

/// Ends one session of the account, as `current` asks; it may be `current` itself.
pub async fn end_session<P: Ports>(
    ports: &P,
    account: AccountId,
    current: SessionId,
    session: SessionId,
    fresh: Fresh,
) -> Result<(), Failure> {
    let because = if session == current { Because::SignedOut } else { Because::EndedElsewhere };
    match end(ports, account, Which::One(session), because, fresh).await? {
        0 => Err(Refusal::SessionUnknown.into()),
        _ => Ok(()),
    }
}

/// Ends every session of the account but the one that asks; how many there were.
pub async fn end_other_sessions<P: Ports>(
    ports: &P,
    account: AccountId,
    current: SessionId,
    fresh: Fresh,
) -> Result<usize, Failure> {
    end(ports, account, Which::AllBut(current), Because::EndedElsewhere, fresh).await
}

async fn end<P: Ports>(
    ports: &P,
    account: AccountId,
    which: Which,
    because: Because,
    fresh: Fresh,
) -> Result<usize, Failure> {
    let Fresh { now_ms, place, .. } = fresh;
    let ending = Ending { account, which, because, place, now_ms, entry: None, letter: None };
    let ended = ports.directory().end_sessions(ending).await?;
    ports.live_sessions().ended(&ended, because);
    Ok(ended.len())
}
