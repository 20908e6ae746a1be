//! Whether the replica is read from, for those who ask how this node is.

use metrics::{counter, gauge};

use crate::metric_names::{DATABASE_REPLICA_IN_USE, DATABASE_REPLICA_LOST_TOTAL};

/// Whether the replica is read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// There is none.
    #[default]
    Off,
    /// It is.
    Following,
    /// Not now: it is further behind than it may be.
    Behind,
    /// Not now: it does not answer, or is no copy of this database.
    Away {
        /// Why; no setting that may hold a password.
        why: String,
    },
}

impl Standing {
    /// Nobody has looked yet.
    pub(super) fn unknown() -> Self {
        Self::Away { why: "it was not looked at yet".to_owned() }
    }

    /// Takes the place of what it was. A line in the log for each kind of change: a reason for each look would fill it.
    pub(super) fn become_now(&mut self, now: Self) {
        let before = std::mem::replace(self, now);
        if std::mem::discriminant(&before) == std::mem::discriminant(self) {
            return;
        }
        match self {
            Self::Following => tracing::info!("the replica follows; reads that carry a cursor go to it"),
            Self::Behind => tracing::warn!("the replica is too far behind; the database answers its readers"),
            Self::Away { why } => tracing::warn!(why, "the replica is away; the database answers its readers"),
            Self::Off => {}
        }
        gauge!(DATABASE_REPLICA_IN_USE).set(if *self == Self::Following { 1.0 } else { 0.0 });
        if before == Self::Following {
            counter!(DATABASE_REPLICA_LOST_TOTAL).increment(1);
        }
    }
}
