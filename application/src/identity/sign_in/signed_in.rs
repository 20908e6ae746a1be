//! How a sign-in ends well: access token signed, everything the client must keep in one value.

use domain::id::{DeviceId, SessionId};

use crate::identity::account::Account;
use crate::identity::failure::Failure;
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;
use crate::identity::session::refresh_token::RefreshToken;
use crate::identity::sign_in::csrf::CsrfDigest;
use crate::identity::token_issuer::{AccessClaims, TokenIssuer};

/// What registration, login and refresh answer.
pub struct SignedIn {
    /// Who.
    pub account: Account,
    /// From which device.
    pub device: DeviceId,
    /// In which session.
    pub session: SessionId,
    /// Good for `expires_in_s` from now.
    pub access_token: Secret,
    /// Seconds.
    pub expires_in_s: i64,
    /// Good for one use.
    pub refresh_token: Secret,
}

/// Who is let in: a session that began or goes on, and the refresh token that it goes on with.
pub(in crate::identity) struct Admitted<'a> {
    pub(in crate::identity) account: Account,
    pub(in crate::identity) device: DeviceId,
    pub(in crate::identity) session: SessionId,
    /// What a browser's requests are checked with; none for an app's session.
    pub(in crate::identity) csrf: Option<CsrfDigest>,
    pub(in crate::identity) refresh: &'a RefreshToken,
}

/// Hands out what was handed out at `issued_at_ms` already: the same access token, whose time has been running since.
pub(in crate::identity) fn admit_again<P: Ports>(
    ports: &P,
    issued_at_ms: i64,
    now_ms: i64,
    admitted: Admitted<'_>,
) -> Result<SignedIn, Failure> {
    let signed_in = admit(ports, issued_at_ms, admitted)?;
    let passed_s = now_ms.div_euclid(1_000) - issued_at_ms.div_euclid(1_000);
    // It may have ended, if tokens live shorter than the grace; the refresh token is good in any case.
    Ok(SignedIn { expires_in_s: (signed_in.expires_in_s - passed_s.max(0)).max(0), ..signed_in })
}

/// Signs an access token and hands everything out.
pub(in crate::identity) fn admit<P: Ports>(
    ports: &P,
    now_ms: i64,
    admitted: Admitted<'_>,
) -> Result<SignedIn, Failure> {
    let Admitted { account, device, session, csrf, refresh } = admitted;
    let expires_in_s = ports.policy().access_token_lifetime_s;
    let issued_at_s = now_ms.div_euclid(1_000);
    let expires_at_s = issued_at_s + expires_in_s;
    let claims = AccessClaims { account: account.id, device, session, issued_at_s, expires_at_s, csrf };
    let access_token = ports.token_issuer().issue(&claims)?;
    Ok(SignedIn { account, device, session, access_token, expires_in_s, refresh_token: refresh.text() })
}
