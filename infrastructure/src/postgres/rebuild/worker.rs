//! A worker: one connection that takes space after space, folds it, compares it and switches what differs.

use application::audit;
use application::fault::Fault;
use application::rebuild::{Difference, Projections};
use application::verify::{Finding, Flaw};
use domain::id::SpaceId;
use tokio::sync::mpsc::Sender;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::fault::write;
use super::folds;
use super::place::Place;
use super::queue::{self, Claimed, Done, Lead, Left, Of};
use super::refold::{EVENTS_MAX, Pass, Passed, Reached, Refold};
use super::session::Session;
use super::shadows::Shadows;

/// What all workers of a run are to do.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) rebuild: Uuid,
    pub(super) check: bool,
    pub(super) projections: Projections,
    /// Whether rows of an older fold are among what is rebuilt, so that each space is noted as it is done.
    pub(super) heals: bool,
}

/// What a worker tells on the way.
#[derive(Debug)]
pub(super) enum Said {
    /// So many more events were folded.
    Events(u64),
    /// A space is done.
    Space,
    /// A live row is not what the log says.
    Difference(Difference),
    /// A log is damaged.
    Damage(Finding),
    /// The database refused a statement about a space.
    Failed(Finding),
}

/// A worker at work.
pub(super) struct Worker {
    pub(super) session: Session,
    /// The run that it works for.
    pub(super) lead: Lead,
    pub(super) job: Job,
    pub(super) told: Sender<Said>,
    pub(super) stop: CancellationToken,
}

impl Worker {
    /// Takes spaces until nothing is left, or until it is told to stop.
    pub(super) async fn work(mut self) -> Result<(), Fault> {
        let shadows = Shadows::of(&*self.session, Place::Schema, &self.job.projections).await?;
        while !self.stop.is_cancelled() {
            let of = Of { rebuild: self.job.rebuild, lead: &self.lead, check: self.job.check };
            match queue::next(&self.session, of).await? {
                Some(claimed) => self.space_alone(&shadows, claimed).await?,
                None => break,
            }
        }
        Ok(())
    }

    /// A space about which the database refuses a statement is in nobody else's way.
    async fn space_alone(&mut self, shadows: &Shadows, claimed: Claimed) -> Result<(), Fault> {
        let space = claimed.space;
        let reason = match self.space(shadows, claimed).await {
            Err(Fault::Refused(reason)) => reason,
            other => return other,
        };
        shadows.clear(&*self.session, space).await?;
        let has_failed = !queue::is_gone(&self.session, space).await?;
        if has_failed {
            self.tell(Said::Failed(Finding { space, flaw: Flaw::Refused(reason) })).await;
        }
        let done = Done { left: has_failed.then_some(Left::Failed), ..Done::default() };
        queue::end(&self.session, self.job.rebuild, space, done).await?;
        self.tell(Said::Space).await;
        Ok(())
    }

    async fn space(&mut self, shadows: &Shadows, Claimed { space, again }: Claimed) -> Result<(), Fault> {
        if again {
            shadows.clear(&*self.session, space).await?;
        }
        let mut refold = Refold::new(space, shadows).without_receipts().noted_by(self.job.rebuild);
        let done = self.refold(&mut refold, space).await?;
        shadows.clear(&*self.session, space).await?;
        match done {
            Some(done) => self.end(space, refold, done).await,
            None => queue::leave(&self.session, self.job.rebuild, space).await,
        }
    }

    /// Folds and compares; nothing when it was told to stop before the end, or the space goes.
    async fn refold(&mut self, refold: &mut Refold<'_>, space: SpaceId) -> Result<Option<Done>, Fault> {
        let mut done = Done::default();
        let mut reached = Some(Reached::default());
        while let Some(from) = reached.take() {
            if !self.fold(refold, space, &mut done).await? {
                return Ok(None);
            }
            if !refold.audit.is_sound() {
                break;
            }
            let passed = self.pass(refold, &from).await?;
            if passed.is_lost {
                return self.lost(space).await;
            }
            if passed.again {
                queue::again(&self.session, self.job.rebuild, space, self.job.check).await?;
                done = Done::default();
            }
            done.rows += passed.rows;
            for difference in passed.differences {
                self.tell(Said::Difference(difference)).await;
            }
            reached = passed.next;
        }
        Ok(Some(done))
    }

    /// A space is in nobody's hands any more when it is erased; otherwise this worker is of a run that has ended, and takes
    /// nothing out of shadow tables that are another's by now.
    async fn lost(&self, space: SpaceId) -> Result<Option<Done>, Fault> {
        match queue::is_gone(&self.session, space).await? {
            true => Ok(None),
            false => Err(Fault::Crowded("another run has taken the space over".to_owned())),
        }
    }

    /// Reads the log to its end, unless that was done; false when it was told to stop.
    async fn fold(&mut self, refold: &mut Refold<'_>, space: SpaceId, done: &mut Done) -> Result<bool, Fault> {
        while !refold.is_folded() && !self.stop.is_cancelled() {
            let count = refold.read_on(&*self.session).await?;
            done.events += count as i64;
            self.tell(Said::Events(count as u64)).await;
            if count as i64 == EVENTS_MAX {
                queue::reached(&self.session, self.job.rebuild, space, done.events).await?;
            }
        }
        Ok(!self.stop.is_cancelled())
    }

    /// Looks first, and locks the head only when something has to be switched.
    async fn pass(&mut self, refold: &mut Refold<'_>, from: &Reached) -> Result<Passed, Fault> {
        let check = self.job.check;
        let looked = refold.pass_and_note(&mut self.session, from, Pass::Look, check).await?;
        if check || looked.differences.is_empty() {
            return Ok(looked);
        }
        refold.pass_and_note(&mut self.session, from, Pass::Switch, true).await
    }

    async fn end(&mut self, space: SpaceId, refold: Refold<'_>, mut done: Done) -> Result<(), Fault> {
        // An erasure takes events away under the reader; that is no damage.
        let is_damaged = !refold.audit.is_sound() && !queue::is_gone(&self.session, space).await?;
        done.left = is_damaged.then_some(Left::Damaged);
        if is_damaged {
            for flaw in refold.audit.flaws.iter().filter(|flaw| flaw.is_of_the_log()).cloned() {
                self.tell(Said::Damage(Finding { space, flaw })).await;
            }
        } else if !self.job.check {
            folds::built(&*self.session, space, &self.job.projections, self.job.heals).await?;
        }
        if self.job.projections.has(audit::PROJECTION) && !self.job.check && !is_damaged {
            let again = include_str!("../sql/audit_log/restart.sql");
            let restarted = self.session.execute(again, &[&space.0, &audit::PROJECTION]).await;
            restarted.map_err(|error| write(&error))?;
        }
        queue::end(&self.session, self.job.rebuild, space, done).await?;
        self.tell(Said::Space).await;
        Ok(())
    }

    /// Whoever listened may have gone; then it is stopped too.
    async fn tell(&self, said: Said) {
        let _ = self.told.send(said).await;
    }
}
