//! What a search finds: every filter, pages beside writers, the bound of a request, and nothing of anybody else.

use serde_json::{Value, json};
use support::commands::{command, command_with, create_task, edit_task, id};
use support::{Account, Http};

use super::{many, settle};
use crate::people::promote;
use crate::stage::Stage;

async fn found(http: &Http, path: &str) -> Vec<Value> {
    let answer = http.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.json());
    answer.json()["items"].as_array().unwrap().clone()
}

/// All that a search finds, page by page.
async fn walk(http: &Http, path: &str) -> (Vec<Value>, usize) {
    let (mut items, mut pages, mut next) = (Vec::new(), 0, String::new());
    loop {
        let page = http.get(&format!("{path}{next}")).await.json();
        items.extend(page["items"].as_array().unwrap_or_else(|| panic!("{page}")).clone());
        pages += 1;
        match page["next"].as_str() {
            Some(token) => next = format!("&page={token}"),
            None => return (items, pages),
        }
    }
}

#[tokio::test]
async fn every_filter_finds_what_it_names_and_nothing_else() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let (task, goal) = (id(), id());
    stage.account.commit(&[create_task(task, "Ten 100% pages")]).await;
    let browser = stage.account.device_http(&stage.server, "browser").await;
    let sent = support::commands::transaction(&[edit_task(task, json!({ "title": "Zwölf Seiten", "tags": ["x"] }))]);
    assert_eq!(browser.write(&json!({ "transactions": [sent] })).await.receipts()[0]["status"], "committed");
    stage.account.commit(&[command_with("goal.create", goal, json!({ "title": "Books" }))]).await;
    stage.account.commit(&[command("task.complete", task)]).await;
    other.commit(&[create_task(id(), "Ten 100% pages")]).await;
    promote(&stage.sql, &stage.account, "support").await;
    settle(&stage.database).await;

    let (space, stranger) = (stage.account.space(), other.space());
    let base = "/api/v2/admin/audit?limit=1000";
    let count = async |filter: &str| found(&stage.http, &format!("{base}&{filter}")).await;
    let all = count("").await.len();
    let mine = count(&format!("account={space}")).await;
    assert_eq!(mine.len() + count(&format!("space={stranger}")).await.len(), all);
    assert!(mine.iter().all(|row| row["account_id"] == json!(space)));
    let edited = count(&format!("transaction={}", sent["transaction_id"].as_str().unwrap())).await;
    let fields: Vec<&Value> = edited.iter().map(|row| &row["field"]).collect();
    assert_eq!(fields, ["title", "tags"]);
    assert_eq!((&edited[0]["before"], &edited[0]["after"]), (&json!("Ten 100% pages"), &json!("Zwölf Seiten")));
    assert_eq!((&edited[0]["role"], &edited[0]["network"]), (&json!("owner"), &json!("127.0.0.0/24")));
    for (field, filter) in [("device_id", "device"), ("session_id", "session")] {
        let of_browser = count(&format!("{filter}={}", edited[0][field].as_str().unwrap())).await;
        assert_eq!(of_browser, edited, "{filter}");
    }
    let of_task = count(&format!("id={task}")).await;
    assert!(of_task.len() > 8 && of_task.iter().all(|row| row["id"] == json!(task)));
    assert_eq!(count(&format!("entity=goal&account={space}")).await[0]["id"], json!(goal));
    assert!(count("entity=goal").await.iter().all(|row| row["entity"] == "goal"));
    assert_eq!(count(&format!("field=title&id={task}")).await.len(), 2);
    assert_eq!(count("text=100%25").await.len(), 3, "two creations and what the edit replaced; % is itself");
    assert_eq!(count("text=zw%C3%B6LF").await.len(), 1);
    assert_eq!(count("text=nowhere").await.len(), 0);
    let completed = of_task.iter().find(|row| row["event"] == "task.completed").unwrap();
    assert_eq!((&completed["field"], &completed["after"]["xp"]), (&Value::Null, &json!(20)));
    let followed = count(&format!("account={space}&cause={}", completed["position"])).await;
    let events: Vec<&str> = followed.iter().map(|row| row["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["hero.rewarded"]);
    let moment = completed["recorded_at"].as_i64().unwrap();
    let since = count(&format!("from={moment}")).await;
    let before = count(&format!("until={moment}")).await;
    assert_eq!(since.len() + before.len(), all);
    assert!(since.contains(completed) && !before.contains(completed));

    let signed_in = count(&format!("source=security&account={stranger}")).await;
    assert!(signed_in.iter().all(|row| row["source"] == "security" && row["account_id"] == json!(stranger)));
    assert!(signed_in.iter().any(|row| row["event"] == "registered"), "{signed_in:?}");
    let both = count(&format!("source=all&account={stranger}")).await;
    assert!(both.len() > count(&format!("account={stranger}")).await.len());
    assert!(both.windows(2).all(|pair| pair[0]["recorded_at"].as_i64() >= pair[1]["recorded_at"].as_i64()));
    assert_eq!(count("source=security&text=registered&field=title").await.len(), 0, "no field in the security log");
}

#[tokio::test]
async fn what_is_no_question_is_refused_by_name() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("from=yesterday", "from"),
        ("until=-1", "until"),
        ("text=", "text"),
        ("text=%00", "text"),
        ("entity=king", "entity"),
        ("cause=4", "cause"),
        ("account=0197a000-0000-7000-8000-000000000001&space=0197a000-0000-7000-8000-000000000002", "space"),
    ] {
        let answer = stage.http.get(&format!("/api/v2/admin/audit?{query}")).await;
        let body = answer.json();
        assert_eq!((answer.status, &body["code"]), (400, &json!("query_invalid")), "{query}");
        assert_eq!(body["parameter"], parameter, "{query}: {body}");
    }
    for query in ["account=7", "color=red", "source=both", "format=xml", "cause=x"] {
        let answer = stage.http.get(&format!("/api/v2/admin/audit?{query}")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (400, "query_invalid"), "{query}");
    }
    let next = stage.http.get("/api/v2/admin/audit?limit=1").await.json()["next"].as_str().unwrap_or("x").to_owned();
    for query in [format!("field=title&page={next}"), "page=garbage".to_owned()] {
        let answer = stage.http.get(&format!("/api/v2/admin/audit?{query}")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (400, "page_invalid"), "{query}");
    }
}

