//! The port to the store of accounts, devices, sessions and refresh tokens. Every method is one atomic step.

use domain::id::{AccountId, DeviceId, SessionId};

use super::account::{Account, Role};
use super::csrf::CsrfDigest;
use super::device::Device;
use super::email::Email;
use super::place::Place;
use super::refresh_token::{IssuedRefresh, RefreshDigest};
use crate::fault::Fault;

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
    /// The session it begins with.
    pub opening: SessionOpening,
}

/// A session that begins, on a device that is new or known, with its first refresh token.
pub struct SessionOpening {
    /// From where. A known device of the account is brought up to date.
    pub device: Device,
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

/// What a login is checked against.
pub struct Credentials {
    /// Whose.
    pub account: Account,
    /// The stored hash of the password.
    pub password_hash: String,
}

/// A refresh token that is given in for the next one.
pub struct Rotation {
    /// The one given in.
    pub presented: RefreshDigest,
    /// The one that takes its place.
    pub successor: IssuedRefresh,
    /// From where it was given in.
    pub place: Place,
    /// Now, ms.
    pub now_ms: i64,
}

/// Whose token was rotated.
pub struct Rotated {
    /// The account.
    pub account: Account,
    /// The device of the session.
    pub device: DeviceId,
    /// The session that goes on.
    pub session: SessionId,
    /// What a browser's requests are checked with; none for an app's session.
    pub csrf: Option<CsrfDigest>,
}

/// The store of accounts, devices, sessions and refresh tokens.
pub trait Directory {
    /// Writes account, device, session and refresh token, or nothing when the address is taken.
    fn register(&self, registration: Registration) -> impl Future<Output = Result<Registered, Fault>> + Send;

    /// What a login with this address is checked against; without case.
    fn credentials(&self, email: &Email) -> impl Future<Output = Result<Option<Credentials>, Fault>> + Send;

    /// Writes device, session and refresh token of an account that has proven itself.
    fn open_session(
        &self,
        account: AccountId,
        opening: SessionOpening,
    ) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Consumes the presented token and stores its successor. `None`, and nothing written, when the presented token is
    /// unknown, consumed or expired, or its session revoked. Of two that present the same token one gets `None`.
    fn rotate(&self, rotation: Rotation) -> impl Future<Output = Result<Option<Rotated>, Fault>> + Send;

    /// An account by its id.
    fn account(&self, id: AccountId) -> impl Future<Output = Result<Option<Account>, Fault>> + Send;
}
