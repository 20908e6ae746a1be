//! How long a search takes beside a million rows; printed. An ordinary run takes a few thousand, so that the code is run.

use std::time::Instant;

use application::audit::{Asked, AuditLog, Cursor, Filter, Found, search};
use domain::id::{AccountId, DeviceId, EntityId, SessionId, TransactionId};
use infrastructure::postgres::audit_log::PostgresAudit;
use support::Database;
use uuid::Uuid;

/// Events of three lines in spaces of a thousand each, written by turns: four devices a space, transactions of ten events, a rare
/// word in one of ten thousand.
const ROWS: &str =
    "INSERT INTO audit_log (space_id, recorded_at, position, at, transaction_id, entity_id, version, device_id,
        session_id, actor_id, cause, entity, event, role, network, lines)
    SELECT md5('space' || s)::uuid, 1700000000000 + n / 3 * 30, n, n, md5('transaction' || n / 10)::uuid,
        md5('entity' || n % 50000)::uuid, n, md5(s || 'device' || n % 4)::uuid, md5(s || 'session' || n % 4)::uuid,
        md5('space' || s)::uuid, CASE WHEN n % 3 = 0 THEN n - 1 END, 'task', 'task.edited', 'owner', '203.0.113.0/24',
        jsonb_build_array(
            jsonb_build_object('field', 'due_at', 'before', 1700000000000 + n, 'after', 1700000000001 + n),
            jsonb_build_object('field', 'notes', 'after', 'Some words about chapter ' || n),
            jsonb_build_object('field', 'title', 'before', 'Read chapter ' || n, 'after',
                'Read ten pages of chapter ' || n || CASE n % 10000 WHEN 77 THEN ' zebra' ELSE '' END))
    FROM (SELECT n, n * 7919 % $2 AS s FROM generate_series(1, $1::bigint) n) rows";

/// The events from which every third one followed, in its space and at its moment.
const CAUSES: &str =
    "INSERT INTO events (space_id, position, transaction_id, aggregate_type, aggregate_id, sequence, event_type,
        event_version, payload, metadata, fields, device_id, recorded_at, payload_hash, hash)
    SELECT space_id, cause, transaction_id, entity, gen_random_uuid(), version, event, '1', '{}', '{}', '{}', device_id,
        recorded_at, '', ''
    FROM audit_log
    WHERE cause IS NOT NULL";

fn rows() -> i64 {
    if std::env::var("LEVELUP_LONG").is_ok_and(|word| word == "1") { 1_000_000 } else { 3_000 }
}

async fn uuid_of(sql: &tokio_postgres::Client, text: String) -> Uuid {
    sql.query_one("SELECT md5($1)::uuid", &[&text]).await.unwrap().get(0)
}

/// What each measured search asks for, for the row of this number.
const KINDS: [&str; 14] = [
    "account",
    "account+text",
    "account+device",
    "device",
    "session",
    "transaction",
    "entity",
    "cause",
    "time",
    "field",
    "newest",
    "common text",
    "rare text",
    "text of nobody",
];

async fn filter(sql: &tokio_postgres::Client, kind: &str, number: i64, spaces: i64) -> Filter {
    let place = number * 7919 % spaces;
    let account = Some(AccountId(uuid_of(sql, format!("space{place}")).await));
    let device = Some(DeviceId(uuid_of(sql, format!("{place}device{}", number % 4)).await));
    let text = |text: &str| Some(text.to_owned());
    let all = Filter::default();
    match kind {
        "account" => Filter { account, ..all },
        "account+text" => Filter { account, text: text("chapter"), ..all },
        "account+device" => Filter { account, device, ..all },
        "device" => Filter { device, ..all },
        "session" => {
            let session = uuid_of(sql, format!("{place}session{}", number % 4)).await;
            Filter { session: Some(SessionId(session)), ..all }
        }
        "transaction" => {
            let transaction = uuid_of(sql, format!("transaction{}", number / 10)).await;
            Filter { transaction: Some(TransactionId(transaction)), ..all }
        }
        "entity" => {
            let id = uuid_of(sql, format!("entity{}", number % 50_000)).await;
            Filter { id: Some(EntityId(id)), ..all }
        }
        "cause" => {
            // Every third row followed from the one before it.
            let caused = (number / 3).max(1) * 3;
            let account = AccountId(uuid_of(sql, format!("space{}", caused * 7919 % spaces)).await);
            Filter { account: Some(account), cause: Some(caused - 1), ..all }
        }
        "time" => {
            let from = 1_700_000_000_000 + number * 10;
            Filter { from: Some(from), until: Some(from + 50_000), ..all }
        }
        "field" => Filter { field: text("title"), ..all },
        "common text" => Filter { text: text("PAGES"), ..all },
        "rare text" => Filter { text: text("zebra"), ..all },
        "text of nobody" => Filter { text: text("okapi"), ..all },
        _ => all,
    }
}

#[tokio::test]
async fn a_search_beside_a_million_rows_is_measured() {
    let (database, rows) = (Database::fresh().await, rows());
    let (sql, spaces) = (database.connect().await, (rows / 1_000).max(3));
    sql.execute(ROWS, &[&rows, &spaces]).await.unwrap();
    sql.batch_execute(CAUSES).await.unwrap();
    sql.batch_execute("ANALYZE audit_log, events").await.unwrap();
    let audit = PostgresAudit::new(database.pool(2));
    let samples = if rows > 100_000 { 200 } else { 3 };
    println!("{rows} events of three lines in {spaces} spaces, pages of 200 lines; ms");
    for kind in KINDS {
        let (mut took, mut found) = (Vec::new(), 0);
        for sample in 0..samples {
            let filter = filter(&sql, kind, (sample * 4_801 + 17) % rows, spaces).await;
            let begun = Instant::now();
            // The spaces are nobody's: their heads are not asked for.
            let page = audit.events(&filter, None, 200).await.unwrap();
            took.push(begun.elapsed());
            found += page.rows.len();
        }
        took.sort_unstable();
        let at = |share: usize| took[(took.len() * share / 100).min(took.len() - 1)].as_secs_f64() * 1_000.0;
        let (half, most, longest, found) = (at(50), at(99), at(100), found / took.len());
        println!("{kind:>16}: p50 {half:7.2}  p99 {most:7.2}  max {longest:7.2}  rows {found}");
        assert!(found > 0 || ["text of nobody", "rare text"].contains(&kind), "{kind} found nothing");
    }
    let asked = Asked { filter: Filter::default(), cursor: Cursor::default(), rows: 200 };
    assert!(matches!(search(&audit, asked, None).await.unwrap(), Found::Page(page) if page.items.len() == 200));
}
