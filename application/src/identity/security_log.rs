//! What the security log says: one entry for each sign-in, revocation, look by support, erasure or act of an admin.
//! Written in the transaction of the act itself, read by the account it is about.

use domain::id::{AccountId, DeviceId, SessionId};
use serde_json::Value;

use super::place::Place;
use crate::fault::Fault;

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Act {$(
            $(#[$doc])*
            $name,
        )*}

        impl Act {
            /// The name that is stored and sent.
            pub const fn as_str(self) -> &'static str {
                match self {$(Self::$name => $text,)*}
            }
        }
    };
}

acts! {
    /// The account was made.
    Registered = "registered";
    /// A session was opened by the password.
    SignedIn = "signed_in";
    /// Somebody gave a wrong password.
    SignInRefused = "sign_in_refused";
    /// A device was seen for the first time.
    DeviceAdded = "device_added";
    /// A device was renamed or changed.
    DeviceChanged = "device_changed";
    /// A device was given a key that its refreshes are signed with, or another one.
    DeviceKeySet = "device_key_set";
    /// A device was removed; about: why.
    DeviceRemoved = "device_removed";
    /// A session ended; about: why.
    SessionEnded = "session_ended";
    /// A used refresh token came again.
    RefreshReplayed = "refresh_replayed";
    /// A refresh was not signed as the device's key demands.
    RefreshUnsigned = "refresh_unsigned";
    /// A device repaired its replica too often.
    RepairsExhausted = "repairs_exhausted";
    /// Somebody asked for a mail to set a new password.
    PasswordResetAsked = "password_reset_asked";
    /// Somebody asked for a mail to prove the address.
    VerificationAsked = "verification_asked";
    /// Somebody tried to register with the address of the account.
    RegistrationRepeated = "registration_repeated";
    /// The password was changed by who knew it.
    PasswordChanged = "password_changed";
    /// The password was set by a mail.
    PasswordReset = "password_reset";
    /// The address was proven.
    EmailVerified = "email_verified";
    /// Deletion was asked for.
    DeletionAsked = "deletion_asked";
    /// Deletion was called off.
    DeletionCancelled = "deletion_cancelled";
    /// Everything of an account was erased.
    Erased = "erased";
    /// An admin locked the account.
    Locked = "locked";
    /// An admin unlocked the account.
    Unlocked = "unlocked";
    /// An admin gave it another role.
    RoleChanged = "role_changed";
    /// What the account holds was added to another one; about: which.
    MergedInto = "merged_into";
    /// What another account holds was added to this one; about: which.
    MergedFrom = "merged_from";
    /// Accounts were exported with what they sign in with; about: whether all were.
    AccountsExported = "accounts_exported";
    /// A verify of what is stored was begun; about: which.
    VerifyBegun = "verify_begun";
    /// A verify was ended before its end; about: which.
    VerifyStopped = "verify_stopped";
    /// Rows of the account's space were made what its log says; about: how many.
    Repaired = "repaired";
    /// Support looked at the account; about: what.
    LookedAt = "looked_at";
    /// Somebody had projections rebuilt; about: which rebuild, and of what.
    RebuildBegun = "rebuild_begun";
    /// Somebody paused a rebuild; about: which.
    RebuildPaused = "rebuild_paused";
    /// Somebody let a rebuild go on; about: which.
    RebuildResumed = "rebuild_resumed";
    /// Somebody ended a rebuild before its end; about: which.
    RebuildCancelled = "rebuild_cancelled";
    /// Somebody asked for what takes another role; about: what.
    RoleMissing = "role_missing";
    /// A value was taken out of everything that is kept of the account; about: where and why, never what.
    Redacted = "redacted";
    /// A flag was made or changed; about: from what to what.
    FlagSet = "flag_set";
    /// A flag was removed; about: which.
    FlagRemoved = "flag_removed";
    /// An admin asked for a backup.
    BackupAsked = "backup_asked";
    /// The database was restored from a backup; about: which.
    Restored = "restored";
}

/// Who did it, if it was not the account itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The account itself, or somebody who claims to be it.
    Oneself,
    /// Somebody of support.
    Support(AccountId),
    /// An admin.
    Admin(AccountId),
    /// The command line of the server's machine, or the server by itself.
    Operator,
}

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Whom it is about.
    pub account: Option<AccountId>,
    /// When, ms.
    pub at: i64,
    /// What.
    pub act: Act,
    /// By whom.
    pub actor: Actor,
    /// In which session, if any.
    pub session: Option<SessionId>,
    /// From or about which device, if any.
    pub device: Option<DeviceId>,
    /// From where.
    pub place: Place,
    /// What else there is to say; an object, without secrets.
    pub about: Value,
}

impl Entry {
    /// What an account did itself, in no session and from no device as far as is known, with nothing else to say.
    pub fn by_oneself(account: AccountId, act: Act, place: Place, at: i64) -> Self {
        let about = Value::Object(serde_json::Map::new());
        Self { account: Some(account), at, act, actor: Actor::Oneself, session: None, device: None, place, about }
    }
}

/// The port to the log.
pub trait SecurityLog {
    /// Adds an entry that belongs to no other write.
    fn record(&self, entry: Entry) -> impl Future<Output = Result<(), Fault>> + Send;
}
