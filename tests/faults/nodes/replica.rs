//! A replica of the database that answers readers: one that is behind, stands still, is killed or is no replica any more shows in
//! what a server says of itself, and in nothing that a reader is told.

mod away;

use std::sync::Arc;

use api::client::{Heard, Live, Session};
use application::cursor::Cursor;
use serde_json::{Value, json};
use support::Http;
use support::commands::{create_task, id, transaction};
use support::patience::{until, within};
use support::process::run;
use tokio_postgres::Client;

use super::{NEVER, Node, person, write};
use crate::scratch_cluster::ScratchCluster;

const READS: &str = "levelup_cursor_reads_total";
/// So far behind that no replica of a test is.
const HOWEVER_FAR: (&str, &str) = ("LEVELUP_REPLICA_LAG_S", "3600");

/// A database, its standby, and a node that reads there.
struct Stage {
    database: ScratchCluster,
    standby: ScratchCluster,
    node: Node,
}

/// A replica that stands still behind a cursor, and a person with a device at its node and one at another.
struct Apart {
    stage: Stage,
    _other: Node,
    sessions: Vec<Arc<Session>>,
    here: Http,
    there: Http,
    cursor: String,
    standby: Client,
}

impl Apart {
    async fn set() -> Self {
        let stage = Stage::set(&[HOWEVER_FAR]).await;
        let other = stage.other().await;
        let sessions = person(&[&stage.node, &other]).await;
        let (here, there) = (Http::of(&sessions[0]).await, Http::of(&sessions[1]).await);
        write(&sessions[0]).await;
        let cursor = newest(&here).await;
        stage.replica_answers(&here, &after(&cursor)).await;
        let standby = stage.hold().await;
        Self { stage, _other: other, sessions, here, there, cursor, standby }
    }
}

impl Stage {
    async fn set(told: &[(&str, &str)]) -> Self {
        let database = ScratchCluster::start().await;
        let standby = database.standby().await;
        let url = standby.url();
        let told: Vec<_> = told.iter().copied().chain([NEVER, ("LEVELUP_REPLICA_URL", url.as_str())]).collect();
        let node = Node::start_at(database.url(), &told).await;
        node.part_becomes("replica", "ok").await;
        Self { database, standby, node }
    }

    /// Another node of the same database, which knows no replica.
    async fn other(&self) -> Node {
        Node::start_at(self.database.url(), &[NEVER]).await
    }

    /// Nothing more is replayed, and what was read there stays as it is.
    async fn hold(&self) -> Client {
        let standby = self.standby.connect().await;
        standby.batch_execute("SELECT pg_wal_replay_pause()").await.unwrap();
        let paused = "SELECT pg_get_wal_replay_pause_state() = 'paused'";
        until("a standby that stands still", async || {
            standby.query_one(paused, &[]).await.unwrap().get::<_, bool>(0).then_some(())
        })
        .await;
        standby
    }

    /// Waits until the replica has answered such a read, which is repeated meanwhile.
    async fn replica_answers(&self, http: &Http, path: &str) -> Value {
        until("an answer of the replica", async || {
            let before = self.node.metric(READS, "by=\"replica\"").await;
            let answer = http.get(path).await;
            assert_eq!(answer.status, 200, "no read fails because of it");
            (self.node.metric(READS, "by=\"replica\"").await > before).then(|| answer.json())
        })
        .await
    }
}

fn after(cursor: &str) -> String {
    format!("/api/v2/changes?cursor={cursor}")
}

/// The cursor behind everything, read where the caller carries none.
async fn newest(http: &Http) -> String {
    http.get("/api/v2/changes?limit=1000").await.json()["cursor"].as_str().unwrap().to_owned()
}

