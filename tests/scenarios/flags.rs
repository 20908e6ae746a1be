//! Flags: set by admins, evaluated for whoever asks, the same on every node within a second.

use reqwest::Method;
use serde_json::{Value, json};
use support::patience::until;
use support::process::run;
use support::{Account, Http, Setup, TestServer};

use crate::people::{Said, ask, code, promote};
use crate::stage::Stage;

async fn set(http: &Http, name: &str, flag: Value) -> Said {
    ask(http, Method::PUT, &format!("/api/v2/admin/flags/{name}"), Some(&flag.to_string())).await
}

async fn seen(http: &Http) -> Value {
    http.get("/api/v2/flags").await.json()["flags"].clone()
}

#[tokio::test]
async fn a_flag_is_made_changed_on_its_version_and_removed_and_the_log_says_so() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let made =
        set(&stage.http, "new-home", json!({ "on": true, "percentage": 0, "description": "The new start" })).await;
    assert_eq!((made.0, &made.1["version"], &made.1["percentage"]), (200, &json!(1), &json!(0)), "{made:?}");
    assert_eq!(seen(&stage.http).await, json!({ "new-home": false }));
    let twice = set(&stage.http, "new-home", json!({ "on": true })).await;
    assert_eq!((code(&twice), &twice.1["version"]), ((409, "flag_changed"), &json!(1)));
    let stale = set(&stage.http, "new-home", json!({ "on": true, "version": 9 })).await;
    assert_eq!(code(&stale), (409, "flag_changed"));
    let changed = set(&stage.http, "new-home", json!({ "on": true, "version": 1 })).await;
    assert_eq!((changed.0, &changed.1["version"], &changed.1["percentage"]), (200, &json!(2), &json!(100)));
    assert_eq!(seen(&stage.http).await, json!({ "new-home": true }), "at once on the node that was told");
    let listed = ask(&stage.http, Method::GET, "/api/v2/admin/flags", None).await;
    assert_eq!(listed.1["items"], json!([changed.1]));
    assert_eq!(ask(&stage.http, Method::GET, "/api/v2/admin/flags/new-home", None).await.1, changed.1);

    let gone = |version: i64| format!("/api/v2/admin/flags/new-home?version={version}");
    assert_eq!(code(&ask(&stage.http, Method::DELETE, &gone(1), None).await), (409, "flag_changed"));
    assert_eq!(ask(&stage.http, Method::DELETE, &gone(2), None).await.0, 204);
    assert_eq!(code(&ask(&stage.http, Method::DELETE, &gone(3), None).await), (404, "not_found"));
    assert_eq!(seen(&stage.http).await, json!({}));
    let again = set(&stage.http, "new-home", json!({ "on": false })).await;
    assert_eq!((again.0, &again.1["version"]), (200, &json!(4)), "a version is never that of another state");

    let rows =
        stage.sql.query("SELECT act, actor_id, about FROM security_log WHERE act LIKE 'flag%' ORDER BY entry_id", &[]);
    let rows = rows.await.unwrap();
    let acts: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(acts, ["flag_set", "flag_set", "flag_removed", "flag_set"]);
    let change: Value = rows[1].get(2);
    assert_eq!((&change["before"]["percentage"], &change["now"]["percentage"]), (&json!(0), &json!(100)));
    assert_eq!(rows[1].get::<_, Option<uuid::Uuid>>(1), Some(stage.account.space()));
}

#[tokio::test]
async fn lists_go_before_the_percentage_and_a_tag_says_that_nothing_changed() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let other = Account::register(&stage.server).await;
    let (theirs, own) = (other.http().await, stage.account.space());
    let flag = json!({ "on": true, "percentage": 0, "allow": [own, support::commands::id()], "deny": [] });
    let made = set(&stage.http, "early", flag).await;
    assert_eq!(made.1["allow"], json!([own]), "who is not there is left out");
    assert_eq!((seen(&stage.http).await, seen(&theirs).await), (json!({ "early": true }), json!({ "early": false })));
    let tag = theirs.get("/api/v2/flags").await.header("etag").to_owned();
    let held = theirs.with_header("if-none-match", &tag);
    assert_eq!(held.get("/api/v2/flags").await.status, 304);
    let flag = json!({ "on": true, "percentage": 100, "deny": [own], "version": 1 });
    assert_eq!(set(&stage.http, "early", flag).await.0, 200);
    assert_eq!((seen(&stage.http).await, seen(&theirs).await), (json!({ "early": false }), json!({ "early": true })));
    assert_eq!(held.get("/api/v2/flags").await.status, 200);
    assert_eq!(set(&stage.http, "early", json!({ "on": false, "version": 2 })).await.0, 200);
    assert_eq!(seen(&theirs).await, json!({ "early": false }), "off is off for everybody");
}

