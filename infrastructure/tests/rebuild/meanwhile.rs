//! Something else than a write changes a space while it is folded: what was read before is not switched in.

use domain::id::SpaceId;
use infrastructure::postgres::rebuild::{Scope, State, rebuild};
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;

use super::support::Database;

/// As a redaction leaves it: event and row say something else, and the head counts a repair.
async fn redact(client: &Client, space: SpaceId, from: &str, to: &str) {
    let event = "UPDATE events SET payload = replace(payload::text, $2, $3)::jsonb, redacted_at = 1
        WHERE space_id = $1 AND payload::text LIKE '%' || $2 || '%'";
    assert_eq!(client.execute(event, &[&space.0, &from, &to]).await.unwrap(), 1);
    let head = "UPDATE heads SET repairs = repairs + 1 WHERE space_id = $1";
    client.execute(head, &[&space.0]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_redacted_while_a_space_is_folded_is_not_switched_in_again() {
    let Some(database) = Database::create().await else { return };
    let space = database.with_a_task("A secret").await;
    // It has something to switch, and waits for the head.
    database.tamper("UPDATE tasks SET title = 'nothing' WHERE space_id = $1", space).await;
    let holder = database.hold_head(space).await;
    let pool = database.pool.clone();
    let run =
        tokio::spawn(async move { rebuild(&pool, &Scope::default(), &CancellationToken::new(), &mut |_| {}).await });
    database.until_somebody_waits().await;
    redact(&holder, space, "A secret", "Nothing").await;
    holder.batch_execute("COMMIT").await.unwrap();
    let ended = run.await.unwrap().unwrap();
    assert_eq!((ended.state, ended.spaces_failed, ended.spaces_damaged), (State::Finished, 0, 0));
    assert_eq!(database.titles(space).await, ["Nothing"]);
    assert_eq!(database.verify(space).await, []);
}
