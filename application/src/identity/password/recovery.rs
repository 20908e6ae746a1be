//! The port to what the directory keeps of passwords and of the mails that set new ones. Every method is one atomic
//! step.

use domain::id::{AccountId, SessionId};

use crate::fault::Fault;
use crate::identity::email::Email;
use crate::identity::password::mail_token::MailDigest;
use crate::identity::place::Place;

/// Somebody who gave an address and nothing else asks for a mail.
#[derive(Clone, Debug)]
pub struct MailAsked {
    /// The address; whether it has an account is not known to who asks, and does not become known.
    pub email: Email,
    /// From where it was asked for.
    pub place: Place,
    /// Now, ms.
    pub now_ms: i64,
}

/// A new password, by the token of a mail.
pub struct PasswordByMail {
    /// The token.
    pub token: MailDigest,
    /// The hash of the new password.
    pub password_hash: String,
    /// From where.
    pub place: Place,
    /// Now, ms.
    pub now_ms: i64,
}

/// A new password, by who knew the one before.
pub struct PasswordByOwner {
    /// Whose.
    pub account: AccountId,
    /// The session that goes on; the others end.
    pub session: SessionId,
    /// The hash that the password before was checked against; when another has taken its place, nothing is written.
    pub checked: String,
    /// The hash of the new password.
    pub password_hash: String,
    /// From where.
    pub place: Place,
    /// Now, ms.
    pub now_ms: i64,
}

/// Passwords, and the mails that set new ones.
pub trait Recovery {
    /// Posts the mail that lets its reader set a new password, if the address has an account, and logs it; not more
    /// than [`ASKED_LETTERS_MAX`](crate::identity::limits::ASKED_LETTERS_MAX) in
    /// [`ASKED_LETTERS_MS`](crate::identity::limits::ASKED_LETTERS_MS). Who asks learns nothing.
    fn ask_for_reset(&self, asked: MailAsked) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Whose password a token would be good to set. Looked at before a password is hashed, which is expensive.
    fn may_reset(
        &self,
        token: MailDigest,
        now_ms: i64,
    ) -> impl Future<Output = Result<Option<AccountId>, Fault>> + Send;

    /// Consumes the token, sets the password, takes the address as proven, ends every session, logs and posts it. The
    /// sessions that ended; `None`, and nothing written, when the token is not good. Of two at once one gets `None`.
    fn reset_password(
        &self,
        reset: PasswordByMail,
    ) -> impl Future<Output = Result<Option<Vec<SessionId>>, Fault>> + Send;

    /// The stored hash of an account's password, if there is such an account.
    fn stored_password(&self, account: AccountId) -> impl Future<Output = Result<Option<String>, Fault>> + Send;

    /// Sets the password, takes back mails that would set another, ends every other session, logs and posts it. The
    /// sessions that ended; `None`, and nothing written, when the password was changed since it was checked.
    fn change_password(
        &self,
        change: PasswordByOwner,
    ) -> impl Future<Output = Result<Option<Vec<SessionId>>, Fault>> + Send;
}
