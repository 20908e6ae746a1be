//! Whether other nodes are heard, for those who ask how this one is.

use std::sync::{Mutex, MutexGuard, PoisonError};

use metrics::{counter, gauge};

use crate::metric_names::{HINTS_CONNECTED, HINTS_LOST_TOTAL};

/// Whether other nodes are heard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// The operator wants no hints.
    #[default]
    Off,
    /// What this node says comes back to it, so it hears the others too.
    Heard,
    /// Nothing is heard: changes of other nodes are found by looking.
    Away {
        /// Why; no setting that may hold a password.
        why: String,
    },
}

/// The standing, and the name of the way.
#[derive(Debug, Default)]
pub(super) struct StandingCell {
    way: &'static str,
    standing: Mutex<Standing>,
}

impl StandingCell {
    /// Away at first; off without a way.
    pub(super) fn new(way: Option<&'static str>) -> Self {
        let Some(way) = way else { return Self::default() };
        gauge!(HINTS_CONNECTED, "way" => way).set(0.0);
        Self { way, standing: Mutex::new(Standing::Away { why: "not connected yet".to_owned() }) }
    }

    pub(super) fn get(&self) -> Standing {
        self.standing().clone()
    }

    pub(super) fn is_heard(&self) -> bool {
        *self.standing() == Standing::Heard
    }

    /// Whether they were not before.
    pub(super) fn heard(&self) -> bool {
        let before = std::mem::replace(&mut *self.standing(), Standing::Heard);
        if before == Standing::Heard {
            return false;
        }
        tracing::info!(hints.way = self.way, "other nodes are heard");
        gauge!(HINTS_CONNECTED, "way" => self.way).set(1.0);
        true
    }

    /// Whether they were before.
    pub(super) fn lost(&self, why: &str) -> bool {
        let away = Standing::Away { why: why.to_owned() };
        let before = std::mem::replace(&mut *self.standing(), away.clone());
        // Each reason is told once: an attempt a second would fill the log.
        if before != away {
            tracing::warn!(hints.way = self.way, why, "other nodes are not heard; what they write is looked for");
        }
        gauge!(HINTS_CONNECTED, "way" => self.way).set(0.0);
        let was_heard = before == Standing::Heard;
        if was_heard {
            counter!(HINTS_LOST_TOTAL).increment(1);
        }
        was_heard
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
