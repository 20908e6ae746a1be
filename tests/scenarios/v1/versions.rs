//! Which versions are spoken, what v1 says of its end, and who still asks for it.

use infrastructure::config::{ApiVersion, Versions};
use support::{Answer, Database, Http, Setup, TestServer};

use super::auth::{FIREFOX, of, refused, register};
use crate::newcomer::address;
use crate::people::promote;
use crate::stage::Stage;

#[tokio::test]
async fn answers_of_v1_say_their_version_and_their_end() {
    let database = Database::fresh().await;
    let mut setup = Setup::of(&database);
    setup.serving.versions.v1_sunset = Some("2027-06-01".parse().unwrap());
    let server = TestServer::start_with(setup);
    let nobody = Http::nobody(server.url());
    let http = of(&nobody, &register(&nobody, &address()).await);
    let marked = |answer: &Answer, name: &str| {
        assert_eq!((answer.header("x-api-version"), answer.header("x-min-version")), ("1.0", "1.0"), "{name}");
        assert!(answer.header("deprecation").starts_with('@'), "{name}");
        assert!(answer.header("link").contains("rel=\"successor-version\""), "{name}");
        assert_eq!(answer.header("sunset"), "Tue, 01 Jun 2027 00:00:00 GMT", "{name}");
        assert!(!answer.header("x-server-time").is_empty() && !answer.header("x-request-id").is_empty(), "{name}");
    };
    for path in ["/api/auth/user", "/api/v1/auth/user", "/api/nothing", "/api/auth/login"] {
        for http in [&http, &nobody] {
            marked(&http.get(path).await, path);
        }
    }
    for path in ["/api/v2/tasks", "/api/auth/devices", "/healthz"] {
        let answer = http.get(path).await;
        assert_eq!((answer.header("x-api-version"), answer.header("x-min-version")), ("2.0", "2.0"), "{path}");
        assert_eq!(
            (answer.header("deprecation"), answer.header("sunset"), answer.header("link")),
            ("", "", ""),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_version_below_the_minimum_is_refused_on_both() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let nobody = Http::nobody(server.url());
    let http = of(&nobody, &register(&nobody, &address()).await);
    let says = |version: &str| http.with_header("x-api-version", version);
    for version in ["1.0", "1", "2.0"] {
        assert_eq!(says(version).get("/api/auth/user").await.status, 200, "{version}");
    }
    let old = says("0.9").get("/api/auth/user").await;
    assert_eq!(refused(&old), (426, "version_unsupported".to_owned()));
    assert_eq!(old.json()["minimum"], "1.0");
    let old = says("1.0").get("/api/v2/tasks").await;
    assert_eq!((old.status, old.problem().as_str()), (426, "version_unsupported"));
    assert_eq!(refused(&says("two").get("/api/auth/user").await), (400, "header_invalid".to_owned()));
}

#[tokio::test]
async fn when_the_minimum_is_raised_v1_has_ended_and_v2_has_not() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let nobody = Http::nobody(server.url());
    let token = of(&nobody, &register(&nobody, &address()).await).token().to_owned();
    let mut setup = server.setup();
    setup.serving.versions = Versions { api_min_version: ApiVersion::V2, v1_sunset: None };
    server.stop().await;
    let server = TestServer::start_with(setup);
    let http = Http::nobody(server.url()).with_token(&token);
    for path in ["/api/auth/user", "/api/v1/tasks", "/api/nothing"] {
        for http in [&http, &http.with_header("x-api-version", "2.0")] {
            let ended = http.get(path).await;
            assert_eq!(refused(&ended), (426, "version_unsupported".to_owned()), "{path}");
            assert_eq!((ended.header("x-min-version"), &ended.json()["minimum"]), ("2.0", &"2.0".into()), "{path}");
        }
    }
    assert_eq!(http.get("/api/v2/tasks").await.status, 200);
    assert_eq!(http.get("/api/auth/devices").await.status, 200);
}

/// What was counted of requests by this version and platform.
async fn counted(http: &Http, version: &str, platform: &str) -> f64 {
    let text = String::from_utf8(http.get("/metrics").await.body).unwrap();
    let of = |line: &&str| {
        line.starts_with("levelup_api_requests_total{")
            && line.contains(&format!("version=\"{version}\""))
            && line.contains(&format!("platform=\"{platform}\""))
    };
    text.lines().filter(of).filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
}

#[tokio::test]
async fn requests_are_counted_by_version_and_platform() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let nobody = Http::nobody(server.url());
    let browser = nobody.with_header("user-agent", FIREFOX);
    let app = nobody.with_header("x-app-version", "ios/4.1.0");
    for (http, path, version, platform) in [
        (&browser, "/api/auth/user", "1", "web"),
        (&app, "/api/auth/user", "1", "ios"),
        (&nobody, "/api/mobile/auth/me", "1", "ios"),
        (&nobody, "/api/nothing", "1", "other"),
        (&browser, "/api/v2/tasks", "2", "web"),
        (&app, "/api/v2/tasks", "2", "ios"),
    ] {
        let before = counted(&nobody, version, platform).await;
        http.get(path).await;
        assert!(counted(&nobody, version, platform).await > before, "{path} {version} {platform}");
    }
}

#[tokio::test]
async fn support_sees_who_still_asks_in_which_version() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "support").await;
    let app = stage.http.with_header("x-app-version", "ios/4.1.0");
    let browser = Http::nobody(stage.server.url()).with_header("user-agent", FIREFOX);
    let counts = async || {
        let report = stage.http.get("/api/v2/admin/analytics").await.json();
        let of = |version: &str, platform: &str| {
            let kinds = report["whole"]["requests"].as_array().unwrap().iter();
            let mut kinds = kinds.filter(|kind| kind["version"] == version && kind["platform"] == platform);
            kinds.next().map_or(0, |kind| kind["count"].as_i64().unwrap())
        };
        [of("1", "ios"), of("1", "web"), of("2", "ios"), of("2", "web")]
    };
    let before = counts().await;
    for _ in 0..3 {
        app.get("/api/tasks").await;
        browser.get("/api/v1/nothing").await;
    }
    app.get("/api/v2/tasks").await;
    browser.get("/healthz").await;
    let after = counts().await;
    let risen: Vec<i64> = after.iter().zip(before).map(|(after, before)| after - before).collect();
    assert_eq!(risen, [3, 3, 1, 0]);
    // Another node's are in it too.
    let other = "INSERT INTO measures (minute_at, node_id, committed, rejected, deferred, repeated, turned_away, commands, conflicting,
            merged, superseded, write_counts, delivery_counts, requests)
        SELECT minute_at, gen_random_uuid(), 0, 0, 0, 0, 0, 0, 0, 0, 0, write_counts, delivery_counts, '{7,0,0,0,0,0}'
        FROM measures LIMIT 1";
    assert_eq!(stage.sql.execute(other, &[]).await.unwrap(), 1);
    assert_eq!(counts().await[0], after[0] + 7);
}
