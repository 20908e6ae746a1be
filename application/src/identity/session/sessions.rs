//! The port to the sessions of an account. Every method is one atomic step.

use domain::id::{AccountId, DeviceId, SessionId};

use crate::fault::Fault;
use crate::identity::session::ending::Ending;

/// A session that goes on, as its account sees it.
pub struct LivingSession {
    /// Which.
    pub id: SessionId,
    /// On which device.
    pub device: DeviceId,
    /// What the device is called.
    pub device_name: String,
    /// What the device runs on, as it is stored.
    pub platform: String,
    /// What the client last said it is.
    pub app_version: Option<String>,
    /// When it began, ms.
    pub created_at: i64,
    /// When it was last signed in or refreshed, ms.
    pub last_seen_at: i64,
    /// From which network that was.
    pub last_network: Option<String>,
}

/// The store of sessions.
pub trait Sessions {
    /// The sessions of the account that could go on at `now_ms`: `current` first, then those used last, at most `most`.
    fn living_sessions(
        &self,
        account: AccountId,
        current: SessionId,
        now_ms: i64,
        most: usize,
    ) -> impl Future<Output = Result<Vec<LivingSession>, Fault>> + Send;

    /// Ends the sessions that are still going on, and writes the log and the letter if there were any; which they were.
    fn end_sessions(&self, ending: Ending) -> impl Future<Output = Result<Vec<SessionId>, Fault>> + Send;
}
