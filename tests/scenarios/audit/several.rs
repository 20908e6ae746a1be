//! Several spaces at once: one step in all of them, and one id in many.

use application::audit::{EventKey, Filter};
use domain::id::{EntityId, SpaceId};
use infrastructure::postgres::audit_log::{PostgresAudit, ReadOn};
use support::commands::{create_task, id};
use support::patience::within;
use support::{Account, Database, TestServer};
use uuid::Uuid;

use super::{assert_as_the_events_say, many, settle, told};

/// Spaces with some events each, of a server that has stopped.
async fn spaces(database: &Database, count: usize) -> Vec<SpaceId> {
    let server = TestServer::start(database);
    let mut spaces = Vec::new();
    for number in 0..count {
        let account = Account::register(&server).await;
        account.commit(&[create_task(id(), &format!("Task {number}"))]).await;
        spaces.push(SpaceId(account.space()));
    }
    server.stop().await;
    spaces
}

#[tokio::test]
async fn a_step_reads_all_spaces_but_those_that_another_projector_holds() {
    let database = Database::fresh().await;
    let spaces = spaces(&database, 3).await;
    let (audit, sql, mut other) =
        (PostgresAudit::new(database.pool(1)), database.connect().await, database.connect().await);
    settle(&database).await;
    for space in &spaces {
        audit.restart(*space).await.unwrap();
    }
    let projector = other.transaction().await.unwrap();
    let hold = "SELECT position FROM checkpoints WHERE space_id = $1 FOR UPDATE";
    projector.query_one(hold, &[&spaces[1].0]).await.unwrap();
    let stepped = within("the step", audit.read_on(&spaces)).await.unwrap();
    let events = "SELECT count(*) FROM events WHERE space_id <> $1";
    let others: i64 = sql.query_one(events, &[&spaces[1].0]).await.unwrap().get(0);
    assert_eq!(stepped, ReadOn { held: 2, events: usize::try_from(others).unwrap(), more: Vec::new(), newer: 0 });
    assert_eq!(told(&sql).await.len(), 1, "the one that is held is still told");
    let nothing = within("the next step", audit.read_on(&spaces[1..2])).await.unwrap();
    assert_eq!(nothing, ReadOn::default());
    projector.rollback().await.unwrap();
    settle(&database).await;
    assert_as_the_events_say(&sql).await;
}

#[tokio::test]
async fn each_space_has_its_share_of_a_step_and_goes_on_behind_it() {
    let database = Database::fresh().await;
    let spaces = spaces(&database, 3).await;
    let (audit, sql) = (PostgresAudit::new(database.pool(1)), database.connect().await);
    settle(&database).await;
    let copies = "INSERT INTO events
        SELECT space_id, n, transaction_id, aggregate_type, aggregate_id, n, event_type, event_version, payload, metadata,
            fields, device_id, recorded_at, payload_hash, hash, redacted_at
        FROM (SELECT * FROM events WHERE space_id = $1 ORDER BY position DESC LIMIT 1) e, generate_series(100, 2599) n";
    sql.execute(copies, &[&spaces[0].0]).await.unwrap();
    for space in &spaces {
        audit.restart(*space).await.unwrap();
    }
    let stepped = audit.read_on(&spaces).await.unwrap();
    assert_eq!((stepped.held, &stepped.more), (3, &vec![spaces[0]]));
    let read = "SELECT count(*) FROM audit_log WHERE space_id = $1";
    let mut counts = Vec::new();
    for space in &spaces {
        counts.push(sql.query_one(read, &[&space.0]).await.unwrap().get::<_, i64>(0));
    }
    assert_eq!(counts[0], 666, "a third of 2 000");
    assert!(counts[1] > 3 && counts[2] > 3, "{counts:?}");
    settle(&database).await;
    assert!(assert_as_the_events_say(&sql).await > 2_500);
}

/// Every line of a search, page by page.
async fn walked(audit: &PostgresAudit, filter: &Filter) -> Vec<(i64, Uuid, i64)> {
    let (mut found, mut after): (Vec<_>, Option<EventKey>) = (Vec::new(), None);
    loop {
        let page = audit_page(audit, filter, after.as_ref()).await;
        found.extend(page.0);
        match page.1 {
            Some(next) => after = Some(next),
            None => return found,
        }
    }
}

async fn audit_page(
    audit: &PostgresAudit,
    filter: &Filter,
    after: Option<&EventKey>,
) -> (Vec<(i64, Uuid, i64)>, Option<EventKey>) {
    use application::audit::AuditLog;
    let page = audit.events(filter, after, 7).await.unwrap();
    (page.rows.iter().map(|row| (row.recorded_at, row.space.0, row.position)).collect(), page.next)
}

#[tokio::test]
async fn an_id_in_several_spaces_is_found_in_all_of_them_in_the_order_of_time() {
    let database = Database::fresh().await;
    let (audit, sql) = (PostgresAudit::new(database.pool(1)), database.connect().await);
    // In none, in one, in a few that are walked side by side, and in so many that everything is walked.
    for holders in [0, 1, 3, 12] {
        let shared = id();
        for _ in 0..holders {
            sql.execute(&many("n"), &[&id(), &shared, &1_i64, &10_i64]).await.unwrap();
        }
        sql.execute(&many("n"), &[&id(), &id(), &1_i64, &10_i64]).await.unwrap();
        let found = walked(&audit, &Filter { id: Some(EntityId(shared)), ..Filter::default() }).await;
        assert_eq!(found.len(), holders * 10);
        assert!(found.windows(2).all(|pair| pair[0] > pair[1]), "{holders}: {found:?}");
    }
}
