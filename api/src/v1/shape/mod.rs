//! What clients of v1 are shown: one form for each entity, everywhere, with every field that any of them reads and real
//! values. Names are those of the legacy contract; amounts and states are those of the rows.

mod activity;
mod available;
mod goal;
mod milestone;
mod profile;
mod report;
mod skill;
mod stats;
mod task;
#[cfg(test)]
mod tests;

use domain::rules::day::local_day;
use infrastructure::clock;
use infrastructure::postgres::legacy::{LegacyRead, LegacyRow};
use infrastructure::postgres::rows::Standing;
use jiff::civil::Date;
use serde_json::{Map, Value};

pub use activity::{ACTIONS, activity};
pub use available::available;
pub use goal::{goal, milestones};
pub use milestone::milestone;
pub use profile::profile;
pub use report::{report, summary};
pub use skill::skill;
pub use stats::stats;
pub use task::task;

use crate::state::App;

/// For whom, and on which day: what a row does not say of itself.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The account's id, as clients of v1 know it.
    pub user_id: String,
    /// The hero's local day.
    pub today: Date,
    /// The hero's time zone.
    pub time_zone: String,
}

impl Viewer {
    /// Who looks at what was read, now.
    pub fn of(app: &App, read: &LegacyRead) -> Self {
        Self::at(app, &read.standing, read.user_id.clone())
    }

    /// The account of this id, where its space stands, now.
    pub fn at(app: &App, standing: &Standing, user_id: String) -> Self {
        let time_zone = standing.time_zone.clone().unwrap_or_else(|| app.serving.settings.time_zone.clone());
        let today = local_day(clock::now_ms(), &time_zone);
        Self { user_id, today, time_zone }
    }
}

/// A field of a row as it stands.
fn value(row: &Map<String, Value>, field: &str) -> Value {
    row.get(field).cloned().unwrap_or_default()
}

fn count(row: &Map<String, Value>, field: &str) -> i64 {
    row.get(field).and_then(Value::as_i64).unwrap_or_default()
}

fn text<'a>(row: &'a Map<String, Value>, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn is_set(row: &Map<String, Value>, field: &str) -> bool {
    row.get(field).is_some_and(|value| !value.is_null())
}

/// The integer id of what a row refers to; null: nothing, or what is no more.
fn linked(row: &LegacyRow, name: &str) -> Value {
    value(&row.linked, name)
}
