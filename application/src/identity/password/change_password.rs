//! A new password, set by who knows the one before.

use domain::id::{AccountId, SessionId};
use domain::session::Because;
use serde_json::json;

use crate::identity::failure::{Failure, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::limits::PASSWORD_BYTES_MAX;
use crate::identity::password::new_password;
use crate::identity::password::recovery::{PasswordByOwner, Recovery};
use crate::identity::password_hash::PasswordHash;
use crate::identity::place::Place;
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;
use crate::identity::security_log::{Act, Actor, Entry, SecurityLog};
use crate::identity::session::live_sessions::LiveSessions;

/// What a change of the password asks for.
pub struct ChangePassword {
    /// Whose.
    pub account: AccountId,
    /// In which session; it goes on.
    pub session: SessionId,
    /// The password until now.
    pub current: Secret,
    /// The password from now on, unchecked.
    pub new: Secret,
}

/// Sets the password and ends every other session. A wrong password until now is refused and logged: somebody may have
/// found an unlocked device.
pub async fn change_password<P: Ports>(ports: &P, asked: ChangePassword, fresh: Fresh) -> Result<(), Failure> {
    new_password::check(&asked.new)?;
    let stored = ports.directory().stored_password(asked.account).await?.ok_or(Refusal::AccountGone)?;
    if !knows(ports, asked.current, &stored).await? {
        let entry = wrong(asked.account, asked.session, fresh.now_ms, fresh.place);
        ports.directory().record(entry).await?;
        return Err(Refusal::CredentialsInvalid.into());
    }
    let change = PasswordByOwner {
        account: asked.account,
        session: asked.session,
        checked: stored,
        password_hash: ports.password_hash().hash(asked.new).await?,
        place: fresh.place,
        now_ms: fresh.now_ms,
    };
    // Changed by somebody else meanwhile: the password until now is no longer what was given.
    let ended = ports.directory().change_password(change).await?.ok_or(Refusal::CredentialsInvalid)?;
    ports.live_sessions().ended(&ended, Because::PasswordChanged);
    Ok(())
}

/// One that is too long to be anybody's is not hashed.
async fn knows<P: Ports>(ports: &P, password: Secret, stored: &str) -> Result<bool, Failure> {
    if password.reveal().len() > PASSWORD_BYTES_MAX {
        return Ok(false);
    }
    ports.password_hash().verify(password, Some(stored.to_owned())).await
}

fn wrong(account: AccountId, session: SessionId, now_ms: i64, place: Place) -> Entry {
    Entry {
        account: Some(account),
        at: now_ms,
        act: Act::SignInRefused,
        actor: Actor::Oneself,
        session: Some(session),
        device: None,
        place,
        about: json!({ "while": "password_change" }),
    }
}
