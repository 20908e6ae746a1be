//! A backup is made: a space after another, each as of one moment, in short statements beside writers. Then what refers to
//! spaces: accounts with their devices, other tables, and last of all who was erased, so that nobody who went meanwhile comes
//! back by what was read of them before.

use std::cmp::Ordering;

use application::backup::{Known, Manifest, Parent, Present, VERSION, base, name, sha256_hex};
use domain::id::SpaceId;
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;

use super::beside::{list_erased, tables};
use super::error::BackupError;
use super::folder::{Folder, Part};
use super::pack::{Pack, seal};
use super::spaces::{Spaces, Stood};
use super::{ERASED, LOG, SPACES, TABLES};
use crate::clock::now_ms;
use crate::erasure::ErasureFile;
use crate::postgres::backup::heads::{Glance, epoch, page};
use crate::postgres::log_copy::export::{Export, Scope};
use crate::postgres::migrations;
use crate::postgres::rebuild::Progress;

/// What is wished for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// A full one, even if there is something to go on from.
    pub full: bool,
    /// Backups of a chain at most.
    pub chain_max: usize,
    /// The list beside the database.
    pub erased: ErasureFile,
}

/// Makes a backup.
///
/// # Errors
/// There is none: what was begun is taken away, and those that were there are as they were.
pub async fn make(
    client: &Client,
    folder: &Folder,
    wish: &Wish,
    stop: &CancellationToken,
    tell: &mut (impl FnMut(Progress) + Send),
) -> Result<Known, BackupError> {
    let held = folder.hold()?;
    folder.sweep(&held)?;
    let found = folder.found()?;
    found.unreadable.iter().for_each(|(_, error)| tracing::warn!(error = %error, "a backup cannot be read"));
    let present = Present { epoch: epoch(client).await?, schema: migrations::newest_version() };
    let before = if wish.full { None } else { base(&found.known, present, wish.chain_max) };
    let before = before.filter(|known| can_be_gone_on_from(folder, known));
    // Names rise, also when the clock goes back.
    let newest = found.known.last().map_or(i64::MIN, |known| known.manifest.began_at.saturating_add(1));
    let began_at = now_ms().max(newest);
    let part = folder.begin(&held, name(began_at, before.is_none()))?;
    let mut making = Making::new(client, (folder, before), &part).await?;
    making.spaces(stop, tell).await?;
    making.accounts(stop).await?;
    let manifest = making.end(wish, present, began_at).await?;
    if epoch(client).await? != present.epoch {
        return Err(BackupError::NewLife);
    }
    part.finish(manifest)
}

/// Where spaces stood has to be as it was written; the rest is looked at by whoever verifies.
fn can_be_gone_on_from(folder: &Folder, known: &Known) -> bool {
    let path = folder.file(known.name(), SPACES);
    let written = known.manifest.files.get(SPACES);
    let same = written.is_some_and(|written| seal(&path, &mut |_| {}).is_ok_and(|found| found == *written));
    if !same {
        tracing::warn!(file = %path.display(), "the newest backup is damaged, so that the next one is a full one");
    }
    same
}

struct Making<'a> {
    client: &'a Client,
    part: &'a Part,
    before: Option<&'a Known>,
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

impl<'a> Making<'a> {
    async fn new(
        client: &'a Client,
        (folder, before): (&Folder, Option<&'a Known>),
        part: &'a Part,
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
        let mut making = Self {
            client,
            part,
            before,
            stood,
            next_stood: None,
            export,
            log,
            spaces,
            there: 0,
            positions: 0,
            progress,
        };
        making.step_stood()?;
        Ok(making)
    }

    async fn spaces(
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

    async fn accounts(&mut self, stop: &CancellationToken) -> Result<(), BackupError> {
        self.export.leave_spaces();
        while let Some(lines) = self.export.next(self.client).await? {
            if stop.is_cancelled() {
                return Err(BackupError::Interrupted);
            }
            self.log.push(&lines).await?;
        }
        Ok(())
    }

    async fn end(self, wish: &Wish, present: Present, began_at: i64) -> Result<Manifest, BackupError> {
        let tables = tables(self.client, Pack::new(self.part.file(TABLES))?).await?;
        let erased = self.part.file(ERASED);
        list_erased(self.client, &wish.erased, &erased).await?;
        let files = [
            (LOG, self.log.finish().await?),
            (SPACES, self.spaces.finish().await?),
            (TABLES, tables),
            (ERASED, seal(&erased, &mut |_| {})?),
        ];
        let counts = self.export.writer().tally().counts();
        let parent = |known: &Known| Parent { name: known.name().to_owned(), sha256: known.sha256.clone() };
        Ok(Manifest {
            version: VERSION,
            name: self.part.name().to_owned(),
            parent: self.before.map(parent),
            began_at,
            ended_at: now_ms().max(began_at),
            epoch: present.epoch,
            schema: present.schema,
            levelup: env!("CARGO_PKG_VERSION").to_owned(),
            spaces: self.there,
            changed: counts.spaces,
            events: counts.events,
            positions: self.positions,
            accounts: counts.accounts,
            files: files.into_iter().map(|(name, seal)| (name.to_owned(), seal)).collect(),
        })
    }
}