fn last_of(page: &Value) -> i64 {
    page["changes"].as_array().unwrap().last().expect("a change")["position"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_with_a_cursor_is_answered_by_a_replica_that_has_come_so_far() {
    let stage = Stage::set(&[HOWEVER_FAR]).await;
    let session = person(&[&stage.node]).await.remove(0);
    let http = Http::of(&session).await;
    write(&session).await;
    let cursor = newest(&http).await;
    assert_eq!(stage.node.metric(READS, "by=").await, 0.0, "who carries no cursor is answered by the database");

    let last = write(&session).await;
    let page = until_has(&stage, &http, &cursor, last).await;
    assert_eq!((last_of(&page), &page["caught_up"]), (last, &Value::Bool(true)));
    let alone = stage.other().await;
    let same = http_at(&alone, &session).await.get(&after(&cursor)).await.json();
    assert_eq!(page, same, "the database says the same");

    // Whoever waits for what the replica has waits there.
    let waiting = http.with_header("x-wait-for", page["cursor"].as_str().unwrap());
    stage.replica_answers(&waiting, "/api/v2/tasks").await;
    assert!(stage.node.metric(READS, "what=\"wait_for\",by=\"replica\"").await > 0.0);
    // A live connection that comes with a cursor catches up there.
    until("a live connection that the replica answers", async || {
        let before = stage.node.metric(READS, "by=\"replica\"").await;
        hear(&session, &cursor, last).await;
        (stage.node.metric(READS, "by=\"replica\"").await > before).then_some(())
    })
    .await;
    assert!(stage.node.metric("levelup_feed_pages_total", "source=\"replica\"").await > 0.0);
}

/// Listens from a cursor until a position was heard.
async fn hear(session: &Arc<Session>, cursor: &str, last: i64) {
    let mut live = Live::from(Arc::clone(session), Some(cursor.to_owned()));
    loop {
        let heard = within("what was written", live.next()).await.unwrap();
        if let Heard::Changes(page) = heard
            && page.changes.last().is_some_and(|change| change.position >= last)
        {
            return;
        }
    }
}

/// The same person at another node.
async fn http_at(node: &Node, session: &Session) -> Http {
    let token = session.access_token().await.unwrap();
    Http::nobody(node.server.server().url()).with_token(&token)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_replica_that_stands_still_does_not_have_is_seen_all_the_same() {
    let Apart { stage, _other, sessions, here, there, cursor, standby } = Apart::set().await;
    // One's own write, at once and without a header.
    let mut writes = 0;
    until("a replica that was asked first", async || {
        let last = write(&sessions[0]).await;
        assert_eq!(last_of(&here.get(&after(&cursor)).await.json()), last);
        writes += 1;
        (writes >= 3 && stage.node.metric(READS, "because=\"not_there\"").await > 0.0).then_some(())
    })
    .await;
    // What was read at the other node: a cursor that the replica has not come to.
    write(&sessions[1]).await;
    let further = newest(&there).await;
    let page = here.get(&after(&further)).await.json();
    assert_eq!((page["reset"].is_null(), &page["caught_up"]), (true, &Value::Bool(true)), "{page}");
    assert_eq!(page["cursor"], Value::String(further));
    // It may be so far behind.
    stage.node.part_becomes("replica", "ok").await;
    drop(standby);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_node_wrote_is_heard_and_waited_for_beside_a_replica_that_stands_still() {
    let Apart { stage, _other, sessions, here, there, cursor, standby } = Apart::set().await;
    let last = write(&sessions[1]).await;
    let written = newest(&there).await;
    let waiting = here.with_header("x-wait-for", &written);
    assert_eq!(last_of(&waiting.get(&after(&cursor)).await.json()), last, "who waits for it sees it");
    // Nobody tells of it again, and nobody sweeps: whoever comes now hears it because the end is asked for.
    hear(&sessions[0], &cursor, last).await;
    standby.batch_execute("SELECT pg_wal_replay_resume()").await.unwrap();
    assert_eq!(last_of(&until_has(&stage, &here, &cursor, last).await), last);
}

/// Waits until the replica itself answers with everything up to a position.
async fn until_has(stage: &Stage, http: &Http, cursor: &str, last: i64) -> Value {
    until("a replica that goes on", async || {
        let page = stage.replica_answers(http, &after(cursor)).await;
        let has_it = page["changes"].as_array().unwrap().last().is_some_and(|change| change["position"] == last);
        has_it.then_some(page)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_taken_out_is_not_read_from_a_replica_that_still_has_it() {
    let stage = Stage::set(&[HOWEVER_FAR]).await;
    let session = person(&[&stage.node]).await.remove(0);
    let http = Http::of(&session).await;
    let (cursor, task) = (newest(&http).await, id());
    let body = json!({ "transactions": [transaction(&[create_task(task, "hunter2")])] });
    assert_eq!(http.write(&body).await.receipts()[0]["status"], "committed");
    until("a replica that has it", async || {
        let page = stage.replica_answers(&http, &after(&cursor)).await;
        page.to_string().contains("hunter2").then_some(())
    })
    .await;
    let standby = stage.hold().await;
    let space = Cursor::read(&cursor).unwrap().space.0.to_string();
    let (entity, data_dir) = (format!("task/{task}"), stage.node.server.data_dir());
    let arguments =
        ["admin", "redact", "--space", &space, "--entity", &entity, "--field", "title", "--reason", "a test"];
    let (exit, _, error) = run(&stage.database.url(), &data_dir, &arguments).await;
    assert_eq!(exit, 0, "{error}");
    until("an answer without it, because the replica has it", async || {
        let page = http.get(&after(&cursor)).await.json();
        let is_without = !page.to_string().contains("hunter2");
        (is_without && stage.node.metric(READS, "because=\"outdated\"").await > 0.0).then_some(())
    })
    .await;
    drop(standby);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_that_does_not_belong_to_the_log_is_answered_as_without_a_replica() {
    let stage = Stage::set(&[HOWEVER_FAR]).await;
    let alone = stage.other().await;
    let session = person(&[&stage.node]).await.remove(0);
    let (http, without) = (Http::of(&session).await, http_at(&alone, &session).await);
    write(&session).await;
    let good = Cursor::read(&newest(&http).await).unwrap();
    stage.replica_answers(&http, &after(&good.token())).await;
    let strange = [
        ("epoch", Cursor { epoch: id(), ..good }),
        ("ahead", Cursor { position: good.position + 1, ..good }),
        ("forked", Cursor { hash: [9; 8], ..good }),
    ];
    for (reason, cursor) in strange {
        let path = after(&cursor.token());
        let (beside, alone) = (http.get(&path).await.json(), without.get(&path).await.json());
        assert_eq!((&beside["reason"], &beside), (&Value::String(reason.to_owned()), &alone));
    }
}
