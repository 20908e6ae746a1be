//! The port to what the directory knows of addresses: whose are proven, and the mails that prove them. Every method is
//! one atomic step.

use domain::id::AccountId;

use crate::fault::Fault;
use crate::identity::account::Role;
use crate::identity::email::Email;
use crate::identity::password::mail_token::MailDigest;
use crate::identity::password::recovery::MailAsked;
use crate::identity::person_names::PersonNames;
use crate::identity::place::Place;

/// A new account that may not sign in before its address is proven: it has no device and no session.
pub struct UnprovenAccount {
    /// Who.
    pub account: AccountId,
    /// The address; unique without case.
    pub email: Email,
    /// The hash of the password.
    pub password_hash: String,
    /// What the account may do.
    pub role: Role,
    /// The IANA time zone that the personal space is founded with.
    pub time_zone: String,
    /// What the person is called.
    pub names: PersonNames,
    /// From where.
    pub place: Place,
    /// Now, ms.
    pub now_ms: i64,
}

/// Proven addresses, and the mails that prove them.
pub trait Addresses {
    /// Writes the account and posts the mail that proves its address; when the address has an account, posts a mail
    /// that says so to its owner instead, as seldom as [`Recovery::ask_for_reset`](crate::identity::Recovery::ask_for_reset)
    /// does. Who registers learns nothing of which it was.
    fn register_unproven(&self, account: UnprovenAccount) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Posts the mail that proves an address once more, if it has an account and is not proven; as seldom as
    /// [`Recovery::ask_for_reset`](crate::identity::Recovery::ask_for_reset). Who asks learns nothing.
    fn ask_for_verification(&self, asked: MailAsked) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Consumes the token, takes the address as proven, and logs it. `false`, and nothing written, when the token is
    /// not good.
    fn verify_email(
        &self,
        token: MailDigest,
        place: Place,
        now_ms: i64,
    ) -> impl Future<Output = Result<bool, Fault>> + Send;

    /// Whether the address of an account is proven.
    fn is_verified(&self, account: AccountId) -> impl Future<Output = Result<bool, Fault>> + Send;
}
