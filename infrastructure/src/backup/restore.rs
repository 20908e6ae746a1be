//! A backup is restored into an empty database. First all of it is checked, and nothing is written: the files, the lines,
//! every row against the tables here. Then, in this order: a row that says what is on its way, so that nobody serves the
//! database meanwhile; who was erased, so that they cannot come in; spaces and accounts, as from any export; the other
//! tables; what these brought of anybody who was erased goes, and of nobody else; and another life of the logs begins, so
//! that devices send again what the backup does not have.
//!
//! Each step may be repeated. Killed at any moment, the same restore goes on.

use std::path::Path;

use application::backup::{Known, Wanted};
use application::erase::Listed;
use application::fault::Fault;
use application::identity::{Act, Actor, Entry, Place, SecurityLog};
use deadpool_postgres::Pool;
use serde_json::{Map, Value, json};
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::chain_lines::ChainLines;
use super::erasure_lists::Lists;
use super::error::BackupError;
use super::folder::{Folder, Found};
use super::table_rows::TableRows;
use super::verify::{agree, links, seals};
use super::{ROWS, TABLES};
use crate::clock::now_ms;
use crate::erasure::Eraser;
use crate::life::Lives;
use crate::postgres::backup::restoring::{self, Restoring};
use crate::postgres::backup::{erased, tables::Tables};
use crate::postgres::directory::PostgresDirectory;
use crate::postgres::log_copy::import::{self, Checked, Options, Progress, Taken};
use crate::revocations::Revocations;

/// Rows of tables that one statement puts.
const ROWS_MAX: usize = 500;

/// A row by its columns.
type Row = Map<String, Value>;

/// Where to and what from.
#[derive(Debug)]
pub struct Restore<'a> {
    /// Connections to the database, which is migrated.
    pub pool: Pool,
    /// The data directory of the server that will serve it.
    pub data_dir: &'a Path,
    /// The backups.
    pub folder: &'a Folder,
    /// Which of them.
    pub wanted: &'a Wanted,
    /// Lists of erasures beside those of the backups.
    pub lists: Lists,
    /// How long an account waits at least whose owner had wished it away when the backup was made, ms: that wish may have been
    /// called off since.
    pub grace_ms: i64,
}

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub enum News {
    /// The files are read.
    Hashed(Progress),
    /// The lines are read.
    Checked(Progress),
    /// The rows are taken over.
    Taken(Progress),
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The backup.
    pub name: String,
    /// When it was begun, ms.
    pub began_at: i64,
    /// Backups of its chain.
    pub chain: usize,
    /// Spaces and accounts.
    pub taken: Taken,
    /// Rows of other tables.
    pub rows: u64,
    /// Accounts on the lists of erasures.
    pub erased: usize,
    /// Accounts whose day to go was moved ahead.
    pub postponed: u64,
    /// The life of the logs that has begun.
    pub epoch: Uuid,
}

