//! Cursors that a server never gave to this reader: of another space, of another server, of another life of the log, from
//! the future, and no cursors at all. None fails in silence and none skips.

use api::client::Replica;
use application::cursor::Cursor;
use serde_json::{Value, json};
use support::commands::{id, new_task};
use support::{Account, Socket, Sse, tables};

use crate::stage::{Stage, cursor_of};

async fn garbage(stage: &Stage) -> Vec<String> {
    let good = stage.cursor().await;
    let mut words: Vec<String> =
        ["x", "0", "null", "AAAA", "../../etc/passwd", "ü", "' OR 1=1 --"].map(String::from).into();
    words.push("A".repeat(4_000));
    words.push(good[..good.len() - 1].to_owned());
    words.push(format!("{good}A"));
    let cursor = Cursor::read(&good).unwrap();
    for position in [-1, i64::MIN, i64::MAX] {
        let mut impossible = cursor;
        impossible.position = position;
        words.push(impossible.token());
    }
    let turned = if good.as_bytes()[20] == b'A' { 'B' } else { 'A' };
    words.push(format!("{}{turned}{}", &good[..20], &good[21..]));
    words
}

fn path_of(cursor: &str) -> String {
    let escaped: String = cursor.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("/api/v2/changes?cursor={escaped}")
}

#[tokio::test]
async fn garbage_is_no_cursor_over_http_and_on_a_live_connection() {
    let stage = Stage::set().await;
    let mut socket = Socket::open(&stage.http).await;
    for word in garbage(&stage).await {
        let answer = stage.http.get(&path_of(&word)).await;
        assert_eq!((answer.status, answer.problem().as_str()), (400, "cursor_invalid"), "{word}");
        if word.is_ascii() {
            assert_eq!(Sse::ask(&stage.http, Some(&word)).await.status(), 400, "{word}");
        }
        socket.subscribe(Some(&word)).await;
        assert_eq!(socket.hear().await["code"], "cursor_invalid", "{word}");
    }
    socket.assert_usable().await;
}

#[tokio::test]
async fn a_cursor_of_another_space_is_foreign() {
    let stage = Stage::set().await;
    let stranger = Account::register(&stage.server).await;
    let foreign = cursor_of(&stranger.http().await).await;
    let answer = stage.http.get(&path_of(&foreign)).await;
    assert_eq!((answer.status, answer.problem().as_str()), (400, "cursor_foreign"));
    assert!(!String::from_utf8_lossy(&answer.body).contains(&stranger.space().to_string()));
    assert_eq!(Sse::ask(&stage.http, Some(&foreign)).await.status(), 400);
    let mut socket = Socket::open(&stage.http).await;
    socket.subscribe(Some(&foreign)).await;
    assert_eq!(socket.hear().await["code"], "cursor_foreign");
    socket.say(&json!({ "type": "ack", "cursor": foreign })).await;
    assert_eq!(socket.hear().await["code"], "cursor_foreign");
    socket.assert_usable().await;
}

/// Cursors of this space that cannot belong to its log, and what is wrong with each.
async fn misfits(stage: &Stage) -> Vec<(&'static str, String)> {
    let good = Cursor::read(&stage.cursor().await).unwrap();
    vec![
        ("epoch", Cursor { epoch: id(), ..good }.token()),
        ("ahead", Cursor { position: good.position + 1_000, ..good }.token()),
        ("ahead", Cursor { position: i64::MAX / 2, ..good }.token()),
        ("forked", Cursor { hash: [7; 8], ..good }.token()),
        ("forked", Cursor { position: good.position - 1, ..good }.token()),
    ]
}

#[tokio::test]
async fn a_cursor_that_cannot_belong_to_this_log_is_answered_by_a_reset() {
    let stage = Stage::set().await;
    for (reason, cursor) in misfits(&stage).await {
        let body = stage.http.get(&path_of(&cursor)).await.json();
        assert_eq!((&body["reset"], &body["reason"]), (&json!(true), &json!(reason)), "{body}");
        let waiting = stage.http.get(&format!("{}&wait=30", path_of(&cursor))).await.json();
        assert_eq!(waiting["reset"], true, "a long poll does not wait with it");
        let event = Sse::open(&stage.http, Some(&cursor)).await.next().await.unwrap();
        assert_eq!((event.event.as_str(), &event.data["reason"]), ("reset", &json!(reason)));
        let mut socket = Socket::open(&stage.http).await;
        socket.subscribe(Some(&cursor)).await;
        let heard = socket.hear().await;
        assert_eq!((&heard["type"], &heard["reason"]), (&json!("reset"), &json!(reason)), "{heard}");
        // The connection stays, and goes on once the client has started again.
        socket.subscribe(None).await;
        assert_eq!(socket.hear().await["type"], "changes");
    }
}

