//! A database of a test's own with three spaces in it, filled by the write path from recorded lives.

use std::sync::Arc;
use std::time::Duration;

use application::submit::{Actor, Batch, BatchOutcome, Submission, submit};
use application::verify::{Finding, Flaw};
use deadpool_postgres::Pool;
use domain::id::{AccountId, DeviceId, SpaceId};
use domain::transaction::{Sent, founding, read};
use infrastructure::clock::{now_ms, uuid_v7};
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::rebuild::{News, Scope, Standing, rebuild};
use infrastructure::postgres::verify::verify_space;
use infrastructure::postgres::{migrations, pool};
use serde_json::{Value, json};
use tokio_postgres::{Client, Config};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Recorded lives: transactions of three accounts.
const LIVES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/device-transactions.ndjson");

/// A migrated database of this test's own.
pub(crate) struct Database {
    pub(crate) config: Config,
    pub(crate) ledger: Arc<PostgresLedger>,
    /// Connections as a server has them.
    pub(crate) pool: Pool,
}

impl Database {
    /// `None`, with a line that says so, when there is no PostgreSQL to test with.
    pub(crate) async fn create() -> Option<Self> {
        let Ok(url) = std::env::var("LEVELUP_TEST_DATABASE_URL") else {
            println!("skipped: LEVELUP_TEST_DATABASE_URL is not set");
            return None;
        };
        let mut config: Config = url.parse().unwrap();
        let name = format!("rebuild_{}", uuid_v7().simple());
        let admin = pool::connect_alone(&config).await.unwrap();
        admin.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        config.dbname(&name);
        migrations::run(&config).await.unwrap();
        let pool = pool::connect(config.clone(), 8).unwrap();
        let ledger = Arc::new(PostgresLedger::new(pool.clone(), 64 << 20));
        Some(Self { config, ledger, pool })
    }

    /// A connection of its own.
    pub(crate) async fn client(&self) -> Client {
        pool::connect_alone(&self.config).await.unwrap()
    }

    /// A space with the first transactions of a recorded life.
    pub(crate) async fn fill(&self, account: &str, transactions_max: usize) -> SpaceId {
        let space = SpaceId(uuid_v7());
        let text = std::fs::read_to_string(LIVES).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let lines: Vec<Value> = lines.filter(|line| line["account"] == account).take(transactions_max).collect();
        self.write(space, "A", vec![founding(space, "UTC", now_ms())]).await;
        for stretch in lines.chunk_by(|one, next| one["device"] == next["device"]) {
            for lines in stretch.chunks(64) {
                let sent = lines.iter().map(|line| transaction(space, line)).collect();
                self.write(space, lines[0]["device"].as_str().unwrap_or("A"), sent).await;
            }
        }
        space
    }

    /// Sends transactions as a device; every one has to be committed.
    pub(crate) async fn write(&self, space: SpaceId, device: &str, sent: Vec<Sent>) {
        let batch = [batch(space, device, sent)];
        let outcome = submit(&*self.ledger, now_ms(), &batch, false).await.unwrap().pop().unwrap();
        let BatchOutcome::Committed(committed) = outcome else { panic!("{space} was lost") };
        for receipt in committed.receipts {
            assert_eq!(serde_json::to_value(&receipt).unwrap()["status"], "committed", "{receipt:?}");
        }
    }

