//! Which moment, entity and number of rows a query names.

use application::past::as_of::{AsOf, Then};
use domain::entity::{EntityRef, Kind};
use domain::id::{EntityId, SpaceId};
use infrastructure::clock;
use infrastructure::postgres::rows::id as read_id;

use crate::problem::{Code, Problem};
use crate::state::App;

/// Rows of an answer; each holds an entity twice.
const ROWS_MAX: usize = 200;
const ROWS_DEFAULT: usize = 20;

/// A moment: the last position, and when it was recorded (Unix ms).
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) position: i64,
    pub(super) recorded_at: i64,
}

/// Reads `position` or `at`; the beginning where neither is given.
pub(super) fn named(position: Option<i64>, at: Option<&str>) -> Result<AsOf, Problem> {
    match (position, at) {
        (None, None) => Ok(AsOf::Position(0)),
        (Some(position), None) if position >= 0 => Ok(AsOf::Position(position)),
        (Some(_), None) => Err(invalid("position", "position is a number from 0.")),
        (None, Some(at)) => read("at", at),
        (Some(_), Some(_)) => Err(invalid("at", "Name a position or an instant, not both.")),
    }
}

/// Reads a position or an instant.
pub(super) fn read(parameter: &str, text: &str) -> Result<AsOf, Problem> {
    let detail = format!("{parameter} is a position, an instant such as 2026-10-24T12:00:00Z, or Unix ms.");
    AsOf::read(text).ok_or_else(|| invalid(parameter, &detail))
}

/// The moment that is named.
pub(super) async fn find(app: &App, space: SpaceId, named: AsOf) -> Result<Moment, Problem> {
    match named.find(&app.past, space, clock::now_ms()).await? {
        Then::At { position, recorded_at } => Ok(Moment { position, recorded_at }),
        Then::Ahead { head } => {
            Err(Problem::new(Code::PositionAhead).detail("It is still to come.").with("head", head))
        }
    }
}

/// Reads the number of rows.
pub(super) fn rows(limit: Option<usize>) -> Result<usize, Problem> {
    let rows = limit.unwrap_or(ROWS_DEFAULT);
    if (1..=ROWS_MAX).contains(&rows) {
        return Ok(rows);
    }
    Err(invalid("limit", &format!("limit is a number from 1 to {ROWS_MAX}.")))
}

/// Reads an entity, such as `task/0190…` or `tasks/0190…`.
pub(super) fn entity(parameter: &str, text: Option<&str>) -> Result<Option<EntityRef>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let found = entity_of(text).ok_or_else(|| invalid(parameter, "It is a kind and an id, such as `task/0190…`."))?;
    Ok(Some(found))
}

/// An entity as it is named in a query or on the command line.
pub(crate) fn entity_of(text: &str) -> Option<EntityRef> {
    let (kind, id) = text.split_once('/')?;
    let kind = Kind::ALL.iter().copied().find(|one| [one.name(), one.table()].contains(&kind))?;
    Some(EntityRef::new(kind, EntityId(read_id(id)?)))
}

pub(super) fn invalid(parameter: &str, detail: &str) -> Problem {
    Problem::new(Code::QueryInvalid).detail(detail).with("parameter", parameter)
}