#[tokio::test]
async fn after_a_restore_a_reader_is_reset_and_starts_again_without_a_gap() {
    let stage = Stage::set().await;
    stage.account.commit(&[support::commands::create_task(id(), "Kept")]).await;
    let before = stage.cursor().await;
    let checksum =
        tables::count(&stage.sql, "SELECT checksum FROM heads WHERE space_id = $1", stage.account.space()).await;
    stage.account.commit(&[support::commands::create_task(id(), "Lost")]).await;
    let lost = stage.cursor().await;
    // What a backup of an earlier moment looks like, and what happens on it.
    stage.sql.batch_execute(RESTORE).await.unwrap();
    stage.sql.execute("UPDATE heads SET checksum = $1", &[&checksum]).await.unwrap();
    let server = stage.server.restart().await;
    let http = stage.account.device_http(&server, "phone").await;
    let ahead = http.get(&path_of(&lost)).await.json();
    assert_eq!(ahead["reason"], "ahead");
    assert_eq!(http.get(&path_of(&before)).await.json()["caught_up"], true);
    let written = http.write(&json!({ "transactions": [new_task("Another way")] })).await.receipts();
    assert_eq!(written[0]["status"], "committed");
    let forked = http.get(&path_of(&lost)).await.json();
    assert_eq!(forked["reason"], "forked");
    let mut replica = Replica::default();
    replica.apply(&serde_json::from_value(http.get("/api/v2/changes?limit=1000").await.json()).unwrap()).unwrap();
    tables::assert_equal(&stage.sql, stage.account.space(), &replica).await;
}

/// Takes the last transaction back, as if it had never been.
const RESTORE: &str = "
    DELETE FROM tasks WHERE title = 'Lost';
    DELETE FROM receipts r USING heads h WHERE h.space_id = r.space_id AND r.first_position = h.position;
    DELETE FROM events e USING heads h WHERE h.space_id = e.space_id AND e.position = h.position;
    UPDATE heads h SET position = position - 1, live_entities = live_entities - 1, legacy_next = legacy_next - 1,
        hash = (SELECT hash FROM events e WHERE e.space_id = h.space_id AND e.position = h.position - 1);
";

#[tokio::test]
async fn a_base_that_cannot_be_known_is_deferred_and_so_is_what_follows_it() {
    let stage = Stage::set().await;
    let stranger = Account::register(&stage.server).await;
    let foreign = cursor_of(&stranger.http().await).await;
    let mut bases: Vec<(String, &str)> = vec![("garbage".to_owned(), "base_invalid"), (foreign, "base_unknown")];
    bases.extend(misfits(&stage).await.into_iter().map(|(_, cursor)| (cursor, "base_unknown")));
    for (base, expected) in bases {
        let mut second = new_task("Second");
        second["base"] = json!(base);
        let sent = [new_task("First"), second, new_task("Third"), new_task("Fourth")];
        let receipts = stage.http.write(&json!({ "transactions": sent })).await.receipts();
        let told: Vec<(&Value, &Value)> =
            receipts.iter().map(|one| (&one["status"], &one["problem"]["code"])).collect();
        let deferred = |code: &str| (json!("deferred"), json!(code));
        let (second, later) = (deferred(expected), deferred("after_deferred"));
        let first = (json!("committed"), Value::Null);
        let wanted: Vec<(&Value, &Value)> = [&first, &second, &later, &later].map(|(a, b)| (a, b)).into();
        assert_eq!(told, wanted);
        // No receipt was kept: the same ids are decided when they come again without the bad base.
        let again = [without_base(&sent[1]), sent[2].clone(), sent[3].clone()];
        let receipts = stage.http.write(&json!({ "transactions": again })).await.receipts();
        assert!(receipts.iter().all(|one| one["status"] == "committed"), "{receipts:?}");
    }
}

fn without_base(transaction: &Value) -> Value {
    let mut transaction = transaction.clone();
    transaction.as_object_mut().unwrap().remove("base");
    transaction
}
