//! The ways in which signing in ends without a session: refused (a fact about the request) or failed (a fact about
//! the server).

use super::limits::{
    DEVICE_NAME_CHARS_MAX, EMAIL_BYTES_MAX, PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, PUSH_TOKEN_BYTES_MAX,
};
use crate::fault::Fault;

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The request cannot be granted, now or later.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too many wait for the same thing.
    #[error("busy; try again in {retry_after_ms} ms")]
    Busy {
        /// When trying again makes sense.
        retry_after_ms: u64,
    },
    /// The server could not do it; the same request may succeed later.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A request that cannot be granted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Some of what was sent cannot be used.
    #[error("Some fields cannot be used; each is listed.")]
    Fields(Vec<FieldRefusal>),
    /// The address has an account.
    #[error("There is an account with this e-mail address already; sign in instead.")]
    EmailTaken,
    /// No account with this address and password. Which of the two is wrong is not said.
    #[error("The e-mail address or the password is wrong.")]
    CredentialsInvalid,
    /// The refresh token is unknown, used, expired or revoked.
    #[error("The refresh token is unknown, has been used or has expired; sign in again.")]
    RefreshTokenInvalid,
    /// The refresh token came as a cookie, without the secret of its session.
    #[error("The secret of this browser's session is missing or another's; send it in the header X-CSRF-Token.")]
    CsrfInvalid,
    /// The account that a valid token names is gone.
    #[error("The account of this token no longer exists; sign in again.")]
    AccountGone,
}

/// One field that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldRefusal {
    /// Not an address.
    #[error("This is not an e-mail address of at most {EMAIL_BYTES_MAX} bytes.")]
    Email,
    /// Too easy to guess.
    #[error("A password has at least {PASSWORD_CHARS_MIN} characters.")]
    PasswordShort,
    /// Too long to hash.
    #[error("A password has at most {PASSWORD_BYTES_MAX} bytes.")]
    PasswordLong,
    /// Not in the IANA database.
    #[error("This is not the name of an IANA time zone, such as `Europe/Zurich`.")]
    TimeZone,
    /// Too long, or holds control characters.
    #[error("A device's name has at most {DEVICE_NAME_CHARS_MAX} characters and no control characters.")]
    DeviceName,
    /// Empty, too long, or holds control characters.
    #[error("A push token has 1 to {PUSH_TOKEN_BYTES_MAX} bytes and no control characters.")]
    PushToken,
}

impl FieldRefusal {
    /// Where in the request the field stands (RFC 6901).
    pub const fn pointer(self) -> &'static str {
        match self {
            Self::Email => "/email",
            Self::PasswordShort | Self::PasswordLong => "/password",
            Self::TimeZone => "/time_zone",
            Self::DeviceName => "/device/device_name",
            Self::PushToken => "/device/push_token",
        }
    }

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Email => "email_invalid",
            Self::PasswordShort => "password_short",
            Self::PasswordLong => "password_long",
            Self::TimeZone => "time_zone_unknown",
            Self::DeviceName => "device_name_invalid",
            Self::PushToken => "push_token_invalid",
        }
    }

    /// The bound that was missed, with its name.
    pub const fn limit(self) -> Option<(&'static str, usize)> {
        match self {
            Self::Email => Some(("bytes_max", EMAIL_BYTES_MAX)),
            Self::PasswordShort => Some(("chars_min", PASSWORD_CHARS_MIN)),
            Self::PasswordLong => Some(("bytes_max", PASSWORD_BYTES_MAX)),
            Self::TimeZone => None,
            Self::DeviceName => Some(("chars_max", DEVICE_NAME_CHARS_MAX)),
            Self::PushToken => Some(("bytes_max", PUSH_TOKEN_BYTES_MAX)),
        }
    }
}
