//! What an admin may ask about what is stored, and what a verify beside serving says.

use infrastructure::config::Verify;
use reqwest::Method;
use serde_json::{Value, json};
use support::commands::id;
use support::{Account, Database, Http, Setup, TestServer, patience};

use crate::people::{acts, ask, code, promote};
use crate::stage::Stage;

const VERIFY: &str = "/api/v2/admin/verify";
const REPAIR: &str = "/api/v2/admin/repair";

/// Waits until no verify is under way; what is known then.
async fn ended(http: &Http) -> Value {
    let asking = async || {
        let (status, known) = ask(http, Method::GET, VERIFY, None).await;
        assert_eq!(status, 200, "{known}");
        known["run"]["ended_at"].is_i64().then_some(known)
    };
    patience::until("the end of a verify", asking).await
}

async fn verified(http: &Http) -> Value {
    let (status, run) = ask(http, Method::POST, VERIFY, Some("{}")).await;
    assert_eq!((status, &run["outcome"], &run["begun_by"]), (202, &Value::Null, &json!("admin")), "{run}");
    let known = ended(http).await;
    assert_eq!((&known["run"]["id"], &known["run"]["outcome"]), (&run["id"], &json!("done")));
    known
}

#[tokio::test]
async fn an_admin_begins_a_verify_reads_what_it_found_and_repairs_it() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let space = stage.account.space();
    let none = ask(&stage.http, Method::GET, VERIFY, None).await;
    assert_eq!(none.1, json!({ "run": null, "counts": {}, "findings": [], "next": null }));
    let sound = verified(&stage.http).await;
    assert_eq!((&sound["counts"], &sound["run"]["spaces"]), (&json!({}), &json!(1)));
    assert_eq!(sound["run"]["events"], sound["run"]["events_total"]);

    let name = "SELECT name FROM heroes WHERE space_id = $1";
    let before: String = stage.sql.query_one(name, &[&space]).await.unwrap().get(0);
    stage.sql.execute("UPDATE heroes SET name = 'Stolen' WHERE space_id = $1", &[&space]).await.unwrap();
    let found = verified(&stage.http).await;
    assert_eq!((&found["counts"], &found["next"]), (&json!({ "row": 1 }), &Value::Null));
    let finding = &found["findings"][0];
    assert_eq!((&finding["space"], &finding["code"]), (&json!(space), &json!("row")));
    assert_eq!(finding["about"], json!({ "table": "heroes", "key": space, "columns": ["name"] }));
    assert!(!found.to_string().contains("Stolen"), "what somebody wrote is not told: {found}");
    // Every server that starts in this process sets the same gauge to what it knows: it is told anew until it is heard.
    let mut begun = 2;
    let gauge = async || {
        let counters = String::from_utf8(stage.http.get("/metrics").await.body.to_vec()).unwrap();
        if counters.contains("levelup_verify_findings{code=\"row\"} 1") {
            return Some(());
        }
        begun += 1;
        verified(&stage.http).await;
        None
    };
    patience::until("the gauge of what is wrong", gauge).await;

    let dry = json!({ "space": space, "dry_run": true }).to_string();
    let (status, would) = ask(&stage.http, Method::POST, REPAIR, Some(&dry)).await;
    assert_eq!((status, &would["rows"], &would["left"]), (200, &json!(1), &json!(0)), "{would}");
    assert_eq!(stage.sql.query_one(name, &[&space]).await.unwrap().get::<_, String>(0), "Stolen");
    let repair = json!({ "space": space }).to_string();
    assert_eq!(ask(&stage.http, Method::POST, REPAIR, Some(&repair)).await, (200, would));
    assert_eq!(stage.sql.query_one(name, &[&space]).await.unwrap().get::<_, String>(0), before);
    let known = ask(&stage.http, Method::GET, VERIFY, None).await.1;
    assert_eq!((&known["counts"], &known["findings"]), (&json!({}), &json!([])));
    let by = |about| (Some(space), Some("admin".to_owned()), about);
    assert_eq!(acts(&stage.sql, space, "repaired").await, [by(json!({ "rows": 1, "left": 0 }))]);
    let logged = "SELECT count(*) FROM security_log WHERE act = 'verify_begun' AND actor_id = $1";
    assert_eq!(stage.sql.query_one(logged, &[&space]).await.unwrap().get::<_, i64>(0), begun);
}

