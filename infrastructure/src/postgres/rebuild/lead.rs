//! A run: one session holds the rebuild, workers do it, and the end is written down. Whoever holds it last ends it, so that a
//! run that was killed is gone on with by the next.

use std::time::{Duration, Instant};

use application::fault::Fault;
use application::rebuild::Projections;
use deadpool_postgres::Pool;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::fault::{read, write};
use super::begin::FOLD;
use super::folds::{self, Folds};
use super::meter::Meter;
use super::orders::set;
use super::queue::Lead;
use super::session::Session;
use super::shadows::{Place, Shadows};
use super::standing::{Standing, State, one};
use super::worker::{Job, Worker};
use super::{AtStop, News, RebuildError};
use crate::clock::now_ms;

/// How often the state is looked at while it runs.
const LOOK_MS: u64 = 250;
/// How long workers of a run that died may take to notice it.
const WORKERS_LEAVE_MS_MAX: u64 = 60_000;
/// News that may wait to be told.
const NEWS_WAITING_MAX: usize = 256;

/// Takes the rebuild for this session, if it is to go on and nobody has it.
pub(super) async fn hold(session: &Session, id: Uuid) -> Result<bool, Fault> {
    let sql = include_str!("../sql/rebuild/hold.sql");
    let held = session.query_opt(sql, &[&id, &session.pid, &session.start, &now_ms()]).await;
    Ok(held.map_err(|error| write(&error))?.is_some())
}

/// Ends one that was cancelled and that this session holds: its shadow tables go.
pub(super) async fn cancelled(session: &mut Session, id: Uuid) -> Result<(), Fault> {
    workers_left(session, id).await?;
    drop_shadows(session).await?;
    let transaction = session.transaction().await.map_err(|error| read(&error))?;
    let forget = include_str!("../sql/rebuild/forget_spaces.sql");
    transaction.execute(forget, &[&id]).await.map_err(|error| write(&error))?;
    let ended = include_str!("../sql/rebuild/cancelled.sql");
    transaction.execute(ended, &[&id, &now_ms()]).await.map_err(|error| write(&error))?;
    transaction.commit().await.map_err(|error| write(&error))
}

