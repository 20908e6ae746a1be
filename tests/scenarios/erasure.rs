//! Erasure: everything of one account goes, and nothing of another.

use std::collections::BTreeMap;

use application::erase::Round;
use domain::id::AccountId;
use infrastructure::config::{Identity, Limits, Serving};
use infrastructure::erasure::Eraser;
use infrastructure::revocations::Revocations;
use reqwest::Method;
use serde_json::json;
use support::commands::{command, command_with, create_task, edit_task, id};
use support::patience::until;
use support::{Account, Database, Http, Setup, TestServer, tables};
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;

use crate::people::{ask, code, dump, login, promote, tables_that_say};
use crate::stage::Stage;

const BODY: &str = r#"{"password":"correct horse battery"}"#;

/// What erases on this stage.
pub(crate) fn eraser(database: &Database, server: &TestServer) -> Eraser {
    Eraser::new(database.pool(4), server.setup().data_dir.path(), Revocations::default())
}

/// Words that nobody but this account says: ids of its own, its address, what it wrote.
pub(crate) async fn words(stage: &Stage, account: &Account) -> Vec<String> {
    let mut words = vec![account.space().to_string(), account.credentials.email.clone()];
    for statement in ["SELECT device_id FROM devices", "SELECT session_id FROM sessions", "SELECT id FROM tasks"] {
        let owner = if statement.ends_with("tasks") { "space_id" } else { "account_id" };
        let rows = stage.sql.query(&format!("{statement} WHERE {owner} = $1"), &[&account.space()]).await.unwrap();
        words.extend(rows.iter().map(|row| row.get::<_, uuid::Uuid>(0).to_string()));
    }
    words
}

/// A life with something in every table: entities of all kinds, habits, rejections, devices, acknowledgements, wrong
/// passwords, looks at others and by others, mail, a shadow that a rebuild left.
pub(crate) async fn live(stage: &Stage, account: &Account, word: &str) {
    let (skill, goal, task, habit) = (id(), id(), id(), id());
    let title = |what: &str| json!({ "title": format!("{what} {word}") });
    let habit_is = json!({ "title": format!("Run {word}"), "category": "habit" });
    account
        .commit(&[
            command_with("skill.create", skill, json!({ "name": format!("Reading {word}") })),
            command_with("goal.create", goal, title("Ten books")),
            command_with("milestone.create", id(), json!({ "goal_id": goal, "title": format!("One {word}") })),
            create_task(task, &format!("A chapter {word}")),
            command_with("task.create", habit, habit_is),
        ])
        .await;
    account.commit(&[edit_task(task, json!({ "description": format!("slowly {word}") }))]).await;
    account.commit(&[command("task.complete", habit)]).await;
    assert_eq!(
        account.send(support::commands::transaction(&[command("task.complete", id())])).await["status"],
        "rejected"
    );
    let browser = account.device_http(&stage.server, &format!("browser {word}")).await;
    let page = browser.get("/api/v2/changes?limit=1000").await.json();
    let mut socket = support::Socket::open(&browser).await;
    socket.say(&json!({ "type": "ack", "cursor": page["cursor"] })).await;
    let acked = "SELECT count(*) FROM space_devices WHERE space_id = $1 AND acked_position IS NOT NULL";
    until("the acknowledgement", async || {
        let row = stage.sql.query_one(acked, &[&account.space()]).await.unwrap();
        (row.get::<_, i64>(0) == 1).then_some(())
    })
    .await;
    login(&stage.server, &account.credentials.email, "wrong horse battery").await;
    let refused = "SELECT count(*) FROM security_log WHERE account_id = $1 AND act = 'sign_in_refused'";
    until("the entry of a wrong password", async || {
        (stage.sql.query_one(refused, &[&account.space()]).await.unwrap().get::<_, i64>(0) == 1).then_some(())
    })
    .await;
    for shadow in ["tasks", "days"] {
        let sql = format!(
            "CREATE SCHEMA IF NOT EXISTS rebuild;
            CREATE TABLE IF NOT EXISTS rebuild.{shadow} (LIKE {shadow} INCLUDING DEFAULTS);
            INSERT INTO rebuild.{shadow} SELECT * FROM {shadow} WHERE space_id = '{}'",
            account.space()
        );
        stage.sql.batch_execute(&sql).await.unwrap();
    }
}

/// The rows that say none of these words.
fn without(dump: &BTreeMap<String, Vec<String>>, words: &[String]) -> BTreeMap<String, Vec<String>> {
    let silent = |row: &&String| !words.iter().any(|word| row.contains(word.as_str()));
    dump.iter().map(|(table, rows)| (table.clone(), rows.iter().filter(silent).cloned().collect())).collect()
}

