//! What old clients send by mistake and what strangers send on purpose: told so in words, never answered by a fault.

use reqwest::Method;
use serde_json::{Value, json};
use support::patience::until;
use support::{Answer, Database, Http, Setup, TestServer};

use super::{FIREFOX, PASSWORD, PREFIXES, login, of, post, refused, register, registration};
use crate::newcomer::address;

/// Where something may be sent.
const PATHS: [(&str, &str); 15] = [
    ("POST", "/auth/register"),
    ("POST", "/auth/login"),
    ("POST", "/auth/simple-login"),
    ("POST", "/auth/refresh"),
    ("GET", "/auth/user"),
    ("POST", "/auth/logout"),
    ("POST", "/auth/request-password-reset"),
    ("POST", "/auth/reset-password"),
    ("DELETE", "/users/account"),
    ("POST", "/users/cancel-deletion"),
    ("POST", "/mobile/auth/register"),
    ("POST", "/mobile/auth/login"),
    ("POST", "/mobile/auth/refresh"),
    ("GET", "/mobile/auth/me"),
    ("GET", "/backend"),
];

fn rubbish() -> Vec<Vec<u8>> {
    let odd = json!({ "email": ["a@b.c"], "password": { "$ne": 1 }, "refreshToken": 1, "token": true, "firstName": 5 });
    let long = json!({ "email": "x".repeat(5_000), "password": "y".repeat(100_000), "token": "z".repeat(5_000) });
    let nul = json!({ "email": "a\0@b.c", "password": "\0\0\0\0\0\0\0\0\0", "newPassword": "\0", "token": "\0" });
    let mut all: Vec<Vec<u8>> = ["", "null", "[]", "{", "7", "title=Run", "{\"email\":\"\\ud800\"}"]
        .iter()
        .map(|text| text.as_bytes().to_vec())
        .collect();
    all.extend([odd, long, nul].map(|value| value.to_string().into_bytes()));
    all.extend([vec![0xff, 0xfe, 0x00], vec![b'['; 100_000]]);
    all
}

#[tokio::test]
async fn rubbish_is_refused_in_words_at_both_prefixes() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let nobody = Http::nobody(server.url());
    for prefix in PREFIXES {
        for (method, path) in PATHS {
            for body in rubbish() {
                let method: Method = method.parse().unwrap();
                let answer = nobody.send(method, &format!("{prefix}{path}"), Some(body)).await;
                assert!(answer.status < 500, "{prefix}{path}: {}", answer.status);
                let said = answer.json();
                assert!(said["message"].is_string(), "{prefix}{path}: {said}");
                assert!(answer.status == 200 || said["error"].is_string(), "{prefix}{path}: {said}");
            }
        }
    }
}

#[tokio::test]
async fn rubbish_deletes_nobody() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let nobody = Http::nobody(server.url());
    let http = of(&nobody, &register(&nobody, &address()).await);
    for body in rubbish() {
        let answer = http.send(Method::DELETE, "/api/users/account", Some(body)).await;
        assert!([400, 401].contains(&refused(&answer).0), "{}", answer.status);
    }
    assert_eq!(http.get("/api/auth/user").await.json()["deletionScheduledFor"], json!(null));
}

#[tokio::test]
async fn what_cannot_be_registered_is_listed_field_by_field() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let nobody = Http::nobody(server.url());
    let fields = |answer: &Value| -> Vec<String> {
        answer["errors"].as_array().unwrap().iter().map(|error| error["path"][0].as_str().unwrap().to_owned()).collect()
    };
    let nothing = post(&nobody, "/auth/register", json!({})).await;
    assert_eq!(refused(&nothing), (400, "fields_invalid".to_owned()));
    assert_eq!(fields(&nothing.json()), ["email", "password", "firstName", "lastName"]);
    let mut blank = registration(&address());
    blank["firstName"] = "  \u{0}".into();
    let blank = post(&nobody, "/auth/register", blank).await;
    assert_eq!((blank.status, fields(&blank.json())), (400, vec!["firstName".to_owned()]));
    // More than it asks for is ignored, whatever it says.
    let mut more = registration(&address());
    more["id"] = "1".into();
    more["role"] = "admin".into();
    more["lastName"] = "é".repeat(5_000).into();
    let made = post(&nobody, "/auth/register", more).await;
    assert_eq!(made.status, 200, "{}", made.json());
    assert_eq!(made.json()["user"]["lastName"], "é".repeat(100));
    let me = of(&nobody, &made).get("/api/v2/auth/me").await.json();
    assert_eq!(me["account"]["role"], "user");
    assert_ne!(me["account"]["id"], "1");
}

#[tokio::test]
async fn an_account_never_shows_what_is_secret() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (nobody, email, sql) = (Http::nobody(server.url()), address(), database.connect().await);
    let registered = register(&nobody, &email).await;
    let http = of(&nobody, &registered);
    let hash: String = sql.query_one("SELECT password_hash FROM accounts", &[]).await.unwrap().get(0);
    for answer in [registered, http.get("/api/auth/user").await, http.get("/api/mobile/auth/me").await] {
        let said = String::from_utf8(answer.body.clone()).unwrap();
        assert!(!said.contains(&hash) && !said.contains("assword") && !said.contains("resetToken"), "{said}");
    }
}

