//! Verify: whether what is stored is what was committed. The log is read once in order (dense positions, hashes,
//! sequences, receipts), folded, and the fold compared with the live rows. It writes nothing but tables of its own
//! session, and runs beside writers and beside a rebuild.

mod receipts;
pub(super) mod stored;

use application::fault::Fault;
use application::verify::{Finding, Flaw};
use domain::id::SpaceId;
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;

use super::fault::read;
use super::rebuild::place::Place;
use super::rebuild::refold::{EVENTS_MAX, Pass, Reached, Refold};
use super::rebuild::shadows::Shadows;
use super::rebuild::{Progress, spaces, totals};

/// Spaces without a head that are told of each table.
const ORPHANS_MAX: i64 = 100;

/// What is told on the way.
#[derive(Debug)]
pub enum News<'a> {
    /// It is this far.
    Progress(Progress),
    /// Something is not as it must be.
    Finding(&'a Finding),
}

/// What was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// How far it came.
    pub progress: Progress,
    /// Rows that were compared.
    pub rows: u64,
    /// What was found.
    pub findings: u64,
    /// Whether it was stopped before the end.
    pub interrupted: bool,
}

/// Verifies one space: everything that is wrong with it (of its log the first thousand things).
///
/// # Errors
/// The database failed.
pub async fn verify_space(client: &mut Client, space: SpaceId) -> Result<Vec<Finding>, Fault> {
    let shadows = Shadows::create(client, Place::Session).await?;
    let mut progress = Progress::default();
    let (flaws, _) = one(client, &shadows, space, &mut progress, &mut |_| {}).await?;
    shadows.drop(client).await?;
    Ok(flaws.into_iter().map(|flaw| Finding { space, flaw }).collect())
}

/// Verifies every space, and that no table holds rows of a space that is none. `stop` ends it between two spaces.
///
/// # Errors
/// The database failed.
pub async fn verify(
    client: &mut Client,
    stop: &CancellationToken,
    tell: &mut (impl FnMut(News<'_>) + Send),
) -> Result<Verified, Fault> {
    let mut verified = Verified { progress: totals(client, None).await?, ..Verified::default() };
    let mut after = None;
    loop {
        let spaces = spaces(client, after).await?;
        // New ones for every page: what was rebuilt of earlier spaces does not pile up.
        let shadows = Shadows::create(client, Place::Session).await?;
        for space in spaces.iter().map(|space| SpaceId(*space)) {
            verified.interrupted |= stop.is_cancelled();
            if verified.interrupted {
                return Ok(verified);
            }
            let (flaws, rows) = one(client, &shadows, space, &mut verified.progress, tell).await?;
            verified.rows += rows;
            verified.findings += flaws.len() as u64;
            flaws.into_iter().for_each(|flaw| tell(News::Finding(&Finding { space, flaw })));
            verified.progress.spaces += 1;
            tell(News::Progress(verified.progress));
        }
        shadows.drop(client).await?;
        after = spaces.last().copied();
        if after.is_none() {
            break;
        }
    }
    let orphans = orphans(client).await?;
    verified.findings += orphans.len() as u64;
    orphans.iter().for_each(|finding| tell(News::Finding(finding)));
    Ok(verified)
}

async fn one(
    client: &mut Client,
    shadows: &Shadows,
    space: SpaceId,
    progress: &mut Progress,
    tell: &mut (impl FnMut(News<'_>) + Send),
) -> Result<(Vec<Flaw>, u64), Fault> {
    let mut refold = Refold::new(space, shadows);
    loop {
        let count = refold.read_on(client).await?;
        progress.events += count as u64;
        tell(News::Progress(*progress));
        if (count as i64) < EVENTS_MAX {
            break;
        }
    }
    let (mut rows, mut differences) = (0, Vec::new());
    let mut reached = Some(Reached::default());
    while let Some(from) = reached {
        let passed = refold.pass(client, &from, Pass::Look).await?;
        rows += passed.rows.cast_unsigned();
        differences.extend(passed.differences.into_iter().map(Flaw::Row));
        reached = passed.next;
    }
    let mut flaws = refold.audit.flaws;
    flaws.extend(receipts::flaws(client, space).await?);
    flaws.extend(differences);
    Ok((flaws, rows))
}

/// Rows of spaces that have no head.
async fn orphans(client: &Client) -> Result<Vec<Finding>, Fault> {
    let mut found = Vec::new();
    let kinds = domain::entity::Kind::ALL.iter().map(|kind| kind.table());
    for table in kinds.chain(["days", "activity", "events", "receipts", "space_devices"]) {
        let sql = include_str!("../sql/verify/orphans.sql").replace("{table}", table);
        let rows = client.query(&sql, &[&ORPHANS_MAX]).await.map_err(|error| read(&error))?;
        let finding =
            |row: &tokio_postgres::Row| Finding { space: SpaceId(row.get("space_id")), flaw: Flaw::Orphans { table } };
        found.extend(rows.iter().map(finding));
    }
    Ok(found)
}
