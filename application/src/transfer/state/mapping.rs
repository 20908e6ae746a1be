//! Which id an entity of an export gets in the space that it is imported into.

use std::collections::{HashMap, HashSet};

use domain::entity::{EntityRef, Kind};
use domain::founding::core_skill_id;
use domain::id::{EntityId, SpaceId};
use uuid::Uuid;

/// An id that the space has already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Which.
    pub entity: EntityRef,
    /// Whether this very import made it: then it is no collision.
    pub by_this_import: bool,
}

/// From old ids to new ones. It depends on the import and on what the space had before it, so every attempt at the same
/// import maps alike.
#[derive(Clone, Debug, Default)]
pub(super) struct Mapping {
    import: Uuid,
    /// The same ids, hero and core skills aside.
    known: HashSet<EntityRef>,
    colliding: HashSet<EntityRef>,
    fixed: HashMap<EntityRef, EntityId>,
}

impl Mapping {
    pub(super) fn new(
        import: Uuid,
        known: impl IntoIterator<Item = EntityRef>,
        fixed: HashMap<EntityRef, EntityId>,
        taken: &[Taken],
    ) -> Self {
        let colliding = taken.iter().filter(|taken| !taken.by_this_import).map(|taken| taken.entity).collect();
        Self { import, known: known.into_iter().collect(), colliding, fixed }
    }

    /// The new id; `None`: the export does not have it.
    pub(super) fn of(&self, entity: EntityRef) -> Option<EntityId> {
        if let Some(fixed) = self.fixed.get(&entity) {
            return Some(*fixed);
        }
        self.known.contains(&entity).then(|| self.free(entity))
    }

    fn free(&self, entity: EntityRef) -> EntityId {
        if self.colliding.contains(&entity) {
            EntityId(Uuid::new_v5(&self.import, format!("{}/{}", entity.kind.name(), entity.id).as_bytes()))
        } else {
            entity.id
        }
    }
}

/// The core skill that a skill of an export is: by the id that founding gave it, else by its name.
pub(super) fn core_number(space: Uuid, id: EntityId, kind: Option<&str>, name: Option<&str>) -> Option<usize> {
    let by_id = (1..=6).find(|number| core_skill_id(SpaceId(space), *number) == id);
    by_id.or_else(|| {
        let named = domain::founding::CORE_SKILLS.iter().position(|(core, ..)| Some(*core) == name);
        named.filter(|_| kind == Some("core")).map(|at| at + 1)
    })
}

/// The entity that stands for the person.
pub(super) fn hero(space: Uuid) -> EntityRef {
    EntityRef::new(Kind::Hero, SpaceId(space).into())
}
