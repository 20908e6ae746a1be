//! Which rows a page of the activity is taken from: as few as what is wanted allows, and never more than a bound.

use application::activity::{LOOKED_AT_MAX, Wanted};
use application::fault::Fault;
use deadpool_postgres::Object;
use domain::id::SpaceId;
use jiff::civil::Date;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::super::fault::read;

/// The rows that are looked at.
pub(super) struct Walk {
    /// What finds them.
    pub(super) sql: &'static str,
    /// Below this position.
    pub(super) before: i64,
    /// From this position on, where the statement has a lower end.
    pub(super) from: Option<i64>,
    /// So many at most.
    pub(super) rows: i64,
}

impl Walk {
    /// The rows for what is wanted; `look_at`: how many of them a page needs.
    pub(super) async fn of(client: &Object, space: SpaceId, wanted: &Wanted, look_at: usize) -> Result<Self, Fault> {
        let before = wanted.before.unwrap_or(i64::MAX);
        let by = |sql| Self { sql, before, from: None, rows: limit(look_at) };
        match (wanted.id, wanted.kind, wanted.days) {
            (Some(_), Some(_), _) => Ok(by(include_str!("../sql/activity/looked_at_of_entity.sql"))),
            (_, _, Some(days)) if has_few(client, space, days).await? => {
                Ok(by(include_str!("../sql/activity/looked_at_of_days.sql")))
            }
            (_, _, Some(days)) => stretch(client, space, days, before).await,
            _ => Ok(by(include_str!("../sql/activity/looked_at_of_space.sql"))),
        }
    }
}

/// Whether all rows of some days may be looked at: they lie in the order of days, so a page needs every one of them.
async fn has_few(client: &Object, space: SpaceId, (from, to): (Date, Date)) -> Result<bool, Fault> {
    let (sql, max) = (include_str!("../sql/activity/days_held.sql"), limit(LOOKED_AT_MAX));
    let held: i64 = one(client, sql, &[&space.0, &from, &to, &(max + 1)]).await?.get("held");
    Ok(held <= max)
}

/// The positions among which the days are.
async fn stretch(client: &Object, space: SpaceId, (from, to): (Date, Date), before: i64) -> Result<Walk, Fault> {
    let found = one(client, include_str!("../sql/activity/days_stretch.sql"), &[&space.0, &from, &to]).await?;
    let (highest, lowest): (Option<i64>, Option<i64>) = (found.get("highest"), found.get("lowest"));
    Ok(Walk {
        sql: include_str!("../sql/activity/looked_at_of_stretch.sql"),
        before: highest.map_or(before, |highest| before.min(highest.saturating_add(1))),
        from: Some(lowest.unwrap_or_default()),
        rows: limit(LOOKED_AT_MAX),
    })
}

async fn one(client: &Object, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Row, Fault> {
    let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
    client.query_one(&statement, parameters).await.map_err(|error| read(&error))
}

pub(super) fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
