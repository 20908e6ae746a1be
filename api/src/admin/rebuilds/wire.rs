//! The bodies of this room.

use std::fmt;

use infrastructure::postgres::rebuild::{Kept, Standing};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What is to be rebuilt; everything, when nothing is said.
#[derive(Deserialize, ToSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct NewRebuildBody {
    /// One space, which has the id of its account.
    #[serde(default)]
    pub space_id: Option<Uuid>,
    /// Some projections, by name.
    #[serde(default)]
    pub projections: Option<Vec<String>>,
    /// Only compare, and change nothing.
    #[serde(default)]
    pub check: Option<bool>,
    /// Spaces that are worked at side by side, 1 to 64.
    #[serde(default)]
    pub workers: Option<u16>,
}

/// No field is required, so that an empty list would pass for an object.
impl<'de> Deserialize<'de> for NewRebuildBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = NewRebuildBody;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("struct NewRebuildBody")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<NewRebuildBody, A::Error> {
                NewRebuildBody::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// A page of rebuilds.
#[derive(Serialize, ToSchema)]
pub struct RebuildsBody {
    /// The newest first. For older ones ask with `before`, the id of the last.
    pub items: Vec<RebuildBody>,
}

/// A rebuild as it stands. Moments are ms.
#[derive(Serialize, ToSchema)]
pub struct RebuildBody {
    /// Which.
    id: Uuid,
    /// `running`, `paused`, `cancelling`, `cancelled` or `finished`.
    state: &'static str,
    /// Why it was paused.
    reason: Option<String>,
    /// Whether a process is at it now. One that runs without is taken up within seconds.
    attended: bool,
    /// The one space that it is of.
    space_id: Option<Uuid>,
    /// The projections that it is of.
    projections: Vec<String>,
    /// Whether it only compares.
    check: bool,
    /// Spaces that are worked at side by side.
    workers: i32,
    /// `asked`, or `fold`: rows were older than the server's fold.
    cause: String,
    /// When it began.
    began_at: i64,
    /// When it last gave a sign of life.
    changed_at: i64,
    /// When it ended.
    ended_at: Option<i64>,
    /// Spaces as counted at the start.
    spaces_total: i64,
    /// Spaces that are done.
    spaces: i64,
    /// Events as counted at the start; writers may have added some.
    events_total: i64,
    /// Events that were folded.
    events: i64,
    /// Rows that were compared.
    rows: i64,
    /// Rows that differed.
    differences: i64,
    /// Spaces with differences.
    spaces_differing: i64,
    /// Spaces whose log is damaged and that were left as they are.
    spaces_damaged: i64,
    /// Spaces about which the database refused a statement; they were left as they are.
    spaces_failed: i64,
    /// How fast it was in its last second.
    events_per_s: i64,
    /// About how long it has still to run.
    seconds_left: Option<i64>,
}

/// A rebuild and what differed.
#[derive(Serialize, ToSchema)]
pub struct RebuildFileBody {
    /// As it stands.
    #[serde(flatten)]
    pub rebuild: RebuildBody,
    /// Rows that differed, at most 1000.
    pub found: Vec<FoundBody>,
}

/// A row that differed: which one and where, not what people wrote in it.
#[derive(Serialize, ToSchema)]
pub struct FoundBody {
    /// Its space.
    space_id: Uuid,
    /// Its projection.
    projection: String,
    /// Its key, beside the space.
    key: String,
    /// `missing`, `surplus` (it is in no event) or `columns`.
    how: String,
    /// The columns that differed.
    columns: Vec<String>,
}

impl From<Standing> for RebuildBody {
    fn from(standing: Standing) -> Self {
        Self {
            seconds_left: standing.seconds_left(),
            id: standing.id,
            state: standing.state.as_str(),
            reason: standing.reason,
            attended: standing.holder.is_some(),
            space_id: standing.space.map(|space| space.0),
            projections: standing.projections,
            check: standing.check,
            workers: standing.workers,
            cause: standing.cause,
            began_at: standing.began_at,
            changed_at: standing.changed_at,
            ended_at: standing.ended_at,
            spaces_total: standing.spaces_total,
            spaces: standing.spaces,
            events_total: standing.events_total,
            events: standing.events,
            rows: standing.rows,
            differences: standing.differences,
            spaces_differing: standing.spaces_differing,
            spaces_damaged: standing.spaces_damaged,
            spaces_failed: standing.spaces_failed,
            events_per_s: standing.events_per_s,
        }
    }
}

impl From<Kept> for FoundBody {
    fn from(kept: Kept) -> Self {
        let Kept { space, table, key, how, columns } = kept;
        Self { space_id: space.0, projection: table, key, how, columns }
    }
}