#[tokio::test]
async fn a_taken_address_is_a_conflict_to_the_app_and_a_bad_request_to_the_web_client() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (nobody, email) = (Http::nobody(server.url()), address());
    let body = json!({ "email": email, "password": PASSWORD });
    let made = post(&nobody, "/mobile/auth/register", body.clone()).await.json();
    assert_eq!((&made["success"], &made["data"]["user"]["firstName"]), (&json!(true), &json!(null)));
    for prefix in PREFIXES {
        let taken = nobody.post(&format!("{prefix}/mobile/auth/register"), body.to_string()).await;
        assert_eq!(refused(&taken), (409, "email_taken".to_owned()));
        assert_eq!(taken.json()["success"], false);
    }
    assert_eq!(refused(&register(&nobody, &email).await), (400, "email_taken".to_owned()));
}

#[tokio::test]
async fn guessing_is_slowed_down_as_on_v2_and_told_in_words() {
    let database = Database::fresh().await;
    let mut setup = Setup::of(&database);
    setup.serving.limits.sign_in_delay = infrastructure::config::SignInDelay::On;
    let server = TestServer::start_with(setup);
    let (nobody, email) = (Http::nobody(server.url()), address());
    register(&nobody, &email).await;
    for _ in 0..5 {
        assert_eq!(guess(&nobody, &email).await, 401);
    }
    let browser = nobody.with_header("user-agent", FIREFOX);
    let delayed = refused_by_delay(&nobody, &email, async || login(&browser, &email).await).await;
    assert_eq!(refused(&delayed), (429, "sign_in_delayed".to_owned()));
    assert!(!delayed.header("retry-after").is_empty());
    let keyed = nobody.with_header("idempotency-key", "k");
    let again = refused_by_delay(&nobody, &email, async || register(&keyed, &email).await).await;
    assert_eq!(refused(&again), (429, "sign_in_delayed".to_owned()), "a registration is no way around it");
}

/// The status of a wrong password.
async fn guess(http: &Http, email: &str) -> u16 {
    post(http, "/auth/simple-login", json!({ "email": email, "password": "a wrong guess" })).await.status
}

/// The answer to somebody who asks before the wait is over. The first wait is short, so that it may end before; with every
/// guess the next one is longer.
async fn refused_by_delay(http: &Http, email: &str, ask: impl AsyncFn() -> Answer) -> Answer {
    until("a refusal before the wait is over", async || {
        let answer = ask().await;
        if answer.status == 429 {
            return Some(answer);
        }
        until("a guess that counts", async || (guess(http, email).await == 401).then_some(())).await;
        None
    })
    .await
}

#[tokio::test]
async fn a_rate_is_refused_in_the_form_that_old_clients_read() {
    let database = Database::fresh().await;
    let mut setup = Setup::of(&database);
    setup.serving.limits.limit_sign_in = "1/h:1".parse().unwrap();
    let server = TestServer::start_with(setup);
    let nobody = Http::nobody(server.url());
    login(&nobody, "a@example.test").await;
    assert_eq!(refused(&login(&nobody, "a@example.test").await), (429, "rate_limited".to_owned()));
}

#[tokio::test]
async fn what_is_not_carried_over_is_not_there() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let nobody = Http::nobody(server.url());
    let http = of(&nobody, &register(&nobody, &address()).await);
    for prefix in PREFIXES {
        for path in [
            "/auth/debug",
            "/test/db",
            "/test/create-tables",
            "/diagnose",
            "/diagnostics",
            "/debug/activity-logs",
            "/support/contact",
            "/ai/chat",
            "/ai/suggestions",
            "/tasks-nothing",
            "/",
        ] {
            for http in [&nobody, &http] {
                for answer in
                    [http.get(&format!("{prefix}{path}")).await, http.post(&format!("{prefix}{path}"), "{}").await]
                {
                    assert_eq!(refused(&answer), (404, "route_unknown".to_owned()), "{prefix}{path}");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_app_may_say_both_names_one_or_none_and_each_is_kept() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let nobody = Http::nobody(server.url());
    for (first, last) in [(Some("Ada"), Some("Lovelace")), (Some("Ada"), None), (None, Some("Lovelace")), (None, None)]
    {
        let mut body = json!({ "email": address(), "password": PASSWORD });
        body["firstName"] = first.map_or_else(|| "  ".into(), Value::from);
        if let Some(last) = last {
            body["lastName"] = last.into();
        }
        let made = post(&nobody, "/mobile/auth/register", body).await;
        let told = made.json();
        let user = &told["data"]["user"];
        assert_eq!((made.status, &user["firstName"], &user["lastName"]), (200, &json!(first), &json!(last)), "{told}");
    }
}
