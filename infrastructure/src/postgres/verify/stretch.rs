//! Stretches of a walk: the spaces that one process is at. A stretch belongs to a session of PostgreSQL; when that ends,
//! however it ends, another process takes the stretch over where it was left. No clock is asked, nothing is cleared by hand.

use application::fault::Fault;
use domain::id::SpaceId;
use tokio_postgres::{Client, Row, Transaction};
use uuid::Uuid;

use super::super::fault::{read, write};

/// Spaces that are handed out at once.
const STRETCH_SPACES: i64 = 64;

/// Spaces behind one and up to another, or the rows of spaces that are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) run: Uuid,
    pub(super) reached: Uuid,
    pub(super) upto: Uuid,
    pub(super) orphans: bool,
}

/// Takes a stretch: one whose session has ended, or the next. `None` when there is none to take.
pub(super) async fn take(client: &mut Client, run: Uuid) -> Result<Option<Stretch>, Fault> {
    let left_alone = client.query_opt(include_str!("../sql/verify/take_stretch.sql"), &[&run]).await;
    if let Some(row) = left_alone.map_err(|error| write(&error))? {
        return Ok(Some(stretch(run, &row)));
    }
    let transaction = client.transaction().await.map_err(|error| read(&error))?;
    let held = transaction.query_opt(include_str!("../sql/verify/hold_run.sql"), &[&run]).await;
    let Some(held) = held.map_err(|error| read(&error))? else { return Ok(None) };
    let (space, reached): (Option<Uuid>, Uuid) = (held.get("space_id"), held.get("reached"));
    let taken = next(&transaction, run, space, reached).await?;
    let begin = include_str!("../sql/verify/begin_stretch.sql");
    let begun = transaction.execute(begin, &[&run, &taken.reached, &taken.upto, &taken.orphans]).await;
    begun.map_err(|error| write(&error))?;
    let is_last = taken.orphans || space.is_some();
    let handed_out = include_str!("../sql/verify/handed_out.sql");
    transaction.execute(handed_out, &[&run, &taken.upto, &is_last]).await.map_err(|error| write(&error))?;
    transaction.commit().await.map_err(|error| write(&error))?;
    Ok(Some(taken))
}

async fn next(transaction: &Transaction<'_>, run: Uuid, space: Option<Uuid>, reached: Uuid) -> Result<Stretch, Fault> {
    if let Some(upto) = space {
        return Ok(Stretch { run, reached, upto, orphans: false });
    }
    let end = include_str!("../sql/verify/stretch_end.sql");
    let end = transaction.query_opt(end, &[&reached, &STRETCH_SPACES]).await.map_err(|error| read(&error))?;
    let upto = end.as_ref().map(|row| row.get("space_id"));
    Ok(Stretch { run, reached, upto: upto.unwrap_or(Uuid::max()), orphans: upto.is_none() })
}

fn stretch(run: Uuid, row: &Row) -> Stretch {
    Stretch { run, reached: row.get("reached"), upto: row.get("upto"), orphans: row.get("orphans") }
}

/// How many stretches are not done; none of a walk that has ended.
pub(super) async fn left(client: &Client, run: Uuid) -> Result<i64, Fault> {
    let row = client.query_one(include_str!("../sql/verify/stretches_left.sql"), &[&run]).await;
    Ok(row.map_err(|error| read(&error))?.get("stretches"))
}

/// The spaces of a stretch that are to be looked at; of a walk over one space, that one.
pub(super) async fn spaces(client: &Client, stretch: &Stretch, only: Option<Uuid>) -> Result<Vec<SpaceId>, Fault> {
    if let Some(space) = only {
        return Ok((stretch.reached != space).then_some(SpaceId(space)).into_iter().collect());
    }
    let sql = include_str!("../sql/verify/spaces_of_stretch.sql");
    let rows = client.query(sql, &[&stretch.reached, &stretch.upto, &(STRETCH_SPACES * 2)]).await;
    Ok(rows.map_err(|error| read(&error))?.iter().map(|row| SpaceId(row.get("space_id"))).collect())
}

/// The stretch is done.
pub(super) async fn end(client: &Client, stretch: &Stretch) -> Result<(), Fault> {
    let sql = include_str!("../sql/verify/end_stretch.sql");
    client.execute(sql, &[&stretch.run, &stretch.upto]).await.map(drop).map_err(|error| write(&error))
}
