//! A decided event becomes a stored one: payload, metadata, what readers are told, and its link in the chain.

use std::sync::{Arc, OnceLock};

use domain::activity::{activity, level};
use domain::chain::{Link, hash, payload_hash};
use domain::checksum::canonical;
use domain::entity::Event;
use domain::id::SpaceId;
use serde_json::{Map, Value};

use super::shown::difference;
use super::working::Held;
use super::{Submission, WriterRole};
use crate::change::{Change, Op};
use crate::ledger::{Head, NewEvent};

/// Where an event comes from.
pub(super) struct Origin<'a> {
    pub(super) submission: &'a Submission,
    pub(super) cause: Option<i64>,
}

/// The stored form of an event that made `after` of `before`, on top of `head`.
pub(super) fn record(
    origin: &Origin<'_>,
    space: SpaceId,
    head: &Head,
    (before, after): (&Held, &Held),
    event: &Event,
) -> NewEvent {
    let mark = event.mark();
    let meta = after.entity.meta();
    let event_type = event.event_type();
    let event_version = event.event_version();
    let op = Op::of(&event_type);
    let empty = Map::new();
    let known = if op == Op::Create { &empty } else { &*before.shown };
    let payload = canonical(&event.payload());
    let metadata = metadata(origin);
    let payload_hash = payload_hash(&payload);
    let transaction_id = origin.submission.sent.id;
    let device_id = origin.submission.actor.device;
    let link = Link {
        space: space.0,
        position: mark.position,
        transaction: transaction_id.0,
        device: device_id.0,
        aggregate_type: event.kind().name(),
        aggregate_id: meta.id.0,
        sequence: meta.version,
        event_type: &event_type,
        event_version: &event_version,
        metadata: &metadata,
        recorded_at: mark.at,
        payload_hash: &payload_hash,
    };
    let change = Change {
        position: mark.position,
        transaction_id,
        device_id,
        at: mark.at,
        op,
        entity: event.kind(),
        id: meta.id,
        version: meta.version,
        fields: difference(known, &after.shown),
        cause: origin.cause,
        hash: hash(&head.hash, &link),
        text: OnceLock::new(),
    };
    let activity = activity(level(&before.entity), &after.entity, event);
    NewEvent { change: Arc::new(change), event_type, event_version, payload, metadata, payload_hash, activity }
}

/// A flat map of strings, as canonical text.
fn metadata(origin: &Origin<'_>) -> String {
    let actor = &origin.submission.actor;
    let mut metadata = Map::new();
    metadata.insert("account".to_owned(), Value::from(actor.account.to_string()));
    metadata.insert("session".to_owned(), Value::from(actor.session.to_string()));
    if actor.role != WriterRole::Owner {
        metadata.insert("role".to_owned(), Value::from(actor.role.as_str()));
    }
    if let Some(network) = actor.network {
        metadata.insert("network".to_owned(), Value::from(network.to_string()));
    }
    if origin.submission.shift_ms != 0 {
        metadata.insert("clock_shift_ms".to_owned(), Value::from(origin.submission.shift_ms.to_string()));
    }
    if let Some(request) = &origin.submission.sent.request {
        metadata.insert("request".to_owned(), Value::from(&**request));
    }
    if let Some(cause) = origin.cause {
        metadata.insert("cause".to_owned(), Value::from(cause.to_string()));
    }
    canonical(&Value::Object(metadata))
}