    /// Rebuilds and says what was told.
    pub(crate) async fn rebuild(&self, scope: &Scope) -> (Standing, Vec<String>) {
        let (mut told, stop) = (Vec::new(), CancellationToken::new());
        let mut tell = |news: News<'_>| match news {
            News::Progress(_) => {}
            News::Difference(difference) => told.push(format!("{} {difference}", difference.space)),
            News::Damage(finding) | News::Failed(finding) => told.push(finding.to_string()),
        };
        let summary = rebuild(&self.pool, scope, &stop, &mut tell).await.unwrap();
        (summary, told)
    }

    pub(crate) async fn verify(&self, space: SpaceId) -> Vec<Finding> {
        verify_space(&self.config, space).await.unwrap()
    }

    /// The codes of what verify finds.
    pub(crate) async fn codes(&self, space: SpaceId) -> Vec<&'static str> {
        let codes = self.verify(space).await.iter().map(|finding| finding.flaw.code()).collect::<Vec<_>>();
        let mut codes: Vec<_> = codes.into_iter().filter(|code| *code != Flaw::Headless.code()).collect();
        codes.dedup();
        codes
    }

    /// Runs a statement about one space and says how many rows it changed.
    pub(crate) async fn tamper(&self, sql: &str, space: SpaceId) -> u64 {
        self.client().await.execute(sql, &[&space.0]).await.unwrap()
    }

    /// Holds the head of a space: whoever wants to switch rows of it waits until the transaction ends.
    pub(crate) async fn hold_head(&self, space: SpaceId) -> Client {
        let holder = self.client().await;
        holder.batch_execute("BEGIN").await.unwrap();
        let lock = "SELECT position FROM heads WHERE space_id = $1 FOR UPDATE";
        holder.query_one(lock, &[&space.0]).await.unwrap();
        holder
    }

    /// Waits until some session of this database waits for a lock.
    pub(crate) async fn until_somebody_waits(&self) {
        let waits = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        self.until(waits, 1).await;
    }

    /// Waits until a statement that counts comes to this much.
    pub(crate) async fn until(&self, counts: &str, wanted: i64) {
        let client = self.client().await;
        for _ in 0..4_000 {
            if client.query_one(counts, &[]).await.unwrap().get::<_, i64>(0) == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it never came to {wanted}: {counts}");
    }

    /// As if an older program had built all rows of tasks.
    pub(crate) async fn built_by_an_older_program(&self) {
        let older = "UPDATE projection_folds SET fold_version = 0, wanted = 0 WHERE projection = 'tasks'";
        self.client().await.execute(older, &[]).await.unwrap();
    }

    /// As if a newer program had come.
    pub(crate) async fn wanted_by_a_newer_program(&self) {
        let newer = "UPDATE projection_folds SET wanted = 1000 WHERE projection = 'tasks'";
        self.client().await.execute(newer, &[]).await.unwrap();
    }

    /// The titles of a space's tasks.
    pub(crate) async fn titles(&self, space: SpaceId) -> Vec<String> {
        let titles = "SELECT title FROM tasks WHERE space_id = $1 ORDER BY title";
        let rows = self.client().await.query(titles, &[&space.0]).await.unwrap();
        rows.iter().map(|row| row.get("title")).collect()
    }

    /// A space with one task of this title.
    pub(crate) async fn with_a_task(&self, title: &str) -> SpaceId {
        let space = SpaceId(uuid_v7());
        self.write(space, "A", vec![founding(space, "UTC", now_ms())]).await;
        let task = json!({ "type": "task.create", "id": uuid_v7(), "data": { "title": title } });
        self.write(space, "A", vec![sent(space, &[task])]).await;
        space
    }

    /// Everything that the live tables and the heads hold, as text.
    pub(crate) async fn live(&self) -> Vec<String> {
        let client = self.client().await;
        let mut rows = Vec::new();
        for table in ["heads", "heroes", "skills", "goals", "milestones", "tasks", "days", "activity"] {
            let sql = format!("SELECT t::text AS row FROM {table} t ORDER BY 1");
            rows.extend(
                client
                    .query(&sql, &[])
                    .await
                    .unwrap()
                    .iter()
                    .map(|row| format!("{table} {}", row.get::<_, &str>("row"))),
            );
        }
        rows
    }
}

/// Transactions of a device, as the write path takes them.
pub(crate) fn batch(space: SpaceId, device: &str, sent: Vec<Sent>) -> Batch {
    let device = DeviceId(Uuid::new_v5(&space.0, device.as_bytes()));
    let actor = Actor { account: AccountId(space.0), device, ..Actor::default() };
    let submission = |sent| Submission { actor, sent, shift_ms: 0, deferred: Arc::default() };
    Batch { space, submissions: sent.into_iter().map(submission).collect() }
}

fn transaction(space: SpaceId, line: &Value) -> Sent {
    let mut line = line.clone();
    let object = line.as_object_mut().unwrap();
    object.remove("account");
    object.remove("device");
    read(line, space).unwrap()
}

/// A transaction of these commands.
pub(crate) fn sent(space: SpaceId, commands: &[Value]) -> Sent {
    let stamped = commands.iter().map(|command| {
        let mut command = command.clone();
        command["command_id"] = json!(uuid_v7());
        command["at"] = json!(now_ms());
        command
    });
    read(json!({ "transaction_id": uuid_v7(), "commands": stamped.collect::<Vec<_>>() }), space).unwrap()
}

/// A rebuild that only compares.
pub(crate) fn check() -> Scope {
    Scope { check: true, ..Scope::default() }
}

/// A rebuild that switches.
pub(crate) fn repair() -> Scope {
    Scope::default()
}
