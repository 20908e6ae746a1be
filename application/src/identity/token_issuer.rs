//! The port to the signer of access tokens.

use domain::id::{AccountId, DeviceId, SessionId};

use super::secret::Secret;
use crate::fault::Fault;
use crate::identity::sign_in::csrf::CsrfDigest;

/// What an access token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessClaims {
    /// Who acts.
    pub account: AccountId,
    /// From which device; stamps and receipts need it.
    pub device: DeviceId,
    /// In which session.
    pub session: SessionId,
    /// When it was signed, seconds since the Unix epoch.
    pub issued_at_s: i64,
    /// The first second at which it is no longer good.
    pub expires_at_s: i64,
    /// What a browser's requests are checked with on every node; none for an app's session.
    pub csrf: Option<CsrfDigest>,
}

/// Signs access tokens.
pub trait TokenIssuer {
    /// The token that says `claims`.
    fn issue(&self, claims: &AccessClaims) -> Result<Secret, Fault>;
}
