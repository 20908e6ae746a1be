//! The rest of an admin's desk: lists of accounts, erasure and its end, dead letters, settings, and what the log says of those who
//! ask for more than their role.

use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{command, id, transaction};
use support::process::{command as program, run};
use support::{Account, Http};

use crate::people::{Said, acts, ask, code, login, mails, promote};
use crate::stage::Stage;

const PASSWORD: &str = "correct horse battery";

async fn get(http: &Http, path: &str) -> Said {
    ask(http, Method::GET, &format!("/api/v2/admin/{path}"), None).await
}

async fn levelup(stage: &Stage, arguments: &[&str]) -> (i32, String, String) {
    run(&stage.database.url(), stage.server.setup().data_dir.path(), arguments).await
}

#[tokio::test]
async fn accounts_are_found_by_the_beginning_of_their_address_page_by_page() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "support").await;
    for name in ["ada.one", "Ada.Two", "ada.three", "bob"] {
        let (exit, _, error) = levelup(&stage, &["admin", "create", "--email", &format!("{name}@list.test")]).await;
        assert_eq!(exit, 0, "{error}");
    }
    let (mut found, mut page, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let (status, said) = get(&stage.http, &format!("accounts?email=ADA.&limit=2{page}")).await;
        assert_eq!(status, 200, "{said}");
        found.extend(said["items"].as_array().unwrap().iter().map(|item| item["email"].as_str().unwrap().to_owned()));
        pages += 1;
        let Some(next) = said["next"].as_str() else { break };
        page = format!("&page={next}");
    }
    assert_eq!(
        (found, pages),
        (vec!["ada.one@list.test".into(), "ada.three@list.test".into(), "Ada.Two@list.test".into()], 2)
    );
    let support = get(&stage.http, "accounts?role=support").await.1;
    assert_eq!(support["items"][0]["id"], json!(stage.account.space()));
    assert_eq!(support["items"].as_array().unwrap().len(), 1);
    stage.sql.execute("UPDATE accounts SET locked_at = 5 WHERE lower(email) = 'bob@list.test'", &[]).await.unwrap();
    let locked = get(&stage.http, "accounts?standing=locked").await.1;
    assert_eq!((&locked["items"][0]["email"], &locked["items"][0]["locked_at"]), (&json!("bob@list.test"), &json!(5)));
    let (exit, said, _) = levelup(&stage, &["admin", "list", "--email", "bob", "--json"]).await;
    assert_eq!((exit, &serde_json::from_str::<Value>(&said).unwrap()), (0, &locked["items"][0]), "{said}");
    let looks =
        "SELECT count(*) FROM security_log WHERE act = 'looked_at' AND actor_id = $1 AND about ->> 'what' = 'accounts'";
    let looks: i64 = stage.sql.query_one(looks, &[&stage.account.space()]).await.unwrap().get(0);
    assert_eq!(looks, 4);
}

#[tokio::test]
async fn whoever_is_locked_acts_no_more_even_on_a_node_that_has_not_heard_of_it() {
    let stage = Stage::set().await;
    for role in ["support", "admin"] {
        promote(&stage.sql, &stage.account, role).await;
        assert_eq!(get(&stage.http, "accounts").await.0, 200);
        // As by a database that another node has changed a moment ago: no session is known to have ended here.
        let lock = "UPDATE accounts SET locked_at = $2 WHERE account_id = $1";
        stage.sql.execute(lock, &[&stage.account.space(), &Some(5_i64)]).await.unwrap();
        let said = get(&stage.http, "accounts").await;
        assert_eq!((code(&said), &said.1["because"]), ((401, "session_revoked"), &json!("account_locked")), "{role}");
        stage.sql.execute(lock, &[&stage.account.space(), &None::<i64>]).await.unwrap();
    }
    assert_eq!(get(&stage.http, "dead-letters").await.0, 200);
}

