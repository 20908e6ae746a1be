//! One step from a shape of an event to the next.

use cqrs_es::persist::{EventUpcaster, SerializedEvent};
use serde_json::Value;

use super::super::kind::Kind;

/// Makes the next shape of one version of an event.
///
/// It is an upcaster of its own, because that of cqrs-es takes every lower version to its own at once and writes `2` as
/// `2.0.0`; here a version leads to the next, as it was written, and one that nobody knows leads nowhere.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Of which kind of entity.
    pub kind: Kind,
    /// The event's name, without the kind.
    pub event: &'static str,
    /// The version that it takes.
    pub from: &'static str,
    /// The version that it makes.
    pub to: &'static str,
    /// Makes the one payload of the other. What is not of the shape that it takes is left as it is: the reader behind it says
    /// what is wrong.
    pub change: fn(Value) -> Value,
}

impl Step {
    fn is_of(&self, event_type: &str) -> bool {
        let name = event_type.strip_prefix(self.kind.name()).and_then(|rest| rest.strip_prefix('.'));
        name == Some(self.event)
    }
}

impl EventUpcaster for Step {
    fn can_upcast(&self, event_type: &str, event_version: &str) -> bool {
        event_version == self.from && self.is_of(event_type)
    }

    fn upcast(&self, event: SerializedEvent) -> SerializedEvent {
        SerializedEvent { event_version: self.to.to_owned(), payload: (self.change)(event.payload), ..event }
    }
}
