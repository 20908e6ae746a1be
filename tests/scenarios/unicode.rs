//! Text is kept as it came, code point by code point, or refused; never mangled.

use serde_json::{Value, json};
use support::Socket;
use support::commands::{command_with, create_task, id, new_task, transaction};

use crate::stage::{Stage, code};

/// Combining marks in both orders, right to left, emoji with joiners, the byte order mark, the last code point,
/// line separators, a replacement character, quotes and backslashes.
const KEPT: [&str; 12] = [
    "e\u{301}\u{323} and é",
    "שלום \u{202e}abc\u{202c}",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "\u{feff}mark",
    "\u{10ffff}\u{fffe}",
    "a\u{2028}b\u{2029}c",
    "\u{fffd}\u{fffd}",
    "\"\\\u{8}\u{c}\n\r\t/",
    "  two spaces around  ",
    "ﷺ ẛ̣ ǆ Ǆ",
    "\u{1}\u{1f}\u{7f}\u{80}\u{9f}",
    "zero\u{200b}width",
];

#[tokio::test]
async fn text_is_kept_code_point_by_code_point_in_json_and_in_cbor() {
    let stage = Stage::set().await;
    let mut socket = Socket::open_cbor(&stage.http).await;
    for (index, text) in KEPT.iter().enumerate() {
        let (first, second) = (id(), id());
        let data = json!({ "title": text, "description": text, "tags": [text] });
        stage.account.commit(&[command_with("task.create", first, data.clone())]).await;
        let receipts = socket.write(&[transaction(&[command_with("task.create", second, data)])]).await;
        assert_eq!(receipts[0]["status"], "committed", "{index}: {receipts:?}");
        for task in [first, second] {
            let statement = "SELECT title = $2 AND description = $2 AND tags = ARRAY[$2] FROM tasks WHERE id = $1";
            let row = stage.sql.query_one(statement, &[&task, text]).await.unwrap();
            assert!(row.get::<_, bool>(0), "{index}: {text:?} in the table");
        }
    }
    let answer = stage.http.get("/api/v2/changes?limit=1000").await.json();
    let titles: Vec<&Value> = answer["changes"].as_array().unwrap().iter().map(|c| &c["fields"]["title"]).collect();
    for text in KEPT {
        assert_eq!(titles.iter().filter(|title| **title == text).count(), 2, "{text:?} in the feed");
    }
}

#[tokio::test]
async fn lengths_are_counted_in_code_points() {
    let stage = Stage::set().await;
    stage.account.commit(&[create_task(id(), &"👩".repeat(200))]).await;
    let receipt = stage.account.send(new_task(&"👩".repeat(201))).await;
    assert_eq!(code(&receipt), "too_long");
    let receipt = stage.account.send(new_task("👩‍👩‍👧‍👦")).await;
    assert_eq!(receipt["status"], "committed", "seven code points are one family");
}

/// Transactions in JSON that is well-formed by its grammar and still says nothing that can be kept.
fn unspeakable() -> Vec<(&'static str, String, &'static str)> {
    let of = |title: &str| {
        let text = new_task("TITLE").to_string();
        text.replace("\"TITLE\"", title)
    };
    vec![
        ("half a surrogate pair", of(r#""a\ud800b""#), "text_invalid"),
        ("the other half", of(r#""a\udc00b""#), "text_invalid"),
        ("a pair in the wrong order", of(r#""a\udc00\ud800b""#), "text_invalid"),
        ("too deep", of(&["[".repeat(100_000), "]".repeat(100_000)].concat()), "too_deep"),
        ("a number beyond all", of("1e999"), "out_of_range"),
    ]
}

#[tokio::test]
async fn a_lone_surrogate_fails_only_its_own_transaction() {
    let stage = Stage::set().await;
    for (name, bad, expected) in unspeakable() {
        let body = format!("{{\"transactions\":[{},{bad},{}]}}", new_task("Before"), new_task("After"));
        let receipts = stage.http.post("/api/v2/transactions", body).await.receipts();
        assert_eq!(receipts[0]["status"], "committed", "{name}");
        assert_eq!((&receipts[1]["status"], code(&receipts[1])), (&json!("rejected"), expected), "{name}");
        assert!(receipts[1]["transaction_id"].is_string(), "{name}");
        assert_eq!(receipts[2]["status"], "committed", "{name}");
    }
}

#[tokio::test]
async fn a_whole_surrogate_pair_is_one_code_point() {
    let stage = Stage::set().await;
    let text = new_task("TITLE").to_string().replace("TITLE", r"\ud83d\udcd6 book");
    let receipts = stage.http.post("/api/v2/transactions", format!("{{\"transactions\":[{text}]}}")).await.receipts();
    assert_eq!(receipts[0]["status"], "committed");
    let row = stage.sql.query_one("SELECT title FROM tasks", &[]).await.unwrap();
    assert_eq!(row.get::<_, &str>(0), "📖 book");
}

#[tokio::test]
async fn a_lone_surrogate_on_a_live_connection_fails_only_its_own_transaction() {
    let stage = Stage::set().await;
    let mut socket = Socket::open(&stage.http).await;
    for (name, bad, _) in unspeakable() {
        let (before, after) = (new_task("Before"), new_task("After"));
        let text = format!("{{\"type\":\"transactions\",\"id\":7,\"transactions\":[{before},{bad},{after}]}}");
        socket.send(tokio_tungstenite::tungstenite::Message::text(text)).await;
        let heard = socket.hear().await;
        assert_eq!(heard["type"], "receipts", "{name}: {heard}");
        let statuses: Vec<&Value> = heard["receipts"].as_array().unwrap().iter().map(|one| &one["status"]).collect();
        assert_eq!(statuses, ["committed", "rejected", "committed"], "{name}");
    }
    socket.assert_usable().await;
}

#[tokio::test]
async fn a_set_never_holds_what_it_would_refuse() {
    let stage = Stage::set().await;
    let task = id();
    stage.account.commit(&[command_with("task.create", task, json!({ "title": "Read", "tags": ["book"] }))]).await;
    for (part, member) in [("add", json!("a\0b")), ("add", json!(7)), ("remove", json!("a\0b")), ("remove", json!(7))] {
        let mut edit = support::commands::command("task.edit", task);
        edit[part] = json!({ "tags": [member] });
        let receipt = stage.account.send(transaction(&[edit])).await;
        assert_ne!(receipt["status"], "deferred", "{part} {member}: {receipt}");
    }
    let row = stage.sql.query_one("SELECT tags FROM tasks", &[]).await.unwrap();
    assert_eq!(row.get::<_, Vec<String>>(0), ["book"]);
}
