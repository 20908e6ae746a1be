//! What an operator does to the keys: sees them, has another one sign, ends one that leaked. Servers notice by looking.

use std::path::Path;

use application::fault::Fault;
use application::identity::limits::OLD_CLIENT_ACCESS_TOKEN_LIFETIME_S;
use deadpool_postgres::Pool;

use super::key_files::{self, KeyError, KeyFile, KeyFiles};
use crate::clock;
use crate::postgres::fault;
use crate::postgres::signing_keys::{self, PublishedKey};

/// How long the old key goes on signing while every node learns the new one.
const HANDOVER_MS: i64 = 2_000;
/// How long a retired key stays good: the longest life of an access token, that of old clients, and an hour for a node
/// that hears of it late. The setting allows less than that.
const GOOD_AFTER_RETIRING_MS: i64 = TOKEN_LIFE_MS_MAX + 60 * 60 * 1_000;
const TOKEN_LIFE_MS_MAX: i64 = OLD_CLIENT_ACCESS_TOKEN_LIFETIME_S * 1_000;

/// Why nothing, or not all of it, was done.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The files.
    #[error(transparent)]
    Files(#[from] KeyError),
    /// The table.
    #[error("the table of signing keys cannot be used: {0}")]
    Table(#[from] Fault),
    /// No such key.
    #[error("there is no signing key {0}")]
    Unknown(String),
}

/// How a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStanding {
    /// It may sign.
    Signs,
    /// It signs nothing any more; what it signed is good until this moment, ms.
    Retired(i64),
    /// Nothing that it signed is good, since this moment, ms.
    Ended(i64),
}

/// A key, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyState {
    /// Its name.
    pub id: String,
    /// When it was made, ms.
    pub created_at: i64,
    /// How it stands.
    pub standing: KeyStanding,
    /// Whether its private half is in this data directory.
    pub is_here: bool,
}

/// A key was ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// Sessions that may have held a token of it, and now have to refresh.
    pub sessions: i64,
    /// The key of this data directory that signs in its place, if it was the last one here.
    pub successor: Option<String>,
}

/// Every key that is known, oldest first.
///
/// # Errors
/// The files or the table cannot be read.
pub async fn list(data_dir: &Path, pool: &Pool) -> Result<Vec<KeyState>, RotationError> {
    let here = KeyFiles::of(data_dir).all()?;
    let now_ms = clock::now_ms();
    let state = |key: PublishedKey| KeyState {
        standing: standing(&key, now_ms),
        is_here: here.iter().any(|file| file.pair.id == key.id),
        created_at: key.created_at,
        id: key.id,
    };
    Ok(signing_keys::all(pool).await?.into_iter().map(state).collect())
}

/// Makes a new key for this data directory and retires the others of it. The name of the new one, and of those retired.
///
/// # Errors
/// The new key could not be made or published. One that was made and not published is published by the next server
/// that runs on this data directory.
pub async fn rotate(data_dir: &Path, pool: &Pool) -> Result<(String, Vec<String>), RotationError> {
    let files = KeyFiles::of(data_dir);
    let old = files.all()?;
    let new = files.create()?;
    let now_ms = clock::now_ms();
    let mut client = pool.get().await.map_err(|error| fault::no_connection(&error))?;
    let tx = client.transaction().await.map_err(|error| fault::write(&error))?;
    // An old one that no server has published yet has to be known, to be retired.
    for file in old.iter().chain([&new]) {
        publish(&tx, file).await?;
    }
    let old: Vec<String> = old.into_iter().map(|file| file.pair.id).collect();
    let retired_at = now_ms + HANDOVER_MS;
    let retired = signing_keys::retire(&tx, &old, retired_at, retired_at + GOOD_AFTER_RETIRING_MS).await?;
    tx.commit().await.map_err(|error| fault::write(&error))?;
    Ok((new.pair.id, retired))
}

/// Ends a key now, for one that leaked: nothing that it signed is good any more, on any node. Its file is removed if it is
/// here; a data directory that is left without a key gets one.
///
/// # Errors
/// There is no such key, or it could not be ended.
pub async fn revoke(data_dir: &Path, pool: &Pool, id: &str) -> Result<Revoked, RotationError> {
    let files = KeyFiles::of(data_dir);
    let here = files.all()?;
    let now_ms = clock::now_ms();
    let known = signing_keys::all(pool).await?;
    let signs = |file: &KeyFile| known.iter().any(|key| key.id == file.pair.id && key.signs(now_ms));
    let revoked_here = here.iter().find(|file| file.pair.id == id);
    let needs_another = revoked_here.is_some() && !here.iter().any(|file| file.pair.id != id && signs(file));
    let mut client = pool.get().await.map_err(|error| fault::no_connection(&error))?;
    if !known.iter().any(|key| key.id == id) && revoked_here.is_none() {
        return Err(RotationError::Unknown(id.to_owned()));
    }
    let successor = if needs_another { Some(files.create()?) } else { None };
    let tx = client.transaction().await.map_err(|error| fault::write(&error))?;
    for file in revoked_here.into_iter().chain(&successor) {
        publish(&tx, file).await?;
    }
    let created_at = signing_keys::revoke(&tx, id, now_ms).await?.unwrap_or(now_ms);
    let sessions = signing_keys::sessions_since(&tx, created_at.max(now_ms - TOKEN_LIFE_MS_MAX)).await?;
    tx.commit().await.map_err(|error| fault::write(&error))?;
    revoked_here.map_or(Ok(()), |file| key_files::remove(&file.path))?;
    Ok(Revoked { sessions, successor: successor.map(|file| file.pair.id) })
}

async fn publish(client: &impl deadpool_postgres::GenericClient, file: &KeyFile) -> Result<(), Fault> {
    signing_keys::publish(client, &file.pair.id, &file.pair.public, file.made_at).await
}

fn standing(key: &PublishedKey, now_ms: i64) -> KeyStanding {
    match (key.ends_at, key.retired_at) {
        (Some(ended), _) if now_ms >= ended => KeyStanding::Ended(ended),
        (Some(ends), Some(retired)) if now_ms >= retired => KeyStanding::Retired(ends),
        _ => KeyStanding::Signs,
    }
}
