//! A backup is made: the lines of spaces and accounts, then what else follows from no log, and last of all who was erased, so that
//! nobody who went meanwhile comes back by what was read of them before.
//!
//! It is refused where it would pass for what it is not: a half restored database, or another one than the folder is of.

use std::collections::BTreeMap;

use application::backup::{Known, Manifest, Parent, Present, Seal, VERSION, moment, name, stranger};
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;

use super::behind::behind;
use super::beside::{list_erased, tables};
use super::error::BackupError;
use super::folder::{Folder, Found, Part};
use super::making::{Made, Making};
use super::pack::{Pack, seal};
use super::{ERASED, LOG, SPACES, TABLES};
use crate::clock::now_ms;
use crate::erasure::ErasureFile;
use crate::postgres::backup::restoring::restoring;
use crate::postgres::backup::{heads, redacted};
use crate::postgres::migrations;
use crate::postgres::rebuild::Progress;

/// What files hash to, by their names.
type Files = BTreeMap<String, Seal>;

/// What is wished for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// A full one, even if there is something to go on from, and even if that is of another database.
    pub full: bool,
    /// Backups of a chain at most.
    pub chain_max: usize,
    /// The list beside the database.
    pub erased: ErasureFile,
    /// A backup that was found damaged: nothing goes on from it.
    pub shunned: Option<String>,
}

/// Makes a backup.
///
/// # Errors
/// There is none: what was begun is taken away, and those that were there are as they were.
pub async fn make(
    client: &mut Client,
    folder: &Folder,
    wish: &Wish,
    stop: &CancellationToken,
    tell: &mut (impl FnMut(Progress) + Send),
) -> Result<Known, BackupError> {
    let held = folder.hold()?;
    folder.sweep(&held)?;
    let found = folder.found()?;
    found.unreadable.iter().for_each(|(_, error)| tracing::warn!(error = %error, "a backup cannot be read"));
    let present = present(client).await?;
    belongs(&found, present, wish)?;
    let revision = redacted::revision(client).await?;
    let (before, began_at) = (behind(folder, &found.known, present, wish), now_ms());
    let part = folder.begin(&held, name(began_at.max(behind_all(&found)), before.is_none()))?;
    let mut making = Making::new(client, (folder, before), &part).await?;
    making.spaces(stop, tell).await?;
    making.accounts(stop).await?;
    let made = making.end().await?;
    let files = files(client, &part, wish, &made).await?;
    if heads::lives(client).await?.0 != present.epoch {
        return Err(BackupError::NewLife);
    }
    if redacted::since(client, revision).await? {
        return Err(BackupError::Redacted);
    }
    part.finish(Manifest { files, ..manifest(&part, (before, began_at), present, &made) })
}

/// The database as it is now, unless it is half of one.
async fn present(client: &Client) -> Result<Present, BackupError> {
    if let Some(begun) = restoring(client).await? {
        return Err(BackupError::HalfRestored(begun.name));
    }
    let (epoch, epoch_before) = heads::lives(client).await?;
    Ok(Present { epoch, epoch_before, schema: migrations::newest_version() })
}

/// Fails in a folder of another database, unless a full one is wished for: then somebody has thought of it.
fn belongs(found: &Found, present: Present, wish: &Wish) -> Result<(), BackupError> {
    match stranger(&found.known, present).filter(|_| !wish.full) {
        Some(newest) => Err(BackupError::Stranger(newest.name().to_owned())),
        None => Ok(()),
    }
}

/// The moment behind those of all names. Names rise, also when the clock goes back; `began_at` is what the clock says.
fn behind_all(found: &Found) -> i64 {
    let names = found.known.iter().map(Known::name).chain(found.unreadable.iter().map(|(name, _)| name.as_str()));
    names.filter_map(moment).max().map_or(i64::MIN, |newest| newest.saturating_add(1))
}

/// Writes what lies beside the lines; what all files hash to.
async fn files(client: &mut Client, part: &Part, wish: &Wish, made: &Made) -> Result<Files, BackupError> {
    let tables = tables(client, Pack::new(part.file(TABLES))?).await?;
    let erased = part.file(ERASED);
    list_erased(client, &wish.erased, &erased).await?;
    let erased = seal(&erased, &mut |_| {})?;
    let files = [(LOG, made.log.clone()), (SPACES, made.spaces.clone()), (TABLES, tables), (ERASED, erased)];
    Ok(files.into_iter().map(|(name, seal)| (name.to_owned(), seal)).collect())
}

fn manifest(part: &Part, (before, began_at): (Option<&Known>, i64), present: Present, made: &Made) -> Manifest {
    Manifest {
        version: VERSION,
        name: part.name().to_owned(),
        parent: before.map(|known| Parent { name: known.name().to_owned(), sha256: known.sha256.clone() }),
        began_at,
        ended_at: now_ms().max(began_at),
        epoch: present.epoch,
        schema: present.schema,
        levelup: env!("CARGO_PKG_VERSION").to_owned(),
        spaces: made.there,
        changed: made.counts.spaces,
        events: made.counts.events,
        positions: made.positions,
        accounts: made.counts.accounts,
        files: Files::new(),
    }
}
