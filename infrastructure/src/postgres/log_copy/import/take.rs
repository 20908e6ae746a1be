//! The second reading: the rows are taken over.

use application::fault::Fault;
use application::transfer::log::{Part, Reader, SpaceReader, Step};
use domain::id::{AccountId, SpaceId};
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::super::catalog::Catalog;
use super::super::super::fault::{read, write};
use super::super::columns::Tables;
use super::collision::{Fate, of_account, of_space};
use super::staging::Staging;
use super::{Checked, ImportError, Options, Progress, Walk, account, discard};
use crate::log_file::LineSource;

/// What was taken over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Spaces.
    pub spaces: u64,
    /// Their events.
    pub events: u64,
    /// Accounts.
    pub accounts: u64,
    /// Spaces and accounts that were here already.
    pub here: u64,
    /// Spaces and accounts that were left out.
    pub skipped: u64,
    /// Spaces whose head did not count what its log says, and does now.
    pub recounted: u64,
}

/// Takes over a file that was checked.
///
/// # Errors
/// Something is in the way now that was not when the file was checked, it is another file, or the database failed. What is
/// whole stays; what is not is seen by nobody, and gone on with by the same call.
pub async fn take(
    client: &mut Client,
    lines: Box<dyn LineSource>,
    (checked, options): (&Checked, Options),
    stop: &CancellationToken,
    tell: &mut impl FnMut(Progress),
) -> Result<Taken, ImportError> {
    let tables = Tables::read(client).await?;
    let catalog = Catalog::read(client).await.map_err(|error| read(&error))?;
    let (taken, staging, epoch) = (Taken::default(), None, None);
    let mut taking = Taking { client, tables, catalog, checked, options, taken, staging, epoch };
    let mut walk = Walk::new(lines, stop, tell);
    while let Some((step, reader)) = walk.next()? {
        let line = reader.lines();
        taking.step(step, reader).await.map_err(|error| error.at(line))?;
    }
    Ok(taking.taken)
}

struct Taking<'a> {
    client: &'a mut Client,
    tables: Tables,
    catalog: Catalog,
    checked: &'a Checked,
    options: Options,
    taken: Taken,
    /// The space that is on its way; none while one is passed over.
    staging: Option<Staging>,
    /// The life that spaces get instead of their own.
    epoch: Option<Uuid>,
}

impl Taking<'_> {
    async fn step(&mut self, step: Step<'_>, reader: &mut Reader) -> Result<(), ImportError> {
        match step {
            Step::Header(header) => self.live(header.epoch).await?,
            Step::Space(row) => {
                if let Some(space) = reader.space() {
                    self.begin(space, row).await?;
                }
            }
            Step::Device(row) => self.row(Part::Device, row, reader).await?,
            Step::Event(row) => self.row(Part::Event, row, reader).await?,
            Step::Behind(part, row) => self.row(part, row, reader).await?,
            Step::SpaceEnd(space) => self.end(space).await?,
            Step::SpaceGone(space) => self.drop(space).await?,
            Step::Account(id, row) => self.account(id, row).await?,
            Step::End if reader.tally().end().sha256 != self.checked.source => return Err(ImportError::FileChanged),
            Step::End => {}
        }
        Ok(())
    }

    /// An empty database goes on with the exported life, unless the exported one does.
    async fn live(&mut self, exported: Uuid) -> Result<(), Fault> {
        if self.options.new_epoch {
            let row = self.client.query_one(include_str!("../../sql/log_copy/epoch.sql"), &[]).await;
            self.epoch = Some(row.map_err(|error| read(&error))?.get("epoch"));
            return Ok(());
        }
        let adopted = self.client.execute(include_str!("../../sql/log_copy/adopt_epoch.sql"), &[&exported]).await;
        adopted.map(drop).map_err(|error| write(&error))
    }

    async fn begin(&mut self, space: &SpaceReader, row: &str) -> Result<(), ImportError> {
        let head = self.tables.of(Part::Space).row(row).map_err(|_| ImportError::FileChanged)?;
        match of_space(self.client, space).await? {
            Fate::Take => {
                self.staging = Some(Staging::claim(self.client, space.id, &self.checked.source, head).await?);
            }
            Fate::Here => self.taken.here += 1,
            Fate::Collides(what) if self.options.leave_out(what) => self.taken.skipped += 1,
            Fate::Collides(_) => return Err(ImportError::Met { what: "space", id: space.id.0 }),
        }
        Ok(())
    }

    async fn row(&mut self, part: Part, text: &str, reader: &mut Reader) -> Result<(), ImportError> {
        let (Some(staging), Some(space)) = (&mut self.staging, reader.space()) else { return Ok(()) };
        let row = self.tables.of(part).row(text).map_err(|_| ImportError::FileChanged)?;
        staging.push(part, row, text.len(), space);
        if staging.is_full() {
            staging.write(self.client, (&mut self.tables, &self.catalog), space).await?;
        }
        Ok(())
    }

    async fn end(&mut self, space: Box<SpaceReader>) -> Result<(), ImportError> {
        let Some(staging) = self.staging.take() else { return Ok(()) };
        let events = space.position().unsigned_abs();
        let is_same = staging.show(self.client, (&mut self.tables, &self.catalog), (space, self.epoch)).await?;
        self.taken.spaces += 1;
        self.taken.events += events;
        self.taken.recounted += u64::from(!is_same);
        Ok(())
    }

    async fn drop(&mut self, space: SpaceId) -> Result<(), ImportError> {
        if self.staging.take().is_some() {
            discard::one(self.client, space).await?;
        }
        Ok(())
    }

    async fn account(&mut self, id: AccountId, row: &str) -> Result<(), ImportError> {
        match of_account(self.client, id, row).await? {
            Fate::Here => self.taken.here += 1,
            Fate::Collides(what) if self.options.leave_out(what) => self.taken.skipped += 1,
            Fate::Collides(_) => return Err(ImportError::Met { what: "account", id: id.0 }),
            Fate::Take => {
                let account = account::read(&mut self.tables, row).map_err(|_| ImportError::FileChanged)?;
                if !account.take(self.client, &mut self.tables, id).await? {
                    return Err(ImportError::Met { what: "an erasure of account", id: id.0 });
                }
                self.taken.accounts += 1;
            }
        }
        Ok(())
    }
}
