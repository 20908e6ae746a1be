//! A new password, set by who can read the account's mail.

use domain::session::Because;

use super::failure::{Failure, Refusal};
use super::fresh::Fresh;
use super::live_sessions::LiveSessions;
use super::mail_token::MailToken;
use super::new_password;
use super::password_hash::PasswordHash;
use super::ports::Ports;
use super::recovery::{PasswordByMail, Recovery};
use super::secret::Secret;

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
    if !ports.directory().may_reset(token, fresh.now_ms).await? {
        return Err(Refusal::ResetTokenInvalid.into());
    }
    let password_hash = ports.password_hash().hash(password).await?;
    let reset = PasswordByMail { token, password_hash, place: fresh.place, now_ms: fresh.now_ms };
    let ended = ports.directory().reset_password(reset).await?.ok_or(Refusal::ResetTokenInvalid)?;
    ports.live_sessions().ended(&ended, Because::PasswordChanged);
    Ok(())
}
