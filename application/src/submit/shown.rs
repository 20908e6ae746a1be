//! What a reader is shown of an entity, and what changed between two such views.

use domain::checksum::entity_checksum;
use domain::entity::{Entity, Kind};
use serde_json::{Map, Value};

/// Columns that serve the server: merge state and bookkeeping.
pub(crate) const PRIVATE: [&str; 5] = ["space_id", "position", "stamps", "taken", "checksum"];

/// What a reader is shown of an entity of this kind, from its row.
pub fn shown(kind: Kind, mut row: Map<String, Value>) -> Map<String, Value> {
    for private in PRIVATE {
        row.remove(private);
    }
    kind.hide(&mut row);
    row
}

/// What of `after` is new or differs from `before`; the id and version stand beside the fields of a change.
pub(super) fn difference(before: &Map<String, Value>, after: &Map<String, Value>) -> Map<String, Value> {
    let differs =
        |(name, value): &(&String, &Value)| before.get(*name) != Some(*value) && *name != "id" && *name != "version";
    after.iter().filter(differs).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// What a live entity adds to the checksum of its space.
pub fn share(entity: &Entity, shown: &Map<String, Value>) -> u64 {
    let meta = entity.meta();
    if meta.is_live() { entity_checksum(entity.kind().name(), meta.id.0, meta.version, shown) } else { 0 }
}
