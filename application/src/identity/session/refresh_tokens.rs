//! The port to the refresh tokens and to the nonces that some of them have to be signed over. Every method is one atomic
//! step.

use domain::id::{AccountId, DeviceId, SessionId};
use domain::session::refresh::Refresh;

use crate::fault::Fault;
use crate::identity::account::Account;
use crate::identity::asker::Asker;
use crate::identity::place::Place;
use crate::identity::session::nonce::NonceDigest;
use crate::identity::session::refresh_token::{IssuedRefresh, RefreshDigest, SuccessorSalt};
use crate::identity::sign_in::csrf::CsrfDigest;

/// Whose a refresh token is.
pub struct Holder {
    /// The account.
    pub account: Account,
    /// The session that it keeps going.
    pub session: SessionId,
    /// The device of the session.
    pub device: DeviceId,
    /// What the device is called.
    pub device_name: String,
    /// What the device runs on, as it is stored.
    pub platform: String,
    /// The P-256 key that its refreshes have to be signed with (X9.63, uncompressed), if it has one.
    pub device_key: Option<Vec<u8>>,
    /// What a browser's requests are checked with; none for an app's session.
    pub csrf: Option<CsrfDigest>,
}

impl Holder {
    /// Who asks with the token.
    pub(in crate::identity) fn asker(&self) -> Asker {
        Asker { account: self.account.id, device: self.device, session: self.session }
    }
}

/// A refresh token that is given in for the next one.
pub struct Rotation {
    /// The one given in.
    pub presented: RefreshDigest,
    /// The one that takes its place.
    pub successor: IssuedRefresh,
    /// What the successor was made with.
    pub salt: SuccessorSalt,
    /// When, ms.
    pub at: i64,
    /// From where.
    pub place: Place,
}

/// A nonce that was handed out.
pub struct IssuedNonce {
    /// What is kept of it.
    pub digest: NonceDigest,
    /// To whom.
    pub account: AccountId,
    /// For which session.
    pub session: SessionId,
    /// From then on it is good for nothing, ms.
    pub expires_at: i64,
}

/// The store of refresh tokens and of nonces.
pub trait RefreshTokens {
    /// What the token is, and whose; `None` when there is no such token.
    fn refresh_token(
        &self,
        digest: RefreshDigest,
    ) -> impl Future<Output = Result<Option<(Holder, Refresh<SuccessorSalt>)>, Fault>> + Send;

    /// Consumes a token that nobody has used, of a session that goes on, and stores its successor. `false`, and nothing
    /// written, when it is no longer so: of two that present the same token one gets `false`.
    fn rotate(&self, rotation: Rotation) -> impl Future<Output = Result<bool, Fault>> + Send;

    /// Stores a nonce, and drops the oldest of the session's that are too many.
    fn issue_nonce(&self, nonce: IssuedNonce) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Takes a nonce of this session that is still good, once; `false` when there is none.
    fn take_nonce(
        &self,
        account: AccountId,
        session: SessionId,
        digest: NonceDigest,
        now_ms: i64,
    ) -> impl Future<Output = Result<bool, Fault>> + Send;
}
