//! Verify: whether what is stored is what was committed. The log is read once in order (dense positions, hashes,
//! sequences, receipts) by this program, its rows are compared with what the events make that the second reader reads.
//! It changes nothing but its own tables: how far each walk is, and what was found. It runs beside writers and beside a
//! rebuild, in short transactions and not faster than it is told.

mod course;
mod findings;
mod orphans;
mod receipts;
mod repair;
mod runs;
mod space;
pub(super) mod stored;
mod stretch;
mod walk;

use application::verify::Finding;
use domain::id::SpaceId;
use tokio_postgres::Config;
use tokio_util::sync::CancellationToken;

pub use self::findings::{Kept, Wanted, counts, findings};
pub use self::repair::{RepairNews, Repaired, TellRepair, repair};
pub use self::runs::{BegunBy, Run, RunError, all_under_way, begin, last_walk_at, newest, run, stop, under_way};
pub use self::walk::{Sessions, Worked, work};
use super::rebuild::Progress;
use super::rebuild::place::Place;
use super::rebuild::shadows::Shadows;

/// What is told on the way.
#[derive(Debug)]
pub enum News<'a> {
    /// It is this far.
    Progress(Progress),
    /// Something is not as it must be.
    Finding(&'a Finding),
    /// A space goes with its account; nothing is said of it.
    Erased(SpaceId),
}

/// Hears of a verify.
pub type Tell<'a> = &'a mut (dyn FnMut(News<'_>) + Send);

/// Verifies one space at once, and keeps nothing of it: everything that is wrong with it (at most the first thousand
/// things). A space that is being erased has nothing wrong.
///
/// # Errors
/// The database failed.
pub async fn verify_space(config: &Config, space: SpaceId) -> Result<Vec<Finding>, application::fault::Fault> {
    let mut sessions = Sessions::connect(config).await?;
    let shadows = Shadows::create(&sessions.client, Place::Session).await?;
    let (stop, mut silent) = (CancellationToken::new(), |_: News<'_>| {});
    let mut course = course::Course::new(&stop, None, &mut silent);
    let looked = space::look(&mut sessions.client, (&shadows, &sessions.reader), space, &mut course).await?;
    sessions.close().await;
    let flaws = looked.unwrap_or_default().flaws;
    Ok(flaws.into_iter().map(|flaw| Finding { space, flaw }).collect())
}
