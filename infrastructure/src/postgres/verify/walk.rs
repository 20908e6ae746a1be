//! The walk: one process takes stretch after stretch of it, looks at the spaces, and keeps what it found and how far it is
//! in one transaction. Any number of processes share a walk; what is killed, another goes on with.

use application::fault::Fault;
use domain::id::SpaceId;
use tokio_postgres::Config;
use tokio_postgres::{Client, Transaction};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::fault::{read, write};
use super::super::pool;
use super::super::rebuild::Progress;
use super::super::rebuild::folds::{self, Folds};
use super::super::rebuild::place::Place;
use super::super::rebuild::shadows::Shadows;
use super::course::Course;
use super::orphans::orphans;
use super::space::{Looked, is_being_erased, look};
use super::stretch::{self, Stretch};
use super::{Tell, findings, runs};
use crate::second_reader::SecondReader;

/// What a verifying process holds of the database: a session for each reader.
pub struct Sessions {
    pub(super) client: Client,
    pub(super) reader: SecondReader,
}

/// How a process came to the end of its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worked {
    /// The walk is done, and this process did the last of it.
    Done,
    /// The walk has ended: others did the last of it, or somebody stopped it.
    Over,
    /// Others are at what is left.
    Elsewhere,
    /// A newer program builds the rows of this database; what is left is its to look at.
    Newer,
    /// This process was told to stop; the walk can be gone on with.
    Interrupted,
}

/// How a stretch was gone.
enum Gone {
    Through,
    Interrupted,
    Lost,
}

impl Sessions {
    /// Connects both readers.
    ///
    /// # Errors
    /// The database is away.
    pub async fn connect(config: &Config) -> Result<Self, Fault> {
        let mut plain = config.clone();
        let said = config.get_options().unwrap_or_default();
        // As connections that serve: no statement here is worth compiling, and each has its index.
        plain.options(format!("-c jit=off -c enable_seqscan=off {said}"));
        let client = pool::connect_alone(&plain).await.map_err(|error| Fault::Unavailable(error.to_string()))?;
        Ok(Self { client, reader: SecondReader::connect(config).await? })
    }

    /// Gives both up.
    pub async fn close(self) {
        self.reader.close().await;
    }
}

/// Works at a walk for as long as there is a stretch of it to take, at most at `rate` events a second. `stop` ends it
/// within a space; that space is looked at again by who goes on.
///
/// # Errors
/// The database failed; what was done is kept.
pub async fn work(
    sessions: &mut Sessions,
    run: Uuid,
    rate: Option<u32>,
    stop: &CancellationToken,
    tell: Tell<'_>,
) -> Result<Worked, Fault> {
    let mut course = Course::new(stop, rate, tell);
    while !course.is_stopped() {
        if let Folds::Newer(_) = folds::look(&sessions.client).await? {
            return Ok(Worked::Newer);
        }
        let Some(taken) = stretch::take(&mut sessions.client, run).await? else {
            return end(&sessions.client, run).await;
        };
        let Some(state) = runs::run(&sessions.client, run).await? else { return Ok(Worked::Over) };
        course.enter(&taken, progress(&state));
        match go(sessions, taken, state.space, &mut course).await? {
            Gone::Through => stretch::end(&sessions.client, &taken).await?,
            Gone::Interrupted => break,
            Gone::Lost => return Ok(Worked::Over),
        }
    }
    Ok(Worked::Interrupted)
}

/// Nothing is left to take: whether something is left at all.
async fn end(client: &Client, run: Uuid) -> Result<Worked, Fault> {
    if runs::end(client, run).await? {
        return Ok(Worked::Done);
    }
    let is_over = runs::run(client, run).await?.is_none_or(|run| run.ended_at.is_some());
    Ok(if is_over || stretch::left(client, run).await? == 0 { Worked::Over } else { Worked::Elsewhere })
}

fn progress(run: &runs::Run) -> Progress {
    Progress {
        spaces: run.spaces.cast_unsigned(),
        spaces_total: run.spaces_total.cast_unsigned(),
        events: run.events.cast_unsigned(),
        events_total: run.events_total.cast_unsigned(),
    }
}

/// Goes a stretch. New shadow tables for each: what was folded of earlier spaces does not pile up.
async fn go(
    sessions: &mut Sessions,
    stretch: Stretch,
    only: Option<SpaceId>,
    course: &mut Course<'_>,
) -> Result<Gone, Fault> {
    if stretch.orphans {
        return last(&mut sessions.client, &stretch, course).await;
    }
    let shadows = Shadows::create(&sessions.client, Place::Session).await?;
    let mut rest = stretch;
    loop {
        let spaces = stretch::spaces(&sessions.client, &rest, only.map(|space| space.0)).await?;
        let Some(reached) = spaces.last() else { break };
        for space in &spaces {
            let looked = look(&mut sessions.client, (&shadows, &sessions.reader), *space, course).await?;
            let looked = match looked {
                Some(looked) => looked,
                None if course.is_stopped() => return Ok(Gone::Interrupted),
                None if is_being_erased(&sessions.client, *space).await? => {
                    course.erased(*space);
                    Looked::default()
                }
                None => return Ok(Gone::Lost),
            };
            if !keep(&mut sessions.client, &stretch, *space, &looked).await? {
                return Ok(Gone::Lost);
            }
            course.done(*space, looked);
        }
        rest.reached = reached.0;
    }
    shadows.drop(&sessions.client).await?;
    Ok(Gone::Through)
}

/// The end of a walk over all spaces: rows of spaces that are none.
async fn last(client: &mut Client, stretch: &Stretch, course: &mut Course<'_>) -> Result<Gone, Fault> {
    let Some(found) = orphans(client, course).await? else {
        return Ok(if course.is_stopped() { Gone::Interrupted } else { Gone::Lost });
    };
    let transaction = client.transaction().await.map_err(|error| read(&error))?;
    findings::keep_orphans(&transaction, stretch.run, &found).await?;
    if !add_up(&transaction, stretch.run, 0, &Looked::default(), found.len()).await? {
        return Ok(Gone::Lost);
    }
    transaction.commit().await.map_err(|error| write(&error))?;
    found.iter().for_each(|finding| course.found(finding));
    Ok(Gone::Through)
}

/// Keeps what was found of a space, and that it is done; false when the walk is no longer wanted, or no longer here.
async fn keep(client: &mut Client, stretch: &Stretch, space: SpaceId, looked: &Looked) -> Result<bool, Fault> {
    let transaction = client.transaction().await.map_err(|error| read(&error))?;
    let advance = include_str!("../sql/verify/advance_stretch.sql");
    let advanced = transaction.query_opt(advance, &[&stretch.run, &stretch.upto, &space.0]).await;
    if advanced.map_err(|error| write(&error))?.is_none() {
        return Ok(false);
    }
    findings::keep(&transaction, stretch.run, space, &looked.flaws).await?;
    if !add_up(&transaction, stretch.run, 1, looked, looked.flaws.len()).await? {
        return Ok(false);
    }
    transaction.commit().await.map(|()| true).map_err(|error| write(&error))
}

async fn add_up(
    transaction: &Transaction<'_>,
    run: Uuid,
    spaces: i64,
    looked: &Looked,
    found: usize,
) -> Result<bool, Fault> {
    let (events, rows, found) = (looked.events.cast_signed(), looked.rows.cast_signed(), found as i64);
    let sql = include_str!("../sql/verify/add_up.sql");
    let row = transaction.query_opt(sql, &[&run, &spaces, &events, &rows, &found]).await;
    Ok(row.map_err(|error| write(&error))?.is_some())
}
