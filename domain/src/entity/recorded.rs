//! An event as it is stored: what happened, and the mark that says where and when.

use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use crate::stamp::{Stamp, Written};

/// Where and when an event was recorded. It travels in the payload, so that a fold needs nothing beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Position in the space's log.
    pub position: i64,
    /// When the server recorded it, Unix ms; never goes back within a space.
    pub at: i64,
    /// The stamp of the write.
    pub stamp: Stamp,
}

impl Mark {
    /// The write that this mark stands for.
    pub fn written(&self) -> Written {
        Written { stamp: self.stamp, position: self.position }
    }
}

/// An event with its mark: the payload of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded<E> {
    /// Where and when.
    pub mark: Mark,
    /// What happened.
    pub change: E,
}

impl<E: DomainEvent> DomainEvent for Recorded<E> {
    fn event_type(&self) -> String {
        self.change.event_type()
    }

    fn event_version(&self) -> String {
        self.change.event_version()
    }
}

/// What a command comes to: an event, or none, and the outcome that the device is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision<E> {
    /// What happens, if anything.
    pub event: Option<E>,
    /// What the device is told.
    pub outcome: Outcome,
}

impl<E> Decision<E> {
    /// It happens.
    pub fn applied(event: E) -> Self {
        Self { event: Some(event), outcome: Outcome::default() }
    }

    /// A later write stands; nothing happens.
    pub fn superseded() -> Self {
        Self { event: None, outcome: Outcome::superseded() }
    }

    /// Part of it happens.
    pub fn merged(event: E) -> Self {
        Self { event: Some(event), outcome: Outcome::merged() }
    }

    /// It is so already; the event, if any, only moves the register's stamp.
    pub fn unchanged(event: Option<E>) -> Self {
        Self { event, outcome: Outcome::unchanged() }
    }

    /// The same decision about a wider event.
    pub fn map<W>(self, widen: impl FnOnce(E) -> W) -> Decision<W> {
        Decision { event: self.event.map(widen), outcome: self.outcome }
    }
}
