//! Somebody cannot sign in and asks for a mail.

use crate::identity::email::Email;
use crate::identity::failure::Failure;
use crate::identity::fresh::Fresh;
use crate::identity::password::recovery::{MailAsked, Recovery};
use crate::identity::ports::Ports;

/// Posts the mail that lets its reader set a new password, if the address has an account.
///
/// Known, unknown and impossible addresses end alike; the caller sees to it that they also take as long.
pub async fn forgot_password<P: Ports>(ports: &P, email: &str, fresh: Fresh) -> Result<(), Failure> {
    let Some(email) = Email::parse(email) else { return Ok(()) };
    let asked = MailAsked { email, place: fresh.place, now_ms: fresh.now_ms };
    Ok(ports.directory().ask_for_reset(asked).await?)
}
