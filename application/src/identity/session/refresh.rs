//! A session that goes on: a refresh token is given in for the next one and a new access token.
//!
//! What the token is gets loaded, the domain decides, and the decision is written under the condition that it is still
//! so. If it is not, somebody else was faster: it is loaded and decided again.

use domain::session::Because;
use domain::session::refresh::{Consumed, Presented, Refused, Revoked};
use serde_json::json;

use crate::identity::failure::{Failure, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::letter::{Letter, LetterKind};
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;
use crate::identity::session::ending::{Ending, Which};
use crate::identity::session::live_sessions::LiveSessions;
use crate::identity::session::refresh_signature::{RefreshProof, demand};
use crate::identity::session::refresh_token::{IssuedRefresh, RefreshToken, SuccessorSalt};
use crate::identity::session::refresh_tokens::{Holder, RefreshTokens, Rotation};
use crate::identity::session::sessions::Sessions;
use crate::identity::sign_in::signed_in::{Admitted, SignedIn, admit_again};
use crate::identity::spaces::Spaces;

/// How often it is decided anew. A token that was rotated is not rotated again, so even the second time is the last.
const DECISIONS_MAX: usize = 4;
/// When to come back after all of them were overtaken.
const OVERTAKEN_RETRY_MS: u64 = 100;

/// What a refresh asks for.
pub struct Refresh {
    /// The refresh token.
    pub token: Secret,
    /// What a device with a key shows besides.
    pub proof: Option<RefreshProof>,
}

/// Rotates the refresh token, or gives the same answer again if it was rotated a moment ago. A token that was used
/// before that ends its session.
pub async fn refresh<P: Ports>(ports: &P, asked: Refresh, fresh: Fresh) -> Result<SignedIn, Failure> {
    let token = RefreshToken::parse(asked.token.reveal()).ok_or(Refusal::RefreshTokenInvalid)?;
    let mut proven = false;
    for _ in 0..DECISIONS_MAX {
        let found = ports.directory().refresh_token(token.digest()).await?;
        let (holder, state) = found.ok_or(Refusal::RefreshTokenInvalid)?;
        let decision = state.present(fresh.now_ms, SuccessorSalt(fresh.refresh_bytes));
        if decision.is_granted() && !proven {
            demand(ports, &holder, &token, asked.proof.as_ref(), &fresh).await?;
            proven = true;
        }
        match decision {
            Presented::Rotate(consumed) if rotate(ports, &token, consumed, &fresh).await? => {
                return go_on(ports, holder, &token, consumed, fresh.now_ms).await;
            }
            Presented::Repeat(consumed) => return go_on(ports, holder, &token, consumed, fresh.now_ms).await,
            Presented::Revoke(Revoked { because }) if end_family(ports, holder, because, &fresh).await? => {
                return Err(Refusal::SessionEnded(because).into());
            }
            Presented::Rotate(_) | Presented::Revoke(_) => {}
            Presented::Refuse(Refused::Expired) => return Err(Refusal::RefreshTokenInvalid.into()),
            Presented::Refuse(Refused::Revoked(because)) => return Err(Refusal::SessionEnded(because).into()),
        }
    }
    Err(Failure::Busy { retry_after_ms: OVERTAKEN_RETRY_MS })
}

/// Whether it was this request that consumed the token.
async fn rotate<P: Ports>(
    ports: &P,
    token: &RefreshToken,
    consumed: Consumed<SuccessorSalt>,
    fresh: &Fresh,
) -> Result<bool, Failure> {
    let successor = IssuedRefresh::of(&token.successor(&consumed.salt), consumed.at);
    let (presented, place) = (token.digest(), fresh.place.clone());
    let rotation = Rotation { presented, successor, salt: consumed.salt, at: consumed.at, place };
    Ok(ports.directory().rotate(rotation).await?)
}

/// The answer to a token that is consumed: whoever asks gets the same.
async fn go_on<P: Ports>(
    ports: &P,
    holder: Holder,
    token: &RefreshToken,
    consumed: Consumed<SuccessorSalt>,
    now_ms: i64,
) -> Result<SignedIn, Failure> {
    let Holder { account, device, session, csrf, .. } = holder;
    // The old token is used up, so answering this fault would sign the device out for good. Whoever faulted has logged
    // it, and the next refresh founds what is still missing.
    ports.spaces().found(account.id, device, session, &account.time_zone).await.ok();
    let refresh = &token.successor(&consumed.salt);
    admit_again(ports, consumed.at, now_ms, Admitted { account, device, session, csrf, refresh })
}

/// Whether it was this request that ended the session: then it was told to the account, once.
async fn end_family<P: Ports>(ports: &P, holder: Holder, because: Because, fresh: &Fresh) -> Result<bool, Failure> {
    let (account, session) = (holder.account.id, holder.session);
    let replayed = holder.asker().occasion(fresh).refresh_replayed(holder.device);
    let about = json!({
        "device_name": holder.device_name, "platform": holder.platform, "network": fresh.place.network,
    });
    let letter = Letter { account, kind: LetterKind::SessionReplayed, about, at: fresh.now_ms };
    let ending = Ending {
        account,
        which: Which::One(session),
        because,
        place: fresh.place.clone(),
        now_ms: fresh.now_ms,
        entry: Some(replayed),
        letter: Some(letter),
    };
    let ended = ports.directory().end_sessions(ending).await?;
    ports.live_sessions().ended(&ended, because);
    Ok(!ended.is_empty())
}
