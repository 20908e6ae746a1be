//! The ways in which signing in ends without a session: refused (a fact about the request) or failed (a fact about
//! the server).

use super::limits::{
    APP_VERSION_CHARS_MAX, DEVICE_NAME_CHARS_MAX, DEVICES_MAX, EMAIL_BYTES_MAX, PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN,
    PUSH_TOKEN_BYTES_MAX,
};
use crate::fault::Fault;
use crate::identity::device::limit::KnownDevice;
use crate::identity::session::nonce::Nonce;
use crate::identity::session::refresh_signature::Unsigned;
use domain::session::Because;

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
    /// The refresh token belongs to a session that has ended.
    #[error("{} Sign in again.", .0.sentence())]
    SessionEnded(Because),
    /// The device has a key, and the refresh is not signed as it demands; what to sign.
    #[error("{0}")]
    Unsigned(Unsigned, Nonce),
    /// No session of the account's with this id goes on.
    #[error("There is no such session.")]
    SessionUnknown,
    /// The token of a mail is unknown, used, expired, or was replaced by that of a later mail.
    #[error("This link or code has been used, has expired, or a later mail took its place; ask for another mail.")]
    ResetTokenInvalid,
    /// The same, of a mail that proves an address.
    #[error("This link or code has been used, has expired, or a later mail took its place; ask for another mail.")]
    VerificationTokenInvalid,
    /// An admin keeps the account out.
    #[error("The account is locked; ask whoever runs this server.")]
    AccountLocked,
    /// Nobody signs in before the address is proven.
    #[error("The e-mail address is not proven yet; open the link in the mail that was sent there.")]
    EmailUnverified,
    /// What was asked for takes another role.
    #[error("This takes a role that the account does not have.")]
    RoleMissing,
    /// There is no account with this id or address.
    #[error("There is no such account.")]
    AccountUnknown,
    /// Nobody could administer any more.
    #[error("You are the last admin who may sign in; make another one first.")]
    LastAdmin,
    /// The refresh token came as a cookie, without the secret of its session.
    #[error("The secret of this browser's session is missing or another's; send it in the header X-CSRF-Token.")]
    CsrfInvalid,
    /// The account that a valid token names is gone.
    #[error("The account of this token no longer exists; sign in again.")]
    AccountGone,
    /// The account has no such device, whoever else may have one.
    #[error("There is no such device on this account.")]
    DeviceUnknown,
    /// A new device, and none of the known ones has to go by itself.
    #[error("An account has at most {DEVICES_MAX} devices, and every one of them was seen lately; remove one of them.")]
    TooManyDevices(Vec<KnownDevice>),
    /// A key for another device than the one that asks.
    #[error("A device's key is set from that device alone.")]
    KeyOfAnotherDevice,
    /// A key is to be replaced or removed, and nobody proved to be more than the holder of a token.
    #[error("A key that is set is replaced or removed with the account's password only; send `current_password`.")]
    PasswordRequired,
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
    /// Too easy to guess, as a new one.
    #[error("A password has at least {PASSWORD_CHARS_MIN} characters.")]
    NewPasswordShort,
    /// Too long to hash, as a new one.
    #[error("A password has at most {PASSWORD_BYTES_MAX} bytes.")]
    NewPasswordLong,
    /// Not in the IANA database.
    #[error("This is not the name of an IANA time zone, such as `Europe/Zurich`.")]
    TimeZone,
    /// Too long, or holds control characters.
    #[error("A device's name has at most {DEVICE_NAME_CHARS_MAX} characters and no control characters.")]
    DeviceName,
    /// Empty, too long, or holds control characters.
    #[error("A push token has 1 to {PUSH_TOKEN_BYTES_MAX} bytes and no control characters.")]
    PushToken,
    /// The server's own id.
    #[error("A device's id is not nil.")]
    DeviceId,
    /// Blank, too long, or holds control characters.
    #[error("An app's version has 1 to {APP_VERSION_CHARS_MAX} characters, no control characters, and is not blank.")]
    AppVersion,
    /// Blank.
    #[error("A first name has at least one character.")]
    FirstName,
    /// Blank.
    #[error("A last name has at least one character.")]
    LastName,
    /// Not a key that signatures can be checked with.
    #[error("This is not a P-256 public key: base64url of the uncompressed point (65 bytes) or of its SPKI in DER.")]
    PublicKey,
}

impl FieldRefusal {
    /// Where in the request the field stands (RFC 6901).
    pub const fn pointer(self) -> &'static str {
        match self {
            Self::Email => "/email",
            Self::PasswordShort | Self::PasswordLong => "/password",
            Self::NewPasswordShort | Self::NewPasswordLong => "/new_password",
            Self::TimeZone => "/time_zone",
            Self::DeviceName => "/device/device_name",
            Self::PushToken => "/device/push_token",
            Self::DeviceId => "/device/device_id",
            Self::AppVersion => "/app_version",
            Self::FirstName => "/first_name",
            Self::LastName => "/last_name",
            Self::PublicKey => "/public_key",
        }
    }

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Email => "email_invalid",
            Self::PasswordShort | Self::NewPasswordShort => "password_short",
            Self::PasswordLong | Self::NewPasswordLong => "password_long",
            Self::TimeZone => "time_zone_unknown",
            Self::DeviceName => "device_name_invalid",
            Self::PushToken => "push_token_invalid",
            Self::DeviceId => "device_id_invalid",
            Self::AppVersion => "app_version_invalid",
            Self::FirstName => "first_name_blank",
            Self::LastName => "last_name_blank",
            Self::PublicKey => "public_key_invalid",
        }
    }

    /// The same refusal where the password takes the place of another.
    pub(super) const fn of_new_password(self) -> Self {
        match self {
            Self::PasswordShort => Self::NewPasswordShort,
            Self::PasswordLong => Self::NewPasswordLong,
            other => other,
        }
    }

    /// The bound that was missed, with its name.
    pub const fn limit(self) -> Option<(&'static str, usize)> {
        match self {
            Self::Email => Some(("bytes_max", EMAIL_BYTES_MAX)),
            Self::PasswordShort | Self::NewPasswordShort => Some(("chars_min", PASSWORD_CHARS_MIN)),
            Self::PasswordLong | Self::NewPasswordLong => Some(("bytes_max", PASSWORD_BYTES_MAX)),
            Self::TimeZone | Self::DeviceId | Self::FirstName | Self::LastName | Self::PublicKey => None,
            Self::DeviceName => Some(("chars_max", DEVICE_NAME_CHARS_MAX)),
            Self::PushToken => Some(("bytes_max", PUSH_TOKEN_BYTES_MAX)),
            Self::AppVersion => Some(("chars_max", APP_VERSION_CHARS_MAX)),
        }
    }
}
