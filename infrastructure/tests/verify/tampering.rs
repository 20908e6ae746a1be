//! Whatever is tampered with has its name, and nothing else is named.

use std::collections::BTreeMap;

use domain::id::SpaceId;

use super::support::Database;

/// What is done to a space, in this order, and what verify calls it.
type Tamper = (&'static str, &'static [&'static str], &'static [&'static str]);

/// An event that is neither its entity's last nor the log's.
macro_rules! followed {
    () => {
        "(SELECT min(e.position) FROM events e JOIN events n USING (space_id, aggregate_type, aggregate_id) \
          WHERE e.space_id = $1 AND n.sequence = e.sequence + 1 AND e.position > 1)"
    };
}

/// The last event of an entity, and not the log's.
macro_rules! entitys_last {
    () => {
        "(SELECT min(e.position) FROM events e JOIN heads h USING (space_id) \
          WHERE e.space_id = $1 AND e.position < h.position AND NOT EXISTS (SELECT FROM events n \
          WHERE (n.space_id, n.aggregate_type, n.aggregate_id, n.sequence) \
          = (e.space_id, e.aggregate_type, e.aggregate_id, e.sequence + 1)))"
    };
}

const OF_THE_LOG: &[Tamper] = &[
    (
        "a payload",
        &[
            "UPDATE events SET payload = jsonb_set(payload, '{change}', '{\"created\": 1}') WHERE space_id = $1 AND position = 2",
        ],
        &["event_unreadable", "payload_hash"],
    ),
    (
        "a payload that can still be read",
        &[
            "UPDATE events SET payload = jsonb_set(payload, '{change,created,fields,name}', '\"x\"') WHERE space_id = $1 AND position = 2",
        ],
        &["payload_hash"],
    ),
    (
        "a payload that no reader can hold",
        &["UPDATE events SET payload = jsonb_set(payload, '{change}', '1e999') WHERE space_id = $1 AND position = 2"],
        &["event_unreadable", "payload_hash"],
    ),
    ("a hash", &["UPDATE events SET hash = sha256('x') WHERE space_id = $1 AND position = 4"], &["chain_hash"]),
    (
        "the hash of a payload",
        &["UPDATE events SET payload_hash = sha256('x') WHERE space_id = $1 AND position = 4"],
        &["chain_hash", "payload_hash"],
    ),
    (
        "the last hash",
        &[
            "UPDATE events e SET hash = sha256('x') FROM heads h WHERE e.space_id = $1 AND h.space_id = $1 AND e.position = h.position",
        ],
        &["chain_hash"],
    ),
    (
        "a device",
        &["UPDATE events SET device_id = gen_random_uuid() WHERE space_id = $1 AND position = 5"],
        &["chain_hash"],
    ),
    (
        "metadata that the second reader cannot hold",
        &["UPDATE events SET metadata = '{\"cause\": 1e999}' WHERE space_id = $1 AND position = 5"],
        &["chain_hash", "second_reader"],
    ),
    (
        "a kind",
        &[concat!("UPDATE events SET aggregate_type = 'ghost' WHERE space_id = $1 AND position = ", entitys_last!())],
        &["chain_hash", "event_unreadable"],
    ),
    (
        "a sequence",
        &[
            "UPDATE events e SET sequence = sequence + 9 FROM heads h WHERE e.space_id = $1 AND h.space_id = $1 AND e.position = h.position",
        ],
        &["chain_hash", "sequence"],
    ),
    (
        "an event, the last of its entity, is deleted",
        &[concat!("DELETE FROM events WHERE space_id = $1 AND position = ", entitys_last!())],
        &["position_gap"],
    ),
    (
        "an event that others follow is deleted",
        &[concat!("DELETE FROM events WHERE space_id = $1 AND position = ", followed!())],
        &["position_gap", "sequence"],
    ),
    (
        "the last event is deleted",
        &["DELETE FROM events e USING heads h WHERE e.space_id = $1 AND h.space_id = $1 AND e.position = h.position"],
        &["head"],
    ),
    (
        "two neighbours are swapped",
        &[
            "UPDATE events SET position = 1000000 WHERE space_id = $1 AND position = 5",
            "UPDATE events SET position = 5 WHERE space_id = $1 AND position = 6",
            "UPDATE events SET position = 6 WHERE space_id = $1 AND position = 1000000",
        ],
        &["event_misplaced", "event_misplaced"],
    ),
    (
        "two far apart are swapped",
        &[
            "UPDATE events SET position = 1000000 WHERE space_id = $1 AND position = 4",
            "UPDATE events SET position = 4 WHERE space_id = $1 AND position = 21",
            "UPDATE events SET position = 21 WHERE space_id = $1 AND position = 1000000",
        ],
        &["event_misplaced", "event_misplaced"],
    ),
    ("the head's hash", &["UPDATE heads SET hash = sha256('x') WHERE space_id = $1"], &["head"]),
];

const BESIDE_THE_LOG: &[Tamper] = &[
    (
        "a receipt is lost",
        &[
            "DELETE FROM receipts WHERE space_id = $1 AND first_position = last_position AND first_position = (SELECT max(position) FROM events WHERE space_id = $1)",
        ],
        &["receipt_missing"],
    ),
    (
        "a receipt is widened",
        &[
            "UPDATE receipts SET last_position = last_position + 1, body = NULL WHERE space_id = $1 AND first_position = 1",
        ],
        &["receipt"],
    ),
    (
        "a receipt without events",
        &[
            "INSERT INTO receipts (space_id, transaction_id, device_id, digest, status, first_position, last_position, decided_at) VALUES ($1, gen_random_uuid(), gen_random_uuid(), 'x', 'committed', 3, 3, 0)",
        ],
        &["receipt"],
    ),
    (
        "a rejected receipt that spans positions",
        &[
            "INSERT INTO receipts (space_id, transaction_id, device_id, digest, status, first_position, last_position, decided_at) VALUES ($1, gen_random_uuid(), gen_random_uuid(), 'x', 'rejected', 3, 3, 0)",
        ],
        &["receipt"],
    ),
    (
        "a receipt's body",
        &[
            "UPDATE receipts SET body = jsonb_set(body, '{status}', '\"rejected\"') WHERE space_id = $1 AND first_position = 1",
        ],
        &["receipt"],
    ),
    ("a row", &["UPDATE heroes SET name = 'Stolen' WHERE space_id = $1"], &["row"]),
    ("a row's checksum", &["UPDATE heroes SET checksum = checksum + 1 WHERE space_id = $1"], &["row_checksum"]),
    ("a row is lost", &["DELETE FROM heroes WHERE space_id = $1"], &["row_missing"]),
    (
        "a row of nothing",
        &[
            "INSERT INTO conflicts (space_id, id, entity_kind, entity_id, field, current, others, created_at, created_by, updated_at, version, position, stamps, checksum) VALUES ($1, gen_random_uuid(), 'task', gen_random_uuid(), 'title', '1', '[]', 0, gen_random_uuid(), 0, 1, 1, '{}', 0)",
        ],
        &["row_surplus"],
    ),
    (
        "a day",
        &[
            "UPDATE days SET balls = balls + 1 WHERE (space_id, entity_id, day) = (SELECT space_id, entity_id, day FROM days WHERE space_id = $1 ORDER BY day LIMIT 1)",
        ],
        &["row"],
    ),
    ("the sum of the checksums", &["UPDATE heads SET checksum = checksum - 1 WHERE space_id = $1"], &["head_counter"]),
    ("the count of entities", &["UPDATE heads SET live_entities = 3 WHERE space_id = $1"], &["head_counter"]),
];

#[tokio::test]
async fn every_tampering_has_its_name_and_nothing_else_is_named() {
    let Some(database) = Database::create().await else { return };
    let sound = database.fill("light@example.test", 30).await;
    let mut expected: BTreeMap<SpaceId, (&str, Vec<&str>)> = BTreeMap::new();
    for (what, statements, codes) in OF_THE_LOG.iter().chain(BESIDE_THE_LOG) {
        let space = database.fill("light@example.test", 30).await;
        for sql in *statements {
            assert!(database.tamper(sql, space).await > 0, "{what}");
        }
        expected.insert(space, (what, codes.to_vec()));
    }
    let (run, told) = database.walk().await;
    for (space, (what, codes)) in &expected {
        let of_space = told.iter().filter(|finding| finding.space == *space);
        let mut found: Vec<&str> = of_space.clone().map(|finding| finding.flaw.code()).collect();
        found.sort_unstable();
        assert_eq!(&found, codes, "{what}: {:#?}", of_space.collect::<Vec<_>>());
    }
    assert!(told.iter().all(|finding| finding.space != sound), "{told:#?}");
    assert_eq!((run.spaces, run.findings), (expected.len() as i64 + 1, told.len() as i64));
}

#[tokio::test]
async fn a_finding_names_entity_and_column_and_what_is_kept_says_nothing_of_the_values() {
    let Some(database) = Database::create().await else { return };
    let space = database.fill("light@example.test", 30).await;
    database.tamper("UPDATE heroes SET name = 'Stolen', streak = 77 WHERE space_id = $1", space).await;
    let (_, told) = database.walk().await;
    let line = told[0].to_string();
    assert!(line.contains(&format!("heroes {space}: ")) && line.contains("name \"Stolen\" → "), "{line}");
    assert_eq!(told[0].flaw.sentence(), format!("heroes {space}: not what the log says: name, streak"));
    let kept = database.kept().await;
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].about, serde_json::json!({ "table": "heroes", "key": space, "columns": ["name", "streak"] }));
    assert!(!format!("{kept:?}").contains("Stolen"));
}

#[tokio::test]
async fn rows_of_spaces_that_are_none_are_found_in_every_table_by_the_catalog() {
    let Some(database) = Database::create().await else { return };
    let (sound, gone) = (database.fill("light@example.test", 5).await, database.fill("light@example.test", 5).await);
    let more = "CREATE TABLE notes (space_id uuid PRIMARY KEY, note text)";
    database.client().await.batch_execute(more).await.unwrap();
    for space in [sound, gone] {
        database.tamper("INSERT INTO notes VALUES ($1, 'n')", space).await;
    }
    database.tamper("DELETE FROM heads WHERE space_id = $1", gone).await;
    for _ in 0..2 {
        let (_, told) = database.walk().await;
        assert!(told.iter().all(|finding| finding.space == gone && finding.flaw.code() == "orphans"), "{told:#?}");
        let mut tables: Vec<_> = told.iter().map(|finding| finding.flaw.about()["table"].clone()).collect();
        tables.sort_by_key(ToString::to_string);
        let expected = [
            "activity",
            "behind",
            "days",
            "events",
            "goals",
            "heroes",
            "milestones",
            "notes",
            "receipts",
            "skills",
            "space_devices",
            "tasks",
        ];
        assert_eq!(tables, expected);
        assert_eq!(database.kept().await.len(), told.len());
    }
}
