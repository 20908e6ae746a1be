//! What support and admins may do over HTTP, and what everybody else is told.

use reqwest::Method;
use serde_json::{Value, json};
use support::commands::id;
use support::{Account, Http};

use crate::people::{Said, acts, ask, code, login, mails, promote, signed_in};
use crate::stage::Stage;

const PASSWORD: &str = "correct horse battery";

fn path(account: &Account, rest: &str) -> String {
    format!("/api/v2/admin/accounts/{}{rest}", account.space())
}

async fn me(http: &Http) -> Said {
    ask(http, Method::GET, "/api/v2/auth/me", None).await
}

#[tokio::test]
async fn whoever_lacks_the_role_is_told_the_same_whatever_the_request() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let email = &other.credentials.email;
    let mut asked: Vec<(Method, String, Option<&str>)> = vec![
        (Method::GET, format!("/api/v2/admin/accounts?email={email}"), None),
        (Method::GET, "/api/v2/admin/accounts?email=nobody@example.test".to_owned(), None),
        (Method::GET, "/api/v2/admin/accounts?color=red".to_owned(), None),
    ];
    for id in [stage.account.space().to_string(), other.space().to_string(), id().to_string(), "7".to_owned()] {
        let base = format!("/api/v2/admin/accounts/{id}");
        asked.push((Method::GET, base.clone(), None));
        asked.push((Method::POST, format!("{base}/lock"), None));
        asked.push((Method::POST, format!("{base}/unlock"), Some("[")));
        asked.push((Method::POST, format!("{base}/role"), Some(r#"{"role":"admin"}"#)));
        asked.push((Method::POST, format!("{base}/role"), Some("garbage")));
        asked.push((Method::DELETE, format!("{base}/sessions"), None));
    }
    for (method, path, body) in &asked {
        let said = ask(&stage.http, method.clone(), path, *body).await;
        let expected = json!({ "type": "/problems/role_missing", "title": said.1["title"], "status": 403, "code": "role_missing" });
        assert_eq!(said, (403, expected), "{method} {path}");
        let nobody = ask(&Http::nobody(stage.server.url()), method.clone(), path, *body).await;
        assert_eq!(code(&nobody), (401, "token_missing"), "{method} {path}");
    }
    promote(&stage.sql, &stage.account, "support").await;
    for (method, path, body) in asked.iter().filter(|one| one.0 != Method::GET) {
        let said = ask(&stage.http, method.clone(), path, *body).await;
        assert_eq!(code(&said), (403, "role_missing"), "support: {method} {path}");
    }
    assert_eq!(me(&other.http().await).await.0, 200, "nothing happened");
}

#[tokio::test]
async fn support_sees_an_account_and_the_account_sees_that_support_looked() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "support").await;
    let other = Account::register(&stage.server).await;
    let shouted = other.credentials.email.to_uppercase();
    let found = ask(&stage.http, Method::GET, &format!("/api/v2/admin/accounts?email={shouted}"), None).await;
    assert_eq!(found.1["items"][0]["id"], json!(other.space()), "{}", found.1);
    assert_eq!(found.1["items"].as_array().unwrap().len(), 1);
    let (status, seen) = ask(&stage.http, Method::GET, &path(&other, ""), None).await;
    assert_eq!((found.0, status), (200, 200), "{seen}");
    assert_eq!((&seen["id"], &seen["role"], &seen["locked_at"]), (&json!(other.space()), &json!("user"), &Value::Null));
    assert_eq!(seen["devices"][0]["id"], json!(other.session.device_id()));
    assert_eq!(seen["sessions"][0]["id"], json!(other.session.session_id()));
    assert_eq!(seen["sessions"][0]["network"], "127.0.0.0/24");
    for secret in ["password", "hash", "token", "push"] {
        assert!(!seen.to_string().contains(secret), "{seen}");
    }
    let looks = acts(&stage.sql, other.space(), "looked_at").await;
    let look = (Some(stage.account.space()), Some("support".to_owned()), json!({ "what": "account" }));
    assert_eq!(looks, [look], "a list is about no account");
}

#[tokio::test]
async fn who_is_not_there_is_not_found() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    for base in [format!("/api/v2/admin/accounts/{}", id()), "/api/v2/admin/accounts/7".to_owned()] {
        let role = Some(r#"{"role":"user"}"#);
        for (method, rest, body) in [
            (Method::GET, "", None),
            (Method::POST, "/lock", None),
            (Method::POST, "/unlock", None),
            (Method::POST, "/role", role),
            (Method::DELETE, "/sessions", None),
        ] {
            let said = ask(&stage.http, method, &format!("{base}{rest}"), body).await;
            assert_eq!(code(&said), (404, "not_found"), "{base}{rest}");
        }
    }
    for email in ["nobody@example.test", "no%20address"] {
        let said = ask(&stage.http, Method::GET, &format!("/api/v2/admin/accounts?email={email}"), None).await;
        assert_eq!(said, (200, json!({ "items": [], "next": null })), "{email}");
    }
    let said = ask(&stage.http, Method::GET, "/api/v2/admin/accounts?standing=sitting", None).await;
    assert_eq!(code(&said), (400, "query_invalid"));
    let looks = "SELECT count(*) FROM security_log WHERE act = 'looked_at' AND account_id IS NOT NULL";
    let count = stage.sql.query_one(looks, &[]).await.unwrap();
    assert_eq!(count.get::<_, i64>(0), 0);
}

