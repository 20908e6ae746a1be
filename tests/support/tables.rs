//! The tables as they are, read with SQL of this room alone: what replicas have to equal, and whether the log is whole.

use api::client::Replica;
use api::client::wire::{SnapshotItem, SnapshotPage};
use application::submit::shown;
use domain::entity::Kind;
use serde_json::{Map, Value};
use tokio_postgres::Client;
use uuid::Uuid;

const TABLES: [(&str, &str); 6] = [
    ("hero", "heroes"),
    ("skill", "skills"),
    ("goal", "goals"),
    ("milestone", "milestones"),
    ("task", "tasks"),
    ("conflict", "conflicts"),
];

/// The space as its tables have it, as a replica, so that it compares with what a reader has. The sum of the rows'
/// checksums, the head's own, and the sum over what readers are shown have to be one.
pub async fn replica(client: &Client, space: Uuid) -> Replica {
    let head = client.query_one("SELECT position, checksum FROM heads WHERE space_id = $1", &[&space]).await.unwrap();
    let checksum = head.get::<_, i64>("checksum").cast_unsigned();
    let mut items = Vec::new();
    let mut sum = 0_u64;
    for (kind, table) in TABLES {
        for row in rows(client, table, space).await {
            let share = row["checksum"].as_i64().unwrap().cast_unsigned();
            sum = sum.wrapping_add(share);
            items.push(item(kind, row));
        }
    }
    assert_eq!(sum, checksum, "the rows' checksums add up to the head's");
    let page = SnapshotPage {
        items,
        next: None,
        cursor: Some("tables".to_owned()),
        head: Some(head.get("position")),
        checksum: Some(format!("{checksum:016x}")),
        counts: None,
    };
    let mut replica = Replica::default();
    replica.apply_snapshot(page).expect("what readers are shown of the rows has the rows' checksum");
    replica
}

/// Fails unless the replica and the tables say the same, of tombstones too.
pub async fn assert_equal(client: &Client, space: Uuid, reader: &Replica) {
    let tables = replica(client, space).await;
    assert_eq!(tables.differences(reader), Vec::<String>::new());
    assert_eq!(tables.document(), reader.document());
    assert_eq!(tables.rows().count(), reader.rows().count(), "tombstones");
}

async fn rows(client: &Client, table: &str, space: Uuid) -> Vec<Map<String, Value>> {
    let statement = format!("SELECT to_jsonb(t) FROM {table} t WHERE space_id = $1 ORDER BY id");
    let rows = client.query(&statement, &[&space]).await.unwrap();
    rows.into_iter().map(|row| without_nulls(serde_json::from_value(row.get(0)).unwrap())).collect()
}

/// Columns that are empty are left out; what lies inside a column stays as it is.
fn without_nulls(row: Map<String, Value>) -> Map<String, Value> {
    row.into_iter().filter(|(_, value)| !value.is_null()).collect()
}

fn item(kind: &str, row: Map<String, Value>) -> SnapshotItem {
    let id = row["id"].as_str().unwrap().parse().unwrap();
    let version = row["version"].as_i64().unwrap();
    let mut fields = shown(Kind::from_name(kind).unwrap(), row);
    fields.remove("id");
    fields.remove("version");
    SnapshotItem { entity: kind.to_owned(), id, version, fields }
}

/// A count of rows, by a whole statement with at most the space as its parameter.
pub async fn count(client: &Client, statement: &str, space: Uuid) -> i64 {
    client.query_one(statement, &[&space]).await.unwrap().get(0)
}

/// What writing leaves behind: events, receipts, and the head's position. Equal before and after: nothing was written.
pub async fn footprint(client: &Client) -> Vec<String> {
    let mut found = Vec::new();
    for table in [
        "heads",
        "events",
        "receipts",
        "space_devices",
        "tasks",
        "goals",
        "milestones",
        "skills",
        "heroes",
        "days",
        "activity",
    ] {
        let statement =
            format!("SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t");
        let row = client.query_one(&statement, &[]).await.unwrap();
        found.push(format!("{table} {} {}", row.get::<_, i64>(0), row.get::<_, String>(1)));
    }
    found
}

/// Fails unless the log of every space is dense, in order of time, and its head is its last event.
pub async fn assert_logs_whole(client: &Client) {
    let checks = [
        (
            "a log is not dense",
            "SELECT space_id FROM events GROUP BY space_id HAVING min(position) <> 1 OR max(position) <> count(*)",
        ),
        (
            "a head is not its log's end",
            "SELECT h.space_id FROM heads h LEFT JOIN events e USING (space_id) GROUP BY h.space_id, h.position HAVING coalesce(max(e.position), 0) <> h.position",
        ),
        (
            "time went back",
            "SELECT space_id FROM (SELECT space_id, recorded_at < lag(recorded_at) OVER (PARTITION BY space_id ORDER BY position) AS back FROM events) t WHERE back",
        ),
        (
            "an entity's own counter is not dense",
            "SELECT space_id FROM events GROUP BY space_id, aggregate_type, aggregate_id HAVING min(sequence) <> 1 OR max(sequence) <> count(*)",
        ),
        (
            "a receipt names other events than its own",
            "SELECT r.space_id FROM receipts r LEFT JOIN events e USING (space_id, transaction_id) GROUP BY r.space_id, r.transaction_id, r.first_position, r.last_position HAVING min(e.position) IS DISTINCT FROM r.first_position OR max(e.position) IS DISTINCT FROM r.last_position",
        ),
        (
            "an event has no receipt",
            "SELECT e.space_id FROM events e LEFT JOIN receipts r USING (space_id, transaction_id) WHERE r.space_id IS NULL",
        ),
    ];
    for (what, statement) in checks {
        let rows = client.query(&format!("{statement} LIMIT 1"), &[]).await.unwrap();
        assert!(rows.is_empty(), "{what}: space {}", rows[0].get::<_, Uuid>(0));
    }
}
