//! An address is proven by the token that was mailed to it, and that mail is asked for again.

use super::addresses::Addresses;
use super::email::Email;
use super::failure::{Failure, Refusal};
use super::fresh::Fresh;
use super::mail_token::MailToken;
use super::ports::Ports;
use super::recovery::MailAsked;
use super::secret::Secret;

/// Takes the address as proven; whose it is, the token says.
pub async fn verify_email<P: Ports>(ports: &P, token: &Secret, fresh: Fresh) -> Result<(), Failure> {
    let token = MailToken::parse(token.reveal()).ok_or(Refusal::VerificationTokenInvalid)?.digest();
    match ports.directory().verify_email(token, fresh.place, fresh.now_ms).await? {
        true => Ok(()),
        false => Err(Refusal::VerificationTokenInvalid.into()),
    }
}

/// Posts the mail that proves an address once more, if there is something to prove.
///
/// Known, proven, unknown and impossible addresses end alike; the caller sees to it that they also take as long.
pub async fn resend_verification<P: Ports>(ports: &P, email: &str, fresh: Fresh) -> Result<(), Failure> {
    let Some(email) = Email::parse(email) else { return Ok(()) };
    let asked = MailAsked { email, place: fresh.place, now_ms: fresh.now_ms };
    Ok(ports.directory().ask_for_verification(asked).await?)
}
