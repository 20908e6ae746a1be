//! What goes wrong in the middle: a full disk, a space that is erased, a damaged log.

use application::identity::Actor;
use domain::id::{AccountId, SpaceId};
use infrastructure::postgres::rebuild::{AtStop, Cause, RebuildError, Scope, begin, go_on};
use serde_json::json;
use support::{Account, tables};
use tokio_util::sync::CancellationToken;

use super::{admin_with_tasks, begin as ask_for, order, tamper, tampered, until_it_is};
use crate::erasure::eraser;

/// As PostgreSQL says it when it cannot make a table larger. Shadow tables are made anew by each run, so the refusal has to
/// come with them.
const FULL_DISK: &str = "
    CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
    END $$;
    CREATE FUNCTION fill_up() RETURNS event_trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass('rebuild.tasks') AND NOT c.relhastriggers) THEN
            CREATE TRIGGER full_disk BEFORE INSERT ON rebuild.tasks EXECUTE FUNCTION full_disk();
        END IF;
    END $$;
    CREATE EVENT TRIGGER fill_up ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION fill_up();";

#[tokio::test]
async fn a_full_disk_pauses_it_with_the_reason_and_touches_no_live_row() {
    let stage = admin_with_tasks(10).await;
    let space = stage.account.space();
    tamper(&stage.sql, space).await;
    let before = tables::footprint(&stage.sql).await;
    stage.sql.batch_execute(FULL_DISK).await.unwrap();
    let id = ask_for(&stage.http, &json!({})).await;
    let paused = until_it_is(&stage.http, &id, "paused").await;
    let reason = paused["reason"].as_str().unwrap();
    assert!(reason.contains("No space left on device (53100)"), "{reason}");
    assert_eq!(tables::footprint(&stage.sql).await, before);

    stage.sql.batch_execute("DROP EVENT TRIGGER fill_up").await.unwrap();
    assert_eq!(order(&stage.http, &id, "resume").await.0, 200);
    let ended = until_it_is(&stage.http, &id, "finished").await;
    assert_eq!((&ended["differences"], &ended["reason"]), (&json!(10), &json!(null)), "{ended}");
    assert_eq!(tampered(&stage.sql, space).await, 0);
}

#[tokio::test]
async fn one_that_is_paused_for_a_full_disk_gives_its_room_back_when_it_is_cancelled() {
    let stage = admin_with_tasks(10).await;
    stage.sql.batch_execute(FULL_DISK).await.unwrap();
    let id = ask_for(&stage.http, &json!({})).await;
    let paused = until_it_is(&stage.http, &id, "paused").await;
    assert!(paused["reason"].as_str().unwrap().contains("53100"), "{paused}");
    assert_eq!(order(&stage.http, &id, "cancel").await.1["state"], "cancelled");
    let left =
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'rebuild'";
    assert_eq!(stage.sql.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test]
async fn a_space_that_is_erased_takes_its_rebuild_with_it() {
    let stage = admin_with_tasks(1).await;
    let (_files, pool, stop) = (stage.server.setup(), stage.database.pool(6), CancellationToken::new());
    let erased = Account::register(&stage.server).await;
    let scope = Scope { space: Some(SpaceId(erased.space())), ..Scope::default() };
    let eraser = eraser(&stage.database, &stage.server);
    // Nobody takes it up meanwhile.
    stage.server.stop().await;
    let id = begin(&pool, &scope, Cause::Asked(Actor::Operator)).await.unwrap();
    let gone = eraser.now(AccountId(erased.space()), &stop).await.unwrap();
    assert!(gone.is_some(), "{gone:?}");
    let ended = go_on(&pool, id, (&stop, AtStop::Leave), &mut |_| {}).await;
    assert!(matches!(ended, Err(RebuildError::Gone(gone)) if gone == id), "{ended:?}");
    let again = begin(&pool, &scope, Cause::Asked(Actor::Operator)).await;
    assert!(matches!(again, Err(RebuildError::NoSpace(_))), "{again:?}");
    assert!(begin(&pool, &Scope::default(), Cause::Asked(Actor::Operator)).await.is_ok(), "the place is free");
}

#[tokio::test]
async fn a_damaged_log_is_told_and_its_space_left_as_it_is() {
    let stage = admin_with_tasks(4).await;
    let other = Account::register(&stage.server).await;
    super::write_tasks(&other, 4).await;
    for space in [stage.account.space(), other.space()] {
        tamper(&stage.sql, space).await;
    }
    let damage = "DELETE FROM events WHERE space_id = $1 AND position = 2";
    stage.sql.execute(damage, &[&other.space()]).await.unwrap();
    let id = ask_for(&stage.http, &json!({})).await;
    let ended = until_it_is(&stage.http, &id, "finished").await;
    assert_eq!((&ended["spaces_damaged"], &ended["spaces_differing"]), (&json!(1), &json!(1)), "{ended}");
    assert_eq!((tampered(&stage.sql, other.space()).await, tampered(&stage.sql, stage.account.space()).await), (4, 0));
}
