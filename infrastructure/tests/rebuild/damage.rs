//! A damaged log is found, told, and nothing is rebuilt from it.

use infrastructure::postgres::verify::{News, verify};
use tokio_util::sync::CancellationToken;

use super::support::{Database, repair};

/// What a statement does to the log, and what verify calls it.
const DAMAGES: &[(&str, &str, &[&str])] = &[
    (
        "a changed payload",
        "UPDATE events SET payload = jsonb_set(payload, '{change,created,fields,name}', '\"Hacked\"') WHERE space_id = $1 AND position = 2",
        &["payload_hash"],
    ),
    (
        "a changed payload with its hash",
        "UPDATE events SET payload_hash = sha256('x') WHERE space_id = $1 AND position = 3",
        &["payload_hash", "chain_hash"],
    ),
    ("a changed hash", "UPDATE events SET hash = sha256('x') WHERE space_id = $1 AND position = 4", &["chain_hash"]),
    (
        "a changed device",
        "UPDATE events SET device_id = gen_random_uuid() WHERE space_id = $1 AND position = 5",
        &["chain_hash", "event_unreadable"],
    ),
    (
        "changed metadata",
        "UPDATE events SET metadata = metadata || '{\"cause\": \"1\"}' WHERE space_id = $1 AND position = 6",
        &["chain_hash"],
    ),
    ("a missing event", "DELETE FROM events WHERE space_id = $1 AND position = 7", &["position_gap", "receipt"]),
    (
        "a missing last event",
        "DELETE FROM events e USING heads h WHERE e.space_id = $1 AND h.space_id = $1 AND e.position = h.position",
        &["head", "receipt"],
    ),
    ("a moved head", "UPDATE heads SET hash = sha256('x') WHERE space_id = $1", &["head"]),
    ("a lost receipt", "DELETE FROM receipts WHERE space_id = $1 AND first_position = 1", &["receipt_missing"]),
    (
        "a widened receipt",
        "UPDATE receipts SET last_position = last_position + 1 WHERE space_id = $1 AND first_position = 1",
        &["receipt"],
    ),
    ("a changed day", "UPDATE days SET balls = balls + 1 WHERE space_id = $1", &["row"]),
    ("a wrong head counter", "UPDATE heads SET checksum = checksum - 1 WHERE space_id = $1", &["row"]),
];

#[tokio::test]
async fn every_damage_has_its_name_and_stays_in_its_space() {
    let Some(database) = Database::create().await else { return };
    let sound = database.fill("light@example.test", 30).await;
    for (what, sql, codes) in DAMAGES {
        let space = database.fill("light@example.test", 30).await;
        assert!(database.tamper(sql, space).await > 0, "{what}");
        let mut found = database.codes(space).await;
        found.retain(|code| codes.contains(code) || !["sequence", "row"].contains(code));
        assert_eq!(&found, codes, "{what}: {:#?}", database.verify(space).await);
    }
    assert_eq!(database.verify(sound).await, []);
    let (mut spaces, stop) = (std::collections::BTreeSet::new(), CancellationToken::new());
    let mut tell = |news: News<'_>| {
        if let News::Finding(finding) = news {
            spaces.insert(finding.space);
        }
    };
    let verified = verify(&mut database.client().await, &stop, &mut tell).await.unwrap();
    assert_eq!((spaces.len(), verified.progress.spaces), (DAMAGES.len(), DAMAGES.len() as u64 + 1));
    assert!(!spaces.contains(&sound));
}

#[tokio::test]
async fn nothing_is_rebuilt_from_a_damaged_log() {
    let Some(database) = Database::create().await else { return };
    let (damaged, sound) =
        (database.fill("light@example.test", 30).await, database.fill("light@example.test", 30).await);
    database.tamper("DELETE FROM events WHERE space_id = $1 AND position = 9", damaged).await;
    for space in [damaged, sound] {
        database.tamper("UPDATE skills SET xp = 7 WHERE space_id = $1", space).await;
    }
    let before = database.live().await;
    let (summary, told) = database.rebuild(&repair()).await;
    assert_eq!((summary.spaces_damaged, summary.spaces_differing, summary.differences), (1, 1, 6));
    assert!(
        told.iter().any(|line| line.contains(&format!("space {damaged}: positions 9 to 9 are missing"))),
        "{told:#?}"
    );
    let after = database.live().await;
    assert!(before.iter().filter(|row| row.contains(&damaged.to_string())).all(|row| after.contains(row)));
    assert_eq!(database.verify(sound).await, []);
}

#[tokio::test]
async fn rows_of_a_space_without_a_head_are_told() {
    let Some(database) = Database::create().await else { return };
    let space = database.fill("light@example.test", 5).await;
    database.tamper("DELETE FROM heads WHERE space_id = $1", space).await;
    let (mut told, stop) = (Vec::new(), CancellationToken::new());
    let mut tell = |news: News<'_>| {
        if let News::Finding(finding) = news {
            told.push(finding.to_string());
        }
    };
    verify(&mut database.client().await, &stop, &mut tell).await.unwrap();
    for table in ["events", "receipts", "heroes", "skills"] {
        assert!(told.contains(&format!("space {space}: {table} holds rows of a space that has no head")), "{told:#?}");
    }
}