#[tokio::test]
async fn an_admin_schedules_an_erasure_and_calls_it_off() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let other = Account::register(&stage.server).await;
    let path = format!("/api/v2/admin/accounts/{}/erase", other.space());
    let http = other.http().await;
    let said = ask(&stage.http, Method::POST, &path, Some(r#"{"grace_days":400}"#)).await;
    assert_eq!((code(&said), &said.1["errors"][0]["pointer"]), ((422, "fields_invalid"), &json!("/grace_days")));
    let (status, said) = ask(&stage.http, Method::POST, &path, Some(r#"{"grace_days":10}"#)).await;
    assert_eq!(status, 202, "{said}");
    assert_eq!(ask(&stage.http, Method::POST, &path, Some("{}")).await.1, said, "the first date stays");
    assert_eq!(code(&ask(&http, Method::GET, "/api/v2/auth/me", None).await), (401, "session_revoked"));
    assert_eq!(mails(&stage.sql, other.space()).await, ["deletion_scheduled"]);
    for _ in 0..2 {
        assert_eq!(ask(&stage.http, Method::DELETE, &path, None).await.0, 204);
    }
    let by = (Some(stage.account.space()), Some("admin".to_owned()));
    let asked = acts(&stage.sql, other.space(), "deletion_asked").await;
    assert_eq!(asked, [(by.0, by.1.clone(), said)]);
    assert_eq!(acts(&stage.sql, other.space(), "deletion_cancelled").await, [(by.0, by.1, json!({}))]);
    assert_eq!(login(&stage.server, &other.credentials.email, PASSWORD).await.0, 200);
    let own = format!("/api/v2/admin/accounts/{}/erase", stage.account.space());
    assert_eq!(code(&ask(&stage.http, Method::POST, &own, Some("{}")).await), (409, "last_admin"));
    let none = format!("/api/v2/admin/accounts/{}/erase", id());
    assert_eq!(code(&ask(&stage.http, Method::POST, &none, Some("{}")).await), (404, "not_found"));
    assert_eq!(code(&ask(&stage.http, Method::DELETE, &none, None).await), (404, "not_found"));

    let named = other.space().to_string();
    assert_eq!(levelup(&stage, &["admin", "erase", "--id", &named]).await.0, 0);
    assert_eq!(levelup(&stage, &["admin", "cancel-erase", "--id", &named]).await.0, 0);
    let waiting =
        stage.sql.query_one("SELECT count(*) FROM accounts WHERE erase_after IS NOT NULL", &[]).await.unwrap();
    assert_eq!(waiting.get::<_, i64>(0), 0);
}

#[tokio::test]
async fn dead_letters_are_listed_across_accounts_and_what_was_sent_only_of_one() {
    let stage = Stage::set().await;
    let (admin, other) = (Account::register(&stage.server).await, Account::register(&stage.server).await);
    promote(&stage.sql, &admin, "admin").await;
    let http = admin.http().await;
    for (person, count) in [(&stage.account, 3), (&other, 2)] {
        for _ in 0..count {
            let refused = person.send(transaction(&[command("task.complete", id())])).await;
            assert_eq!(refused["problem"]["code"], "not_found");
        }
    }
    let unreadable =
        stage.account.send(json!({ "transaction_id": id(), "commands": [{ "type": "task.dance" }] })).await;
    let strange = unreadable["problem"]["code"].as_str().unwrap();
    let (_, all) = get(&http, "dead-letters").await;
    assert_eq!(all["items"].as_array().unwrap().len(), 6, "{all}");
    assert_eq!(all["counts"], json!([{ "code": "not_found", "count": 5 }, { "code": strange, "count": 1 }]));
    assert!(all["items"][0].get("commands").is_none() && all["items"][0].get("problem").is_none(), "{all}");
    assert_eq!(acts(&stage.sql, other.space(), "looked_at").await, []);

    let (mut found, mut page) = (Vec::new(), String::new());
    loop {
        let said = get(&http, &format!("dead-letters?limit=4{page}")).await.1;
        found.extend(said["items"].as_array().unwrap().clone());
        assert_eq!(said.get("counts").is_some(), page.is_empty());
        let Some(next) = said["next"].as_str() else { break };
        page = format!("&page={next}");
    }
    assert_eq!(json!(found), all["items"]);

    let of_other = get(&http, &format!("dead-letters?account={}", other.space())).await.1;
    assert_eq!(of_other["items"].as_array().unwrap().len(), 2);
    assert_eq!(of_other["items"][0]["commands"][0]["type"], "task.complete");
    assert_eq!(of_other["items"][0]["problem"]["code"], "not_found");
    let looks = acts(&stage.sql, other.space(), "looked_at").await;
    assert_eq!(looks, [(Some(admin.space()), Some("admin".to_owned()), json!({ "what": "dead_letters" }))]);
    let by_code = get(&http, &format!("dead-letters?code={strange}")).await.1;
    assert_eq!(by_code["items"].as_array().unwrap().len(), 1);
    let (first, last) = (&all["items"][5]["at"], &all["items"][0]["at"]);
    let none = get(&http, &format!("dead-letters?to={first}")).await.1;
    assert_eq!(none["items"], json!([]));
    let newest =
        get(&http, &format!("dead-letters?from={last}&account={}", all["items"][0]["account_id"].as_str().unwrap()))
            .await
            .1;
    assert!(!newest["items"].as_array().unwrap().is_empty());
    assert_eq!(code(&get(&http, "dead-letters?page=x").await), (400, "page_invalid"));

    let (exit, said, error) = levelup(&stage, &["admin", "dead-letters", "--code", "not_found"]).await;
    assert_eq!((exit, said.lines().count()), (0, 6), "{said}{error}");
    assert!(said.ends_with("5 not_found\n"), "{said}");
    promote(&stage.sql, &admin, "support").await;
    assert_eq!(code(&get(&http, "dead-letters").await), (403, "role_missing"));
}

#[tokio::test]
async fn settings_say_where_they_come_from_and_secrets_say_nothing() {
    let stage = Stage::set().await;
    let data_dir = stage.server.setup().data_dir;
    let mut asked = program(&stage.database.url(), data_dir.path(), &["settings", "--pool-size", "7", "--json"]);
    let output = asked.env("LEVELUP_TIME_ZONE", "Europe/Zurich").output().await.unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let named = |name: &str| {
        let mut settings = said["settings"].as_array().unwrap().iter();
        settings.find(|setting| setting["name"] == name).unwrap_or_else(|| panic!("{name}: {said}")).clone()
    };
    assert_eq!(
        (&named("LEVELUP_POOL_SIZE")["value"], &named("LEVELUP_POOL_SIZE")["from"]),
        (&json!("7"), &json!("flag"))
    );
    assert_eq!(named("LEVELUP_TIME_ZONE")["from"], "environment");
    assert_eq!(named("LEVELUP_LISTEN")["from"], "default");
    assert_eq!(named("LEVELUP_LOG")["value"], "warn");
    let url = named("DATABASE_URL");
    assert_eq!((&url["is_set"], &url["value"], &url["is_secret"]), (&json!(true), &Value::Null, &json!(true)));
    let (_, text, _) = levelup(&stage, &["settings"]).await;
    let mail = text.lines().find(|line| line.starts_with("LEVELUP_SMTP_URL ")).unwrap();
    assert!(mail.ends_with("(unset)  [default]"), "{mail}");

    promote(&stage.sql, &stage.account, "support").await;
    assert_eq!(code(&get(&stage.http, "settings").await), (403, "role_missing"));
    promote(&stage.sql, &stage.account, "admin").await;
    let (status, said) = get(&stage.http, "settings").await;
    assert_eq!((status, said["node_id"].as_str().is_some()), (200, true), "{said}");
}

#[tokio::test]
async fn whoever_asks_for_more_than_the_role_is_in_the_log_once_a_minute() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "support").await;
    for _ in 0..3 {
        assert_eq!(get(&stage.http, "settings").await.0, 403);
    }
    let other = Account::register(&stage.server).await;
    assert_eq!(get(&other.http().await, &format!("accounts/{}", stage.account.space())).await.0, 403);
    let told = acts(&stage.sql, stage.account.space(), "role_missing").await;
    let about = json!({ "asked": "GET /api/v2/admin/settings", "role": "support" });
    assert_eq!(told, [(None, None, about)]);
    let told = acts(&stage.sql, other.space(), "role_missing").await;
    assert_eq!(told[0].2, json!({ "asked": "GET /api/v2/admin/accounts/{id}", "role": "user" }));
}
