//! A person who can sign in, as the rest of the program sees one: without the password.

use domain::id::AccountId;

/// A person who can sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Who.
    pub id: AccountId,
    /// The address as it was given at registration.
    pub email: String,
    /// What the account may do.
    pub role: Role,
    /// The IANA time zone that the personal space is founded with.
    pub time_zone: String,
    /// From when on it is erased, ms, if that was asked for.
    pub erase_after: Option<i64>,
}

/// Whether an account may sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// When its address was proven, ms.
    pub verified_at: Option<i64>,
    /// Since when an admin keeps it out, ms.
    pub locked_at: Option<i64>,
}

/// What an account may do at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Its role.
    pub role: Role,
    /// Whether an admin keeps it out.
    pub is_locked: bool,
}

/// What an account may do beyond its own space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads and writes its own space.
    User,
    /// Also reads audit and history; every look is itself audited.
    Support,
    /// Also administers.
    Admin,
}

impl Role {
    /// The name that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Support => "support",
            Self::Admin => "admin",
        }
    }

    /// The role of a stored name; `None` when this program does not know it.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::User, Self::Support, Self::Admin].into_iter().find(|role| role.as_str() == name)
    }
}
