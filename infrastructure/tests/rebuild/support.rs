//! A database of a test's own with three spaces in it, filled by the write path from recorded lives.

use std::sync::Arc;

use application::submit::{Actor, Batch, BatchOutcome, Submission, submit};
use application::verify::{Finding, Flaw};
use domain::id::{AccountId, DeviceId, SpaceId};
use domain::transaction::{Sent, founding, read};
use infrastructure::clock::{now_ms, uuid_v7};
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::rebuild::{News, Scope, Summary, rebuild};
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
        let ledger = Arc::new(PostgresLedger::new(pool, 64 << 20));
        Some(Self { config, ledger })
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

    /// Rebuilds over a connection of its own and says what was told.
    pub(crate) async fn rebuild(&self, scope: Scope) -> (Summary, Vec<String>) {
        let (mut told, stop) = (Vec::new(), CancellationToken::new());
        let mut tell = |news: News<'_>| match news {
            News::Progress(_) => {}
            News::Difference(difference) => told.push(format!("{} {difference}", difference.space)),
            News::Damage(finding) => told.push(finding.to_string()),
        };
        let summary = rebuild(&mut self.client().await, scope, &stop, &mut tell).await.unwrap();
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

    /// Everything that the live tables and the heads hold, as text.
    pub(crate) async fn live(&self) -> Vec<String> {
        let client = self.client().await;
        let mut rows = Vec::new();
        for table in ["heads", "heroes", "skills", "goals", "milestones", "tasks", "days"] {
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
