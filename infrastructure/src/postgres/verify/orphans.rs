//! Rows of spaces that are none, in every table that holds rows of spaces: found by the catalog, so that a new one cannot be
//! forgotten, and by descents of an index, so that no statement is long.

use application::fault::Fault;
use application::verify::{Finding, Flaw};
use domain::id::SpaceId;
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use super::super::fault::read;
use super::course::Course;

/// Tables whose spaces need no head: the heads, what is on its way to one, and what is said about spaces.
const OF_ANY_SPACE: [&str; 4] = ["heads", "log_imports", "verify_findings", "verify_runs"];
/// Spaces that one statement looks at.
const SPACES_MAX: i64 = 500;
/// Spaces without a head that are told of each table.
const ORPHANS_MAX: usize = 100;

/// Rows of spaces that have no head; `None` when it was stopped on the way.
pub(super) async fn orphans(client: &Client, course: &mut Course<'_>) -> Result<Option<Vec<Finding>>, Fault> {
    let tables = client.query(include_str!("../sql/verify/space_tables.sql"), &[]).await;
    let tables = tables.map_err(|error| read(&error))?;
    let mut found = Vec::new();
    for table in tables.iter().map(|row| row.get::<_, &str>("name")).filter(|name| !OF_ANY_SPACE.contains(name)) {
        if !of_table(client, course, table, &mut found).await? {
            return Ok(None);
        }
    }
    Ok(Some(found))
}

async fn of_table(
    client: &Client,
    course: &mut Course<'_>,
    table: &str,
    found: &mut Vec<Finding>,
) -> Result<bool, Fault> {
    let sql = include_str!("../sql/verify/orphans.sql").replace("{table}", &format!("\"{table}\""));
    let (mut after, before) = (Uuid::nil(), found.len());
    loop {
        let rows = client.query(&sql, &[&after, &SPACES_MAX]).await.map_err(|error| read(&error))?;
        let orphans = rows.iter().filter(|row| row.get("is_orphan"));
        found.extend(orphans.map(|row: &Row| Finding {
            space: SpaceId(row.get("space_id")),
            flaw: Flaw::Orphans { table: table.to_owned() },
        }));
        if !course.took(client, rows.len()).await? {
            return Ok(false);
        }
        match rows.last().filter(|_| rows.len() as i64 == SPACES_MAX && found.len() - before < ORPHANS_MAX) {
            Some(last) => after = last.get("space_id"),
            None => return Ok(true),
        }
    }
}
