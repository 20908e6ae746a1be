use std::collections::BTreeMap;

use application::change::Op;
use application::cursor::Cursor;
use application::feed::{Leap, Read, read};
use application::snapshot::{Complete, CurrentRows, Item, Rest, Stage, View, page};
use domain::checksum::entity_checksum;
use domain::entity::Kind;
use domain::id::EntityId;
use infrastructure::postgres::log::PostgresLog;
use infrastructure::postgres::snapshot::PostgresSnapshot;
use serde_json::{Map, Value, json};

use crate::space::{Space, fill, id};

type Row = (i64, Map<String, Value>);
type Replica = BTreeMap<(Kind, EntityId), Row>;

fn is_live((_, fields): &Row) -> bool {
    fields.get("deleted_at").is_none_or(Value::is_null)
}

fn live(replica: Replica) -> Replica {
    replica.into_iter().filter(|(_, row)| is_live(row)).collect()
}

fn sum(replica: &Replica) -> u64 {
    let shares = replica
        .iter()
        .filter(|(_, row)| is_live(row))
        .map(|((kind, id), (version, fields))| entity_checksum(kind.name(), id.0, *version, fields));
    shares.fold(0, u64::wrapping_add)
}

/// Everything that the log says from its beginning.
async fn folded(space: &Space) -> Replica {
    let (log, mut cursor): (_, Option<Cursor>) = (PostgresLog::new(space.pool.clone()), None);
    let mut replica = Replica::new();
    loop {
        let Read::Page(page) = read(&log, space.id, cursor, 50, Leap::Never).await.unwrap() else { panic!("a reset") };
        for change in &page.changes {
            let row = replica.entry((change.entity, change.id)).or_default();
            if change.op == Op::Create {
                row.1.clear();
            }
            row.0 = change.version;
            row.1.extend(change.fields.clone());
        }
        if page.is_caught_up() {
            return replica;
        }
        cursor = Some(page.cursor);
    }
}

struct Taken {
    replica: Replica,
    complete: Complete,
    pages: usize,
    head: i64,
}

/// Reads a snapshot to its end; before each page after the first the next of `writes` happens, and each page is asked for twice.
async fn taken(space: &Space, rows: usize, writes: &[(&str, u128, Value)]) -> Taken {
    let (store, mut token) = (PostgresSnapshot::new(space.pool.clone()), None::<String>);
    let (mut replica, mut writes) = (Replica::new(), writes.iter());
    for pages in 1..2_000 {
        page(&store, space.id, token.as_deref(), rows).await.unwrap();
        let page = page(&store, space.id, token.as_deref(), rows).await.unwrap();
        assert!(page.items.len() <= rows);
        for Item { entity, id, version, fields } in page.items {
            let fields = fields.to_map();
            assert!(!fields.contains_key("id") && !fields.contains_key("stamps"));
            replica.insert((entity, id), (version, fields));
        }
        match page.rest {
            Rest::Complete(complete) => return Taken { replica, complete, pages, head: page.head },
            Rest::Next(next) => token = Some(next),
        }
        if let Some((kind, number, more)) = writes.next() {
            space.write(kind, id(*number), more.clone()).await;
        }
    }
    panic!("the snapshot does not end");
}

async fn holds(space: &Space, taken: &Taken) {
    let (position, checksum) = space.head().await;
    assert_eq!((taken.head, taken.complete.cursor.position), (position, position));
    assert_eq!((taken.complete.checksum, sum(&taken.replica)), (checksum, checksum));
    let live_rows = live(taken.replica.clone());
    assert_eq!(live_rows, live(folded(space).await));
    for kind in Kind::ALL {
        let count = live_rows.keys().filter(|(one, _)| one == kind).count();
        assert_eq!(taken.complete.counts[kind], i64::try_from(count).unwrap(), "{kind:?}");
    }
}

#[tokio::test]
async fn a_snapshot_is_equal_to_the_log_and_its_checksum() {
    let Some(space) = Space::founded().await else { return };
    fill(&space).await;
    let one = taken(&space, 1_000, &[]).await;
    assert_eq!(one.pages, 1);
    holds(&space, &one).await;
    for rows in 1..=3 {
        let small = taken(&space, rows, &[]).await;
        assert_eq!(small.replica, one.replica, "pages of {rows}");
        holds(&space, &small).await;
    }
    space.end().await;
}

#[tokio::test]
async fn a_snapshot_misses_nothing_that_moves_while_it_is_read() {
    let writes = [
        ("task.uncomplete", 200, json!({})),
        ("task.complete", 201, json!({})),
        ("goal.reopen", 2, json!({})),
        ("task.delete", 207, json!({})),
        ("task.create", 300, json!({ "data": { "title": "new" } })),
        ("goal.delete", 1, json!({})),
        ("task.restore", 205, json!({})),
        ("task.create", 150, json!({ "data": { "title": "before the others" } })),
        ("task.edit", 203, json!({ "set": { "category": "todo" } })),
        ("milestone.create", 99, json!({ "data": { "title": "late", "goal_id": id(0) } })),
        ("task.focus", 208, json!({ "data": { "minutes": 25, "cycles": 1 } })),
        ("task.delete", 300, json!({})),
    ];
    for rows in 1..=3 {
        let Some(space) = Space::founded().await else { return };
        fill(&space).await;
        let taken = taken(&space, rows, &writes).await;
        assert!(taken.pages > writes.len(), "a page for every write");
        holds(&space, &taken).await;
        space.end().await;
    }
}

