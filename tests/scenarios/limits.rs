//! How often who may ask, what an answer says about it, and what is turned away when there is too much to do.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use infrastructure::config::Limits;
use reqwest::Method;
use serde_json::json;
use support::commands::{create_task, id, new_task};
use support::patience::{until, within};
use support::{Account, Answer, Database, Http, Setup, Socket, TestServer};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::full_queue::waiting;
use crate::stage::Stage;

/// A server with these limits and one person on it.
pub(crate) async fn stage(limits: Limits) -> Stage {
    let database = Database::fresh().await;
    let mut setup = Setup::of(&database);
    setup.serving.limits = limits;
    let server = TestServer::start_with(setup);
    let account = Account::register(&server).await;
    Stage { http: account.http().await, account, sql: database.connect().await, server, database }
}

fn assert_limited(answer: &Answer, scope: &str, class: &str) {
    let problem = answer.json();
    assert_eq!((answer.status, answer.problem().as_str()), (429, "rate_limited"), "{problem}");
    assert_eq!((&problem["scope"], &problem["class"]), (&json!(scope), &json!(class)), "{problem}");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
    assert_eq!(answer.header("ratelimit-remaining"), "0");
    assert!(answer.header("ratelimit-reset").parse::<u64>().unwrap() > 0);
}

