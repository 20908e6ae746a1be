//! What the handlers of one server share.

mod reading;

use std::sync::Arc;

use application::identity::{Policy, Ports};
use deadpool_postgres::Pool;
use infrastructure::admin_feed::AdminFeed;
use infrastructure::backup::Backups;
use infrastructure::breaker::Breaker;
use infrastructure::clock::{now_ms, uuid_v7};
use infrastructure::config::{EmailVerification, Serving, SignInDelay};
use infrastructure::flags::LiveFlags;
use infrastructure::folds::Folds;
use infrastructure::founder::Founder;
use infrastructure::hints::Hints;
use infrastructure::hub::Hub;
use infrastructure::key_signature::P256Signature;
use infrastructure::life::Lives;
use infrastructure::node_notes::Node;
use infrastructure::passwords::Passwords;
use infrastructure::pipeline::{Limits, Pipeline};
use infrastructure::postgres::activity::PostgresActivity;
use infrastructure::postgres::audit_log::PostgresAudit;
use infrastructure::postgres::compare::PostgresChecksums;
use infrastructure::postgres::dead_letters::PostgresDeadLetters;
use infrastructure::postgres::directory::PostgresDirectory;
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::legacy::PostgresLegacy;
use infrastructure::postgres::measures::PostgresMeasures;
use infrastructure::postgres::past::PostgresPast;
use infrastructure::postgres::redact::PostgresRedactions;
use infrastructure::postgres::rejections::PostgresRejections;
use infrastructure::postgres::replica::Replica;
use infrastructure::postgres::rows::PostgresRows;
use infrastructure::postgres::snapshot::PostgresSnapshot;
use infrastructure::postgres::sync_history::PostgresSyncHistory;
use infrastructure::presence::Presence;
use infrastructure::reader::Readers;
use infrastructure::rebuilds::Rebuilds;
use infrastructure::redactions::Memories;
use infrastructure::revocations::Revocations;
use infrastructure::sign_in_delays::SignInDelays;
use infrastructure::sync_notes::SyncNotes;
use infrastructure::tokens::{KeyError, Tokens};
use infrastructure::turns::Turns;
use infrastructure::verifier::Verifier;
use infrastructure::wall_clock::WallClock;
use infrastructure::writer::Writer;
use tokio_util::sync::{CancellationToken, DropGuard};

use self::reading::{readers, turns};
use crate::body::Budget;
use crate::caller::role::Denials;
use crate::exports::Exports;
use crate::feeds::Feeds;
use crate::limits;

/// What the write path may remember of entities.
const ENTITY_MEMORY_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Imports that are received or written at once: each has a file in the data directory.
const IMPORTS_MAX: usize = 4;

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
    /// What other nodes are told, and tell.
    pub hints: Hints,
    /// Whether this node's clock can be trusted.
    pub wall_clock: WallClock,
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
    /// The same, as clients of API v1 know them.
    pub legacy: PostgresLegacy,
    /// The log, looked back at, and the restore points.
    pub past: PostgresPast,
    /// The audit log.
    pub audit: PostgresAudit,
    /// The write path, for what the server writes for a person.
    pub writer: Writer,
    /// The current rows, for snapshots.
    pub snapshot: PostgresSnapshot,
    /// The rows' checksums, for comparing replicas.
    pub checksums: PostgresChecksums,
    /// What nodes measured of themselves.
    pub measures: PostgresMeasures,
    /// Refused transactions that nobody has acknowledged.
    pub rejections: PostgresRejections,
    /// What log pages show, and days.
    pub activity: PostgresActivity,
    /// When devices synced.
    pub sync_history: PostgresSyncHistory,
    /// The syncs that this node notes.
    pub sync_notes: SyncNotes,
    /// The flags, in memory.
    pub flags: LiveFlags,
    /// Refused transactions of everybody, for admins.
    pub dead_letters: PostgresDeadLetters,
    /// What takes values out.
    pub redactions: PostgresRedactions,
    /// What of this node remembers texts.
    pub memories: Memories,
    /// What goes on, for admins.
    pub admin_feed: AdminFeed,
    /// This node.
    pub node: Node,
    /// Since when, Unix ms.
    pub started_at: i64,
    /// Who was refused for want of a role lately.
    pub denials: Denials,
    /// Which life of the logs this is.
    pub lives: Lives,
    /// Whether rows of a space may be served.
    pub folds: Folds,
    /// What runs rebuilds.
    pub rebuilds: Rebuilds,
    /// Whether what is stored is what was committed.
    pub verifier: Verifier,
    /// Backups that are made by themselves.
    pub backups: Backups,
    /// The live feeds that are open.
    pub feeds: Feeds,
    /// How often who may ask.
    pub limits: limits::Limits,
    /// Failed sign-ins and what they cost.
    pub sign_in_delays: SignInDelays,
    /// Refuses at once while the database is away.
    pub breaker: Breaker,
    /// Turns at reading pages of snapshots.
    pub snapshot_turns: Turns,
    /// The exports that are being answered.
    pub exports: Exports,
    /// The imports that are received or written.
    pub imports: Exports,
    /// Turns at any other reading.
    pub read_turns: Turns,
    /// Bytes of bodies that may be held.
    pub bodies: Budget,
    spaces: Founder,
    policy: Policy,
    _working: DropGuard,
}