/// Waits until nobody else is connected: whatever was begun is written.
async fn left_alone(sql: &Client) {
    let others = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    until("the end of the other connections", async || {
        (sql.query_one(others, &[]).await.unwrap().get::<_, i64>(0) == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn everything_of_an_account_goes_and_everything_of_another_stays() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    live(&stage, &stage.account, "zebra").await;
    live(&stage, &other, "okapi").await;
    promote(&stage.sql, &stage.account, "admin").await;
    for whom in [&stage.account, &other] {
        let looked = ask(&stage.http, Method::GET, &format!("/api/v2/admin/accounts/{}", whom.space()), None).await;
        assert_eq!(looked.0, 200);
    }
    let mut words = words(&stage, &stage.account).await;
    words.push("zebra".to_owned());
    let written = tables::footprint(&stage.sql).await;
    assert_eq!(ask(&stage.http, Method::DELETE, "/api/v2/auth/account", Some(BODY)).await.0, 202);
    assert_eq!(tables::footprint(&stage.sql).await, written, "who only asks takes nothing with them yet");

    let (theirs, eraser) = (other.http().await, eraser(&stage.database, &stage.server));
    let Stage { account, server, sql, database, http: _ } = stage;
    let setup = server.setup();
    // What a server does by itself would be taken for the erasure's doing: it tries mail again, and writes what it counted.
    server.stop().await;
    // What follows the logs by itself has come to rest.
    crate::audit::settle(&database).await;
    left_alone(&sql).await;
    let before = dump(&sql).await;
    let statement = "SELECT entry_id::text FROM security_log WHERE actor_id = $1 AND account_id = $2";
    let look: String = sql.query_one(statement, &[&account.space(), &other.space()]).await.unwrap().get(0);
    eraser.now(AccountId(account.space()), &CancellationToken::new()).await.unwrap().unwrap();

    let left = tables_that_say(&sql, &words).await;
    let sessions = left.iter().filter(|found| found.starts_with("public.revoked_sessions: ")).count();
    let id = format!("public.erasures: {}", account.space());
    assert!(left.contains(&id) && left.len() == sessions + 1, "{left:?}");

    let after = dump(&sql).await;
    let mut expected = without(&before, &words);
    let mut found = without(&after, &words);
    // The look at the other one stays, without its actor; and a nameless entry says that somebody was erased.
    let entries = found.get_mut("public.security_log").unwrap();
    let of_look = entries.iter().position(|entry| entry.contains(&look)).unwrap();
    let kept = entries.remove(of_look);
    assert!(kept.contains(",looked_at,,admin,,,,"), "{kept}");
    let erased = entries.iter().position(|entry| entry.contains(",erased,")).unwrap();
    let said = entries.remove(erased);
    assert!(said.contains(",,") && said.contains(",erased,,operator,,,,{})"), "{said}");
    for dump in [&mut expected, &mut found] {
        dump.remove("public.erasures");
        dump.remove("public.revoked_sessions");
    }
    assert_eq!(found, expected);
    let server = TestServer::start_with(setup);
    let theirs = Http::nobody(server.url()).with_token(theirs.token());
    assert_eq!(ask(&theirs, Method::GET, "/api/v2/auth/me", None).await.0, 200);
}

#[tokio::test]
async fn nobody_comes_back_after_an_erasure() {
    let stage = Stage::set().await;
    let (email, password) = (stage.account.credentials.email.clone(), "correct horse battery");
    let (_, session) = login(&stage.server, &email, password).await;
    let stop = CancellationToken::new();
    let eraser = eraser(&stage.database, &stage.server);
    assert!(eraser.now(AccountId(stage.account.space()), &stop).await.unwrap().is_some());
    assert_eq!(eraser.now(AccountId(stage.account.space()), &stop).await.unwrap(), None, "there is nothing any more");
    assert_eq!(code(&login(&stage.server, &email, password).await), (401, "credentials_invalid"));
    let body = json!({ "refresh_token": session["refresh_token"] }).to_string();
    assert_eq!(ask(&stage.http, Method::POST, "/api/v2/auth/refresh", Some(&body)).await.0, 401);
    let refused = async || {
        let said = ask(&stage.http, Method::GET, "/api/v2/auth/me", None).await;
        (code(&said) == (401, "session_revoked")).then_some(())
    };
    until("the server's notice", refused).await;
    assert_eq!(ask(&stage.http, Method::POST, "/api/v2/auth/account/cancel-deletion", None).await.0, 401);
    let body = json!({ "email": email, "password": password }).to_string();
    let again = ask(&stage.http, Method::POST, "/api/v2/auth/register", Some(&body)).await;
    assert_eq!(again.0, 201, "the address is free again");
    assert_ne!(again.1["account"]["id"], json!(stage.account.space()));
}

#[tokio::test]
async fn a_server_erases_what_is_due_and_leaves_what_is_not() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let identity = Identity { deletion_grace_days: 0, ..Identity::default() };
    let serving = Serving { identity, limits: Limits::off(), ..Serving::default() };
    let hasty = TestServer::start_with(Setup { serving, ..stage.server.setup() });
    let asked = ask(&other.http().await, Method::DELETE, "/api/v2/auth/account", Some(BODY)).await;
    let http = support::Http::nobody(hasty.url()).with_token(stage.http.token());
    let at_once = ask(&http, Method::DELETE, "/api/v2/auth/account", Some(BODY)).await;
    assert_eq!((asked.0, at_once.0), (202, 202));
    // Its first look is at its start.
    let _next = hasty.restart().await;
    let unfinished = "SELECT account_id FROM erasures WHERE finished_at IS NOT NULL";
    let erased = until("the erasure", async || stage.sql.query_opt(unfinished, &[]).await.unwrap()).await;
    assert_eq!(erased.get::<_, uuid::Uuid>(0), stage.account.space());
    let left = stage.sql.query("SELECT account_id FROM accounts", &[]).await.unwrap();
    assert_eq!(left.iter().map(|row| row.get(0)).collect::<Vec<uuid::Uuid>>(), [other.space()]);
}

#[tokio::test]
async fn several_nodes_erase_each_account_once() {
    let stage = Stage::set().await;
    for _ in 0..4 {
        let account = Account::register(&stage.server).await;
        account.commit(&[create_task(id(), "Read")]).await;
    }
    stage.sql.execute("UPDATE accounts SET deletion_requested_at = 1, erase_after = 1", &[]).await.unwrap();
    let stop = CancellationToken::new();
    let nodes = [0; 3].map(|_| eraser(&stage.database, &stage.server));
    let finished = || async {
        let statement = "SELECT count(*) FROM erasures WHERE finished_at IS NOT NULL";
        stage.sql.query_one(statement, &[]).await.unwrap().get::<_, i64>(0)
    };
    while finished().await < 5 {
        let (one, two, three) = tokio::join!(nodes[0].round(&stop), nodes[1].round(&stop), nodes[2].round(&stop));
        let failed: Vec<_> = [one, two, three].into_iter().flat_map(|round| round.unwrap().failed).collect();
        assert_eq!(failed, []);
    }
    let entries = stage.sql.query_one("SELECT count(*) FROM security_log WHERE act = 'erased'", &[]).await.unwrap();
    assert_eq!(entries.get::<_, i64>(0), 5);
    let list = std::fs::read_to_string(stage.server.setup().data_dir.path().join("erasures.ndjson")).unwrap();
    assert_eq!(list.lines().count(), 5, "{list}");
    assert_eq!(nodes[0].round(&stop).await.unwrap(), Round::default(), "there is nothing left to do");
}

#[tokio::test]
async fn a_table_that_erasure_was_never_told_of_is_cleared_too() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    stage
        .sql
        .batch_execute("CREATE TABLE notes (space_id uuid, note text); CREATE TABLE marks (account_id uuid)")
        .await
        .unwrap();
    for space in [stage.account.space(), other.space()] {
        stage.sql.execute("INSERT INTO notes SELECT $1, 'n' FROM generate_series(1, 12000)", &[&space]).await.unwrap();
        stage.sql.execute("INSERT INTO marks VALUES ($1)", &[&space]).await.unwrap();
    }
    let stop = CancellationToken::new();
    eraser(&stage.database, &stage.server).now(AccountId(stage.account.space()), &stop).await.unwrap();
    for (table, owner, rows) in [("notes", "space_id", 12_000), ("marks", "account_id", 1)] {
        let statement = format!("SELECT count(*), count(*) FILTER (WHERE {owner} = $1) FROM {table}");
        let row = stage.sql.query_one(&statement, &[&other.space()]).await.unwrap();
        assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (rows, rows), "{table}");
    }
}

/// Tables with neither a space nor an account, and why nothing of an account is in them.
const OF_NOBODY: &[&str] = &[
    "backup_lease",
    "backups",
    "flags",
    "measures",
    "node_notes",
    "populations",
    "projection_folds",
    "refinery_schema_history",
    "restores",
    "revisions",
    "revoked_sessions",
    "signing_keys",
    "system",
    "verify_stretches",
];

#[tokio::test]
async fn every_table_is_of_a_space_of_an_account_or_of_nobody() {
    let database = Database::fresh().await;
    let statement = "SELECT table_name::text FROM information_schema.tables t
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND NOT EXISTS (
            SELECT FROM information_schema.columns c
            WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name
                AND c.column_name IN ('space_id', 'account_id')
        ) ORDER BY 1";
    let rows = database.connect().await.query(statement, &[]).await.unwrap();
    let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(found, OF_NOBODY, "a new table names its owner, or is listed here and in docs/OPERATIONS.md");
}
