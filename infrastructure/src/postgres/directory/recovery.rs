//! The directory as the port of passwords and as that of addresses.

use application::fault::Fault;
use application::identity::{
    Addresses, MailAsked, MailDigest, PasswordByMail, PasswordByOwner, Place, Recovery, UnprovenAccount,
};
use domain::id::{AccountId, SessionId};

use super::{PostgresDirectory, ask, password, register_unproven, verified};

impl Recovery for PostgresDirectory {
    async fn ask_for_reset(&self, asked: MailAsked) -> Result<(), Fault> {
        ask::reset(&self.pool, &asked).await
    }

    async fn may_reset(&self, token: MailDigest, now_ms: i64) -> Result<Option<AccountId>, Fault> {
        password::may_reset(&self.pool, token, now_ms).await
    }

    async fn reset_password(&self, reset: PasswordByMail) -> Result<Option<Vec<SessionId>>, Fault> {
        password::reset(&self.pool, reset).await
    }

    async fn stored_password(&self, account: AccountId) -> Result<Option<String>, Fault> {
        password::stored(&self.pool, account).await
    }

    async fn change_password(&self, change: PasswordByOwner) -> Result<Option<Vec<SessionId>>, Fault> {
        password::change(&self.pool, change).await
    }
}

impl Addresses for PostgresDirectory {
    async fn register_unproven(&self, account: UnprovenAccount) -> Result<(), Fault> {
        register_unproven::register_unproven(&self.pool, account).await
    }

    async fn ask_for_verification(&self, asked: MailAsked) -> Result<(), Fault> {
        ask::verification(&self.pool, &asked).await
    }

    async fn verify_email(&self, token: MailDigest, place: Place, now_ms: i64) -> Result<bool, Fault> {
        verified::verify(&self.pool, token, place, now_ms).await
    }

    async fn is_verified(&self, account: AccountId) -> Result<bool, Fault> {
        verified::is_verified(&self.pool, account).await
    }
}
