//! The bodies of this room; the command line prints the same.

use std::collections::HashMap;

use application::replay::{Change, Differing, Page, State, Step, moment};
use domain::entity::EntityRef;
use domain::id::DeviceId;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// A page of steps.
#[derive(Serialize, ToSchema)]
pub struct ReplayBody {
    /// The moment that was asked for: the last position recorded at or before it, 0 before the first.
    pub position: i64,
    /// When that was recorded, Unix ms.
    pub recorded_at: i64,
    /// The last position of the log.
    pub head: i64,
    /// The steps, in the order of the log; the first is the one at that position.
    pub items: Vec<StepBody>,
    /// The `position` of the page behind; null after the last.
    #[schema(required)]
    pub next: Option<i64>,
    /// The `position` of the page before; null at the beginning.
    #[schema(required)]
    pub previous: Option<i64>,
}

/// One step: an event, and what it made of its entity.
#[derive(Serialize, ToSchema)]
pub struct StepBody {
    /// Position in the space's log.
    pub position: i64,
    /// Such as `task.edited`.
    pub event: String,
    /// The version in which that is stored.
    pub event_version: String,
    /// The kind of entity.
    pub entity: &'static str,
    /// Which.
    pub id: Uuid,
    /// The entity's version after it.
    pub version: i64,
    /// The transaction.
    pub transaction_id: Uuid,
    /// From which device.
    pub device_id: Uuid,
    /// What the person calls that device; null: it is no longer there, or the server itself.
    #[schema(required)]
    pub device_name: Option<String>,
    /// In which session; null: none that is told.
    #[schema(required)]
    pub session_id: Option<Uuid>,
    /// When the user acted, by the device's clock as far as that was believed, Unix ms.
    pub at: i64,
    /// When the server recorded it, Unix ms.
    pub recorded_at: i64,
    /// The position of the event that it followed from; null: somebody asked for it.
    #[schema(required)]
    pub cause: Option<i64>,
    /// Whether something was taken out of it.
    pub redacted: bool,
    /// What happened, in the present shape of the event.
    #[schema(value_type = Object)]
    pub change: Value,
    /// The entity before; null: it had not been created, or `unknown` says why nothing tells.
    #[schema(required, value_type = Object)]
    pub before: Option<Map<String, Value>>,
    /// The entity after, in the same way.
    #[schema(required, value_type = Object)]
    pub after: Option<Map<String, Value>>,
    /// `redacted`: an event of the entity was taken out; `long_history`: it has too many events for an answer. Then `changes` is
    /// what readers were told, without the values before.
    #[schema(required)]
    pub unknown: Option<&'static str>,
    /// Exactly the fields that differ.
    pub changes: Vec<ChangeBody>,
}

/// A field that differs.
#[derive(Serialize, ToSchema)]
pub struct ChangeBody {
    /// Which; a local day of a hero or a habit is `days.` and the date.
    pub field: String,
    /// Its value before; absent where nothing tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub before: Option<Value>,
    /// Its value after.
    #[schema(value_type = Object)]
    pub after: Value,
}

/// An entity that something happened to between two positions.
#[derive(Serialize, ToSchema)]
pub struct DifferingBody {
    /// The kind of entity.
    pub entity: &'static str,
    /// Which.
    pub id: Uuid,
    /// What it was at the earlier position; null: it had not been created, or `unknown` says why nothing tells.
    #[schema(required, value_type = Object)]
    pub before: Option<Map<String, Value>>,
    /// What it was at the later one, in the same way.
    #[schema(required, value_type = Object)]
    pub after: Option<Map<String, Value>>,
    /// Why nothing tells: `redacted` or `long_history`.
    #[schema(required)]
    pub unknown: Option<&'static str>,
    /// Exactly the fields that differ; none if what happened was taken back.
    pub changes: Vec<ChangeBody>,
}

/// The devices that a page speaks of.
pub(crate) fn devices(page: &Page) -> Vec<DeviceId> {
    page.steps.iter().map(|step| step.event.device).collect()
}

impl StepBody {
    /// A step with what the person calls its device.
    pub(crate) fn of(step: Step, names: &HashMap<DeviceId, String>) -> Self {
        let unknown = unknown(&step.before).or(unknown(&step.after));
        let Step { event, before, after, changes } = step;
        let at = moment(&event);
        Self {
            position: event.position,
            entity: event.entity.kind.name(),
            id: event.entity.id.0,
            version: event.version,
            transaction_id: event.transaction.0,
            device_id: event.device.0,
            device_name: names.get(&event.device).cloned(),
            session_id: event.session.map(|session| session.0),
            at,
            recorded_at: event.recorded_at,
            cause: event.cause,
            redacted: event.redacted,
            change: event.payload.get("change").cloned().unwrap_or_default(),
            event: event.event_type,
            event_version: event.event_version,
            before: known(before),
            after: known(after),
            unknown,
            changes: changes.into_iter().map(ChangeBody::from).collect(),
        }
    }
}

impl From<Differing> for DifferingBody {
    fn from(differing: Differing) -> Self {
        let unknown = unknown(&differing.before).or(unknown(&differing.after));
        let Differing { entity: EntityRef { kind, id }, before, after, changes } = differing;
        let changes = changes.into_iter().map(ChangeBody::from).collect();
        Self { entity: kind.name(), id: id.0, before: known(before), after: known(after), unknown, changes }
    }
}

impl From<Change> for ChangeBody {
    fn from(Change { field, before, after }: Change) -> Self {
        Self { field, before, after }
    }
}

fn known(state: State) -> Option<Map<String, Value>> {
    match state {
        State::Known(row) => Some(row),
        State::Absent | State::Unknown(_) => None,
    }
}

fn unknown(state: &State) -> Option<&'static str> {
    match state {
        State::Unknown(why) => Some(why.as_str()),
        State::Absent | State::Known(_) => None,
    }
}
