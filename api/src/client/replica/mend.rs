//! What a replica can be told about itself, and how single entities of it are put right.

use uuid::Uuid;

use super::super::wire::SnapshotItem;
use super::{Replica, Row, Tombstones};

/// One live entity's share in the sum of a replica, reckoned from its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The entity's kind.
    pub entity: String,
    /// The entity.
    pub id: Uuid,
    /// The checksum.
    pub sum: u64,
}

impl Replica {
    /// The same, and it takes changes of entities as they come: whoever holds it compares its checksum.
    #[must_use]
    pub fn forgiving(mut self) -> Self {
        self.forgiving = true;
        self
    }

    /// Takes the place of what was known so far.
    pub fn begin_again(&mut self, snapshot: Self) {
        *self = Self { forgiving: self.forgiving, ..snapshot };
    }

    /// The share of every live entity, reckoned anew.
    #[must_use]
    pub fn shares(&self) -> Vec<Share> {
        let share =
            |(entity, id, row): (&str, Uuid, &Row)| Share { entity: entity.to_owned(), id, sum: row.share(entity, id) };
        self.live().map(share).collect()
    }

    /// Reckons the sum anew: after the rows were kept somewhere for a while, it may no longer be theirs.
    pub fn recount(&mut self) {
        self.sum = self.shares().iter().fold(0, |sum, share| sum.wrapping_add(share.sum));
    }

    /// Replaces entities by what they are, and drops those that never were.
    pub fn mend(&mut self, rows: Vec<SnapshotItem>, gone: &[(String, Uuid)]) {
        self.knows_tombstones = Tombstones::Some;
        for row in rows {
            self.put(row.entity, row.id, Row { version: row.version, fields: row.fields });
        }
        for entity in gone {
            self.rows.remove(entity);
        }
        self.recount();
    }
}
