//! A space in a database of its own, and writes to it.

use application::cursor::Cursor;
use application::ledger::Ledger;
use application::submit::{Actor, Batch, BatchOutcome, Submission, submit};
use deadpool_postgres::Pool;
use domain::id::{AccountId, DeviceId, SessionId, SpaceId};
use domain::transaction::{Sent, Verdict, founding, read};
use infrastructure::clock::{now_ms, uuid_v7};
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::migrations;
use infrastructure::postgres::pool::{connect, connect_alone};
use serde_json::{Value, json};
use tokio_postgres::Config;
use uuid::Uuid;

const VARIABLE: &str = "LEVELUP_TEST_DATABASE_URL";

pub(crate) struct Space {
    pub(crate) id: SpaceId,
    pub(crate) pool: Pool,
    ledger: PostgresLedger,
    database: String,
    server: Config,
}

impl Space {
    /// A founded space, or none where there is no PostgreSQL.
    pub(crate) async fn founded() -> Option<Self> {
        let space = Self::empty().await?;
        space.send(founding(space.id, "Asia/Shanghai", now_ms())).await;
        Some(space)
    }

    /// A space that nobody has written to.
    pub(crate) async fn empty() -> Option<Self> {
        let Ok(url) = std::env::var(VARIABLE) else {
            println!("skipped: {VARIABLE} is not set");
            return None;
        };
        let server: Config = url.parse().unwrap();
        let database = format!("levelup_test_rows_{}", uuid_v7().simple());
        let admin = connect_alone(&server).await.unwrap();
        admin.batch_execute(&format!("CREATE DATABASE {database}")).await.unwrap();
        let mut config = server.clone();
        config.dbname(&database);
        migrations::run(&config).await.unwrap();
        let pool = connect(config, 2).unwrap();
        let ledger = PostgresLedger::new(pool.clone(), 1 << 20);
        Some(Self { id: SpaceId(uuid_v7()), pool, ledger, database, server })
    }

    /// Drops the database.
    pub(crate) async fn end(self) {
        self.pool.close();
        let admin = connect_alone(&self.server).await.unwrap();
        admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.database)).await.unwrap();
    }

    /// Writes one command, which must be committed.
    pub(crate) async fn write(&self, kind: &str, id: Uuid, more: Value) {
        let mut command = json!({ "command_id": uuid_v7(), "type": kind, "id": id, "at": now_ms() });
        command.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        if kind.starts_with("hero.") {
            command.as_object_mut().unwrap().remove("id");
        }
        self.send(read(json!({ "transaction_id": uuid_v7(), "commands": [command] }), self.id).unwrap()).await;
    }

    /// Two devices set one field, from where the log is now: neither has seen the other's.
    pub(crate) async fn tear(&self, kind: &str, id: Uuid, field: &str, values: [&str; 2]) {
        let want = application::ledger::Want { space: self.id, ..Default::default() };
        let head = self.ledger.load(vec![want]).await.unwrap().remove(0).head;
        let base = Cursor::of_head(self.id, &head).token();
        for (device, value) in (2..).zip(values) {
            let set = json!({ field: value });
            let command = json!({ "command_id": uuid_v7(), "type": kind, "id": id, "at": now_ms(), "set": set });
            let sent = json!({ "transaction_id": uuid_v7(), "base": base, "commands": [command] });
            self.send_from(DeviceId(Uuid::from_u128(device)), read(sent, self.id).unwrap()).await;
        }
    }

    async fn send(&self, sent: Sent) {
        self.send_from(DeviceId(Uuid::from_u128(1)), sent).await;
    }

    async fn send_from(&self, device: DeviceId, sent: Sent) {
        let session = SessionId(Uuid::from_u128(2));
        let actor = Actor { account: AccountId(self.id.0), device, session, ..Actor::default() };
        let submission = Submission { actor, sent, shift_ms: 0, deferred: std::sync::Arc::default() };
        let batch = Batch { space: self.id, submissions: vec![submission] };
        let outcomes = submit(&self.ledger, now_ms(), &[batch], false).await.unwrap();
        let Some(BatchOutcome::Committed(committed)) = outcomes.first() else { panic!("the append was lost") };
        let verdict = &committed.receipts[0].verdict;
        assert!(matches!(verdict, Verdict::Committed { .. }), "{verdict:?}");
    }

    /// The head's position and checksum.
    pub(crate) async fn head(&self) -> (i64, u64) {
        let want = application::ledger::Want { space: self.id, ..Default::default() };
        let head = self.ledger.load(vec![want]).await.unwrap().remove(0).head;
        (head.position, head.checksum)
    }
}

/// The id of a thing of this number, the same in every run.
pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0000 + number)
}

/// Fills a space with every kind of row: open, completed, deleted, restored, and habits that once were to-dos.
pub(crate) async fn fill(space: &Space) {
    for number in 0..4 {
        let data = json!({ "title": format!("Goal {number}"), "tags": ["big"], "priority": "high" });
        space.write("goal.create", id(number), json!({ "data": data })).await;
        let data = json!({ "title": format!("Step of {number}"), "goal_id": id(number) });
        space.write("milestone.create", id(100 + number), json!({ "data": data })).await;
    }
    for number in 0..12 {
        let category = ["todo", "goal", "habit"][number as usize % 3];
        let data = json!({
            "title": format!("Task {number} 100%_done"), "category": category, "tags": ["a", "b"],
            "due_at": (number % 4 > 0).then_some(1_000 * (number % 4)), "goal_id": (number % 2 == 0).then_some(id(1)),
        });
        space.write("task.create", id(200 + number), json!({ "data": data })).await;
        if number % 4 != 1 {
            space.write("task.complete", id(200 + number), json!({})).await;
        }
    }
    space.write("task.edit", id(202), json!({ "set": { "category": "todo", "title": "was a habit" } })).await;
    space.write("task.edit", id(203), json!({ "set": { "category": "habit", "description": "was a TO-DO" } })).await;
    space.write("milestone.complete", id(102), json!({})).await;
    space.write("goal.complete", id(102 - 100), json!({})).await;
    space.write("task.delete", id(205), json!({})).await;
    space.write("task.delete", id(206), json!({})).await;
    space.write("task.restore", id(206), json!({})).await;
    space.write("goal.delete", id(3), json!({})).await;
    space.tear("milestone.edit", id(100), "title", ["Here", "There"]).await;
    space.tear("task.edit", id(204), "description", ["This", "That"]).await;
    space.write("hero.edit", id(0), json!({ "set": { "name": "Ada" } })).await;
}
