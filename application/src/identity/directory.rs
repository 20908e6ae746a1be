//! The port to the store of accounts, and of sessions that begin. Every method is one atomic step.

use domain::id::{AccountId, DeviceId, SessionId};

use super::account::{Account, Authority, Role, Standing};
use super::email::Email;
use super::letter::Letter;
use super::person_names::PersonNames;
use super::place::Place;
use crate::fault::Fault;
use crate::identity::device::claim::Device;
use crate::identity::device::limit::KnownDevice;
use crate::identity::session::refresh_token::IssuedRefresh;
use crate::identity::sign_in::csrf::CsrfDigest;

/// A new account with its first device and session.
pub struct Registration {
    /// Who.
    pub account: AccountId,
    /// The address; unique without case.
    pub email: Email,
    /// What the password hash made of the password.
    pub password_hash: String,
    /// What the account may do.
    pub role: Role,
    /// The IANA time zone that the personal space is founded with.
    pub time_zone: String,
    /// What the person is called.
    pub names: PersonNames,
    /// The mail that proves the address.
    pub letter: Letter,
    /// The session it begins with.
    pub opening: SessionOpening,
}

/// A session that begins, on a device that is new or known, with its first refresh token.
#[derive(Clone)]
pub struct SessionOpening {
    /// From where. A known device of the account is brought up to date.
    pub device: Device,
    /// Whether the client says what its device is called. Else its name is a guess, which no device that is known takes over.
    pub names_device: bool,
    /// The new session.
    pub session: SessionId,
    /// Its first refresh token.
    pub refresh: IssuedRefresh,
    /// What a browser's requests are checked with; none for an app's session.
    pub csrf: Option<CsrfDigest>,
    /// Now, ms.
    pub now_ms: i64,
    /// From where.
    pub place: Place,
}

/// How a registration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// The account is there.
    Done,
    /// Nothing was written: the address has an account.
    EmailTaken,
}

/// How the opening of a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// The session is there.
    Done {
        /// The sessions of devices that the new one took the place of.
        ended: Vec<SessionId>,
    },
    /// Nothing was written: the device is new, and these are as many as there may be.
    Full(Vec<KnownDevice>),
    /// Nothing was written: there is no such account any more.
    AccountGone,
    /// Nothing was written: the password or the standing of the account is no longer what was looked at.
    Overtaken,
}

/// What a login is checked against.
pub struct Credentials {
    /// Whose.
    pub account: Account,
    /// The stored hash of the password.
    pub password_hash: String,
    /// Whether the account may sign in.
    pub standing: Standing,
}

/// The store of accounts, and of sessions that begin.
pub trait Directory {
    /// Writes account, device, session and refresh token, or nothing when the address is taken.
    fn register(&self, registration: Registration) -> impl Future<Output = Result<Registered, Fault>> + Send;

    /// What a login with this address is checked against; without case.
    fn credentials(&self, email: &Email) -> impl Future<Output = Result<Option<Credentials>, Fault>> + Send;

    /// Writes device, session and refresh token of an account that has proven itself. A new device takes the place of
    /// another when there are too many: of `displace`, or of what [`room()`](super::room) says. The account must be what
    /// it was when the password was checked.
    fn open_session(
        &self,
        checked: &Credentials,
        opening: SessionOpening,
        displace: Option<DeviceId>,
    ) -> impl Future<Output = Result<Opened, Fault>> + Send;

    /// An account by its id.
    fn account(&self, id: AccountId) -> impl Future<Output = Result<Option<Account>, Fault>> + Send;

    /// What an account may do at this moment; nothing of one that is gone.
    fn authority(&self, id: AccountId) -> impl Future<Output = Result<Option<Authority>, Fault>> + Send;
}
