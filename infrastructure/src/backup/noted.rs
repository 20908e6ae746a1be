//! A backup, and a row in the database that says what came of it.

use application::backup::{Known, Manifest};
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;

use super::error::BackupError;
use super::folder::Folder;
use super::make::{Wish, make};
use crate::clock::{now_ms, uuid_v7};
use crate::postgres::backup::runs::{self, Cause, Run};
use crate::postgres::rebuild::Progress;

/// Makes a backup and notes in the database what came of it.
///
/// # Errors
/// There is none: what was begun is taken away, and those that were there are as they were.
pub async fn make_noted(
    client: &mut Client,
    (folder, wish, cause): (&Folder, &Wish, Cause),
    stop: &CancellationToken,
    tell: &mut (impl FnMut(Progress) + Send),
) -> Result<Known, BackupError> {
    let (id, began_at) = (uuid_v7(), now_ms());
    runs::begin(client, id, cause, began_at).await?;
    let made = make(client, folder, wish, stop, tell).await;
    let number =
        |of: &dyn Fn(&Manifest) -> u64| made.as_ref().ok().and_then(|known| i64::try_from(of(&known.manifest)).ok());
    let run = Run {
        id,
        name: made.as_ref().ok().map(|known| known.name().to_owned()),
        cause: cause.name().to_owned(),
        began_at,
        ended_at: Some(now_ms()),
        spaces: number(&|manifest| manifest.changed),
        events: number(&|manifest| manifest.events),
        bytes: number(&Manifest::bytes),
        fault: made.as_ref().err().map(ToString::to_string),
    };
    if let Err(fault) = runs::end(client, &run).await {
        tracing::warn!(error.cause = %fault, "what came of a backup could not be noted");
    }
    made
}
