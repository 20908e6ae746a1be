//! The walk over the spaces of a rebuild.

use application::fault::Fault;
use application::verify::Finding;
use domain::id::SpaceId;
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;

use super::refold::{EVENTS_MAX, Pass, Passed, Reached, Refold};
use super::shadows::Shadows;
use super::{News, RebuildError, Scope, Summary, spaces, totals};

/// A rebuild while it runs.
pub(super) struct Run<'a, T> {
    scope: Scope,
    stop: &'a CancellationToken,
    tell: &'a mut T,
    shadows: &'a Shadows,
    pub(super) summary: Summary,
}

impl<'a, T: FnMut(News<'_>) + Send> Run<'a, T> {
    pub(super) fn new(scope: Scope, stop: &'a CancellationToken, tell: &'a mut T, shadows: &'a Shadows) -> Self {
        Self { scope, stop, tell, shadows, summary: Summary::default() }
    }

    /// Every space of the scope.
    pub(super) async fn all(&mut self, client: &mut Client) -> Result<(), RebuildError> {
        self.summary.progress = totals(client, self.scope.space).await?;
        if let Some(space) = self.scope.space {
            if self.summary.progress.spaces_total == 0 {
                return Err(RebuildError::NoSpace(space));
            }
            return Ok(self.space(client, space).await?);
        }
        let mut after = None;
        loop {
            let spaces = spaces(client, after).await?;
            for space in &spaces {
                self.space(client, SpaceId(*space)).await?;
                if self.summary.interrupted {
                    return Ok(());
                }
            }
            after = spaces.last().copied();
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn space(&mut self, client: &mut Client, space: SpaceId) -> Result<(), Fault> {
        let mut refold = Refold::new(space, self.shadows);
        loop {
            let count = refold.read_on(client).await?;
            self.summary.progress.events += count as u64;
            (self.tell)(News::Progress(self.summary.progress));
            if self.stops() {
                return Ok(());
            }
            if (count as i64) < EVENTS_MAX {
                break;
            }
        }
        let before = self.summary.differences;
        let mut reached = Some(Reached::default());
        while let Some(from) = reached.take_if(|_| refold.audit.is_sound()) {
            if self.stops() {
                return Ok(());
            }
            let passed = self.pass(client, &mut refold, &from).await?;
            self.summary.rows += passed.rows.cast_unsigned();
            self.summary.differences += passed.differences.len() as u64;
            passed.differences.iter().for_each(|difference| (self.tell)(News::Difference(difference)));
            reached = passed.next;
        }
        self.summary.spaces_differing += u64::from(self.summary.differences > before);
        self.damage(space, &refold);
        self.summary.progress.spaces += 1;
        (self.tell)(News::Progress(self.summary.progress));
        Ok(())
    }

    /// Looks first, and locks the head only when something has to be switched.
    async fn pass(&self, client: &mut Client, refold: &mut Refold<'_>, from: &Reached) -> Result<Passed, Fault> {
        let looked = refold.pass(client, from, Pass::Look).await?;
        if self.scope.check || looked.differences.is_empty() {
            return Ok(looked);
        }
        refold.pass(client, from, Pass::Switch).await
    }

    fn damage(&mut self, space: SpaceId, refold: &Refold<'_>) {
        if refold.audit.is_sound() {
            return;
        }
        self.summary.spaces_damaged += 1;
        for flaw in refold.audit.flaws.iter().filter(|flaw| flaw.is_of_the_log()) {
            (self.tell)(News::Damage(&Finding { space, flaw: flaw.clone() }));
        }
    }

    fn stops(&mut self) -> bool {
        self.summary.interrupted |= self.stop.is_cancelled();
        self.summary.interrupted
    }
}
