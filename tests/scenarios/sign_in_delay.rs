//! Who guesses passwords waits longer and longer; nobody else does, and nobody learns who has an account.

use std::time::Duration;

use api::client::{Device, Session};
use infrastructure::config::{Limits, SignInDelay};
use reqwest::Method;
use serde_json::{Value, json};
use support::patience::until;
use support::{Account, Answer, Database, Http, Setup, TestServer};

use crate::installation::{DEVICES, SEED, ask};

const PASSWORD: &str = "correct horse battery";

struct Door {
    server: TestServer,
    nobody: Http,
    account: Account,
    _database: Database,
}

impl Door {
    async fn open() -> Self {
        let database = Database::fresh().await;
        let mut setup = Setup::of(&database);
        setup.serving.limits = Limits { sign_in_delay: SignInDelay::On, ..Limits::off() };
        let server = TestServer::start_with(setup);
        let account = Account::register(&server).await;
        Self { nobody: Http::nobody(server.url()), account, server, _database: database }
    }

    async fn knock(&self, email: &str, password: &str, device: Option<&Value>) -> Answer {
        let body = json!({ "email": email, "password": password, "device": device });
        self.nobody.post("/api/v2/auth/login", body.to_string()).await
    }

    /// Fails until told to wait; how often the password was looked at before.
    async fn fail_until_delayed(&self, email: &str) -> (usize, Answer) {
        let mut failures = 0;
        loop {
            let answer = self.knock(email, "a wrong guess", None).await;
            if answer.status == 429 {
                return (failures, answer);
            }
            assert_eq!((answer.status, answer.problem().as_str()), (401, "credentials_invalid"));
            failures += 1;
        }
    }
}

#[tokio::test]
async fn after_some_failures_the_next_attempt_has_to_wait_right_password_or_not() {
    let door = Door::open().await;
    let email = door.account.credentials.email.clone();
    let (failures, delayed) = door.fail_until_delayed(&email).await;
    assert!(failures >= 5, "five are free");
    assert_eq!(delayed.problem(), "sign_in_delayed");
    assert!(delayed.header("retry-after").parse::<u64>().unwrap() > 0);
    assert!(delayed.json()["retry_after_ms"].as_u64().unwrap() > 0);
    // The waits double: soon one is long enough to be met again, whatever the speed of this machine.
    let mut wait_ms = 0;
    while wait_ms < 8_000 {
        let (_, delayed) = door.fail_until_delayed(&email).await;
        wait_ms = delayed.json()["retry_after_ms"].as_u64().unwrap();
        if wait_ms < 8_000 {
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        }
    }
    let right = door.knock(&email, PASSWORD, None).await;
    assert_eq!((right.status, right.problem().as_str()), (429, "sign_in_delayed"), "the password is not looked at");
}

#[tokio::test]
async fn an_unknown_address_is_delayed_exactly_as_a_known_one() {
    let door = Door::open().await;
    let mut told = Vec::new();
    for email in [door.account.credentials.email.as_str(), "nobody@example.test", "not an address", "a\0b@example.test"]
    {
        for _ in 0..5 {
            assert_eq!(door.knock(email, "a wrong guess", None).await.status, 401, "{email:?}");
        }
        let answer = until("a delay", async || {
            let answer = door.knock(email, "a wrong guess", Some(&device("7", "phone"))).await;
            (answer.status == 429).then_some(answer)
        })
        .await;
        let mut problem = answer.json();
        problem.as_object_mut().unwrap().remove("retry_after_ms");
        told.push(problem);
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
}

#[tokio::test]
async fn an_owner_on_a_device_that_was_here_before_is_not_locked_out() {
    let door = Door::open().await;
    let email = door.account.credentials.email.clone();
    let tablet = Device::fresh("web", "tablet");
    Session::login(door.server.server(), &door.account.credentials, &tablet).await.unwrap();
    let mut wait_ms = 0;
    while wait_ms < 8_000 {
        let (_, delayed) = door.fail_until_delayed(&email).await;
        wait_ms = delayed.json()["retry_after_ms"].as_u64().unwrap();
        if wait_ms < 8_000 {
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        }
    }
    let new = door.knock(&email, PASSWORD, Some(&device("0190a1b2-0000-7000-8000-000000000001", "new"))).await;
    assert_eq!(new.problem(), "sign_in_delayed", "a device that was never here waits with everybody");
    Session::login(door.server.server(), &door.account.credentials, &tablet).await.expect("the owner is let in");
}

#[tokio::test]
async fn one_accounts_failures_delay_no_other_account() {
    let door = Door::open().await;
    let other = Account::register(&door.server).await;
    door.fail_until_delayed("victim@example.test").await;
    let answer = door.knock(&other.credentials.email, PASSWORD, None).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_success_forgives_the_failures_before_it() {
    let door = Door::open().await;
    let email = door.account.credentials.email.clone();
    for _ in 0..2 {
        for _ in 0..2 {
            assert_eq!(door.knock(&email, "a wrong guess", None).await.status, 401);
        }
        assert_eq!(door.knock(&email, PASSWORD, None).await.status, 200);
    }
}

#[tokio::test]
async fn what_fails_for_another_reason_than_the_password_is_no_failure() {
    let door = Door::open().await;
    let email = door.account.credentials.email.clone();
    let unusable = json!({ "device_id": uuid::Uuid::nil(), "platform": "web", "device_name": "x".repeat(200) });
    for _ in 0..12 {
        assert_eq!(door.knock(&email, PASSWORD, Some(&unusable)).await.problem(), "fields_invalid");
    }
    assert_eq!(door.knock(&email, PASSWORD, None).await.status, 200);
}

#[tokio::test]
async fn a_token_helps_nobody_to_guess_the_password_whichever_way_asks_for_it() {
    const WRONG: &str = "a wrong guess";
    let door = Door::open().await;
    let ways = |own: uuid::Uuid| {
        let snake = json!({ "device_id": own, "platform": "web", "device_name": "phone", "current_password": WRONG });
        let camel = json!({ "deviceId": own, "platform": "web", "deviceName": "phone", "currentPassword": WRONG });
        [
            (
                Method::POST,
                "/api/v2/auth/password/change".to_owned(),
                json!({ "current_password": WRONG, "new_password": PASSWORD }),
            ),
            (Method::DELETE, "/api/v2/auth/account".to_owned(), json!({ "password": WRONG })),
            (Method::POST, DEVICES.to_owned(), snake),
            (Method::PATCH, format!("{DEVICES}/{own}"), json!({ "current_password": WRONG })),
            (Method::POST, SEED.to_owned(), camel),
            (Method::PATCH, format!("{SEED}/{own}"), json!({ "currentPassword": WRONG })),
        ]
    };
    for way in 0..6 {
        let account = Account::register(&door.server).await;
        let (http, own) = (account.http().await, account.session.device_id());
        let (method, path, body) = ways(own)[way].clone();
        for _ in 0..5 {
            assert_eq!(ask(&http, method.clone(), &path, Some(&body)).await.problem(), "credentials_invalid", "{path}");
        }
        until("a delay", async || {
            (ask(&http, method.clone(), &path, Some(&body)).await.problem() == "sign_in_delayed").then_some(())
        })
        .await;
    }
}

fn device(id: &str, name: &str) -> Value {
    let id = uuid::Uuid::parse_str(id).unwrap_or_else(|_| uuid::Uuid::from_u128(7));
    json!({ "device_id": id, "platform": "web", "device_name": name })
}