#[tokio::test]
async fn a_reader_of_pages_misses_nothing_and_sees_nothing_twice_while_others_write() {
    let stage = Stage::set().await;
    for number in 0..6 {
        stage.account.commit(&[create_task(id(), &format!("Before {number}"))]).await;
    }
    let (all, _) = walk(&stage.http, "/api/v2/audit?limit=1000").await;
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let page = stage.http.get(&format!("/api/v2/audit?limit=3{next}")).await.json();
        assert!(page["items"].as_array().unwrap().len() <= 3);
        seen.extend(page["items"].as_array().unwrap().clone());
        stage.account.commit(&[create_task(id(), "Meanwhile")]).await;
        match page["next"].as_str() {
            Some(token) => next = format!("&page={token}"),
            None => break,
        }
    }
    assert_eq!(seen, all);
}

#[tokio::test]
async fn one_sees_ones_own_writes_at_once_and_nobody_elses_ever() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let theirs = id();
    other.commit(&[create_task(theirs, "Private")]).await;
    for number in 0..5 {
        let task = id();
        stage.account.commit(&[create_task(task, &format!("Mine {number}"))]).await;
        let rows = found(&stage.http, &format!("/api/v2/audit?id={task}&field=title")).await;
        assert_eq!(rows.len(), 1, "it is there as soon as it is written");
    }
    for filter in ["text=Private", &format!("id={theirs}"), &format!("device={}", other.session.device_id())] {
        assert_eq!(found(&stage.http, &format!("/api/v2/audit?{filter}")).await, Vec::<Value>::new(), "{filter}");
    }
    let answer = stage.http.get(&format!("/api/v2/audit?account={}", other.space())).await;
    assert_eq!(answer.status, 400, "there is no asking for another account");
}

#[tokio::test]
async fn a_request_looks_at_so_many_rows_and_the_next_one_goes_on() {
    let stage = Stage::set().await;
    settle(&stage.database).await;
    let many = many("CASE WHEN n % 12000 = 0 THEN 'rare' ELSE 'common' END");
    stage.sql.execute(&many, &[&stage.account.space(), &id(), &100_i64, &35_000_i64]).await.unwrap();
    let (rare, pages) = walk(&stage.http, "/api/v2/audit?text=RARE&limit=10").await;
    let positions: Vec<i64> = rare.iter().map(|row| row["position"].as_i64().unwrap()).collect();
    assert_eq!((positions, pages), (vec![24_000, 12_000], 4), "a page for every ten thousand events");
    let (nothing, pages) = walk(&stage.http, "/api/v2/audit?text=nowhere&limit=10").await;
    assert_eq!((nothing.len(), pages), (0, 4));
}
