//! `levelup admin`, as an operator runs it beside a server.

use reqwest::Method;
use serde_json::{Value, json};
use support::Account;
use support::commands::id;
use support::patience::until;
use support::process::{command, run};

use crate::people::{acts, ask, code, login};
use crate::stage::Stage;

/// Runs a subcommand on the stage's database; its exit code and what it said.
async fn admin(stage: &Stage, arguments: &[&str]) -> (i32, String, String) {
    let arguments: Vec<&str> = ["admin"].iter().chain(arguments).copied().collect();
    run(&stage.database.url(), stage.server.setup().data_dir.path(), &arguments).await
}

#[tokio::test]
async fn an_operator_makes_an_admin_whose_drawn_password_is_printed_once() {
    let stage = Stage::set().await;
    let (exit, said, error) =
        admin(&stage, &["create", "--email", "root@example.test", "--role", "admin", "--json"]).await;
    assert_eq!(exit, 0, "{error}");
    let made: Value = serde_json::from_str(&said).unwrap();
    let (status, entered) = login(&stage.server, "Root@Example.test", made["password"].as_str().unwrap()).await;
    assert_eq!((status, &entered["account"]["role"]), (200, &json!("admin")), "{entered}");
    assert_eq!(entered["account"]["id"], made["id"]);
    let account = made["id"].as_str().unwrap().parse().unwrap();
    let registered = acts(&stage.sql, account, "registered").await;
    assert_eq!(registered, [(None, Some("operator".to_owned()), json!({ "role": "admin" }))]);

    let (exit, _, error) = admin(&stage, &["create", "--email", "ROOT@example.test"]).await;
    assert_eq!(exit, 1, "{error}");
    assert!(error.contains("There is an account with this e-mail address already"), "{error}");
    let (exit, _, error) = admin(&stage, &["create", "--email", "no address"]).await;
    assert_eq!(exit, 2, "{error}");
}

#[tokio::test]
async fn a_password_comes_from_the_environment_and_is_not_printed() {
    let stage = Stage::set().await;
    let data_dir = stage.server.setup().data_dir;
    let make = async |password: &str| {
        let arguments = ["admin", "create", "--email", "ada@example.test"];
        let mut command = command(&stage.database.url(), data_dir.path(), &arguments);
        let output = command.env("LEVELUP_PASSWORD", password).output().await.unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout) + &text(&output.stderr))
    };
    let (exit, said) = make("short").await;
    assert_eq!(exit, Some(2), "{said}");
    assert!(said.contains("at least 8 characters"), "{said}");
    let (exit, said) = make("a long enough password").await;
    assert_eq!(exit, Some(0), "{said}");
    assert!(!said.contains("long enough"), "{said}");
    assert_eq!(login(&stage.server, "ada@example.test", "a long enough password").await.0, 200);
}

#[tokio::test]
async fn an_operator_locks_unlocks_and_signs_out_and_a_running_server_notices() {
    let stage = Stage::set().await;
    let (email, account) = (stage.account.credentials.email.as_str(), stage.account.space());
    let refused = async || {
        let said = ask(&stage.http, Method::GET, "/api/v2/auth/me", None).await;
        (said.0 == 401).then(|| said.1["because"].as_str().unwrap_or_default().to_owned())
    };
    let (exit, said, error) = admin(&stage, &["lock", "--email", email]).await;
    assert_eq!((exit, said.contains("is locked")), (0, true), "{error}");
    assert_eq!(until("the server's notice", refused).await, "account_locked");
    assert_eq!(code(&login(&stage.server, email, "correct horse battery").await), (403, "account_locked"));
    assert_eq!(admin(&stage, &["unlock", "--id", &account.to_string()]).await.0, 0);
    assert_eq!(login(&stage.server, email, "correct horse battery").await.0, 200);
    let (exit, said, _) = admin(&stage, &["sessions", "--email", email, "--end"]).await;
    assert_eq!((exit, said.as_str()), (0, "sessions ended: 1\n"));
    let (_, said, _) = admin(&stage, &["sessions", "--email", email]).await;
    assert!(said.contains("ended: ended_by_admin") && said.contains("ended: account_locked"), "{said}");
    for act in ["locked", "unlocked", "session_ended", "looked_at"] {
        let entries = acts(&stage.sql, account, act).await;
        assert_eq!((entries.len(), entries[0].1.as_deref()), (1, Some("operator")), "{act}");
    }
}

#[tokio::test]
async fn an_operator_sees_an_account_and_changes_its_role() {
    let stage = Stage::set().await;
    let (email, account) = (stage.account.credentials.email.as_str(), stage.account.space());
    let (exit, said, error) = admin(&stage, &["role", "--email", email, "--role", "admin"]).await;
    assert_eq!(exit, 0, "{said}{error}");
    assert_eq!(admin(&stage, &["role", "--email", email, "--role", "support"]).await.0, 0, "the last admin's, too");
    let (exit, said, _) = admin(&stage, &["show", "--email", email, "--json"]).await;
    let shown: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((exit, &shown["role"], &shown["id"]), (0, &json!("support"), &json!(account)));
    let (_, said, _) = admin(&stage, &["show", "--id", &account.to_string()]).await;
    assert!(said.contains(email) && said.contains("goes on"), "{said}");
}

#[tokio::test]
async fn an_operator_schedules_or_does_an_erasure() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let (exit, said, error) = admin(&stage, &["erase", "--email", &stage.account.credentials.email]).await;
    assert_eq!((exit, said.contains("is erased after")), (0, true), "{error}");
    let asked = acts(&stage.sql, stage.account.space(), "deletion_asked").await;
    assert_eq!(asked[0].1.as_deref(), Some("operator"));
    let (exit, said, error) = admin(&stage, &["erase", "--now", "--email", &other.credentials.email]).await;
    assert_eq!((exit, said.trim()), (0, format!("account {} is erased", other.space()).as_str()), "{error}");
    assert_eq!(code(&login(&stage.server, &other.credentials.email, "correct horse battery").await).0, 401);
    let ids = stage.sql.query("SELECT account_id FROM accounts", &[]).await.unwrap();
    assert_eq!(ids.iter().map(|row| row.get(0)).collect::<Vec<uuid::Uuid>>(), [stage.account.space()]);
}

#[tokio::test]
async fn a_mistake_is_one_sentence_and_a_next_step() {
    let stage = Stage::set().await;
    let nobody = id().to_string();
    let cases: [(&[&str], i32, &str); 7] = [
        (&["lock", "--email", "nobody@example.test"], 1, "There is no such account."),
        (&["unlock", "--id", &nobody], 1, "There is no such account."),
        (&["show", "--id", &nobody], 1, "There is no such account."),
        (&["erase", "--now", "--id", &nobody], 1, "There is no such account."),
        (&["erase", "--id", &nobody], 1, "There is no such account."),
        (&["lock"], 2, "--email"),
        (&["erasures", "apply", "--file", "/nowhere/erasures.ndjson"], 2, "There is no list at"),
    ];
    for (arguments, expected, sentence) in cases {
        let (exit, said, error) = admin(&stage, arguments).await;
        assert_eq!((exit, said.as_str()), (expected, ""), "{arguments:?}: {error}");
        assert!(error.contains(sentence), "{arguments:?}: {error}");
    }
    let count = stage.sql.query_one("SELECT count(*) FROM erasures", &[]).await.unwrap();
    assert_eq!(count.get::<_, i64>(0), 0);
}
