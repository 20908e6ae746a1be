//! How a live connection ends: the other side is told why in a message first, because some platforms lose close codes.

use std::time::Duration;

use actix_ws::Closed;
use infrastructure::clock::jitter_ms;
use serde_json::json;
use tokio::time::timeout;

use super::wire::Wire;
use crate::problem::Problem;

/// No token, or one that has ended.
pub(super) const CLOSE_AUTH: u16 = 4401;
/// The server goes away and comes back.
pub(super) const CLOSE_RESTART: u16 = 1012;
/// Nothing is wrong.
const CLOSE_NORMAL: u16 = 1000;
/// A message is not what its subprotocol says.
pub(super) const CLOSE_UNREADABLE: u16 = 1007;
/// What was sent is no WebSocket.
pub(super) const CLOSE_PROTOCOL: u16 = 1002;
/// A message holds more than one may.
pub(super) const CLOSE_TOO_LARGE: u16 = 1009;
/// As many live feeds as may be.
pub(super) const CLOSE_TRY_LATER: u16 = 1013;

/// How long the other side may take to take the last words.
const TELL_S_MAX: Duration = Duration::from_secs(1);

/// Why a connection ends.
pub(super) enum End {
    /// The other side is gone.
    Gone,
    /// It is told why, then closed with this code.
    Close(u16, Problem),
    /// The server stops.
    Restart,
}

impl From<Closed> for End {
    fn from(_: Closed) -> Self {
        Self::Gone
    }
}

impl End {
    /// Tells the other side, and closes. One that takes nothing is not waited for.
    pub(super) async fn tell(self, wire: Wire) {
        drop(timeout(TELL_S_MAX, self.say(wire)).await);
    }

    async fn say(self, mut wire: Wire) {
        match self {
            Self::Gone => wire.close(CLOSE_NORMAL, "").await,
            Self::Close(code, problem) => {
                drop(wire.error(&problem, None).await);
                wire.close(code, problem.code()).await;
            }
            Self::Restart => {
                let notice =
                    json!({ "type": "notice", "code": "restarting", "retry_after_ms": 200 + jitter_ms(2_000) });
                drop(wire.send(&notice).await);
                wire.close(CLOSE_RESTART, "restarting").await;
            }
        }
    }
}