impl App {
    /// Opens what the handlers need, on the current tokio runtime: the signing key is read or made, nothing else waits. What
    /// goes on beside the handlers is started by `tasks`.
    ///
    /// # Errors
    /// There is no signing key.
    pub fn open(serving: Serving, pool: Pool, replica: Replica, shutdown: CancellationToken) -> Result<Self, KeyError> {
        let (node, hints) = node(&serving);
        let hub = Hub::telling(hints.clone()).beside(replica);
        let (breaker, folds) = (Breaker::default(), Folds::new(pool.clone()));
        let ledger = Arc::new(ledger(&serving, &pool, &breaker, &folds));
        let memories = Memories::new(hub.clone(), Arc::clone(&ledger), hints.clone());
        let (read_turns, snapshot_turns) = turns(&serving);
        // Requests that are being answered while the server stops still write: the pipeline ends after the last of them.
        let working = CancellationToken::new();
        let pipeline = Pipeline::start(ledger, hub.clone(), pipeline_limits(&serving), working.clone());
        let readers = readers(&pool, hub, &read_turns, &pipeline);
        Ok(Self {
            directory: PostgresDirectory::new(pool.clone()),
            tokens: Tokens::open(&serving.settings.data_dir)?,
            passwords: Passwords::new(serving.limits.hash_threads, serving.limits.hash_niceness),
            sign_in_delays: SignInDelays::new(serving.limits.sign_in_delay == SignInDelay::On),
            imports: Exports::new("import", IMPORTS_MAX),
            exports: Exports::new("export", serving.limits.exports),
            bodies: Budget::of_mib(serving.limits.bodies_mib),
            limits: limits::Limits::new(&serving.limits),
            breaker,
            read_turns,
            snapshot_turns,
            policy: policy(&serving),
            revocations: Revocations::telling(hints.clone()),
            wall_clock: WallClock::default(),
            presence: Presence::default(),
            spaces: Founder::new(pipeline.clone()),
            past: PostgresPast::new(pool.clone()),
            audit: PostgresAudit::new(pool.clone()),
            writer: Writer::new(pipeline.clone()),
            rows: PostgresRows::new(pool.clone()),
            legacy: PostgresLegacy::new(pool.clone()),
            snapshot: PostgresSnapshot::new(pool.clone()),
            checksums: PostgresChecksums::new(pool.clone()),
            measures: PostgresMeasures::new(pool.clone()),
            rejections: PostgresRejections::new(pool.clone()),
            activity: PostgresActivity::new(pool.clone()),
            sync_history: PostgresSyncHistory::new(pool.clone()),
            sync_notes: SyncNotes::default(),
            flags: LiveFlags::telling(hints.clone()),
            hints,
            dead_letters: PostgresDeadLetters::new(pool.clone()),
            redactions: PostgresRedactions::new(pool.clone()),
            memories,
            admin_feed: AdminFeed::default(),
            node,
            started_at: now_ms(),
            denials: Denials::default(),
            lives: Lives::new(pool.clone(), &serving.settings.data_dir),
            folds,
            rebuilds: Rebuilds::new(pool.clone()),
            verifier: Verifier::new(pool.clone(), &serving),
            backups: Backups::new(pool.clone(), &serving),
            feeds: Feeds::new(&serving.limits),
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

fn ledger(serving: &Serving, pool: &Pool, breaker: &Breaker, folds: &Folds) -> PostgresLedger {
    let ledger = PostgresLedger::new(pool.clone(), ENTITY_MEMORY_BYTES_MAX).of_scope(serving.settings.group_scope);
    ledger.watched_by(breaker.clone()).guarded_by(folds.clone())
}

fn node(serving: &Serving) -> (Node, Hints) {
    let node = Node { id: uuid_v7(), version: env!("CARGO_PKG_VERSION"), listen: serving.http.listen.clone() };
    let hints = Hints::of(node.id, serving.hints.hints);
    (node, hints)
}

fn pipeline_limits(serving: &Serving) -> Limits {
    let limits = Limits::of_scope(serving.settings.group_scope, serving.settings.pool_size);
    Limits { waiting_max: serving.limits.waiting_transactions, ..limits }
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
