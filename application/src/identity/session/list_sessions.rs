//! The sessions of an account, for the account to look at.

use domain::id::{AccountId, SessionId};

use crate::identity::failure::Failure;
use crate::identity::limits::SESSIONS_SHOWN_MAX;
use crate::identity::ports::Ports;
use crate::identity::session::sessions::{LivingSession, Sessions};

/// The sessions that go on; the current one first, then those used last.
pub async fn list_sessions<P: Ports>(
    ports: &P,
    account: AccountId,
    current: SessionId,
    now_ms: i64,
) -> Result<Vec<LivingSession>, Failure> {
    Ok(ports.directory().living_sessions(account, current, now_ms, SESSIONS_SHOWN_MAX).await?)
}