#[tokio::test]
async fn every_answer_of_a_limited_route_says_how_the_tightest_bucket_stands() {
    let stage = stage(Limits { limit_other: "1/h:3".parse().unwrap(), ..Limits::off() }).await;
    for remaining in ["2", "1", "0"] {
        let answer = stage.http.get("/api/v2/auth/me").await;
        assert_eq!(answer.status, 200);
        assert_eq!((answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")), ("3", remaining));
        assert_eq!(answer.header("ratelimit-policy"), "3;w=10800");
        assert!((1..=10_800).contains(&answer.header("ratelimit-reset").parse::<u64>().unwrap()));
    }
    let refused = stage.http.get("/api/v2/auth/me").await;
    assert_limited(&refused, "device", "other");
    assert!(!refused.header("x-request-id").is_empty(), "it is dressed as any other answer");
    let unlimited = stage.http.get("/api/v2/changes").await;
    assert_eq!((unlimited.status, unlimited.header("ratelimit-limit")), (200, ""));
}

#[tokio::test]
async fn a_device_that_asks_too_often_stops_neither_another_device_nor_another_account() {
    let stage = stage(Limits { limit_read: "1/h:4".parse().unwrap(), ..Limits::off() }).await;
    let tablet = stage.account.device_http(&stage.server, "tablet").await;
    let other = Account::register(&stage.server).await.http().await;
    while stage.http.get("/api/v2/tasks").await.status == 200 {}
    assert_limited(&stage.http.get("/api/v2/tasks").await, "device", "read");
    assert_eq!(tablet.get("/api/v2/tasks").await.status, 200);
    assert_eq!(other.get("/api/v2/tasks").await.status, 200);
}

#[tokio::test]
async fn an_account_is_limited_over_all_its_devices() {
    let stage = stage(Limits { limit_read: "1/h:2".parse().unwrap(), ..Limits::off() }).await;
    let devices: Vec<Http> = {
        let mut devices = Vec::new();
        for number in 0..7 {
            devices.push(stage.account.device_http(&stage.server, &format!("device {number}")).await);
        }
        devices
    };
    let mut granted = 0;
    for device in &devices {
        for _ in 0..2 {
            let answer = device.get("/api/v2/tasks").await;
            granted += usize::from(answer.status == 200);
            if answer.status != 200 {
                assert_limited(&answer, "account", "read");
            }
        }
    }
    assert_eq!(granted, 10, "five times what one device has");
}

#[tokio::test]
async fn a_stranger_empties_nobodys_bucket() {
    let stage = stage(Limits { limit_read: "1/h:2".parse().unwrap(), ..Limits::off() }).await;
    let (body, _) = stage.http.token().rsplit_once('.').unwrap();
    let forged = stage.http.with_token(&format!("{body}.AAAA"));
    for _ in 0..20 {
        assert_eq!(forged.get("/api/v2/tasks").await.problem(), "token_invalid");
    }
    let answer = stage.http.get("/api/v2/tasks").await;
    assert_eq!((answer.status, answer.header("ratelimit-remaining")), (200, "1"));
}

#[tokio::test]
async fn an_address_is_limited_before_anybody_is_asked_who_it_is() {
    let stage = stage(Limits { limit_sign_in: "1/h:3".parse().unwrap(), ..Limits::off() }).await;
    let nobody = Http::nobody(stage.server.url());
    let login = json!({ "email": "nobody@example.test", "password": "wrong password" }).to_string();
    let mut refused = 0;
    for _ in 0..5 {
        let answer = nobody.post("/api/v2/auth/login", login.clone()).await;
        if answer.status == 429 {
            assert_limited(&answer, "address", "sign_in");
            refused += 1;
        }
    }
    // The registration of the stage was one of the three.
    assert_eq!(refused, 3);
    assert_limited(&nobody.post("/api/v2/auth/register", "not even json").await, "address", "sign_in");
    assert_eq!(stage.http.get("/api/v2/auth/me").await.status, 200, "another class has another bucket");
}

#[tokio::test]
async fn a_message_costs_what_a_request_costs() {
    let stage = stage(Limits { limit_write: "1/h:2".parse().unwrap(), ..Limits::off() }).await;
    let mut socket = Socket::open(&stage.http).await;
    socket.write(&[new_task("First")]).await;
    assert_eq!(stage.http.write(&json!({ "transactions": [new_task("Second")] })).await.status, 200);
    socket.say(&json!({ "type": "transactions", "id": 7, "transactions": [new_task("Third")] })).await;
    let refused = socket.hear_type("error").await;
    assert_eq!((&refused["code"], &refused["id"]), (&json!("rate_limited"), &json!(7)), "{refused}");
    assert!(refused["problem"]["retry_after_ms"].as_u64().unwrap() > 0);
    socket.assert_usable().await;
    assert_limited(&stage.http.write(&json!({ "transactions": [new_task("Fourth")] })).await, "device", "write");
}

#[tokio::test]
async fn messages_that_lead_to_nothing_are_counted_too() {
    for useless in [json!({ "type": "auth", "token": "a.b.c" }), json!({ "type": "nonsense" })] {
        let stage = stage(Limits { limit_other: "1/h:3".parse().unwrap(), ..Limits::off() }).await;
        let mut socket = Socket::open(&stage.http).await;
        for _ in 0..3 {
            socket.say(&useless).await;
            assert_ne!(socket.hear_type("error").await["code"], "rate_limited");
        }
        socket.say(&useless).await;
        assert_eq!(socket.hear_type("error").await["code"], "rate_limited", "{useless}");
        socket.assert_usable().await;
    }
}

#[tokio::test]
async fn by_default_twenty_devices_of_one_home_start_again_unhindered() {
    let stage = stage(Limits::default()).await;
    for number in 0..30 {
        stage.account.commit(&[create_task(id(), &format!("Task {number}"))]).await;
    }
    let mut devices = Vec::new();
    for number in 1..20 {
        devices.push(stage.account.device_http(&stage.server, &format!("device {number}")).await);
    }
    let read = join_all(devices.iter().map(|device| async move {
        let mut path = "/api/v2/snapshot?limit=5".to_owned();
        loop {
            let page = device.get(&path).await;
            assert_eq!(page.status, 200, "{}", page.json());
            match page.json()["next"].as_str() {
                Some(next) => path = format!("/api/v2/snapshot?limit=5&page={next}"),
                None => return,
            }
        }
    }));
    within("twenty snapshots", read).await;
}

#[tokio::test]
async fn health_is_told_as_often_as_it_is_asked() {
    let stage = stage(Limits { limit_other: "1/h".parse().unwrap(), ..Limits::off() }).await;
    for _ in 0..100 {
        assert_eq!(stage.http.get("/healthz").await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_snapshots_at_once_starve_no_command() {
    let stage = Stage::set().await;
    // Snapshots now wait for a table that the commands below have no need of, and hold their turns.
    let lock = stage.database.connect().await;
    lock.batch_execute("BEGIN; LOCK TABLE milestones IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let reading: Vec<_> = (0..200)
        .map(|_| {
            let http = stage.http.clone();
            tokio::spawn(snapshot(http))
        })
        .collect();
    until("snapshots that wait for the table", async || (waiting(&stage).await > 0).then_some(())).await;
    for number in 0..50 {
        stage.account.commit(&[create_task(id(), &format!("Task {number}"))]).await;
    }
    assert!(reading.iter().all(|reading| !reading.is_finished()), "all of them still wait");
    lock.batch_execute("COMMIT").await.unwrap();
    for reading in reading {
        within("a snapshot", reading).await.unwrap();
    }
}

/// A snapshot, asked for again while there are too many.
async fn snapshot(http: Http) {
    loop {
        let answer = http.get("/api/v2/snapshot").await;
        if answer.status == 200 {
            return;
        }
        assert_eq!((answer.status, answer.problem().as_str()), (503, "busy"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_snapshots_than_may_wait_are_told_to_come_back() {
    let stage = Stage::set().await;
    let lock = stage.database.connect().await;
    lock.batch_execute("BEGIN; LOCK TABLE milestones IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let mut reading: FuturesUnordered<_> = (0..300).map(|_| stage.http.get("/api/v2/snapshot")).collect();
    // Two run on the eight connections of the server, and 256 wait.
    while reading.len() > 2 + 256 {
        let refused = within("a refusal", reading.next()).await.unwrap();
        assert_eq!((refused.status, refused.problem().as_str()), (503, "busy"));
        assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
    }
    lock.batch_execute("COMMIT").await.unwrap();
    for _ in 0..20 {
        assert_eq!(within("a turn", reading.next()).await.unwrap().status, 200, "who found a place is served");
    }
    let rest: Vec<Answer> = within("the others", reading.collect()).await;
    assert!(rest.iter().all(|one| one.status == 200 || one.problem() == "busy"), "the last may wait too long");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_that_stand_half_sent_fill_no_memory() {
    let stage = stage(Limits { bodies_mib: 2, ..Limits::off() }).await;
    let mut slow = Vec::new();
    let body = format!("{{\"transactions\":[]{}}}", " ".repeat(900_000));
    // Each holds an eighth of what there is, once it has arrived; more come until there is no room for a whole one.
    let refused = until("a refusal", async || {
        slow.push(half_sent(&stage).await);
        let answer = stage.http.post("/api/v2/transactions", body.clone()).await;
        (answer.status == 503).then_some(answer)
    })
    .await;
    assert_eq!(refused.problem(), "busy");
    drop(slow);
    until("room again", async || {
        let answer = stage.http.post("/api/v2/transactions", body.clone()).await;
        (answer.status == 200).then_some(())
    })
    .await;
}

/// A request of a mebibyte, of which a quarter is sent.
async fn half_sent(stage: &Stage) -> TcpStream {
    let mut stream = TcpStream::connect(stage.server.url().trim_start_matches("http://")).await.unwrap();
    let head = format!(
        "POST /api/v2/transactions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n\r\n",
        stage.http.token()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![b' '; 250_000]).await.unwrap();
    stream
}

#[tokio::test]
async fn a_limit_is_the_same_for_every_way_of_asking() {
    let stage = stage(Limits { limit_other: "1/h:1".parse().unwrap(), ..Limits::off() }).await;
    assert_eq!(stage.http.get("/api/v2/auth/me").await.status, 200);
    // Another method, a path that is none: nothing to be had by it.
    let post = stage.http.request(Method::POST, "/api/v2/auth/me").timeout(Duration::from_secs(30));
    assert_eq!(post.send().await.unwrap().status(), 405);
    assert_limited(&stage.http.get("/api/v2/auth/me").await, "device", "other");
}

#[tokio::test]
async fn an_operator_chooses_how_many_live_feeds_a_device_and_an_account_may_have() {
    let stage = stage(Limits { device_feeds: 9, account_feeds: 10, ..Limits::off() }).await;
    let mut open = Vec::new();
    for _ in 0..9 {
        let mut socket = Socket::open(&stage.http).await;
        socket.assert_usable().await;
        open.push(socket);
    }
    let tablet = stage.account.device_http(&stage.server, "tablet").await;
    for (http, whose) in [(&stage.http, "device"), (&tablet, "account")] {
        let refused = Socket::open(http).await.hear().await;
        assert_eq!(refused["code"], json!("feeds_too_many"), "{refused}");
        assert!(refused["problem"]["detail"].as_str().unwrap().contains(whose), "{refused}");
        if whose == "device" {
            let mut tenth = Socket::open(&tablet).await;
            tenth.assert_usable().await;
            open.push(tenth);
        }
    }
}
