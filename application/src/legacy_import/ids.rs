//! Ids that follow from those of the legacy rows, so that every attempt at an import finds the same.

use domain::entity::Kind;
use domain::id::{AccountId, EntityId, SpaceId};
use uuid::Uuid;

/// What legacy user ids are names in. It is never changed: accounts would be imported a second time.
const NAMESPACE: Uuid = Uuid::from_u128(0x6c65_7665_6c75_7000_8c1e_6c65_6761_6379);

/// The account of a legacy user. Whoever registered here and was exported has the id of the account there, too.
pub fn account_id(legacy_user_id: &str) -> AccountId {
    if let Ok(made_here) = Uuid::try_parse(legacy_user_id)
        && made_here.to_string() == legacy_user_id
    {
        return AccountId(made_here);
    }
    AccountId(Uuid::new_v5(&NAMESPACE, legacy_user_id.as_bytes()))
}

/// The import of the legacy database into a space.
pub fn import_id(space: SpaceId) -> Uuid {
    Uuid::new_v5(&space.0, b"legacy")
}

/// The entity of a legacy row.
pub(super) fn entity_id(space: SpaceId, kind: Kind, row: i64) -> EntityId {
    EntityId(Uuid::new_v5(&space.0, format!("legacy/{}/{row}", kind.name()).as_bytes()))
}
