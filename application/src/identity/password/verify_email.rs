//! An address is proven by the token that was mailed to it, and that mail is asked for again.

use crate::identity::email::Email;
use crate::identity::failure::{Failure, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::password::mail_token::MailToken;
use crate::identity::password::recovery::MailAsked;
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;
use crate::identity::sign_in::addresses::Addresses;

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
