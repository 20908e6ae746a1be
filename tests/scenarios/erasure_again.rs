//! An older backup, restored, loses again whoever was erased since it was made.

use domain::id::AccountId;
use reqwest::Method;
use support::patience::until;
use support::{Account, DataDir, Database, Setup, TestServer};
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;

use crate::erasure::{eraser, live, words};
use crate::people::{ask, code, login, tables_that_say};
use crate::stage::Stage;

const PASSWORD: &str = "correct horse battery";

/// The stage with a second person, its backup of a moment ago, and the first person erased since.
struct Restored {
    other: Account,
    account: Account,
    words: Vec<String>,
    setup: Setup,
    copy: Database,
    _original: Database,
}

async fn restored() -> Restored {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    live(&stage, &stage.account, "zebra").await;
    live(&stage, &other, "okapi").await;
    let mut words = words(&stage, &stage.account).await;
    words.push("zebra".to_owned());
    let Stage { server, sql, database, account, http: _ } = stage;
    let setup = server.setup();
    server.stop().await;
    drop(sql);
    let copy = database.copy().await;
    let server = TestServer::start_with(setup.clone());
    let stop = CancellationToken::new();
    eraser(&database, &server).now(AccountId(account.space()), &stop).await.unwrap().unwrap();
    server.stop().await;
    Restored { other, account, words, setup, copy, _original: database }
}

/// Fails unless the restored database has lost the account, and the other one is whole.
async fn assert_erased(restored: &Restored, server: &TestServer, sql: &Client) {
    let finished = "SELECT account_id FROM erasures WHERE finished_at IS NOT NULL";
    until("the second erasure", async || sql.query_opt(finished, &[]).await.unwrap()).await;
    let left = tables_that_say(sql, &restored.words).await;
    let kept = |found: &&String| !found.starts_with("public.revoked_sessions: ");
    let left: Vec<&String> = left.iter().filter(kept).collect();
    assert_eq!(left, [&format!("public.erasures: {}", restored.account.space())]);
    let gone = login(server, &restored.account.credentials.email, PASSWORD).await;
    assert_eq!(code(&gone), (401, "credentials_invalid"));
    let (status, said) = login(server, &restored.other.credentials.email, PASSWORD).await;
    assert_eq!(status, 200, "{said}");
    let http = support::Http::nobody(server.url()).with_token(said["access_token"].as_str().unwrap());
    let tasks = ask(&http, Method::GET, "/api/v2/tasks", None).await;
    assert_eq!(tasks.1["items"].as_array().map(Vec::len), Some(2), "{tasks:?}");
}

#[tokio::test]
async fn a_server_with_the_list_erases_a_restored_account_again() {
    let restored = restored().await;
    let sql = restored.copy.connect().await;
    let there = sql.query_one("SELECT count(*) FROM accounts", &[]).await.unwrap();
    assert_eq!(there.get::<_, i64>(0), 2, "the backup has both");
    let setup = Setup { config: restored.copy.config(), ..restored.setup.clone() };
    let server = TestServer::start_with(setup);
    assert_erased(&restored, &server, &sql).await;
}

#[tokio::test]
async fn a_list_of_another_node_is_applied_and_taken_over() {
    let restored = restored().await;
    let sql = restored.copy.connect().await;
    let elsewhere = DataDir::fresh();
    let list = restored.setup.data_dir.path().join("erasures.ndjson");
    let arguments = ["admin", "erasures", "apply", "--file", list.to_str().unwrap()];
    let (exit, said, error) = support::process::run(&restored.copy.url(), elsewhere.path(), &arguments).await;
    assert_eq!((exit, said.as_str()), (0, "lines: 1, accounts that were there again: 1, erased: 1\n"), "{error}");
    let taken = std::fs::read_to_string(elsewhere.path().join("erasures.ndjson")).unwrap();
    assert_eq!(taken, std::fs::read_to_string(&list).unwrap());
    let again = support::process::run(&restored.copy.url(), elsewhere.path(), &arguments).await;
    assert_eq!(again.1, "lines: 1, accounts that were there again: 0, erased: 0\n");
    let setup = Setup { config: restored.copy.config(), data_dir: elsewhere, ..restored.setup.clone() };
    assert_erased(&restored, &TestServer::start_with(setup), &sql).await;
}

#[tokio::test]
async fn a_file_that_is_no_list_is_not_taken_for_one() {
    let (database, elsewhere) = (Database::fresh().await, DataDir::fresh());
    drop(TestServer::start(&database));
    let file = elsewhere.path().join("other.ndjson");
    let account = infrastructure::clock::uuid_v7();
    let whole = format!("{{\"account_id\":\"{account}\",\"erased_at\":7}}");
    let arguments = ["admin", "erasures", "apply", "--file", file.to_str().unwrap()];
    for (text, lines, unreadable) in [
        ("root:x:0:0\n\u{0}\nx".to_owned(), 0, 3),
        (format!("{whole}\n{}\n{}", whole.replace("-", "_"), &whole[..20]), 1, 1),
        (format!("{whole}\n{}", &whole[..20]), 1, 0),
        (String::new(), 0, 0),
        (whole.clone(), 1, 0),
    ] {
        std::fs::write(&file, &text).unwrap();
        let (exit, said, error) = support::process::run(&database.url(), elsewhere.path(), &arguments).await;
        assert_eq!(exit, if unreadable > 0 { 2 } else { 0 }, "{text:?}: {error}");
        assert_eq!(said, format!("lines: {lines}, accounts that were there again: 0, erased: 0\n"));
        let sentence = format!("{unreadable} of the lines in {} are not those of a list of erasures", file.display());
        assert_eq!(error.contains(&sentence), unreadable > 0, "{error}");
    }
    let own = std::fs::read_to_string(elsewhere.path().join("erasures.ndjson")).unwrap();
    assert_eq!(own, whole + "\n");
}
