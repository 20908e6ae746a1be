//! A session that goes on: a refresh token is given in for the next one and a new access token.

use super::directory::{Directory, Rotated, Rotation};
use super::failure::{Failure, Refusal};
use super::fresh::Fresh;
use super::ports::Ports;
use super::refresh_token::{self, RefreshToken};
use super::secret::Secret;
use super::signed_in::{Admitted, SignedIn, admit};
use super::spaces::Spaces;

/// Rotates the refresh token; the one given in is used up whatever happens afterwards.
pub async fn refresh<P: Ports>(ports: &P, presented: &Secret, fresh: Fresh) -> Result<SignedIn, Failure> {
    let presented = RefreshToken::parse(presented.reveal()).ok_or(Refusal::RefreshTokenInvalid)?.digest();
    let (next, successor) = refresh_token::issue(&fresh);
    let rotation = Rotation { presented, successor, place: fresh.place, now_ms: fresh.now_ms };
    let rotated = ports.directory().rotate(rotation).await?.ok_or(Refusal::RefreshTokenInvalid)?;
    let Rotated { account, device, session, csrf } = rotated;
    // The old token is used up, so answering this fault would sign the device out for good. Whoever faulted has logged
    // it, and the next refresh founds what is still missing.
    ports.spaces().found(account.id, device, session, &account.time_zone).await.ok();
    admit(ports, fresh.now_ms, Admitted { account, device, session, csrf, refresh: &next })
}