/// Runs a rebuild to its end, or until it is paused, cancelled or stopped; how it stands then.
///
/// # Errors
/// Somebody else runs it, it was paused because something failed, or the database is away.
pub(super) async fn run(
    pool: &Pool,
    mut session: Session,
    id: Uuid,
    (stop, at_stop): (&CancellationToken, AtStop),
    tell: &mut (impl FnMut(News<'_>) + Send),
) -> Result<Standing, RebuildError> {
    // Before it is in a newer program's way.
    must_be_newest(&session).await?;
    if !hold(&session, id).await? {
        return held_elsewhere(&session, id).await;
    }
    let ended = held(pool, &mut session, id, (stop, at_stop), tell).await;
    if let Err(RebuildError::Fault(fault)) = &ended {
        if matches!(one(&*session, id).await, Ok(None)) {
            return Err(RebuildError::Gone(id));
        }
        // What passes by itself is tried again by whoever finds it unheld; the rest waits for somebody.
        if must_wait(fault) {
            let paused = set(&*session, id, State::Paused, Some(&fault.to_string()), &["running"]).await;
            if matches!(paused, Ok(true)) {
                release(&session, id).await?;
                return Err(RebuildError::Paused { id, fault: fault.clone() });
            }
        }
        return Err(RebuildError::Broken { id, fault: fault.clone() });
    }
    ended
}

async fn held_elsewhere(session: &Session, id: Uuid) -> Result<Standing, RebuildError> {
    let standing = one(&**session, id).await?.ok_or(RebuildError::Gone(id))?;
    match standing.holder {
        Some(pid) => Err(RebuildError::Running { id, pid }),
        None => Ok(standing),
    }
}

async fn held(
    pool: &Pool,
    session: &mut Session,
    id: Uuid,
    (stop, at_stop): (&CancellationToken, AtStop),
    tell: &mut (impl FnMut(News<'_>) + Send),
) -> Result<Standing, RebuildError> {
    let standing = one(&**session, id).await?.ok_or(RebuildError::Gone(id))?;
    if standing.state == State::Running {
        // Who still works for another run would do so on spaces that are begun again.
        workers_left(session, id).await?;
        let job = job(session, &standing, stop).await?;
        drop(Shadows::create(&**session, Place::Schema).await?);
        work(pool, session, (&job, &standing), (stop, at_stop), tell).await?;
        conclude(session, &job, &standing).await?;
    }
    let mut standing = one(&**session, id).await?.ok_or(RebuildError::Gone(id))?;
    if standing.state == State::Cancelling {
        cancelled(session, id).await?;
    }
    release(session, id).await?;
    standing = one(&**session, id).await?.ok_or(RebuildError::Gone(id))?;
    Ok(standing)
}

/// What is to be done. Spaces that were done with other folds are done again; whoever serves rows of older folds is told and
/// waited for, unless that was done before the rebuild began.
async fn job(session: &mut Session, standing: &Standing, stop: &CancellationToken) -> Result<Job, RebuildError> {
    let names = standing.projections.iter().map(String::as_str);
    let unknown = |name: &str| RebuildError::Newer(name.to_owned());
    let projections = Projections::named(names).map_err(unknown)?;
    let folds = folds::look(&**session).await?;
    if let Folds::Newer(name) = folds {
        return Err(RebuildError::Newer(name.to_owned()));
    }
    let versions: Vec<i64> = projections.versions().map(|(_, version)| version).collect();
    if versions != standing.fold_versions {
        let newer = projections.names().zip(versions.iter().zip(&standing.fold_versions));
        if let Some((name, _)) = newer.into_iter().find(|(_, (ours, theirs))| ours < theirs) {
            return Err(RebuildError::Newer(name.to_owned()));
        }
        let transaction = session.transaction().await.map_err(|error| read(&error))?;
        let forget = include_str!("../sql/rebuild/forget_spaces.sql");
        transaction.execute(forget, &[&standing.id]).await.map_err(|error| write(&error))?;
        let restart = include_str!("../sql/rebuild/restart.sql");
        transaction.execute(restart, &[&standing.id, &versions]).await.map_err(|error| write(&error))?;
        transaction.commit().await.map_err(|error| write(&error))?;
    }
    let heals = matches!(folds, Folds::Older(_));
    if heals && !standing.check && (standing.cause != FOLD || versions != standing.fold_versions) {
        folds::stop_others(&**session, stop).await?;
    }
    Ok(Job { rebuild: standing.id, check: standing.check, projections, heals })
}

/// Starts the workers and tells what they do, until they end.
async fn work(
    pool: &Pool,
    session: &Session,
    (job, standing): (&Job, &Standing),
    (stop, at_stop): (&CancellationToken, AtStop),
    tell: &mut (impl FnMut(News<'_>) + Send),
) -> Result<(), RebuildError> {
    let (told, mut news) = mpsc::channel(NEWS_WAITING_MAX);
    let (mut workers, ending) = (JoinSet::new(), stop.child_token());
    let lead = Lead { pid: session.pid, start: session.start.clone() };
    // However this ends, nobody goes on for it.
    let _ends = ending.clone().drop_guard();
    for _ in 0..standing.workers.max(1) {
        let session = Session::open(pool).await?;
        let worker = Worker { session, lead: lead.clone(), job: job.clone(), told: told.clone(), stop: ending.clone() };
        workers.spawn(worker.work());
    }
    drop(told);
    let mut meter = Meter::of(standing);
    let mut looks = tokio::time::interval(Duration::from_millis(LOOK_MS));
    let (mut failed, mut pauses) = (None, at_stop == AtStop::Pause);
    loop {
        tokio::select! {
            () = stop.cancelled(), if pauses => {
                pauses = false;
                set(&**session, job.rebuild, State::Paused, Some("it was interrupted"), &["running"]).await?;
            }
            said = news.recv() => match said {
                Some(said) => meter.hear(&said, tell),
                None => break,
            },
            _ = looks.tick() => look(session, job.rebuild, &mut meter, &ending).await?,
            Some(ended) = workers.join_next(), if failed.is_none() => {
                failed = ended.map_err(|error| Fault::Refused(error.to_string())).and_then(|ended| ended).err();
                if failed.is_some() {
                    ending.cancel();
                }
            }
        }
    }
    while let Some(ended) = workers.join_next().await {
        let ended = ended.map_err(|error| Fault::Refused(error.to_string())).and_then(|ended| ended);
        failed = failed.or(ended.err());
    }
    // The workers of an older program end by themselves, or because it was seen here.
    must_be_newest(session).await?;
    failed.map_or(Ok(()), |fault| Err(fault.into()))
}

async fn must_be_newest(session: &Session) -> Result<(), RebuildError> {
    match folds::look(&**session).await? {
        Folds::Newer(name) => Err(RebuildError::Newer(name.to_owned())),
        Folds::Current { .. } | Folds::Older(_) => Ok(()),
    }
}

/// Writes down how fast it is, and ends the work when it is to go on no more.
async fn look(session: &Session, id: Uuid, meter: &mut Meter, ending: &CancellationToken) -> Result<(), Fault> {
    let row =
        session.query_opt(include_str!("../sql/rebuild/state.sql"), &[&id]).await.map_err(|error| read(&error))?;
    // It goes with its space when that is erased, and is a newer program's as soon as there is one.
    let is_over = row.is_none_or(|row| row.get::<_, &str>("state") != State::Running.as_str());
    if is_over || matches!(folds::look(&**session).await?, Folds::Newer(_)) {
        ending.cancel();
    }
    if let Some(rate) = meter.beat() {
        let beat = include_str!("../sql/rebuild/beat.sql");
        session.execute(beat, &[&id, &now_ms(), &rate]).await.map_err(|error| write(&error))?;
    }
    Ok(())
}

/// The end, if nothing is left to do: the folds hold for all, and the shadow tables go.
async fn conclude(session: &mut Session, job: &Job, standing: &Standing) -> Result<(), Fault> {
    let finish = include_str!("../sql/rebuild/finish.sql");
    if !is_done(session, job.rebuild).await? {
        return Ok(());
    }
    drop_shadows(session).await?;
    if job.heals && !job.check && standing.space.is_none() {
        folds::hold_for_all(session, job.rebuild, &job.projections).await?;
        folds::tidy(&**session).await?;
    }
    session.execute(finish, &[&job.rebuild, &now_ms()]).await.map_err(|error| write(&error))?;
    Ok(())
}

async fn is_done(session: &Session, id: Uuid) -> Result<bool, Fault> {
    let row = session.query_one(include_str!("../sql/rebuild/is_done.sql"), &[&id]).await;
    Ok(row.map_err(|error| read(&error))?.get("done"))
}

/// Waits for workers of a run that has died: what they have in the shadow tables is taken from under nobody.
async fn workers_left(session: &Session, id: Uuid) -> Result<(), Fault> {
    let began = Instant::now();
    loop {
        let row = session.query_one(include_str!("../sql/rebuild/workers.sql"), &[&id]).await;
        if row.map_err(|error| read(&error))?.get::<_, i64>("workers") == 0 {
            return Ok(());
        }
        if began.elapsed() > Duration::from_millis(WORKERS_LEAVE_MS_MAX) {
            return Err(Fault::Crowded("workers of another run are still at it".to_owned()));
        }
        tokio::time::sleep(Duration::from_millis(LOOK_MS)).await;
    }
}

async fn drop_shadows(session: &Session) -> Result<(), Fault> {
    let shadows = Shadows::of(&**session, Place::Schema, &Projections::all()).await?;
    shadows.drop(&**session).await
}

async fn release(session: &Session, id: Uuid) -> Result<(), Fault> {
    let released = session.execute(include_str!("../sql/rebuild/release.sql"), &[&id, &session.pid]).await;
    released.map(drop).map_err(|error| write(&error))
}

/// Whether somebody has to look at it first: the disk is full, or a statement is refused. A connection that was lost is not of
/// that kind.
fn must_wait(fault: &Fault) -> bool {
    match fault {
        Fault::Refused(_) => true,
        // Class 53: no room on the disk or in memory.
        Fault::Unavailable(said) => said.contains("(53"),
        Fault::Crowded(_) | Fault::Unknown(_) | Fault::Damaged { .. } | Fault::Rebuilding => false,
    }
}