#[tokio::test]
async fn a_locked_account_is_signed_out_told_and_kept_out_until_it_is_unlocked() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let other = Account::register(&stage.server).await;
    let (http, email) = (other.http().await, other.credentials.email.as_str());
    for _ in 0..2 {
        assert_eq!(ask(&stage.http, Method::POST, &path(&other, "/lock"), None).await.0, 204);
    }
    let refused = me(&http).await;
    assert_eq!((code(&refused), &refused.1["because"]), ((401, "session_revoked"), &json!("account_locked")));
    assert_eq!(code(&login(&stage.server, email, PASSWORD).await), (403, "account_locked"));
    assert_eq!(mails(&stage.sql, other.space()).await, ["account_locked"], "told once");
    let by = || (Some(stage.account.space()), Some("admin".to_owned()));
    let locked = acts(&stage.sql, other.space(), "locked").await;
    assert_eq!(locked, [(by().0, by().1, json!({ "sessions": 1 }))]);

    for _ in 0..2 {
        assert_eq!(ask(&stage.http, Method::POST, &path(&other, "/unlock"), None).await.0, 204);
    }
    assert_eq!(acts(&stage.sql, other.space(), "unlocked").await, [(by().0, by().1, json!({}))]);
    assert_eq!(login(&stage.server, email, PASSWORD).await.0, 200);
    assert_eq!(code(&me(&http).await), (401, "session_revoked"), "what has ended stays ended");
}

#[tokio::test]
async fn a_role_holds_from_the_next_request_on() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let other = Account::register(&stage.server).await;
    let (http, looking) = (other.http().await, path(&stage.account, ""));
    for (role, status) in [("support", 200), ("admin", 200), ("user", 403)] {
        let body = json!({ "role": role }).to_string();
        assert_eq!(ask(&stage.http, Method::POST, &path(&other, "/role"), Some(&body)).await.0, 204, "{role}");
        assert_eq!(ask(&http, Method::GET, &looking, None).await.0, status, "{role}");
        assert_eq!(me(&http).await.1["account"]["role"], role);
    }
    let changes = acts(&stage.sql, other.space(), "role_changed").await;
    assert_eq!(changes.len(), 3);
    assert_eq!(changes[0].2, json!({ "before": "user", "role": "support" }));
    for body in [r#"{"role":"king"}"#, "{}"] {
        let said = ask(&stage.http, Method::POST, &path(&other, "/role"), Some(body)).await;
        assert_eq!(code(&said), (422, "body_invalid"), "{body}");
    }
}

#[tokio::test]
async fn an_admin_ends_every_session_of_an_account_and_of_no_other() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let other = Account::register(&stage.server).await;
    let second = other.device_http(&stage.server, "browser").await;
    let said = ask(&stage.http, Method::DELETE, &path(&other, "/sessions"), None).await;
    assert_eq!(said, (200, json!({ "ended": 2 })));
    let refused = me(&second).await;
    assert_eq!((code(&refused), &refused.1["because"]), ((401, "session_revoked"), &json!("ended_by_admin")));
    assert_eq!(me(&stage.http).await.0, 200);
    assert_eq!(me(&signed_in(&stage.server, &other).await).await.0, 200, "it may sign in again");
    let ended = acts(&stage.sql, other.space(), "session_ended").await;
    assert_eq!(ended[0].2, json!({ "because": "ended_by_admin", "sessions": 2 }));
}

#[tokio::test]
async fn the_last_admin_stays_one() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let user = Some(r#"{"role":"user"}"#);
    let own = |rest| path(&stage.account, rest);
    assert_eq!(code(&ask(&stage.http, Method::POST, &own("/lock"), None).await), (409, "last_admin"));
    assert_eq!(code(&ask(&stage.http, Method::POST, &own("/role"), user).await), (409, "last_admin"));
    let other = Account::register(&stage.server).await;
    promote(&stage.sql, &other, "admin").await;
    stage.sql.execute("UPDATE accounts SET locked_at = 1 WHERE account_id = $1", &[&other.space()]).await.unwrap();
    assert_eq!(
        code(&ask(&stage.http, Method::POST, &own("/role"), user).await),
        (409, "last_admin"),
        "one that is locked does not count"
    );
    let leaving =
        "UPDATE accounts SET locked_at = NULL, deletion_requested_at = 1, erase_after = $2 WHERE account_id = $1";
    stage.sql.execute(leaving, &[&other.space(), &i64::MAX]).await.unwrap();
    assert_eq!(
        code(&ask(&stage.http, Method::POST, &own("/role"), user).await),
        (409, "last_admin"),
        "one that is to be deleted does not count"
    );
    let staying = "UPDATE accounts SET deletion_requested_at = NULL, erase_after = NULL";
    stage.sql.execute(staying, &[]).await.unwrap();
    assert_eq!(ask(&stage.http, Method::POST, &own("/role"), user).await.0, 204);
}

#[tokio::test]
async fn of_two_admins_who_take_each_others_role_away_one_is_left() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let (http, user) = (other.http().await, Some(r#"{"role":"user"}"#));
    for _ in 0..5 {
        promote(&stage.sql, &stage.account, "admin").await;
        promote(&stage.sql, &other, "admin").await;
        let (theirs, own) = (path(&other, "/role"), path(&stage.account, "/role"));
        let (one, two) =
            tokio::join!(ask(&stage.http, Method::POST, &theirs, user), ask(&http, Method::POST, &own, user));
        let admins = stage.sql.query_one("SELECT count(*) FROM accounts WHERE role = 'admin'", &[]).await.unwrap();
        assert_eq!(admins.get::<_, i64>(0), 1, "{one:?} {two:?}");
        assert_eq!([one.0, two.0].iter().filter(|status| **status == 204).count(), 1, "{one:?} {two:?}");
    }
}
