//! The bodies of undoing.

use application::undo::Point;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// First and last position of some events.
#[derive(Clone, Copy, Serialize, ToSchema)]
pub struct SpanBody {
    /// Of the first.
    pub first: i64,
    /// Of the last.
    pub last: i64,
}

/// A restore point.
#[derive(Serialize, ToSchema)]
pub struct PointBody {
    /// Its id.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// After this position of the log.
    pub position: i64,
    /// When the event there was recorded, Unix ms; 0 before the first.
    pub recorded_at: i64,
    /// When it was made, Unix ms.
    pub created_at: i64,
    /// From which device.
    pub created_by: Uuid,
    /// Whether the server made it, before something that changes much.
    pub automatic: bool,
}

/// A restore point to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPointBody {
    /// Its id; with one, a repeat makes no second.
    pub id: Option<Uuid>,
    /// What it is called, 1 to 200 characters.
    #[schema(example = "Before the summer")]
    pub name: String,
    /// After which position; absent: the end of the log.
    pub position: Option<i64>,
}

impl From<Point> for PointBody {
    fn from(point: Point) -> Self {
        let Point { id, name, position, recorded_at, created_at, created_by, automatic, .. } = point;
        Self { id, name, position, recorded_at, created_at, created_by: created_by.0, automatic }
    }
}

impl From<domain::transaction::Positions> for SpanBody {
    fn from(span: domain::transaction::Positions) -> Self {
        Self { first: span.first, last: span.last }
    }
}
