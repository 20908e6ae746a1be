//! The forms of an answer: pages, lines, tables; over HTTP and at the command line.

use serde_json::{Value, json};
use support::commands::{create_task, id};
use support::process::run;

use crate::people::acts;
use crate::stage::Stage;

#[tokio::test]
async fn a_table_keeps_every_cell_and_has_no_formula() {
    let stage = Stage::set().await;
    for title in ["=HYPERLINK(\"http://x\",\"y\")", "two\nlines, and \"quotes\"", "-1+1"] {
        stage.account.commit(&[create_task(id(), title)]).await;
    }
    let answer = stage.http.with_header("accept", "text/csv").get("/api/v2/audit?field=title&text=h").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert!(answer.header("content-disposition").contains("levelup-audit.csv"));
    let table = String::from_utf8(answer.body.clone()).unwrap();
    assert!(table.starts_with("source,account_id,recorded_at,at,event,"), "{table}");
    assert!(table.contains(",\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\","), "{table}");
    let answer = stage.http.get("/api/v2/audit?field=title&format=csv").await;
    let table = String::from_utf8(answer.body.clone()).unwrap();
    assert!(table.contains(",\"two\nlines, and \"\"quotes\"\"\",") && table.contains(",\"'-1+1\","), "{table}");
    assert_eq!(table.matches("\r\n").count(), 4, "the header and three rows: {table}");
}

#[tokio::test]
async fn lines_are_everything_that_pages_are() {
    let stage = Stage::set().await;
    // More than a block of a stream.
    for _ in 0..3 {
        let commands: Vec<Value> = (0..100).map(|number| create_task(id(), &format!("Task {number}"))).collect();
        stage.account.commit(&commands).await;
    }
    let answer = stage.http.with_header("accept", "application/x-ndjson").get("/api/v2/audit?entity=task").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-ndjson"));
    let lines: Vec<Value> = String::from_utf8(answer.body.clone())
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (mut paged, mut next) = (Vec::new(), String::new());
    loop {
        let page = stage.http.get(&format!("/api/v2/audit?entity=task&limit=1000{next}")).await.json();
        paged.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(token) => next = format!("&page={token}"),
            None => break,
        }
    }
    assert!(lines.len() > 2_000);
    assert_eq!(lines, paged);
}

#[tokio::test]
async fn nothing_found_is_an_empty_file_and_a_table_of_a_header() {
    let stage = Stage::set().await;
    for (form, lines) in [("ndjson", 0), ("csv", 1)] {
        let answer = stage.http.get(&format!("/api/v2/audit?text=nowhere&format={form}")).await;
        let said = String::from_utf8(answer.body.clone()).unwrap();
        assert_eq!((answer.status, said.lines().count()), (200, lines), "{form}: {said}");
    }
}

#[tokio::test]
async fn an_operator_searches_at_the_command_line_and_the_account_can_read_it() {
    let stage = Stage::set().await;
    stage.account.commit(&[create_task(id(), "Read ten pages")]).await;
    let email = stage.account.credentials.email.as_str();
    let audit = async |more: &[&str]| {
        let arguments: Vec<&str> = ["admin", "audit"].iter().chain(more).copied().collect();
        run(&stage.database.url(), stage.server.setup().data_dir.path(), &arguments).await
    };
    let (exit, said, error) = audit(&["--email", email, "--text", "ten", "--json"]).await;
    assert_eq!(exit, 0, "{error}");
    let row: Value = serde_json::from_str(said.trim()).unwrap();
    assert_eq!((&row["after"], &row["field"]), (&json!("Read ten pages"), &json!("title")));
    let account = stage.account.space().to_string();
    let (_, said, _) = audit(&["--account", &account, "--field", "title", "--entity", "task"]).await;
    assert!(said.contains("title: nothing -> \"Read ten pages\""), "{said}");
    let (_, said, _) = audit(&["--account", &account, "--csv", "--field", "title", "--entity", "task"]).await;
    assert_eq!(said.lines().count(), 2, "{said}");
    let looks = acts(&stage.sql, stage.account.space(), "looked_at").await;
    assert_eq!(looks, vec![(None, Some("operator".to_owned()), json!({ "what": "audit" })); 3]);

    for (arguments, exit, sentence) in [
        (["--account", &id().to_string()], 1, "There is no such account"),
        (["--from", "yesterday"], 2, "from is an instant"),
        (["--cause", "4"], 2, "A cause is a position in one space"),
    ] {
        let (code, _, error) = audit(&arguments).await;
        assert_eq!((code, error.contains(sentence)), (exit, true), "{arguments:?}: {error}");
    }
}