#[tokio::test]
async fn a_space_that_nobody_has_written_to_is_an_empty_snapshot() {
    let Some(space) = Space::empty().await else { return };
    let taken = taken(&space, 200, &[]).await;
    assert!(taken.replica.is_empty() && taken.complete.counts.values().all(|count| *count == 0));
    let log = PostgresLog::new(space.pool.clone());
    space.head().await;
    let Read::Page(page) = read(&log, space.id, Some(taken.complete.cursor), 5, Leap::Never).await.unwrap() else {
        panic!("a reset")
    };
    assert!(page.is_caught_up());
    space.end().await;
}

/// The stages of a kind together are its live rows.
async fn staged(space: &Space, kind: Kind) -> BTreeMap<EntityId, Value> {
    let store = PostgresSnapshot::new(space.pool.clone());
    let mut rows = BTreeMap::new();
    for stage in Stage::ALL.iter().filter(|stage| stage.kind() == kind) {
        let found = store.stage(space.id, *stage, View::Whole, EntityId::default(), 1_000).await.unwrap();
        for item in found.items {
            let mut row = item.fields.to_map();
            row.extend([("id".to_owned(), json!(item.id)), ("version".to_owned(), item.version.into())]);
            rows.insert(item.id, row.into());
        }
    }
    rows
}

#[tokio::test]
async fn a_row_of_a_snapshot_is_what_the_database_itself_would_write_as_json() {
    let Some(space) = Space::founded().await else { return };
    fill(&space).await;
    space.write("task.edit", id(203), json!({ "set": { "tags": ["a \"quoted\" one", "ü"] } })).await;
    space.tear("task.edit", id(203), "title", ["one", "another"]).await;
    let client = space.pool.get().await.unwrap();
    for kind in Kind::ALL {
        let sql = format!("SELECT t.id, to_jsonb(t) AS row FROM {} t WHERE deleted_at IS NULL", kind.table());
        let written = client.query(&sql, &[]).await.unwrap();
        let written: BTreeMap<EntityId, Value> =
            written.iter().map(|row| (EntityId(row.get("id")), row.get("row"))).collect();
        assert!(!written.is_empty(), "nothing of {kind:?}");
        assert_eq!(staged(&space, *kind).await, written, "{kind:?}");
    }
    drop(client);
    space.end().await;
}

#[tokio::test]
async fn every_column_of_a_projection_is_of_a_type_that_snapshots_read() {
    let Some(space) = Space::empty().await else { return };
    let read = ["bool", "int4", "int8", "uuid", "date", "jsonb", "_text", "_uuid", "text"];
    let client = space.pool.get().await.unwrap();
    for kind in Kind::ALL {
        let sql = "SELECT column_name::text, udt_name::text FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name = $1";
        for row in client.query(sql, &[&kind.table()]).await.unwrap() {
            let (column, of): (String, String) = (row.get(0), row.get(1));
            assert!(read.contains(&of.as_str()), "{}.{column} is {of}", kind.table());
        }
    }
    drop(client);
    space.end().await;
}

/// How many rows of tasks were fetched so far, by whatever has ended.
async fn fetched(space: &Space) -> i64 {
    let clients = [space.pool.get().await.unwrap(), space.pool.get().await.unwrap()];
    for client in &clients {
        client.execute("SELECT pg_stat_force_next_flush()", &[]).await.unwrap();
    }
    let counted = "SELECT idx_tup_fetch + seq_tup_read AS rows FROM pg_stat_user_tables WHERE relname = 'tasks'";
    clients[0].query_one(counted, &[]).await.unwrap().get("rows")
}

/// For a table that was never analysed the planner believes in a handful of rows.
const MANY_MORE: &str = "INSERT INTO tasks
    SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid()))).*
    FROM tasks t CROSS JOIN generate_series(1, 3000)
    WHERE t.space_id = $1 AND t.id = $2";

#[tokio::test]
async fn a_page_of_a_large_space_reads_little_more_than_it_shows() {
    const ROWS: usize = 10;
    const PAGES: usize = 30;
    let Some(space) = Space::founded().await else { return };
    space.write("task.create", id(200), json!({ "data": { "title": "one of many" } })).await;
    space.pool.get().await.unwrap().execute(MANY_MORE, &[&space.id.0, &id(200)]).await.unwrap();
    let (store, mut token) = (PostgresSnapshot::new(space.pool.clone()), None::<String>);
    let before = fetched(&space).await;
    for _ in 0..PAGES {
        let page = page(&store, space.id, token.as_deref(), ROWS).await.unwrap();
        let Rest::Next(next) = page.rest else { panic!("all of it") };
        token = Some(next);
    }
    let read = fetched(&space).await - before;
    assert!(read >= 200 && read <= i64::try_from(2 * ROWS * PAGES).unwrap(), "{read} rows");
    space.end().await;
}
