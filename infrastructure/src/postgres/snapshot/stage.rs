//! One stage of a snapshot: its statement, and its rows from typed columns.

use application::fault::Fault;
use application::snapshot::{Stage, StageRows, Standing, View};
use domain::id::SpaceId;
use serde_json::{Map, Value};
use tokio_postgres::Row;

use super::super::catalog::Table;
use super::super::ledger::rows::damage;
use super::super::typed;

/// Columns that stand before those of the row.
const BEFORE: usize = 4;

/// The columns of a table that the view has, by name.
pub(super) fn columns(table: &Table, view: View) -> Vec<&str> {
    let all = table.columns.iter().map(String::as_str);
    let mut columns: Vec<&str> = all.filter(|column| !view.hides(column)).collect();
    columns.sort_unstable();
    columns
}

/// The text of the stage's statement with these columns.
pub(super) fn statement(stage: Stage, columns: &[&str]) -> String {
    let of = |table: &str| columns.iter().map(|column| format!("{table}.{column}")).collect::<Vec<_>>().join(", ");
    include_str!("../sql/snapshot/stage.sql")
        .replace("{table}", stage.kind().table())
        .replace("{columns}", &of("t"))
        .replace("{shown}", &of("page"))
        .replace("{stage}", which(stage))
}

/// What the statement found.
pub(super) fn rows(space: SpaceId, columns: &[&str], found: &[Row]) -> Result<StageRows, Fault> {
    let first = found.first().ok_or_else(|| damage("the standing", space, "there is none"))?;
    let standing =
        Standing { epoch: first.get("epoch"), position: first.get("position"), repairs: first.get("repairs") };
    let rows = found.iter().filter(|row| row.get("found")).map(|row| entity(space, columns, row));
    Ok(StageRows { standing, rows: rows.collect::<Result<_, Fault>>()? })
}

fn entity(space: SpaceId, columns: &[&str], row: &Row) -> Result<Map<String, Value>, Fault> {
    let value = |(index, column): (usize, &&str)| {
        let value = typed::value(row, BEFORE + index).map_err(|error| damage("a row", space, error))?;
        Ok(((*column).to_owned(), value))
    };
    columns.iter().enumerate().map(value).collect()
}

/// The rows of a stage among the live ones of its table.
fn which(stage: Stage) -> &'static str {
    match stage {
        Stage::Heroes | Stage::Skills | Stage::Milestones | Stage::Conflicts => "true",
        Stage::OpenGoals => "t.completed_at IS NULL",
        Stage::CompletedGoals => "t.completed_at IS NOT NULL",
        Stage::OpenTasks => "(t.category = 'habit' OR t.completed_at IS NULL)",
        Stage::CompletedTasks => "t.category <> 'habit' AND t.completed_at IS NOT NULL",
    }
}
