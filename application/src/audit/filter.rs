//! What a search asks for.

use domain::id::{AccountId, DeviceId, EntityId, SessionId, TransactionId};
use serde::{Deserialize, Serialize};

/// Which logs are searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// What was written into spaces.
    #[default]
    Events,
    /// Sign-ins, looks, acts of staff.
    Security,
    /// Both.
    All,
}

/// What is asked for; everything that is said must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// Which logs.
    pub source: Source,
    /// Whose space, or about whom.
    pub account: Option<AccountId>,
    /// From or about this device.
    pub device: Option<DeviceId>,
    /// In this session.
    pub session: Option<SessionId>,
    /// In this transaction.
    pub transaction: Option<TransactionId>,
    /// Of entities of this kind, by its name.
    pub entity: Option<String>,
    /// Of this entity.
    pub id: Option<EntityId>,
    /// Of this field.
    pub field: Option<String>,
    /// Recorded at this moment or later, Unix ms.
    pub from: Option<i64>,
    /// Recorded before this moment, Unix ms.
    pub until: Option<i64>,
    /// What followed from the event at this position of the space.
    pub cause: Option<i64>,
    /// What is said there, anywhere in it, whatever its case.
    pub text: Option<String>,
}

impl Filter {
    /// Whether events are searched.
    pub(super) fn has_events(&self) -> bool {
        self.source != Source::Security
    }

    /// Whether the security log is searched: nothing in it is of a transaction, an entity or a field.
    pub(super) fn has_security(&self) -> bool {
        let is_of_events = self.transaction.is_some()
            || self.entity.is_some()
            || self.id.is_some()
            || self.field.is_some()
            || self.cause.is_some();
        self.source != Source::Events && !is_of_events
    }
}
