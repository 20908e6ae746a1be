//! One stored event by itself: its hash, and whether it contradicts itself.

use domain::chain::{Hash, Link, hash};
use domain::checksum::canonical;
use domain::entity::Event;
use domain::id::SpaceId;

use super::Logged;

/// Whether its columns say what its payload says.
pub(super) fn agrees(event: &Event, logged: &Logged) -> bool {
    let mark = event.mark();
    mark.at == logged.recorded_at
        && mark.stamp.device == logged.device
        && event.event_type() == logged.event_type
        && event.event_version() == logged.event_version
}

/// The hash that the event ought to have.
pub(super) fn link(space: SpaceId, before: &Hash, logged: &Logged) -> Option<Hash> {
    let link = Link {
        space: space.0,
        position: logged.position,
        transaction: logged.transaction.0,
        device: logged.device.0,
        aggregate_type: &logged.aggregate_type,
        aggregate_id: logged.aggregate_id.0,
        sequence: logged.sequence,
        event_type: &logged.event_type,
        event_version: &logged.event_version,
        metadata: &canonical(&logged.metadata),
        recorded_at: logged.recorded_at,
        payload_hash: &Hash::try_from(logged.payload_hash.as_slice()).ok()?,
    };
    Some(hash(before, &link))
}
