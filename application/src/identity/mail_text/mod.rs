//! What mails say: plain text, one function for each kind. No clock, no store, and no header but a fixed subject: what
//! people and devices call themselves stands in the body only, on one line, without control characters. A mail that a
//! stranger can cause holds nothing that the stranger chose.

mod asking;
mod telling;
#[cfg(test)]
mod tests;
mod words;

use serde_json::Value;

use super::letter::LetterKind;
use super::secret::Secret;

/// What a mail is written about.
#[derive(Clone, Copy)]
pub struct Matter<'a> {
    /// What happened.
    pub kind: LetterKind,
    /// What the row says besides.
    pub about: &'a Value,
    /// When it happened, ms.
    pub at: i64,
    /// The account's IANA time zone, in which moments are told.
    pub time_zone: &'a str,
    /// Where people reach the server, without a slash at the end.
    pub public_url: &'a str,
    /// The token, of mails that have one.
    pub code: Option<&'a Secret>,
}

/// A mail, ready for headers and an envelope.
pub struct MailText {
    /// ASCII, on one line.
    pub subject: &'static str,
    /// Lines end with `\n` and are shorter than the 998 bytes that mail allows (RFC 5322, section 2.1.1).
    pub body: String,
}

/// Writes the mail.
pub fn write(matter: &Matter<'_>) -> MailText {
    let (subject, said) = match matter.kind {
        LetterKind::PasswordReset => asking::password_reset(matter),
        LetterKind::EmailVerification => asking::email_verification(matter),
        LetterKind::RegistrationRepeated => asking::registration_repeated(matter),
        LetterKind::PasswordChanged => telling::password_changed(matter),
        LetterKind::NewDevice => telling::new_device(matter),
        LetterKind::SessionReplayed => telling::session_replayed(matter),
        LetterKind::DeletionScheduled => telling::deletion_scheduled(matter),
        LetterKind::AccountLocked => telling::account_locked(matter),
    };
    MailText { subject, body: format!("Hello,\n\n{said}\n\nLevel Up\n{}\n", matter.public_url) }
}
