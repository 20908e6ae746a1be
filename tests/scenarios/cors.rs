//! What pages of other origins may read, and what every answer forbids a browser to do with it.

use reqwest::Method;
use support::{Answer, Http, Setup, TestServer, answer};

use crate::stage::Stage;

const LISTED: &str = "https://app.example.org";
const ALSO_LISTED: &str = "http://localhost:5173";

/// A server of the stage's database that names two origins.
fn listing(stage: &Stage) -> TestServer {
    let mut setup = Setup::of(&stage.database);
    setup.serving.http.origins = vec![LISTED.to_owned(), ALSO_LISTED.to_owned()];
    TestServer::start_with(setup)
}

async fn preflight(http: &Http, path: &str, origin: &str, method: &str, headers: &str) -> Answer {
    let request = http.request(Method::OPTIONS, path).header("origin", origin);
    let request = request.header("access-control-request-method", method);
    let request = if headers.is_empty() { request } else { request.header("access-control-request-headers", headers) };
    answer(request).await
}

fn assert_no_cors(answer: &Answer, name: &str) {
    for header in answer.headers.keys() {
        assert!(!header.as_str().starts_with("access-control"), "{name}: {header}");
    }
}

#[tokio::test]
async fn a_preflight_of_a_listed_origin_is_answered_before_any_route_is_looked_for() {
    let stage = Stage::set().await;
    let server = listing(&stage);
    let http = Http::nobody(server.url());
    for origin in [LISTED, ALSO_LISTED] {
        for path in ["/api/v2/transactions", "/api/v2/auth/devices/none", "/api/v2/nothing"] {
            let headers = "authorization, content-type, x-csrf-token, if-none-match, last-event-id, x-api-version, idempotency-key";
            let answer = preflight(&http, path, origin, "PATCH", headers).await;
            assert_eq!(answer.status, 200, "{origin} {path}");
            assert_eq!(answer.header("access-control-allow-origin"), origin);
            assert_eq!(answer.header("access-control-allow-credentials"), "true");
            assert_eq!(answer.header("access-control-max-age"), "86400");
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
                assert!(answer.header("access-control-allow-methods").contains(method), "{method}");
            }
            let allowed = answer.header("access-control-allow-headers").to_lowercase();
            assert!(headers.split(", ").all(|header| allowed.contains(header)), "{allowed}");
            assert!(answer.header("vary").to_lowercase().contains("origin"));
            assert!(!answer.header("x-request-id").is_empty());
        }
    }
}

#[tokio::test]
async fn every_other_preflight_is_refused() {
    let stage = Stage::set().await;
    let server = listing(&stage);
    let http = Http::nobody(server.url());
    let path = "/api/v2/transactions";
    for origin in ["https://evil.example", "null", "", "https://app.example.org.evil", "http://app.example.org", "*"] {
        let answer = preflight(&http, path, origin, "POST", "authorization").await;
        assert_eq!((answer.status, answer.problem().as_str()), (403, "origin_refused"), "{origin}");
        assert_no_cors(&answer, origin);
    }
    let answer = preflight(&http, path, LISTED, "TRACE", "").await;
    assert_eq!((answer.status, answer.problem().as_str()), (405, "method_not_allowed"));
    let answer = preflight(&http, path, LISTED, "POST", "x-other").await;
    assert_eq!((answer.status, answer.problem().as_str()), (400, "header_invalid"));
    // The server of the stage names no origin at all.
    let answer = preflight(&Http::nobody(stage.server.url()), path, LISTED, "POST", "").await;
    assert_eq!((answer.status, answer.problem().as_str()), (403, "origin_refused"));
    assert_no_cors(&answer, "without a list");
}

