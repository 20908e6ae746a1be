//! Mail that is to be sent to an account, as a row: written in the transaction of its cause, sent later, at least once.

use domain::id::AccountId;
use serde_json::Value;

/// What a mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterKind {
    /// Here is how to set a new password.
    PasswordReset,
    /// Here is how to prove this address.
    EmailVerification,
    /// Somebody tried to register with this address, which has an account.
    RegistrationRepeated,
    /// The password was changed.
    PasswordChanged,
    /// A device signed in for the first time. About: `device_name`, `platform`, `network`.
    NewDevice,
    /// A used refresh token came again, and its session was ended. About: `device_name`, `platform`, `network`.
    SessionReplayed,
    /// The account will be deleted. About: `erase_after` (ms).
    DeletionScheduled,
    /// The account was locked.
    AccountLocked,
}

/// A mail to be sent.
#[derive(Clone, Debug)]
pub struct Letter {
    /// To whom; its address is looked up when it is sent.
    pub account: AccountId,
    /// What about.
    pub kind: LetterKind,
    /// What it says besides; an object, without secrets.
    pub about: Value,
    /// When it was asked for, ms; it is due at once.
    pub at: i64,
}

impl LetterKind {
    const ALL: [Self; 8] = [
        Self::PasswordReset,
        Self::EmailVerification,
        Self::RegistrationRepeated,
        Self::PasswordChanged,
        Self::NewDevice,
        Self::SessionReplayed,
        Self::DeletionScheduled,
        Self::AccountLocked,
    ];

    /// The name that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasswordReset => "password_reset",
            Self::EmailVerification => "email_verification",
            Self::RegistrationRepeated => "registration_repeated",
            Self::PasswordChanged => "password_changed",
            Self::NewDevice => "new_device",
            Self::SessionReplayed => "session_replayed",
            Self::DeletionScheduled => "deletion_scheduled",
            Self::AccountLocked => "account_locked",
        }
    }

    /// The kind of a stored name; `None` when this program does not know it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
