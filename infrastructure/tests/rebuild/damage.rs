//! A damaged log is found, told, and nothing is rebuilt from it.

use super::support::{Database, repair};

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
