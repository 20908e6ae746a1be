//! What a verify found is repaired where the log explains it, and left where it does not.

use domain::id::SpaceId;
use infrastructure::postgres::verify::{RepairNews, Repaired, RunError, repair};
use tokio_util::sync::CancellationToken;

use super::support::Database;

/// Repairs, and says what was mended and what was left.
async fn repaired(database: &Database, space: Option<SpaceId>, dry_run: bool) -> (Repaired, Vec<String>, Vec<String>) {
    let (mut mended, mut left, stop) = (Vec::new(), Vec::new(), CancellationToken::new());
    let mut tell = |news: RepairNews<'_>| match news {
        RepairNews::Mended(difference) => mended.push(difference.to_string()),
        RepairNews::Damage(finding) => left.push(finding.flaw.code().to_owned()),
        RepairNews::Left(kept) => left.push(kept.code.clone()),
        RepairNews::Erased(space) => left.push(format!("{space} goes")),
    };
    let done = repair(&database.config, space, dry_run, &stop, &mut tell).await.unwrap();
    (done, mended, left)
}

#[tokio::test]
async fn what_was_found_is_repaired_and_what_the_log_does_not_explain_is_left() {
    let Some(database) = Database::create().await else { return };
    let [row, damaged, receipt, unseen] = [
        database.fill("light@example.test", 30).await,
        database.fill("light@example.test", 30).await,
        database.fill("light@example.test", 30).await,
        database.fill("light@example.test", 30).await,
    ];
    let before = database.live().await;
    database.tamper("UPDATE heroes SET name = 'Stolen' WHERE space_id = $1", row).await;
    database.tamper("DELETE FROM days WHERE space_id = $1", receipt).await;
    database.tamper("DELETE FROM receipts WHERE space_id = $1 AND first_position = 1", receipt).await;
    for sql in [
        "UPDATE heroes SET name = 'Stolen' WHERE space_id = $1",
        "UPDATE events SET hash = sha256('x') WHERE space_id = $1 AND position = 4",
    ] {
        database.tamper(sql, damaged).await;
    }
    database.walk().await;
    database.tamper("UPDATE heroes SET name = 'Later' WHERE space_id = $1", unseen).await;

    let tampered = database.live().await;
    let (looked, would, _) = repaired(&database, None, true).await;
    assert_eq!(database.live().await, tampered, "a dry run changes nothing");
    let kept = database.kept().await.len();
    let (done, mended, left) = repaired(&database, None, false).await;
    assert_eq!((looked.rows, &would), (done.rows, &mended));
    assert!(mended.iter().any(|line| line.starts_with(&format!("heroes {row}: name \"Stolen\" → "))), "{mended:#?}");
    assert!(mended.iter().any(|line| line.starts_with("days ")), "{mended:#?}");
    assert!(left.contains(&"chain_hash".to_owned()) && left.contains(&"receipt_missing".to_owned()), "{left:?}");
    assert_eq!((done.spaces, done.left), (3, left.len() as u64));
    assert!(database.kept().await.len() < kept, "what is repaired is known no longer");

    let of = |rows: &[String], space: SpaceId| {
        let is_row = |row: &&String| row.contains(&space.to_string()) && !row.starts_with("heads");
        rows.iter().filter(is_row).cloned().collect::<Vec<_>>()
    };
    let after = database.live().await;
    assert_eq!((of(&after, row), of(&after, receipt)), (of(&before, row), of(&before, receipt)));
    assert_eq!((of(&after, damaged), of(&after, unseen)), (of(&tampered, damaged), of(&tampered, unseen)));
    assert_eq!(repaired(&database, Some(unseen), false).await.0.rows, 1);
    assert_eq!(database.verify(unseen).await, []);
    assert_eq!(repaired(&database, None, false).await.0.rows, 0, "a second repair finds nothing to do");
}

#[tokio::test]
async fn a_repair_of_a_space_that_is_none_or_goes_says_so() {
    let Some(database) = Database::create().await else { return };
    let goes = database.fill("light@example.test", 5).await;
    database.tamper("INSERT INTO erasures (account_id, requested_at) VALUES ($1, 0)", goes).await;
    let stop = CancellationToken::new();
    let mut silent = |_: RepairNews<'_>| {};
    let erased = repair(&database.config, Some(goes), false, &stop, &mut silent).await;
    assert!(matches!(erased, Err(RunError::Erased(_))), "{erased:?}");
    let unknown = repair(&database.config, Some(SpaceId::default()), false, &stop, &mut silent).await;
    assert!(matches!(unknown, Err(RunError::NoSpace(_))), "{unknown:?}");
}
