//! A decided event becomes a stored one: payload, metadata, what readers are told, and its link in the chain.

use std::sync::Arc;

use domain::activity::{activity, level};
use domain::chain::{Link, hash, payload_hash};
use domain::checksum::canonical;
use domain::entity::Event;
use domain::id::SpaceId;
use serde::Serialize;
use serde_json::Map;

use super::shown::difference;
use super::{Submission, WriterRole};
use crate::change::{Change, Encoded, Op};
use crate::current::CurrentEntity;
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
    (before, after): (&CurrentEntity, &CurrentEntity),
    event: &Event,
) -> NewEvent {
    let mark = event.mark();
    let meta = after.meta();
    let event_type = event.event_type();
    let event_version = event.event_version();
    let op = Op::of(&event_type);
    let empty = Map::new();
    let known = if op == Op::Create { &empty } else { before.shown() };
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
        fields: difference(known, after.shown()),
        cause: origin.cause,
        hash: hash(&head.hash, &link),
        encoded: Encoded::default(),
    };
    let activity = activity(level(before), after, event);
    NewEvent { change: Arc::new(change), event_type, event_version, payload, metadata, payload_hash, activity }
}

/// What is known of who wrote an event and how. The fields stand in the order of their names, so that its text is canonical.
#[derive(Serialize)]
struct Metadata<'a> {
    account: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_shift_ms: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
    session: String,
}

/// A flat map of strings, as canonical text.
fn metadata(origin: &Origin<'_>) -> String {
    let Submission { actor, sent, shift_ms, .. } = origin.submission;
    let metadata = Metadata {
        account: actor.account.to_string(),
        cause: origin.cause.map(|cause| cause.to_string()),
        clock_shift_ms: (*shift_ms != 0).then(|| shift_ms.to_string()),
        network: actor.network.map(|network| network.to_string()),
        request: sent.request.as_deref(),
        role: (actor.role != WriterRole::Owner).then(|| actor.role.as_str()),
        session: actor.session.to_string(),
    };
    serde_json::to_string(&metadata).unwrap_or_default()
}
