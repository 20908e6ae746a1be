//! A new password, set by who can read the account's mail.

use domain::session::Because;

use crate::identity::failure::{Failure, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::password::mail_token::MailToken;
use crate::identity::password::new_password;
use crate::identity::password::recovery::{PasswordByMail, Recovery};
use crate::identity::password_hash::PasswordHash;
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;
use crate::identity::session::live_sessions::LiveSessions;

/// Sets the password and ends every session: whoever had the old password, or a device that was lost, is out.
///
/// A password that cannot be used leaves the token good for another try.
pub async fn reset_password<P: Ports>(
    ports: &P,
    token: &Secret,
    password: Secret,
    fresh: Fresh,
) -> Result<(), Failure> {
    new_password::check(&password)?;
    let token = MailToken::parse(token.reveal()).ok_or(Refusal::ResetTokenInvalid)?.digest();
    if ports.directory().may_reset(token, fresh.now_ms).await?.is_none() {
        return Err(Refusal::ResetTokenInvalid.into());
    }
    let password_hash = ports.password_hash().hash(password).await?;
    let reset = PasswordByMail { token, password_hash, place: fresh.place, now_ms: fresh.now_ms };
    let ended = ports.directory().reset_password(reset).await?.ok_or(Refusal::ResetTokenInvalid)?;
    ports.live_sessions().ended(&ended, Because::PasswordChanged);
    Ok(())
}
