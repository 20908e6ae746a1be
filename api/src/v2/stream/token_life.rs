//! When a client has to be told that its token ends, and when it has.

use std::time::Duration;

use infrastructure::clock::now_ms;
use serde_json::json;
use tokio::time::Instant;

use super::end::{CLOSE_AUTH, End};
use super::session::Connection;
use crate::caller::Caller;
use crate::problem::{Code, Problem};

/// How long before its end the client is told, unless that is more than half of the token's life.
const EXPIRING_MS: i64 = 60_000;

/// The moment at which the holder of a token is told that it will end, ms.
fn expiring_at(issued_at: i64, expires_at: i64) -> i64 {
    expires_at - EXPIRING_MS.min((expires_at - issued_at) / 2)
}

impl Connection {
    /// When the client has to be told, or the token has ended.
    pub(super) fn token_deadline(&self, caller: &Caller) -> Instant {
        let due = if self.warned { caller.expires_at } else { expiring_at(caller.issued_at, caller.expires_at) };
        Instant::now() + Duration::from_millis(due.saturating_sub(now_ms()).max(0).unsigned_abs())
    }

    /// Tells the client once; the second time the token has ended.
    pub(super) async fn token_ends(&mut self, caller: &Caller) -> Result<(), End> {
        if self.warned {
            return Err(End::Close(CLOSE_AUTH, Problem::new(Code::TokenExpired)));
        }
        self.warned = true;
        let left_s = (caller.expires_at - now_ms()).max(0) / 1_000;
        Ok(self.wire.send(&json!({ "type": "expiring", "in_s": left_s })).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_told_a_minute_before_or_at_half_of_a_shorter_life() {
        assert_eq!(expiring_at(0, 900_000), 840_000);
        assert_eq!(expiring_at(0, 120_000), 60_000);
        assert_eq!(expiring_at(0, 5_000), 2_500);
        assert_eq!(expiring_at(1_000, 1_000), 1_000);
    }
}
