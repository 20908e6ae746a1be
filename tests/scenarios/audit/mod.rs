//! The audit log: that it has exactly what the events say, whoever is killed when; and what who finds in it.

mod behind;
mod bounds;
mod forms;
mod killed;
mod million;
mod rows;
mod search;
mod several;
mod staff;
mod streams;

use std::sync::Arc;

use application::submit::Actor;
use domain::id::{AccountId, DeviceId, SpaceId};
use infrastructure::audit_projector::round;
use infrastructure::hub::Hub;
use infrastructure::pipeline::{Limits, Pipeline};
use infrastructure::postgres::audit_log::PostgresAudit;
use infrastructure::postgres::ledger::PostgresLedger;
use serde_json::Value;
use support::commands::{id, new_task};
use support::patience::until;
use support::{Account, Database, TestServer};
use tokio_postgres::Client;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Its lines, as they stand.
const LINES: &str =
    "SELECT a.*, line.field COLLATE \"C\" AS field, line.before, line.after, line.written FROM audit_log a
    CROSS JOIN LATERAL jsonb_to_recordset(a.lines) AS line (field text, before jsonb, after jsonb, written jsonb)";

/// What the audit log has to be, made from the events by SQL alone.
const EXPECTED: &str = include_str!("expected.sql");

/// A space that nobody but the test reads and writes: its server has stopped.
struct Quiet {
    pipeline: Pipeline<PostgresLedger>,
    actor: Actor,
    space: SpaceId,
    audit: PostgresAudit,
    sql: Client,
    _working: DropGuard,
    database: Database,
}

impl Quiet {
    /// Unread: a server's own projector that came before its end has read what the tests are about, and it is begun again.
    async fn set() -> Self {
        until("a space that no projector has come to", async || {
            let quiet = Self::begun().await;
            let read = "SELECT count(*) FROM checkpoints";
            let read: i64 = quiet.sql.query_one(read, &[]).await.unwrap().get(0);
            (read == 0).then_some(quiet)
        })
        .await
    }

    async fn begun() -> Self {
        let database = Database::fresh().await;
        let server = TestServer::start(&database);
        let account = Account::register(&server).await;
        let actor = Actor {
            account: AccountId(account.space()),
            device: DeviceId(account.session.device_id()),
            ..Actor::default()
        };
        server.stop().await;
        let working = CancellationToken::new();
        let ledger = Arc::new(PostgresLedger::new(database.pool(4), 1 << 20));
        let pipeline = Pipeline::start(ledger, Hub::default(), Limits::default(), working.clone());
        let audit = PostgresAudit::new(database.pool(4));
        let (space, sql) = (SpaceId(account.space()), database.connect().await);
        Self { pipeline, actor, space, audit, sql, _working: working.drop_guard(), database }
    }

    /// Writes one transaction with a new task, from this device.
    async fn write_from(&self, device: DeviceId, title: &str) {
        let sent = domain::transaction::read(new_task(title), self.space).unwrap();
        let actor = Actor { device, ..self.actor };
        let answers = self.pipeline.submit(actor, self.space, vec![sent], None).expect("there is room").await;
        assert!(answers.head.is_some(), "{:?}", answers.receipts);
    }

    async fn write(&self, title: &str) {
        self.write_from(self.actor.device, title).await;
    }

    async fn told(&self) -> Vec<(i64, String)> {
        told(&self.sql).await
    }
}

/// The positions that stand in `behind`, each with the place of its row.
async fn told(sql: &Client) -> Vec<(i64, String)> {
    let rows = sql.query("SELECT position, ctid::text FROM behind ORDER BY position", &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Reads everything that there is to read.
pub(crate) async fn settle(database: &Database) {
    let (audit, sql) = (PostgresAudit::new(database.pool(1)), database.connect().await);
    until("the audit log", async || {
        round(&audit).await.unwrap();
        told(&sql).await.is_empty().then_some(())
    })
    .await;
}

/// Fails unless the audit log has every line that the events say, once, and no other; how many they are.
async fn assert_as_the_events_say(sql: &Client) -> usize {
    let columns =
        "space_id, position, field, recorded_at, at, transaction_id, entity, entity_id, version, event, actor_id,
        role, device_id, session_id, network, cause, before, after, written";
    let difference = format!(
        "WITH expected AS ({EXPECTED}), found AS (SELECT {columns} FROM ({LINES}) lines)
        (SELECT 'missing' AS what, to_jsonb(e) AS line FROM (SELECT {columns} FROM expected EXCEPT ALL TABLE found) e)
        UNION ALL
        (SELECT 'too much', to_jsonb(f) FROM (TABLE found EXCEPT ALL SELECT {columns} FROM expected) f)"
    );
    let rows = sql.query(&difference, &[]).await.unwrap();
    let said: Vec<(String, Value)> = rows.iter().take(4).map(|row| (row.get(0), row.get(1))).collect();
    assert!(rows.is_empty(), "{} differences: {said:?}", rows.len());
    let count: i64 =
        sql.query_one("SELECT sum(jsonb_array_length(lines))::bigint FROM audit_log", &[]).await.unwrap().get(0);
    usize::try_from(count).unwrap()
}

/// Rows of a space with one line each, from one position to another: by one device, session, transaction and entity, saying what an
/// expression of `n` says.
fn many(said: &str) -> String {
    format!(
        "INSERT INTO audit_log (space_id, recorded_at, position, at, transaction_id, entity_id, version, device_id, session_id,
            actor_id, cause, entity, event, role, network, lines)
        SELECT $1::uuid, n, n, n, $2::uuid, $2, n, $2, $2, $1, NULL, 'task', 'task.edited', 'owner', NULL,
            jsonb_build_array(jsonb_build_object('field', 'title', 'after', {said}))
        FROM generate_series($3::bigint, $4::bigint) n"
    )
}

/// A device that nobody knows yet.
fn new_device() -> DeviceId {
    DeviceId(id())
}
