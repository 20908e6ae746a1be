//! What lies in a backup beside the lines of logs and accounts.

use std::path::Path;

use application::backup::Seal;
use application::erase::{ErasureList, Listed};
use tokio_postgres::{Client, GenericClient, IsolationLevel};

use super::error::BackupError;
use super::pack::Pack;
use crate::erasure::ErasureFile;
use crate::postgres::backup::erased;
use crate::postgres::backup::tables::{CARRIED, Rows, TOGETHER};
use crate::postgres::fault::read;

/// Writes the tables that follow from no log: long ones in short statements, and those that speak of each other as of one moment.
pub(super) async fn tables(client: &mut Client, mut pack: Pack) -> Result<Seal, BackupError> {
    for name in CARRIED.iter().copied().filter(|name| !TOGETHER.contains(name)) {
        table(client, name, &mut pack).await?;
    }
    let snapshot = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
    let snapshot = snapshot.start().await.map_err(|error| read(&error))?;
    for name in TOGETHER.iter().copied() {
        table(&snapshot, name, &mut pack).await?;
    }
    snapshot.commit().await.map_err(|error| read(&error))?;
    pack.finish().await
}

async fn table(client: &impl GenericClient, name: &'static str, pack: &mut Pack) -> Result<(), BackupError> {
    let mut rows = Rows::of(client, name).await?;
    loop {
        let some = rows.next(client).await?;
        if some.is_empty() {
            return Ok(());
        }
        for row in some {
            pack.push(&format!("{{\"{name}\":{row}}}\n")).await?;
        }
    }
}

/// Everybody who was erased, as the database and the list beside it have it.
pub(super) async fn list_erased(client: &Client, beside: &ErasureFile, path: &Path) -> Result<(), BackupError> {
    let mut listed: Vec<Listed> = beside.lines().await?;
    listed.extend(erased::all(client).await?);
    listed.sort_by_key(|line| line.account);
    listed.dedup_by_key(|line| line.account);
    Ok(ErasureFile::at(path).take_over(listed).await?)
}
