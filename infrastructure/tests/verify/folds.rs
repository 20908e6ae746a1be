//! Rows of other folds are no findings, and whoever is older leaves them alone.

use infrastructure::postgres::verify::{BegunBy, RunError, Sessions, Worked, begin, repair, work};
use tokio_util::sync::CancellationToken;

use super::support::Database;

#[tokio::test]
async fn an_older_program_looks_at_nothing_and_repairs_nothing() {
    let Some(database) = Database::create().await else { return };
    let space = database.with_a_task("Read").await;
    database.tamper("UPDATE tasks SET title = 'newer' WHERE space_id = $1", space).await;
    database.wanted_by_a_newer_program().await;
    let (client, stop) = (database.client().await, CancellationToken::new());
    let id = begin(&client, None, BegunBy::Operator).await.unwrap();
    let mut sessions = Sessions::connect(&database.config).await.unwrap();
    assert_eq!(work(&mut sessions, id, None, &stop, &mut |_| {}).await.unwrap(), Worked::Newer);
    assert!(database.kept().await.is_empty());
    let refused = repair(&database.config, Some(space), false, &stop, &mut |_| {}).await;
    assert!(matches!(refused, Err(RunError::Newer("tasks"))), "{refused:?}");
    assert_eq!(database.titles(space).await, ["newer"]);
}

#[tokio::test]
async fn of_a_space_that_is_not_built_yet_the_log_is_looked_at_and_no_row() {
    let Some(database) = Database::create().await else { return };
    let (space, built) = (database.with_a_task("Read").await, database.with_a_task("Read").await);
    for space in [space, built] {
        database.tamper("UPDATE tasks SET title = 'older' WHERE space_id = $1", space).await;
    }
    let left = r#"INSERT INTO space_folds (space_id, folds) VALUES ($1, '{"tasks": 0}')"#;
    database.tamper(left, space).await;
    assert_eq!((database.codes(space).await, database.codes(built).await), (vec![], vec!["row"]));
    database.tamper("UPDATE events SET payload_hash = sha256('x') WHERE space_id = $1 AND position = 3", space).await;
    assert!(database.codes(space).await.contains(&"payload_hash"));
}

#[tokio::test]
async fn a_repair_that_is_stopped_leaves_the_rest_of_a_space_as_it_is() {
    let Some(database) = Database::create().await else { return };
    let space = database.with_a_task("Read").await;
    database.tamper("UPDATE tasks SET title = 'tampered' WHERE space_id = $1", space).await;
    let stop = CancellationToken::new();
    stop.cancel();
    let stopped = repair(&database.config, Some(space), false, &stop, &mut |_| {}).await.unwrap();
    assert!(stopped.interrupted && stopped.rows == 0, "{stopped:?}");
    assert_eq!(database.titles(space).await, ["tampered"]);
}
