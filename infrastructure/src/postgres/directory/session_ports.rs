//! The directory as the store of refresh tokens, nonces and sessions.

use application::fault::Fault;
use application::identity::{
    Ending, Holder, IssuedNonce, LivingSession, NonceDigest, RefreshDigest, RefreshTokens, Rotation, Sessions,
    SuccessorSalt,
};
use domain::id::{AccountId, SessionId};
use domain::session::refresh::Refresh;

use super::{PostgresDirectory, end_sessions, living_sessions, nonces, refresh_token, rotate};

impl RefreshTokens for PostgresDirectory {
    async fn refresh_token(&self, digest: RefreshDigest) -> Result<Option<(Holder, Refresh<SuccessorSalt>)>, Fault> {
        refresh_token::refresh_token(&self.pool, digest).await
    }

    async fn rotate(&self, rotation: Rotation) -> Result<bool, Fault> {
        rotate::rotate(&self.pool, rotation).await
    }

    async fn issue_nonce(&self, nonce: IssuedNonce) -> Result<(), Fault> {
        nonces::issue(&self.pool, nonce).await
    }

    async fn take_nonce(
        &self,
        account: AccountId,
        session: SessionId,
        digest: NonceDigest,
        now_ms: i64,
    ) -> Result<bool, Fault> {
        nonces::take(&self.pool, account, session, digest, now_ms).await
    }
}

impl Sessions for PostgresDirectory {
    async fn living_sessions(
        &self,
        account: AccountId,
        current: SessionId,
        now_ms: i64,
        most: usize,
    ) -> Result<Vec<LivingSession>, Fault> {
        living_sessions::living_sessions(&self.pool, account, current, now_ms, most).await
    }

    async fn end_sessions(&self, ending: Ending) -> Result<Vec<SessionId>, Fault> {
        end_sessions::end_sessions(&self.pool, ending).await
    }
}
