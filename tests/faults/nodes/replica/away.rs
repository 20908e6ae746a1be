//! A replica that is too far behind, dead, still or no replica any more is left alone, and comes back by itself.

use support::Http;
use support::patience::until;

use super::super::{person, write};
use super::{HOWEVER_FAR, READS, Stage, after, last_of, newest};

const FOLLOWS: &str = "the replica follows";
/// What the log says when a replica becomes something else.
const TOLD: [&str; 3] = [FOLLOWS, "the replica is away", "the replica is too far behind"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_is_too_far_behind_is_not_asked_until_it_comes_close() {
    let stage = Stage::set(&[("LEVELUP_REPLICA_LAG_S", "1")]).await;
    let session = person(&[&stage.node]).await.remove(0);
    let http = Http::of(&session).await;
    let cursor = newest(&http).await;
    let standby = stage.hold().await;
    let last = write(&session).await;
    stage.node.part_becomes("replica", "degraded").await;
    until("a read beside a replica that is behind", async || {
        let before = stage.node.metric(READS, "because=\"behind\"").await;
        assert_eq!(last_of(&http.get(&after(&cursor)).await.json()), last);
        (stage.node.metric(READS, "because=\"behind\"").await > before).then_some(())
    })
    .await;
    assert!(stage.node.metric("levelup_database_replica_lag_seconds", "").await > 0.5);
    standby.batch_execute("SELECT pg_wal_replay_resume()").await.unwrap();
    stage.node.part_becomes("replica", "ok").await;
    stage.replica_answers(&http, &after(&cursor)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_dies_or_stands_still_fails_nobody_and_comes_back_by_itself() {
    let mut stage = Stage::set(&[HOWEVER_FAR]).await;
    let session = person(&[&stage.node]).await.remove(0);
    let http = Http::of(&session).await;
    write(&session).await;
    let cursor = newest(&http).await;
    for is_killed in [true, false] {
        stage.replica_answers(&http, &after(&cursor)).await;
        if is_killed {
            stage.standby.kill().await;
        } else {
            stage.standby.pause();
        }
        let last = write(&session).await;
        let read = until("word of it", async || {
            assert_eq!(last_of(&http.get(&after(&cursor)).await.json()), last, "reads go on");
            (stage.node.part("replica").await == "degraded").then_some(())
        });
        read.await;
        assert_eq!(stage.node.http.get("/readyz").await.json()["status"], "degraded");
        let before = stage.node.metric(READS, "because=\"away\"").await;
        assert_eq!(last_of(&http.get(&after(&cursor)).await.json()), last);
        assert_eq!(stage.node.metric(READS, "because=\"away\"").await, before + 1.0);
        if is_killed {
            stage.standby.start_again().await;
        } else {
            stage.standby.go_on();
        }
        stage.node.part_becomes("replica", "ok").await;
    }
    stage.replica_answers(&http, &after(&cursor)).await;
    let lost = stage.node.metric("levelup_database_replica_lost_total", "").await;
    let log = stage.node.server.log_text();
    let told: Vec<&str> = log.lines().filter_map(|line| TOLD.into_iter().find(|text| line.contains(*text))).collect();
    assert!(told.windows(2).all(|two| two[0] != two[1]), "a line for each change and for no look: {log}");
    // A machine that stands still for a second makes one more of them.
    let losses = told.windows(2).filter(|two| two[0] == FOLLOWS).count();
    assert!(losses >= 2, "a line when it goes away: {log}");
    assert_eq!(told.last(), Some(&FOLLOWS), "and one when it is there: {log}");
    assert_eq!(lost, losses as f64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_becomes_a_database_of_its_own_is_not_read_from() {
    let stage = Stage::set(&[HOWEVER_FAR]).await;
    let session = person(&[&stage.node]).await.remove(0);
    let http = Http::of(&session).await;
    let cursor = newest(&http).await;
    stage.replica_answers(&http, &after(&cursor)).await;
    stage.standby.connect().await.batch_execute("SELECT pg_promote()").await.unwrap();
    stage.node.part_becomes("replica", "degraded").await;
    let last = write(&session).await;
    assert_eq!(last_of(&http.get(&after(&cursor)).await.json()), last);
    assert!(stage.node.server.log_text().contains("it is no standby"));
}