#[tokio::test]
async fn every_node_agrees_soon_whoever_sets_a_flag() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let node = TestServer::start_with(Setup { config: stage.database.config(), ..stage.server.setup() });
    let there = Http::nobody(node.url()).with_token(stage.http.token());
    assert_eq!(set(&stage.http, "a", json!({ "on": true })).await.0, 200);
    let says = async |expected: Value| {
        until("the other node", async || Some(seen(&there).await).filter(|said| *said == expected)).await;
        until("this node", async || Some(seen(&stage.http).await).filter(|said| *said == expected)).await;
    };
    says(json!({ "a": true })).await;
    let operator = async |arguments: &[&str]| {
        let arguments = [&["admin", "flags"], arguments].concat();
        run(&stage.database.url(), stage.server.setup().data_dir.path(), &arguments).await
    };
    let (exit, said, error) = operator(&["set", "b", "--percentage", "100", "--description", "Second"]).await;
    assert_eq!((exit, said.as_str()), (0, "b on 100 %, allowed 0, denied 0, version 1; Second\n"), "{error}");
    says(json!({ "a": true, "b": true })).await;
    let (exit, said, _) = operator(&["set", "b", "--state", "off"]).await;
    assert_eq!((exit, said.as_str()), (0, "b off 100 %, allowed 0, denied 0, version 2; Second\n"));
    says(json!({ "a": true, "b": false })).await;
    assert_eq!(operator(&["remove", "a"]).await.0, 0);
    says(json!({ "b": false })).await;
    let (exit, _, error) = operator(&["remove", "a"]).await;
    assert_eq!((exit, error.contains("There is no such flag")), (1, true), "{error}");
    let (_, listed, _) = operator(&["list", "--json"]).await;
    assert_eq!(serde_json::from_str::<Value>(&listed).unwrap()["name"], "b", "{listed}");
    // A node that starts later knows them before it answers.
    let late = TestServer::start_with(Setup { config: stage.database.config(), ..stage.server.setup() });
    assert_eq!(seen(&Http::nobody(late.url()).with_token(stage.http.token())).await, json!({ "b": false }));
}

#[tokio::test]
async fn two_who_change_a_flag_at_once_do_not_overwrite_each_other() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    assert_eq!(set(&stage.http, "a", json!({ "on": false })).await.0, 200);
    let flag = json!({ "on": true, "version": 1 });
    let (one, two) = tokio::join!(set(&stage.http, "a", flag.clone()), set(&stage.http, "a", flag));
    let mut statuses = [one.0, two.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn a_flag_of_another_form_is_refused_with_its_place() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let cases = [
        ("New", json!({ "on": true }), "/name"),
        ("a", json!({ "on": true, "percentage": 101 }), "/percentage"),
        ("a", json!({ "on": true, "percentage": -1 }), "/percentage"),
        ("a", json!({ "on": true, "description": "a\u{7}" }), "/description"),
        ("a", json!({ "on": true, "description": "x".repeat(501) }), "/description"),
        (
            "a",
            json!({ "on": true, "allow": (0..1_001).map(|_| support::commands::id()).collect::<Vec<_>>() }),
            "/allow",
        ),
    ];
    for (name, flag, pointer) in cases {
        let said = set(&stage.http, name, flag).await;
        assert_eq!((code(&said), &said.1["errors"][0]["pointer"]), ((422, "fields_invalid"), &json!(pointer)));
    }
    assert_eq!(code(&set(&stage.http, "a", json!({ "on": "yes" })).await), (422, "body_invalid"));
    assert_eq!(seen(&stage.http).await, json!({}));
}
