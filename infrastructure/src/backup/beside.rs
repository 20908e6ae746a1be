//! What lies in a backup beside the lines of logs and accounts.

use std::path::Path;

use application::backup::Seal;
use application::erase::{ErasureList, Listed};
use tokio_postgres::Client;

use super::error::BackupError;
use super::pack::Pack;
use crate::erasure::ErasureFile;
use crate::postgres::backup::erased;
use crate::postgres::backup::tables::{CARRIED, Rows};

/// Writes the tables that follow from no log.
pub(super) async fn tables(client: &Client, mut pack: Pack) -> Result<Seal, BackupError> {
    for name in CARRIED.iter().copied() {
        let mut rows = Rows::of(client, name).await?;
        loop {
            let some = rows.next(client).await?;
            if some.is_empty() {
                break;
            }
            for row in some {
                pack.push(&format!("{{\"{name}\":{row}}}\n")).await?;
            }
        }
    }
    pack.finish().await
}

/// Everybody who was erased, as the database and the list beside it have it.
pub(super) async fn list_erased(client: &Client, beside: &ErasureFile, path: &Path) -> Result<(), BackupError> {
    let mut listed: Vec<Listed> = beside.lines().await?;
    listed.extend(erased::all(client).await?);
    listed.sort_by_key(|line| line.account);
    listed.dedup_by_key(|line| line.account);
    Ok(ErasureFile::at(path).take_over(listed).await?)
}
