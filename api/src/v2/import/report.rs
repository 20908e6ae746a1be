//! What an import comes to, as it is sent.

use std::collections::BTreeMap;

use application::transfer::state::{LineRefusal, Report};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What an import comes to. Lists are of the first hundred; the counts are of all.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ReportBody {
    /// Its id: the same for the same export into the same space.
    import_id: Uuid,
    /// Entities that are created, by kind.
    created: BTreeMap<&'static str, u64>,
    /// Those of them that an earlier attempt at this import has created already.
    present: u64,
    /// Core skills that join those of the space.
    joined: u64,
    /// Days of hero and habits.
    days: u64,
    /// Ids that the space has already; these entities get new ones.
    collisions: u64,
    /// The first of them.
    colliding: Vec<CollisionBody>,
    /// Values that are brought into their range.
    clamped: u64,
    /// The first of them.
    clampings: Vec<LineBody>,
    /// Lines that cannot be imported; with any, nothing is.
    refused: u64,
    /// The first of them.
    refusals: Vec<LineBody>,
}

/// An id that the space has already.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct CollisionBody {
    /// The line of the entity.
    line: u64,
    /// Its kind.
    entity: &'static str,
    /// Its id in the export.
    id: Uuid,
    /// Its id here.
    new_id: Uuid,
}

/// Something about one line.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct LineBody {
    /// Which, counted from 1; 0: the lines as a whole.
    line: u64,
    /// Where in it, as a JSON pointer.
    pointer: String,
    /// Stable code.
    code: String,
    /// A sentence.
    message: String,
}

pub(super) fn lines(found: Vec<LineRefusal>) -> Vec<LineBody> {
    let body = |LineRefusal { line, pointer, code, message }| LineBody { line, pointer, code, message };
    found.into_iter().map(body).collect()
}

impl From<Report> for ReportBody {
    fn from(report: Report) -> Self {
        let colliding = report.colliding.into_iter().map(|found| CollisionBody {
            line: found.line,
            entity: found.entity.kind.name(),
            id: found.entity.id.0,
            new_id: found.new_id.0,
        });
        Self {
            import_id: report.import_id,
            created: report.created.into_iter().map(|(kind, count)| (kind.name(), count)).collect(),
            present: report.present,
            joined: report.joined,
            days: report.days,
            collisions: report.collisions,
            colliding: colliding.collect(),
            clamped: report.clamped,
            clampings: lines(report.clampings),
            refused: report.refused,
            refusals: lines(report.refusals),
        }
    }
}
