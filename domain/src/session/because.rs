//! Why a session ended.

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $sentence:literal;)*) => {
        /// Why a session ended before its time.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Because {$(
            $(#[$doc])*
            $name,
        )*}

        impl Because {
            /// Every reason, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name that is stored and sent.
            pub const fn as_str(self) -> &'static str {
                match self {$(Self::$name => $text,)*}
            }

            /// What the person at the device is told.
            pub const fn sentence(self) -> &'static str {
                match self {$(Self::$name => $sentence,)*}
            }
        }
    };
}

reasons! {
    /// The device signed out.
    SignedOut = "signed_out", "This device signed out.";
    /// The account ended it from another device.
    EndedElsewhere = "ended_elsewhere", "This session was ended from another device.";
    /// A used refresh token came again.
    Replayed = "replayed", "A refresh token of this session was used twice, so the session was ended.";
    /// The device was removed from the account.
    DeviceRemoved = "device_removed", "This device was removed from the account.";
    /// A newer device took its place.
    DeviceDisplaced = "device_displaced", "A newer device took the place of this one.";
    /// The password was changed or reset.
    PasswordChanged = "password_changed", "The password was changed.";
    /// An admin locked the account.
    AccountLocked = "account_locked", "The account is locked.";
    /// The account is to be deleted, or was.
    AccountDeleted = "account_deleted", "The account was deleted.";
    /// An admin or operator ended it.
    EndedByAdmin = "ended_by_admin", "This session was ended by an administrator.";
}

impl Because {
    /// The reason of a stored name; `None` when this program does not know it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|because| because.as_str() == name)
    }
}
