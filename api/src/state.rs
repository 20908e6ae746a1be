//! What the handlers of one server share.

use std::sync::Arc;

use application::identity::{Policy, Ports};
use deadpool_postgres::Pool;
use infrastructure::config::{EmailVerification, Serving};
use infrastructure::erasure::Eraser;
use infrastructure::founder::Founder;
use infrastructure::hub::Hub;
use infrastructure::key_signature::P256Signature;
use infrastructure::passwords::Passwords;
use infrastructure::pipeline::{Limits, Pipeline};
use infrastructure::postgres::directory::PostgresDirectory;
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::log::PostgresLog;
use infrastructure::postgres::rows::PostgresRows;
use infrastructure::postgres::snapshot::PostgresSnapshot;
use infrastructure::presence::Presence;
use infrastructure::reader::{Readers, sweep};
use infrastructure::revocations::Revocations;
use infrastructure::tokens::{KeyError, Tokens};
use infrastructure::upkeep;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::feeds::Feeds;

/// What the write path may remember of entities.
const ENTITY_MEMORY_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Everything that a handler may use; one per server, shared by its workers as `web::Data<App>`.
pub struct App {
    /// Connections to the database.
    pub pool: Pool,
    /// Accounts, devices, sessions.
    pub directory: PostgresDirectory,
    /// Signs and verifies access tokens.
    pub tokens: Tokens,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Which sessions have ended.
    pub revocations: Revocations,
    /// Which devices are active.
    pub presence: Presence,
    /// What the operator chose.
    pub serving: Serving,
    /// Cancelled when the server stops; live feeds end themselves then.
    pub shutdown: CancellationToken,
    /// The write path.
    pub pipeline: Pipeline<PostgresLedger>,
    /// Live readers of the log.
    pub readers: Readers,
    /// The current tables.
    pub rows: PostgresRows,
    /// The current rows, for snapshots.
    pub snapshot: PostgresSnapshot,
    /// The live feeds that are open.
    pub feeds: Feeds,
    spaces: Founder,
    policy: Policy,
    _working: DropGuard,
}

impl App {
    /// Opens what the handlers need, on the current tokio runtime: the signing key is read or made, nothing else waits.
    ///
    /// # Errors
    /// There is no signing key.
    pub fn open(serving: Serving, pool: Pool, shutdown: CancellationToken) -> Result<Self, KeyError> {
        let hub = Hub::default();
        let ledger = Arc::new(PostgresLedger::new(pool.clone(), ENTITY_MEMORY_BYTES_MAX));
        // Requests that are being answered while the server stops still write: the pipeline ends after the last of them.
        let working = CancellationToken::new();
        let pipeline = Pipeline::start(ledger, hub.clone(), Limits::default(), working.clone());
        let readers = Readers::new(hub, PostgresLog::new(pool.clone()));
        tokio::spawn(sweep(readers.clone(), shutdown.clone()));
        let revocations = Revocations::default();
        tokio::spawn(revocations.clone().follow(pool.clone(), shutdown.clone()));
        tokio::spawn(upkeep::keep(pool.clone(), revocations.clone(), shutdown.clone()));
        let presence = Presence::default();
        tokio::spawn(presence.clone().follow(pool.clone(), shutdown.clone()));
        let eraser = Eraser::new(pool.clone(), &serving.settings.data_dir, revocations.clone());
        tokio::spawn(eraser.watch(shutdown.clone()));
        let directory = PostgresDirectory::new(pool.clone());
        tokio::spawn(directory.clone().log_refused_sign_ins(shutdown.clone()));
        Ok(Self {
            directory,
            tokens: Tokens::open(&serving.settings.data_dir)?,
            passwords: Passwords::new(),
            policy: policy(&serving),
            revocations,
            presence,
            spaces: Founder::new(pipeline.clone()),
            rows: PostgresRows::new(pool.clone()),
            snapshot: PostgresSnapshot::new(pool.clone()),
            feeds: Feeds::default(),
            pipeline,
            readers,
            pool,
            serving,
            shutdown,
            _working: working.drop_guard(),
        })
    }
}

impl Ports for App {
    type Directory = PostgresDirectory;
    type KeySignature = P256Signature;
    type PasswordHash = Passwords;
    type TokenIssuer = Tokens;
    type Spaces = Founder;
    type LiveSessions = Revocations;

    fn directory(&self) -> &PostgresDirectory {
        &self.directory
    }

    fn key_signature(&self) -> &P256Signature {
        &P256Signature
    }

    fn password_hash(&self) -> &Passwords {
        &self.passwords
    }

    fn token_issuer(&self) -> &Tokens {
        &self.tokens
    }

    fn spaces(&self) -> &Founder {
        &self.spaces
    }

    fn live_sessions(&self) -> &Revocations {
        &self.revocations
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }
}

fn policy(serving: &Serving) -> Policy {
    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
    Policy {
        default_time_zone: serving.settings.time_zone.clone(),
        access_token_lifetime_s: serving.identity.access_token_s,
        email_must_be_verified: serving.identity.email_verification == EmailVerification::Required,
        deletion_grace_ms: serving.identity.deletion_grace_days * DAY_MS,
    }
}