/// Answers of every kind: granted, and refused by each layer.
async fn answers(http: &Http, origin: &str) -> Vec<(&'static str, u16, Answer)> {
    let http = http.with_header("origin", origin);
    let old = http.with_header("x-api-version", "1.0");
    let large = http.with_header("x-anything", &"x".repeat(20_000));
    let nobody = Http::nobody(http.base()).with_header("origin", origin);
    vec![
        ("granted", 200, http.get("/api/v2/tasks").await),
        ("no token", 401, nobody.get("/api/v2/tasks").await),
        ("not there", 404, http.get("/api/v2/tasks/none").await),
        ("no route", 404, http.get("/api/v2/nothing").await),
        ("no method", 405, http.get("/api/v2/transactions").await),
        ("bad query", 400, http.get("/api/v2/changes?limit=0").await),
        ("bad body", 422, http.post("/api/v2/transactions", "{}").await),
        ("large body", 413, http.post("/api/v2/transactions", vec![b' '; 2_000_000]).await),
        ("old client", 426, old.get("/api/v2/tasks").await),
        ("large head", 431, large.get("/api/v2/tasks").await),
        ("open", 200, nobody.get("/healthz").await),
        ("documentation", 200, nobody.get("/docs/").await),
        ("document", 200, nobody.get("/openapi.json").await),
    ]
}

#[tokio::test]
async fn a_listed_origin_may_read_every_answer_and_no_other_may_read_one() {
    let stage = Stage::set().await;
    let mut setup = stage.server.setup();
    setup.serving.http.origins = vec![LISTED.to_owned()];
    let server = TestServer::start_with(setup);
    let http = Http::nobody(server.url()).with_token(stage.http.token());
    for (name, status, answer) in answers(&http, LISTED).await {
        assert_eq!(answer.status, status, "{name}");
        assert_eq!(answer.header("access-control-allow-origin"), LISTED, "{name}");
        assert_eq!(answer.header("access-control-allow-credentials"), "true", "{name}");
        let exposed = answer.header("access-control-expose-headers").to_lowercase();
        for header in ["etag", "x-request-id", "x-server-time", "x-api-version", "retry-after", "ratelimit"] {
            assert!(exposed.contains(header), "{name}: {exposed}");
        }
        assert!(answer.header("vary").to_lowercase().contains("origin"), "{name}");
    }
    for origin in ["https://evil.example", "null"] {
        for (name, status, answer) in answers(&http, origin).await {
            assert_eq!(answer.status, status, "{name}");
            assert_no_cors(&answer, name);
        }
    }
    assert_no_cors(&stage.http.with_header("origin", LISTED).get("/api/v2/tasks").await, "without a list");
}

#[tokio::test]
async fn every_answer_says_what_a_browser_may_do_with_it() {
    let stage = Stage::set().await;
    let mut answers = answers(&stage.http, stage.server.url()).await;
    answers.push(("redirect", 307, stage.http.get("/docs").await));
    for (name, _, answer) in answers {
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{name}: {policy}");
        assert!(!policy.contains("unsafe"), "{name}: {policy}");
        for (header, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(header), value, "{name}");
        }
        assert_eq!(answer.header("strict-transport-security"), "", "{name}: this is no TLS");
    }
}

#[tokio::test]
async fn the_documentation_has_nothing_inline_and_loads_from_here_only() {
    let stage = Stage::set().await;
    let page = stage.http.get("/docs/").await;
    let html = String::from_utf8(page.body.clone()).unwrap();
    assert_eq!(page.header("content-security-policy").matches("script-src 'self'").count(), 1);
    let inline = html.split("<script").skip(1).filter(|script| !script.trim_start().starts_with("src="));
    assert_eq!(inline.count(), 0, "{html}");
    assert!(!html.contains("<style") && !html.contains("http://") && !html.contains("https://"), "{html}");
    let initializer = stage.http.get("/docs/swagger-initializer.js").await;
    assert_eq!(initializer.status, 200);
    assert!(initializer.header("content-type").contains("javascript"), "{}", initializer.header("content-type"));
}

#[tokio::test]
async fn only_a_proxy_that_is_named_is_believed_about_tls() {
    let stage = Stage::set().await;
    let said = |http: &Http| http.with_header("x-forwarded-proto", "https");
    let untrusted = said(&stage.http).get("/healthz").await;
    assert_eq!(untrusted.header("strict-transport-security"), "");
    let mut setup = Setup::of(&stage.database);
    setup.serving.http.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let server = TestServer::start_with(setup);
    let nobody = Http::nobody(server.url());
    assert_eq!(said(&nobody).get("/healthz").await.header("strict-transport-security"), "max-age=31536000");
    assert_eq!(nobody.get("/healthz").await.header("strict-transport-security"), "");
}
