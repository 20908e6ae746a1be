//! What a mail lets its reader do, once: 32 random bytes that only the mail says, of which the server stores the
//! SHA-256.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::identity::letter::LetterKind;
use crate::identity::limits::{RESET_TOKEN_LIFETIME_MS, VERIFICATION_TOKEN_LIFETIME_MS};
use crate::identity::secret::Secret;

/// What is stored of a mailed token: its SHA-256. 256 random bits need no salt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailDigest(pub [u8; 32]);

/// A mailed token as its reader has it.
pub struct MailToken {
    bytes: [u8; 32],
}

/// What a mailed token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Setting a new password.
    PasswordReset,
    /// Proving an address.
    EmailVerification,
}

impl MailToken {
    /// The token of these random bytes.
    pub fn of(bytes: [u8; 32]) -> Self {
        Self { bytes }
    }

    /// The token that somebody typed or pasted, spaces around it and all; `None` when it cannot be one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.trim()).ok()?;
        Some(Self { bytes: bytes.try_into().ok()? })
    }

    /// What the directory knows it by.
    pub fn digest(&self) -> MailDigest {
        MailDigest(Sha256::digest(self.bytes).into())
    }

    /// The form that the mail says: 43 characters of base64url.
    pub fn text(&self) -> Secret {
        Secret::new(BASE64_URL_SAFE_NO_PAD.encode(self.bytes))
    }
}

impl Purpose {
    /// The name that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasswordReset => "password_reset",
            Self::EmailVerification => "email_verification",
        }
    }

    /// How long a token is good, from the moment in which its mail is written.
    pub const fn lifetime_ms(self) -> i64 {
        match self {
            Self::PasswordReset => RESET_TOKEN_LIFETIME_MS,
            Self::EmailVerification => VERIFICATION_TOKEN_LIFETIME_MS,
        }
    }
}

impl LetterKind {
    /// What the token of such a mail is good for, if it has one.
    pub const fn purpose(self) -> Option<Purpose> {
        match self {
            Self::PasswordReset => Some(Purpose::PasswordReset),
            Self::EmailVerification => Some(Purpose::EmailVerification),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_mailed_and_no_other_way() {
        let token = MailToken::of([7; 32]);
        let text = token.text();
        assert_eq!(text.reveal().len(), 43);
        let read = MailToken::parse(&format!(" {}\r\n", text.reveal())).unwrap();
        assert_eq!(read.digest(), token.digest());
        for bad in ["", "AAAA", &text.reveal()[1..], &format!("{}=", text.reveal()), &format!("{}A", text.reveal())] {
            assert!(MailToken::parse(bad).is_none(), "{bad}");
        }
    }
}
