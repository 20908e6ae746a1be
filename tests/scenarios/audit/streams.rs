//! Long answers of a search: whose they are is looked up as they go on, and each takes a turn from its beginning.

use futures_util::StreamExt;
use reqwest::Method;
use support::Account;
use support::commands::id;
use support::patience::within;

use super::{many, settle};
use crate::people::{acts, ask, code, promote};
use crate::stage::Stage;

const PATH: &str = "/api/v2/admin/audit";
/// More than any buffer between here and there holds.
const ROWS: i64 = 20_000;

/// Long lines of an account, nobody else's.
async fn lines_of(stage: &Stage, account: &Account) {
    settle(&stage.database).await;
    let said = many("repeat(md5(n::text), 100)");
    stage.sql.execute(&said, &[&account.space(), &id(), &1_001_i64, &(1_000 + ROWS)]).await.unwrap();
}

#[tokio::test]
async fn a_role_that_is_taken_away_ends_the_answer_that_is_being_read() {
    let stage = Stage::set().await;
    let shown = Account::register(&stage.server).await;
    lines_of(&stage, &shown).await;
    for end in [
        "UPDATE accounts SET role = 'user' WHERE account_id = $1",
        "UPDATE accounts SET locked_at = 1 WHERE account_id = $1",
    ] {
        let staff = Account::register(&stage.server).await;
        promote(&stage.sql, &staff, "support").await;
        let http = staff.http().await;
        let path = format!("{PATH}?account={}&format=ndjson", shown.space());
        let response = http.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let mut lines = response.bytes_stream();
        assert!(lines.next().await.unwrap().is_ok());
        stage.sql.execute(end, &[&staff.space()]).await.unwrap();
        let cut = within("the end", async {
            while let Some(block) = lines.next().await {
                if block.is_err() {
                    return true;
                }
            }
            false
        });
        assert!(cut.await, "{end}: it came to its end");
    }
}

#[tokio::test]
async fn an_answer_has_its_turn_before_it_looks_at_anything() {
    let stage = Stage::set().await;
    let (shown, hidden) = (Account::register(&stage.server).await, Account::register(&stage.server).await);
    promote(&stage.sql, &stage.account, "support").await;
    lines_of(&stage, &shown).await;
    let path = format!("{PATH}?account={}&format=csv", shown.space());
    let running = stage.http.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(running.status(), 200);
    let path = format!("{PATH}?account={}&format=csv", hidden.space());
    assert_eq!(code(&ask(&stage.http, Method::GET, &path, None).await), (503, "busy"));
    assert_eq!(acts(&stage.sql, hidden.space(), "looked_at").await, []);
    drop(running);
}
