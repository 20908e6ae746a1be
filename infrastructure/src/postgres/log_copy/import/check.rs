//! The first reading: is the file whole and sound, and what of it is here already? Nothing is written.

use application::transfer::log::{Bad, Counts, Part, Step};
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::super::migrations;
use super::super::columns::Tables;
use super::collision::{Collision, Fate, of_account, of_space};
use super::{ImportError, Progress, Walk, account};
use crate::log_file::LineSource;

/// Collisions that are listed; the others are counted.
const COLLISIONS_MAX: usize = 100;

/// What the first reading found.
#[derive(Debug, Default)]
pub struct Checked {
    /// SHA-256 of the file's lines, as its last one has it.
    pub source: String,
    /// What is in the file.
    pub counts: Counts,
    /// Spaces and accounts that are here already.
    pub here: u64,
    /// Spaces and accounts that cannot be taken over.
    pub colliding: u64,
    /// The first of them.
    pub collisions: Vec<Collision>,
}

/// Reads a whole file.
///
/// # Errors
/// The file is not what it must be, or the database failed.
pub async fn check(
    client: &Client,
    lines: Box<dyn LineSource>,
    stop: &CancellationToken,
    tell: &mut impl FnMut(Progress),
) -> Result<Checked, ImportError> {
    let mut tables = Tables::read(client).await?;
    let mut checked = Checked::default();
    let mut walk = Walk::new(lines, stop, tell);
    while let Some((step, reader)) = walk.next()? {
        let line = reader.lines();
        let at = |error: ImportError| error.at(line);
        let row = match step {
            Step::Header(header) if header.schema > migrations::newest_version() => {
                return Err(ImportError::Schema { theirs: header.schema, ours: migrations::newest_version() });
            }
            Step::Header(_) | Step::SpaceGone(_) => Ok(()),
            Step::Space(row) => tables.of(Part::Space).row(row).map(drop),
            Step::Device(row) => tables.of(Part::Device).row(row).map(drop),
            Step::Event(row) => tables.of(Part::Event).row(row).map(drop),
            Step::Behind(part, row) => tables.of(part).row(row).map(drop),
            Step::SpaceEnd(space) => {
                checked.note(space.id.0, &of_space(client, &space).await.map_err(|fault| at(fault.into()))?);
                Ok(())
            }
            Step::Account(id, row) => {
                let fate = of_account(client, id, row).await.map_err(|fault| at(fault.into()))?;
                checked.note(id.0, &fate);
                account::read(&mut tables, row).map(drop)
            }
            Step::End => {
                let end = reader.tally().end();
                (checked.source, checked.counts) = (end.sha256, end.counts);
                Ok(())
            }
        };
        row.map_err(|bad: Bad| walk.bad(bad))?;
    }
    Ok(checked)
}

impl Checked {
    fn note(&mut self, id: Uuid, fate: &Fate) {
        match fate {
            Fate::Take => {}
            Fate::Here => self.here += 1,
            Fate::Collides(what) => {
                self.colliding += 1;
                if self.collisions.len() < COLLISIONS_MAX {
                    self.collisions.push(Collision { id, what: *what });
                }
            }
        }
    }
}
