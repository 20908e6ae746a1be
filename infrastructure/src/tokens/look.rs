//! One look at the key files and at the table: what is new here is published, what is new there is taken.
//!
//! The order is what keeps everybody signed in: a key signs only once its public half is in the table, and, where there
//! is another to sign with meanwhile, only after every node has had time to see it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use application::fault::Fault;
use deadpool_postgres::Pool;
use tokio::time::Instant;

use super::key_files::{self, KeyError, KeyFile, KeyFiles};
use super::key_pair::KeyPair;
use super::key_ring::KeyRing;
use crate::clock;
use crate::postgres::fault;
use crate::postgres::signing_keys::{self, PublishedKey};

/// How long a key is known before it signs, if another can sign meanwhile: longer than nodes take to look again.
const SETTLE: Duration = Duration::from_secs(1);
/// How long an ended key is remembered: a copy of its file that comes back from a backup must not come to life.
const REMEMBERED_MS: i64 = 365 * 24 * 60 * 60 * 1_000;

/// Why a look told nothing.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The files.
    #[error(transparent)]
    Files(#[from] KeyError),
    /// The table.
    #[error("the signing keys could not be looked up: {0}")]
    Table(#[from] Fault),
}

/// What a node knows of its own keys between two looks.
pub(super) struct Looking {
    files: KeyFiles,
    own: Vec<Own>,
    /// Files that cannot be read; each is told of once.
    broken: Vec<PathBuf>,
    /// When the last look began, and whether it told something.
    pub(super) last: Option<(Instant, bool)>,
}

struct Own {
    pair: Arc<KeyPair>,
    path: PathBuf,
    made_at: i64,
    /// Since when it has been seen in the table.
    seen: Option<Instant>,
}

impl From<KeyFile> for Own {
    fn from(file: KeyFile) -> Self {
        Self { pair: Arc::new(file.pair), path: file.path, made_at: file.made_at, seen: None }
    }
}

impl Looking {
    /// Reads the files, or makes the first key.
    pub(super) fn open(data_dir: &Path) -> Result<Self, KeyError> {
        let files = KeyFiles::of(data_dir);
        let mut own: Vec<Own> = files.open()?.into_iter().map(Own::from).collect();
        own.sort_by(|a, b| (a.made_at, &a.pair.id).cmp(&(b.made_at, &b.pair.id)));
        Ok(Self { files, own, broken: Vec::new(), last: None })
    }

    /// The keys of the files, before anything is known of the table.
    pub(super) fn ring(&self) -> KeyRing {
        let all: Vec<_> = self.own.iter().map(|own| own.pair.clone()).collect();
        all.last().map(|newest| KeyRing::of_files(newest, &all)).unwrap_or_default()
    }

    /// Looks, and tells the ring.
    pub(super) async fn look(&mut self, pool: &Pool, ring: &KeyRing) -> Result<(), LookError> {
        self.read_files()?;
        let mut published = signing_keys::all(pool).await?;
        if self.publish(pool, &published).await? {
            published = signing_keys::all(pool).await?;
        }
        let now_ms = clock::now_ms();
        if !self.own.iter().any(|own| row(own, &published).is_some_and(|row| row.signs(now_ms))) {
            self.make_another()?;
            self.publish(pool, &published).await?;
            published = signing_keys::all(pool).await?;
        }
        ring.set(self.choose(&published, now_ms), &published);
        self.sweep(pool, &published, now_ms).await
    }

    /// Takes files that came and leaves files that went.
    fn read_files(&mut self) -> Result<(), KeyError> {
        let paths = self.files.paths()?;
        self.own.retain(|own| paths.contains(&own.path));
        self.broken.retain(|path| paths.contains(path));
        for path in paths {
            if self.broken.contains(&path) || self.own.iter().any(|own| own.path == path) {
                continue;
            }
            match key_files::read(&path) {
                Ok(file) => self.own.push(Own::from(file)),
                Err(error) => {
                    tracing::error!(error.cause = %error, "a signing key cannot be used; the others are");
                    self.broken.push(path);
                }
            }
        }
        Ok(())
    }

    /// Publishes own keys that are not in the table; whether there were any.
    async fn publish(&self, pool: &Pool, published: &[PublishedKey]) -> Result<bool, LookError> {
        let missing: Vec<_> = self.own.iter().filter(|own| row(own, published).is_none()).collect();
        if missing.is_empty() {
            return Ok(false);
        }
        let client = pool.get().await.map_err(|error| fault::no_connection(&error))?;
        for own in missing {
            signing_keys::publish(&client, &own.pair.id, &own.pair.public, own.made_at).await?;
            tracing::info!(key.id = own.pair.id, "the public half of a signing key is published");
        }
        Ok(true)
    }

    /// Every own key was retired or revoked: a server without a key could let nobody in.
    fn make_another(&mut self) -> Result<(), KeyError> {
        // Broken ones too: a file that somebody else owns must not keep this server from having a key.
        let known: Vec<_> = self.own.iter().map(|own| own.path.clone()).chain(self.broken.iter().cloned()).collect();
        match self.files.create_beside(&known)? {
            Some(file) => self.own.push(Own::from(file)),
            // Another process of this data directory was faster.
            None => self.read_files()?,
        }
        Ok(())
    }

    /// The key that signs from now on: the newest that every node knows, else the newest.
    fn choose(&mut self, published: &[PublishedKey], now_ms: i64) -> Option<Arc<KeyPair>> {
        let now = Instant::now();
        let mut best: Option<(bool, i64, &Arc<KeyPair>)> = None;
        for own in &mut self.own {
            let Some(row) = published.iter().find(|row| row.id == own.pair.id) else { continue };
            let settled = now - *own.seen.get_or_insert(now) >= SETTLE;
            let newer = best.is_none_or(|(other, at, _)| (other, at) < (settled, row.created_at));
            if row.signs(now_ms) && newer {
                best = Some((settled, row.created_at, &own.pair));
            }
        }
        best.map(|(_, _, pair)| pair.clone())
    }

    /// Removes own files of keys that ended, and forgets keys that ended long ago.
    async fn sweep(&mut self, pool: &Pool, published: &[PublishedKey], now_ms: i64) -> Result<(), LookError> {
        let (good, ended): (Vec<_>, Vec<_>) = std::mem::take(&mut self.own)
            .into_iter()
            .partition(|own| row(own, published).is_none_or(|row| row.is_good(now_ms)));
        self.own = good;
        for own in ended {
            key_files::remove(&own.path)?;
            tracing::info!(key.id = own.pair.id, "a signing key has ended; its private half is removed");
        }
        let old = now_ms - REMEMBERED_MS;
        if published.iter().any(|key| !key.is_good(old)) {
            let client = pool.get().await.map_err(|error| fault::no_connection(&error))?;
            signing_keys::forget(&client, old).await?;
        }
        Ok(())
    }
}

fn row<'a>(own: &Own, published: &'a [PublishedKey]) -> Option<&'a PublishedKey> {
    published.iter().find(|row| row.id == own.pair.id)
}
