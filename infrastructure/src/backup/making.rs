//! The lines of a backup: a space after another, each as of one moment, in short statements beside writers; then accounts.

use std::cmp::Ordering;

use application::backup::{Known, Seal, sha256_hex};
use application::transfer::log::Counts;
use domain::id::SpaceId;
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;

use super::error::BackupError;
use super::folder::{Folder, Part};
use super::pack::Pack;
use super::spaces::{Spaces, Stood};
use super::{LOG, SPACES};
use crate::postgres::backup::heads::{Glance, page};
use crate::postgres::log_copy::export::{Export, Scope};
use crate::postgres::rebuild::Progress;

/// The lines of a backup on their way.
pub(super) struct Making<'a> {
    client: &'a Client,
    stood: Option<Spaces>,
    next_stood: Option<Stood>,
    export: Export,
    log: Pack,
    spaces: Pack,
    /// Spaces that there are, and the sum of their positions.
    there: u64,
    positions: u64,
    progress: Progress,
}

/// What came of it.
pub(super) struct Made {
    /// The file of the lines.
    pub(super) log: Seal,
    /// The file that says where spaces stood.
    pub(super) spaces: Seal,
    /// What the lines hold.
    pub(super) counts: Counts,
    /// Spaces that there are.
    pub(super) there: u64,
    /// The sum of their positions.
    pub(super) positions: u64,
}

impl<'a> Making<'a> {
    /// Before the first line.
    pub(super) async fn new(
        client: &'a Client,
        (folder, before): (&Folder, Option<&Known>),
        part: &Part,
    ) -> Result<Self, BackupError> {
        let stood = before.map(|known| Spaces::open(&folder.file(known.name(), SPACES))).transpose()?;
        let mut export = Export::new(Scope { space: None, accounts: true });
        let totals = export.totals(client).await?;
        let known = before.map_or(0, |known| known.manifest.positions);
        let progress = Progress {
            spaces_total: totals.spaces,
            events_total: totals.events.saturating_sub(known),
            ..Progress::default()
        };
        export.start(client).await?;
        let (log, spaces) = (Pack::new(part.file(LOG))?, Pack::new(part.file(SPACES))?);
        let mut making =
            Self { client, stood, next_stood: None, export, log, spaces, there: 0, positions: 0, progress };
        making.step_stood()?;
        Ok(making)
    }

    /// Every space, as of one moment each.
    pub(super) async fn spaces(
        &mut self,
        stop: &CancellationToken,
        tell: &mut (impl FnMut(Progress) + Send),
    ) -> Result<(), BackupError> {
        let mut after: Option<SpaceId> = None;
        loop {
            let glances = page(self.client, after).await?;
            let Some(last) = glances.last() else { return Ok(()) };
            after = Some(last.space);
            for glance in glances {
                match self.stood_of(glance.space)? {
                    Some(stood) if stood.digest == glance.digest && stood.position == glance.position => {
                        self.note(&stood).await?;
                    }
                    stood => self.space(&glance, stood.as_ref(), stop, tell).await?,
                }
                self.progress.spaces += 1;
                tell(self.progress);
            }
        }
    }

    async fn space(
        &mut self,
        glance: &Glance,
        stood: Option<&Stood>,
        stop: &CancellationToken,
        tell: &mut (impl FnMut(Progress) + Send),
    ) -> Result<(), BackupError> {
        let base = stood.map(Stood::base);
        let whole = self.export.writer().tally().counts().spaces;
        let Some(now) = self.export.enter(self.client, glance.space, base.as_ref()).await? else { return Ok(()) };
        while let Some(lines) = self.export.next_of_space(self.client).await? {
            if stop.is_cancelled() {
                return Err(BackupError::Interrupted);
            }
            self.log.push(&lines).await?;
            self.progress.events = self.export.writer().tally().so_far().events;
            tell(self.progress);
        }
        if self.export.writer().tally().counts().spaces == whole {
            // It was erased on the way, and its lines do not count.
            return Ok(());
        }
        let stood = Stood {
            space_id: glance.space,
            position: now.position,
            hash: sha256_hex(&now.hash),
            recorded_at: now.recorded_at,
            repairs: now.repairs,
            // Older than the lines, if anything: then the next backup looks once more.
            digest: glance.digest.clone(),
        };
        self.note(&stood).await
    }

    async fn note(&mut self, stood: &Stood) -> Result<(), BackupError> {
        self.there += 1;
        self.positions += stood.position.unsigned_abs();
        self.spaces.push(&stood.line()).await
    }

    /// Where a space stood before. Both sides are in the order of ids.
    fn stood_of(&mut self, space: SpaceId) -> Result<Option<Stood>, BackupError> {
        loop {
            match self.next_stood.as_ref().map(|stood| stood.space_id.cmp(&space)) {
                Some(Ordering::Less) => self.step_stood()?,
                Some(Ordering::Equal) => {
                    let stood = self.next_stood.take();
                    self.step_stood()?;
                    return Ok(stood);
                }
                Some(Ordering::Greater) | None => return Ok(None),
            }
        }
    }

    fn step_stood(&mut self) -> Result<(), BackupError> {
        self.next_stood = self.stood.as_mut().map(Spaces::next).transpose()?.flatten();
        Ok(())
    }

    /// Accounts, which refer to spaces, behind all of them.
    pub(super) async fn accounts(&mut self, stop: &CancellationToken) -> Result<(), BackupError> {
        self.export.leave_spaces();
        while let Some(lines) = self.export.next(self.client).await? {
            if stop.is_cancelled() {
                return Err(BackupError::Interrupted);
            }
            self.log.push(&lines).await?;
        }
        Ok(())
    }

    /// All lines are there, and on disk.
    pub(super) async fn end(self) -> Result<Made, BackupError> {
        let (log, spaces) = (self.log.finish().await?, self.spaces.finish().await?);
        let counts = self.export.writer().tally().counts();
        Ok(Made { log, spaces, counts, there: self.there, positions: self.positions })
    }
}
