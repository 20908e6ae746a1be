//! What an import comes to, told before it is done and after.

use std::collections::BTreeMap;

use domain::entity::{EntityRef, Kind};
use domain::id::EntityId;
use uuid::Uuid;

use super::limits::LISTED_MAX;
use super::refusal::LineRefusal;

/// An id that the space has already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collision {
    /// The line of the entity.
    pub line: u64,
    /// The entity of the export.
    pub entity: EntityRef,
    /// Its id here.
    pub new_id: EntityId,
}

/// What an import comes to. Lists are of the first of their kind; the counts are of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Its id: the same for the same export into the same space.
    pub import_id: Uuid,
    /// Entities that are created, by kind.
    pub created: BTreeMap<Kind, u64>,
    /// Entities of those that an earlier attempt at this import has created already.
    pub present: u64,
    /// Core skills that join those of the space.
    pub joined: u64,
    /// Days of hero and habits.
    pub days: u64,
    /// Commands that it takes.
    pub commands: u64,
    /// Ids that the space has already.
    pub collisions: u64,
    /// The first of them.
    pub colliding: Vec<Collision>,
    /// Values that are brought into their range.
    pub clamped: u64,
    /// The first of them.
    pub clampings: Vec<LineRefusal>,
    /// Lines that cannot be imported; with any, nothing is.
    pub refused: u64,
    /// The first of them.
    pub refusals: Vec<LineRefusal>,
}

impl Report {
    pub(super) fn clamp(&mut self, found: LineRefusal) {
        self.clamped += 1;
        list(&mut self.clampings, found);
    }

    pub(super) fn refuse(&mut self, found: LineRefusal) {
        self.refused += 1;
        list(&mut self.refusals, found);
    }

    pub(super) fn collide(&mut self, found: Collision) {
        self.collisions += 1;
        list(&mut self.colliding, found);
    }
}

fn list<T>(listed: &mut Vec<T>, found: T) {
    if listed.len() < LISTED_MAX {
        listed.push(found);
    }
}
