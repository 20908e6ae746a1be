//! Reading what is stored of an event, whatever the version of its shape: older shapes are taken to the present one, step by
//! step, before anybody reads them. What is stored and hashed stays as it was written.

#[cfg(test)]
mod corpus_tests;
mod step;
mod steps;
#[cfg(test)]
mod tests;

use cqrs_es::persist::{EventUpcaster, SerializedEvent};
use serde_json::Value;

use super::kind::Kind;
pub use step::Step;
pub use steps::STEPS;

/// The version of every event whose shape never changed.
const FIRST: &str = "1";

/// Why a stored event cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No event of its kind is called that.
    #[error("no event {event_type} is known here; a newer program may have written it")]
    UnknownType {
        /// The type that is stored.
        event_type: String,
    },
    /// No upcaster leads from its version to the present one.
    #[error("version {version} of {event_type} is not known here, where {present} is the newest")]
    UnknownVersion {
        /// The type that is stored.
        event_type: String,
        /// The version that is stored.
        version: String,
        /// The version that is written now.
        present: &'static str,
    },
    /// The payload is not of the shape that its version has.
    #[error("its payload is not that of a {event_type}: {reason}")]
    Shape {
        /// The type that is stored.
        event_type: String,
        /// What is wrong.
        reason: String,
    },
    /// The payload is one of another type.
    #[error("its columns contradict its payload")]
    Contradiction,
}

impl Unreadable {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownType { .. } => "event_type_unknown",
            Self::UnknownVersion { .. } => "event_version_unknown",
            Self::Shape { .. } | Self::Contradiction => "event_unreadable",
        }
    }
}

/// The version in which an event of a kind is written now; `name` is without the kind.
pub fn present_version(kind: Kind, name: &str) -> &'static str {
    newest(STEPS, kind, name)
}

/// The payload of a stored event in its present shape. One that has it already is handed through as it is.
///
/// # Errors
/// Its type or version is not known here.
pub fn present(kind: Kind, event_type: &str, event_version: &str, payload: Value) -> Result<Value, Unreadable> {
    through(STEPS, kind, event_type, event_version, payload)
}

/// The upcasters of a kind, for event stores of cqrs-es.
pub fn upcasters(kind: Kind) -> Vec<Box<dyn EventUpcaster>> {
    let of_kind = STEPS.iter().filter(|step| step.kind == kind);
    of_kind.map(|step| Box::new(*step) as Box<dyn EventUpcaster>).collect()
}

fn newest(steps: &[Step], kind: Kind, name: &str) -> &'static str {
    let last = steps.iter().rfind(|step| step.kind == kind && step.event == name);
    last.map_or(FIRST, |step| step.to)
}

fn through(
    steps: &[Step],
    kind: Kind,
    event_type: &str,
    event_version: &str,
    payload: Value,
) -> Result<Value, Unreadable> {
    let name = event_type.strip_prefix(kind.name()).and_then(|rest| rest.strip_prefix('.'));
    let known = name.filter(|name| kind.event_names().any(|one| one == *name));
    let Some(name) = known else { return Err(Unreadable::UnknownType { event_type: event_type.to_owned() }) };
    let present = newest(steps, kind, name);
    if event_version == present {
        return Ok(payload);
    }
    let stored = serialized(kind, event_type, event_version, payload);
    let step = |event: SerializedEvent, step: &Step| {
        let fits = step.kind == kind && step.can_upcast(&event.event_type, &event.event_version);
        if fits { step.upcast(event) } else { event }
    };
    let upcast = steps.iter().fold(stored, step);
    if upcast.event_version == present {
        return Ok(upcast.payload);
    }
    let (event_type, version) = (event_type.to_owned(), event_version.to_owned());
    Err(Unreadable::UnknownVersion { event_type, version, present })
}

/// What upcasters are handed. They look at type, version and payload alone.
fn serialized(kind: Kind, event_type: &str, event_version: &str, payload: Value) -> SerializedEvent {
    let aggregate_type = kind.name().to_owned();
    let (event_type, event_version) = (event_type.to_owned(), event_version.to_owned());
    SerializedEvent::new(String::new(), 0, aggregate_type, event_type, event_version, payload, Value::Null)
}