/// A server whose verify is at the first space until the test is over.
async fn crawling() -> (Database, TestServer, Account, Http) {
    let database = Database::fresh().await;
    let mut setup = Setup::of(&database);
    setup.serving.verify = Verify { verify_days: 0, verify_rate: 1 };
    let server = TestServer::start_with(setup);
    let account = Account::register(&server).await;
    promote(&database.connect().await, &account, "admin").await;
    let http = account.http().await;
    (database, server, account, http)
}

#[tokio::test]
async fn one_verify_is_under_way_at_a_time_and_can_be_stopped() {
    let (database, server, account, http) = crawling().await;
    let (status, run) = ask(&http, Method::POST, VERIFY, Some("{}")).await;
    assert_eq!(status, 202);
    let again = ask(&http, Method::POST, VERIFY, Some("{}")).await;
    assert_eq!((code(&again), &again.1["run_id"]), ((409, "verify_under_way"), &run["id"]));
    for _ in 0..2 {
        assert_eq!(ask(&http, Method::DELETE, VERIFY, None).await.0, 204);
    }
    let known = ended(&http).await;
    assert_eq!((&known["run"]["id"], &known["run"]["outcome"]), (&run["id"], &json!("stopped")));
    let stopped = "SELECT count(*) FROM security_log WHERE act = 'verify_stopped' AND actor_id = $1";
    let row = database.connect().await.query_one(stopped, &[&account.space()]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 1);
    assert_eq!(ask(&http, Method::POST, VERIFY, Some("{}")).await.0, 202, "another may begin");
    // A server that is stopped in the middle of one stops.
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_verified_or_repaired_is_named() {
    let (database, server, _, http) = crawling().await;
    let goes = Account::register(&server).await.space();
    let sql = database.connect().await;
    sql.execute("INSERT INTO erasures (account_id, requested_at) VALUES ($1, 0)", &[&goes]).await.unwrap();
    for path in [VERIFY, REPAIR] {
        for (body, expected) in [
            (json!({ "space": id() }), (404, "space_unknown")),
            (json!({ "space": goes }), (409, "space_erasing")),
            (json!({ "spce": goes }), (422, "field_unknown")),
            (json!({ "space": 7 }), (422, "body_invalid")),
        ] {
            let said = ask(&http, Method::POST, path, Some(&body.to_string())).await;
            assert_eq!(code(&said), expected, "{path} {body}");
        }
    }
    for (query, expected) in [
        ("limit=0", (400, "query_invalid")),
        ("limit=1001", (400, "query_invalid")),
        ("colour=red", (400, "query_invalid")),
        ("page=7", (400, "page_invalid")),
    ] {
        let said = ask(&http, Method::GET, &format!("{VERIFY}?{query}"), None).await;
        assert_eq!(code(&said), expected, "{query}");
    }
    let runs = sql.query_one("SELECT count(*) FROM verify_runs", &[]).await.unwrap();
    assert_eq!(runs.get::<_, i64>(0), 0, "nothing was begun");
}

#[tokio::test]
async fn findings_come_in_pages_in_the_order_of_spaces() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    stage.sql.execute("UPDATE skills SET xp = xp + 1", &[]).await.unwrap();
    let known = verified(&stage.http).await;
    let all = known["findings"].as_array().unwrap().clone();
    assert!(all.len() > 3, "{known}");
    let (mut paged, mut path) = (Vec::new(), format!("{VERIFY}?limit=2"));
    loop {
        let page = ask(&stage.http, Method::GET, &path, None).await.1;
        paged.extend(page["findings"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{VERIFY}?limit=2&page={next}");
    }
    assert_eq!(paged, all);
    let none = ask(&stage.http, Method::GET, &format!("{VERIFY}?code=head"), None).await.1;
    assert_eq!(none["findings"], json!([]));
    let elsewhere = ask(&stage.http, Method::GET, &format!("{VERIFY}?space={}", id()), None).await.1;
    assert_eq!(elsewhere["findings"], json!([]));
}
