//! Repair: rows that are not what the log says become so, a chunk at a time under the lock of the space's head, by the
//! statement of a rebuild. What the log does not explain is left as it is and told.

use application::fault::Fault;
use application::rebuild::Difference;
use application::verify::{Finding, Flaw};
use domain::id::SpaceId;
use tokio_postgres::{Client, Config};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::fault::read;
use super::super::pool;
use super::super::rebuild::folds::{self, Folds};
use super::super::rebuild::place::Place;
use super::super::rebuild::refold::{Pass, Reached, Refold};
use super::super::rebuild::shadows::Shadows;
use super::findings::{self, Kept, Wanted};
use super::runs::{RunError, must_be_there};

/// Spaces that are listed at once.
const SPACES_MAX: i64 = 500;
/// Findings of one space that are told as left.
const LEFT_MAX: i64 = 1_001;

/// What is told of a repair.
#[derive(Debug)]
pub enum RepairNews<'a> {
    /// A row was not what the log says; it is now, unless this only looked.
    Mended(&'a Difference),
    /// The log is damaged.
    Damage(&'a Finding),
    /// What was found before, and is nothing that follows from the log.
    Left(&'a Kept),
    /// The space goes with its account.
    Erased(SpaceId),
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repaired {
    /// Spaces that were looked at.
    pub spaces: u64,
    /// Rows that differed; each was put right, unless this only looked.
    pub rows: u64,
    /// What could not be explained and was left.
    pub left: u64,
    /// Whether it was stopped before the end.
    pub interrupted: bool,
}

/// Hears of a repair.
pub type TellRepair<'a> = &'a mut (dyn FnMut(RepairNews<'_>) + Send);

/// How it goes about it.
#[derive(Clone, Copy)]
struct How<'a> {
    dry_run: bool,
    stop: &'a CancellationToken,
}

/// Repairs one space, or every space in which a verify has found something. `dry_run` only looks.
///
/// # Errors
/// The space is unknown or goes, a newer program builds the rows, or the database failed; what was switched is whole.
pub async fn repair(
    config: &Config,
    space: Option<SpaceId>,
    dry_run: bool,
    stop: &CancellationToken,
    tell: TellRepair<'_>,
) -> Result<Repaired, RunError> {
    let connected = pool::connect_alone(config).await;
    let mut client = connected.map_err(|error| Fault::Unavailable(error.to_string()))?;
    let mut repaired = Repaired::default();
    match folds::look(&client).await? {
        Folds::Newer(name) => return Err(RunError::Newer(name)),
        // What is put right is of this program's folds; nobody goes on with older ones beside it.
        Folds::Older(_) if !dry_run => folds::stop_others(&client, stop).await?,
        Folds::Older(_) | Folds::Current { .. } => {}
    }
    let how = How { dry_run, stop };
    if let Some(space) = space {
        one(&mut client, space, how, &mut repaired, tell).await?;
        return Ok(repaired);
    }
    let mut after = Uuid::nil();
    loop {
        let spaces = with_findings(&client, after).await?;
        for space in &spaces {
            if stop.is_cancelled() {
                return Ok(Repaired { interrupted: true, ..repaired });
            }
            match one(&mut client, SpaceId(*space), how, &mut repaired, tell).await {
                Err(RunError::Erased(space)) => tell(RepairNews::Erased(space)),
                // Rows of a space that is none: there is no log to repair them from.
                Err(RunError::NoSpace(space)) => left(&client, space, &mut repaired, tell).await?,
                other => other?,
            }
        }
        match spaces.last() {
            Some(last) => after = *last,
            None => return Ok(repaired),
        }
    }
}

async fn with_findings(client: &Client, after: Uuid) -> Result<Vec<Uuid>, Fault> {
    let rows = client.query(include_str!("../sql/verify/to_repair.sql"), &[&after, &SPACES_MAX]).await;
    Ok(rows.map_err(|error| read(&error))?.iter().map(|row| row.get("space_id")).collect())
}

async fn one(
    client: &mut Client,
    space: SpaceId,
    how: How<'_>,
    repaired: &mut Repaired,
    tell: TellRepair<'_>,
) -> Result<(), RunError> {
    must_be_there(client, space).await?;
    let shadows = Shadows::create(client, Place::Session).await?;
    let mut refold = Refold::new(space, &shadows);
    let is_through = switch(client, &mut refold, how, repaired, tell).await?;
    if !is_through {
        repaired.interrupted = true;
        return Ok(());
    }
    repaired.spaces += 1;
    for flaw in refold.audit.flaws.iter().filter(|flaw| flaw.is_of_the_log()) {
        repaired.left += 1;
        tell(RepairNews::Damage(&Finding { space, flaw: flaw.clone() }));
    }
    if !how.dry_run && refold.audit.is_sound() {
        findings::mended(client, space).await?;
    }
    shadows.drop(client).await?;
    Ok(left(client, space, repaired, tell).await?)
}

/// Goes over the rows of a space; false when it was stopped on the way. What it had switched is whole.
async fn switch(
    client: &mut Client,
    refold: &mut Refold<'_>,
    how: How<'_>,
    repaired: &mut Repaired,
    tell: TellRepair<'_>,
) -> Result<bool, Fault> {
    let mut reached = Some(Reached::default());
    while let Some(from) = reached.take() {
        // It is read again when something else has changed the space.
        while !refold.is_folded() {
            if how.stop.is_cancelled() {
                return Ok(false);
            }
            refold.read_on(client).await?;
        }
        if how.stop.is_cancelled() {
            return Ok(false);
        }
        if !refold.audit.is_sound() {
            break;
        }
        let mut passed = refold.pass(client, &from, Pass::Look).await?;
        // The head is locked only where something has to be switched.
        if !how.dry_run && !passed.differences.is_empty() {
            passed = refold.pass(client, &from, Pass::Switch).await?;
        }
        repaired.rows += passed.differences.len() as u64;
        passed.differences.iter().for_each(|difference| tell(RepairNews::Mended(difference)));
        reached = passed.next;
    }
    Ok(true)
}

/// What is known to be wrong and neither follows from the log nor was told of it just now.
async fn left(client: &Client, space: SpaceId, repaired: &mut Repaired, tell: TellRepair<'_>) -> Result<(), Fault> {
    let wanted = Wanted { space: Some(space.0), limit: LEFT_MAX, ..Wanted::default() };
    let kept = findings::findings(client, &wanted).await?;
    let is_other = |code| !Flaw::CODES_OF_ROWS.contains(&code) && !Flaw::CODES_OF_THE_LOG.contains(&code);
    for finding in kept.iter().filter(|kept| is_other(kept.code.as_str())) {
        repaired.left += 1;
        tell(RepairNews::Left(finding));
    }
    Ok(())
}