impl Restore<'_> {
    /// Restores.
    ///
    /// # Errors
    /// The backup is not what it must be or the database is not empty: nothing was written. Otherwise the same call goes on.
    pub async fn run(
        self,
        client: &mut Client,
        stop: &CancellationToken,
        tell: &mut impl FnMut(News),
    ) -> Result<Restored, BackupError> {
        let Found { known, unreadable } = self.folder.found()?;
        let broken: Vec<String> = unreadable.iter().map(|(name, _)| name.clone()).collect();
        let links = links(&known, unreadable, self.wanted)?;
        let Some(last) = links.last().copied() else { return Err(application::backup::Broken::None.into()) };
        let (name, sha256, epoch) = (last.name().to_owned(), last.sha256.clone(), last.manifest.epoch);
        let restoring = Restoring { name, sha256, epoch };
        may_begin(client, &restoring).await?;
        let listed = self.lists.read(self.folder, &known, &broken).await?;
        let checked = self.check(client, &links, stop, tell).await?;
        begin(client, &restoring).await?;
        self.bar(client, &listed).await?;
        let lines = Box::new(ChainLines::open(self.folder, &links)?);
        let options = Options { skip_erased: true, ..Options::default() };
        let mut taking = |progress| tell(News::Taken(progress));
        let taken = import::take(client, lines, (&checked, options), stop, &mut taking).await?;
        let rows = put_rows(client, self.folder, last).await?;
        let postponed = erased::postpone(client, now_ms().saturating_add(self.grace_ms)).await?;
        self.erase_again(client, stop).await?;
        let (_, epoch) = Lives::new(self.pool.clone(), self.data_dir).follow(epoch, |_| {}).await?;
        self.note(last).await?;
        restoring::end(client, &restoring).await?;
        let (name, began_at, chain) = (restoring.name, last.manifest.began_at, links.len());
        Ok(Restored { name, began_at, chain, taken, rows, erased: listed.len(), postponed, epoch })
    }

    /// Reads everything; nothing is written.
    async fn check(
        &self,
        client: &Client,
        links: &[&Known],
        stop: &CancellationToken,
        tell: &mut impl FnMut(News),
    ) -> Result<Checked, BackupError> {
        seals(self.folder, links, &ROWS, stop, &mut |progress| tell(News::Hashed(progress)))?;
        let lines = Box::new(ChainLines::open(self.folder, links)?);
        let checked = import::check(client, lines, stop, &mut |progress| tell(News::Checked(progress))).await?;
        if let Some(last) = links.last() {
            agree(self.folder, last, &checked.counts)?;
            let mut tables = Tables::read(client).await?;
            let mut rows = TableRows::open(&self.folder.file(last.name(), TABLES))?;
            while next_row(&mut rows, &mut tables)?.is_some() {}
        }
        Ok(checked)
    }

    /// Keeps everybody out who was erased. The list beside the database has them all from now on.
    async fn bar(&self, client: &Client, listed: &[Listed]) -> Result<(), BackupError> {
        self.lists.beside.take_over(listed.to_vec()).await?;
        Ok(erased::bar(client, listed, now_ms()).await?)
    }

    /// What the tables brought of anybody who was erased goes.
    async fn erase_again(&self, client: &Client, stop: &CancellationToken) -> Result<(), BackupError> {
        erased::look_again(client, now_ms()).await?;
        let eraser = Eraser::new(self.pool.clone(), self.data_dir, Revocations::default());
        loop {
            let round = eraser.again(stop).await?;
            if stop.is_cancelled() {
                return Err(BackupError::Interrupted);
            }
            if let Some((_, fault)) = round.failed.into_iter().next() {
                return Err(fault.into());
            }
            if round.finished == 0 {
                return Ok(());
            }
        }
    }

    async fn note(&self, known: &Known) -> Result<(), Fault> {
        let about = json!({ "backup": known.name(), "began_at": known.manifest.began_at });
        let (session, device, place) = (None, None, Place::default());
        let (at, act, actor) = (now_ms(), Act::Restored, Actor::Operator);
        let entry = Entry { account: None, at, act, actor, session, device, place, about };
        PostgresDirectory::new(self.pool.clone()).record(entry).await
    }
}

/// Fails unless the database is empty, or in the middle of this very restore.
async fn may_begin(client: &Client, wanted: &Restoring) -> Result<(), BackupError> {
    if is_begun(restoring::restoring(client).await?, wanted)? || restoring::is_empty(client).await? {
        return Ok(());
    }
    Err(BackupError::NotEmpty)
}

/// The same once more: the check took its time, and somebody may have written meanwhile.
async fn begin(client: &Client, wanted: &Restoring) -> Result<(), BackupError> {
    let begun = restoring::begin(client, wanted, now_ms()).await?;
    if is_begun(begun, wanted)? { Ok(()) } else { Err(BackupError::NotEmpty) }
}

/// Whether it has begun already. Another one has not ended: an error.
fn is_begun(begun: Option<Restoring>, wanted: &Restoring) -> Result<bool, BackupError> {
    match begun {
        Some(begun) if begun == *wanted => Ok(true),
        Some(begun) => Err(BackupError::OtherRestore(begun.name)),
        None => Ok(false),
    }
}

/// Puts the rows of the tables that follow from no log.
async fn put_rows(client: &Client, folder: &Folder, known: &Known) -> Result<u64, BackupError> {
    let mut tables = Tables::read(client).await?;
    let mut rows = TableRows::open(&folder.file(known.name(), TABLES))?;
    let (mut put, mut alike, mut of) = (0, Vec::new(), String::new());
    while let Some((table, row)) = next_row(&mut rows, &mut tables)? {
        if table != of || alike.len() >= ROWS_MAX {
            put += tables.put(client, &of, std::mem::take(&mut alike)).await?;
        }
        of = table;
        alike.push(row);
    }
    Ok(put + tables.put(client, &of, alike).await?)
}

/// The next row that fits its table.
fn next_row(rows: &mut TableRows, tables: &mut Tables) -> Result<Option<(String, Row)>, BackupError> {
    let Some((table, row)) = rows.next()? else { return Ok(None) };
    let (table, checked) = (table.to_owned(), tables.check(table, row));
    match checked {
        Ok(row) => Ok(Some((table, row))),
        Err(bad) => Err(rows.says(&bad.to_string())),
    }
}
