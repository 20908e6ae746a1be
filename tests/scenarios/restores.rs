//! Restore points: a space is brought back to what it was, whoever changed it, by transactions like any other.

pub(crate) mod life;

use std::sync::Arc;

use application::submit::Actor;
use application::undo::{Asked, restore};
use domain::id::{AccountId, DeviceId, SessionId};
use infrastructure::clock::now_ms;
use infrastructure::hub::Hub;
use infrastructure::pipeline::{Limits, Pipeline};
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::past::PostgresPast;
use infrastructure::writer::Writer;
use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{command, create_task, edit_task, id, transaction};
use support::{Account, Http, tables};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::life::{Life, state};
use crate::stage::Stage;
use crate::state_copies::{export, fill, imported};

async fn point(http: &Http, name: &str) -> Value {
    let answer = http.post("/api/v2/restore-points", json!({ "name": name }).to_string()).await;
    assert_eq!(answer.status, 201, "{}", answer.json());
    answer.json()
}

/// Restores until it is complete; the last answer.
async fn restored(http: &Http, point: &Value, restore_id: Uuid) -> Value {
    let path = format!("/api/v2/restore-points/{}/restore", point["id"].as_str().unwrap());
    loop {
        let answer = http.post(&path, json!({ "restore_id": restore_id }).to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        if answer.json()["complete"] == true {
            return answer.json();
        }
    }
}

#[tokio::test]
async fn a_space_of_random_operations_comes_back_to_what_it_was() {
    let stage = Stage::set().await;
    for seed in 1..=4 {
        let account = Account::register(&stage.server).await;
        let devices = [account.http().await, account.device_http(&stage.server, "browser").await];
        let mut life = Life::new(seed, account.space());
        life.live(&devices, 160).await;
        let point = point(&devices[0], "here").await;
        let then = state(&stage.sql, account.space()).await;
        life.live(&devices, 160).await;
        assert_ne!(state(&stage.sql, account.space()).await, then, "seed {seed} changed nothing");
        let later = state(&stage.sql, account.space()).await;

        let answer = restored(&devices[1], &point, id()).await;
        let now = state(&stage.sql, account.space()).await;
        for (entity, was) in &then {
            assert_eq!(now.get(entity), Some(was), "seed {seed}: {entity}");
        }
        assert_eq!(now.len(), then.len(), "seed {seed}: nothing else is alive");
        tables::replica(&stage.sql, account.space()).await;

        // The way back is a restore point of its own.
        let before = json!({ "id": answer["before"] });
        restored(&devices[0], &before, id()).await;
        let again = state(&stage.sql, account.space()).await;
        for (entity, was) in &later {
            assert_eq!(again.get(entity), Some(was), "seed {seed}, forth again: {entity}");
        }
    }
}

#[tokio::test]
async fn what_an_import_brought_goes_and_comes_again() {
    let stage = Stage::set().await;
    for seed in 1..=3 {
        let account = Account::register(&stage.server).await;
        let (http, space) = (account.http().await, account.space());
        fill(&http, space, seed, 150).await;
        let elsewhere = Account::register(&stage.server).await;
        let other = elsewhere.http().await;
        fill(&other, elsewhere.space(), seed + 100, 150).await;
        let then = state(&stage.sql, space).await;
        imported(&http, &export(&other).await).await;
        let with = (state(&stage.sql, space).await, point(&http, "with all that").await);
        assert_ne!(with.0[&format!("hero {space}")]["xp"], then[&format!("hero {space}")]["xp"], "seed {seed}");

        let points = http.get("/api/v2/restore-points").await.json();
        let before = points["items"].as_array().unwrap().iter().find(|one| one["automatic"] == true).unwrap().clone();
        for (wanted, point) in [(&then, &before), (&with.0, &with.1), (&then, &before)] {
            restored(&http, point, id()).await;
            let now = state(&stage.sql, space).await;
            for (entity, was) in wanted {
                assert_eq!(now.get(entity), Some(was), "seed {seed}: {entity}");
            }
            assert_eq!(now.len(), wanted.len(), "seed {seed}: nothing else is alive");
        }
        tables::replica(&stage.sql, space).await;
    }
}

#[tokio::test]
async fn a_restore_that_was_cut_off_goes_on_and_happens_once() {
    let stage = Stage::set().await;
    let kept = id();
    stage.account.commit(&[create_task(kept, "Read")]).await;
    let point = point(&stage.http, "before the flood").await;
    let then = state(&stage.sql, stage.account.space()).await;
    let flood: Vec<Value> = (0..210).map(|_| create_task(id(), "A drop")).collect();
    stage.account.commit(&flood).await;
    stage.account.commit(&[edit_task(kept, json!({ "title": "Swim" }))]).await;

    // A node that dies after the first part.
    let restore_id = id();
    let pool = stage.database.pool(4);
    let stop = CancellationToken::new();
    let ledger = Arc::new(PostgresLedger::new(pool.clone(), 1 << 20));
    let pipeline = Pipeline::start(ledger, Hub::default(), Limits::default(), stop.clone());
    let session = &stage.account.session;
    let actor = Actor {
        account: AccountId(stage.account.space()),
        device: DeviceId(session.device_id()),
        session: SessionId(session.session_id()),
        ..Actor::default()
    };
    let asked = Asked {
        actor,
        space: actor.account.into(),
        id: restore_id,
        position: point["position"].as_i64().unwrap(),
        now: now_ms(),
        transactions_max: 1,
    };
    let cut = restore(&PostgresPast::new(pool), &Writer::new(pipeline), &asked).await.unwrap();
    assert!(!cut.complete && cut.transactions == 1);
    stop.cancel();
    let live = || state(&stage.sql, stage.account.space());
    assert!(live().await.len() > then.len(), "only a part is done");

    // Whoever comes back finds what is done in the log, and nothing else.
    let server = stage.server.restart().await;
    let http = stage.account.device_http(&server, "browser").await;
    let done = restored(&http, &point, restore_id).await;
    assert_eq!(live().await, then);
    assert_eq!(done["transactions"], 3, "an edit, and the deletions of two hundred entities at a time: {done}");
    let footprint = tables::footprint(&stage.sql).await;
    let again = restored(&http, &point, restore_id).await;
    assert_eq!((&again["transactions"], &again["positions"]), (&done["transactions"], &done["positions"]));
    assert_eq!(tables::footprint(&stage.sql).await, footprint, "a complete restore does nothing more");
    let later = transaction(&[edit_task(kept, json!({ "title": "Fly" }))]);
    let receipts = http.write(&json!({ "transactions": [later] })).await.receipts();
    assert_eq!(receipts[0]["status"], "committed");
    restored(&http, &point, restore_id).await;
    assert_ne!(live().await, then, "what was written after it stays");
}

#[tokio::test]
async fn a_preview_says_what_a_restore_would_change_and_writes_nothing() {
    let stage = Stage::set().await;
    let (edited, gone, late) = (id(), id(), id());
    stage.account.commit(&[create_task(edited, "Read"), create_task(gone, "Skim")]).await;
    let point = point(&stage.http, "here").await;
    stage.account.commit(&[edit_task(edited, json!({ "title": "Write" })), command("task.delete", gone)]).await;
    stage.account.commit(&[create_task(late, "Paint"), command("task.complete", edited)]).await;
    let before = tables::footprint(&stage.sql).await;
    let path = format!("/api/v2/restore-points/{}/preview", point["id"].as_str().unwrap());
    let (mut items, mut page) = (Vec::new(), String::new());
    loop {
        let part = stage.http.send(Method::POST, &format!("{path}?limit=1{page}"), None::<Vec<u8>>).await.json();
        items.extend(part["items"].as_array().unwrap().clone());
        let Some(next) = part["next"].as_str() else { break };
        page = format!("&page={next}");
    }
    let of = |id: Uuid| items.iter().find(|item| item["id"] == json!(id)).unwrap();
    assert_eq!((&of(gone)["step"], &of(late)["step"]), (&json!("restore"), &json!("delete")));
    assert_eq!(of(edited)["fields"]["title"], json!({ "from": "Write", "to": "Read" }));
    assert_eq!(of(stage.account.space())["fields"]["xp"], json!({ "from": 20, "to": 0 }));
    assert_eq!(items.len(), 4, "{items:?}");
    assert_eq!(tables::footprint(&stage.sql).await, before);
}

#[tokio::test]
async fn restore_points_are_ones_own_and_bounded_and_bad_ones_are_refused() {
    let stage = Stage::set().await;
    let post = async |body: Value| stage.http.post("/api/v2/restore-points", body.to_string()).await;
    for (body, status, code) in [
        (json!({}), 422, "body_invalid"),
        (json!({ "name": " " }), 422, "fields_invalid"),
        (json!({ "name": "x".repeat(201) }), 422, "fields_invalid"),
        (json!({ "name": "a", "position": -1 }), 422, "fields_invalid"),
        (json!({ "name": "a", "position": 1_000_000 }), 422, "position_ahead"),
        (json!({ "name": "a", "more": 1 }), 422, "field_unknown"),
    ] {
        let answer = post(body.clone()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{body}");
    }
    let named = json!({ "id": id(), "name": "once" });
    assert_eq!((post(named.clone()).await.status, post(named).await.status), (201, 200));
    for _ in 0..49 {
        point(&stage.http, "more").await;
    }
    assert_eq!(post(json!({ "name": "one too many" })).await.problem(), "too_many_restore_points");
    let all = stage.http.get("/api/v2/restore-points").await.json();
    let first = format!("/api/v2/restore-points/{}", all["items"][0]["id"].as_str().unwrap());
    let stranger = Account::register(&stage.server).await.http().await;
    assert_eq!(stranger.get("/api/v2/restore-points").await.json(), json!({ "items": [] }));
    assert_eq!(stranger.delete(&first).await.status, 404);
    for act in ["preview", "restore"] {
        assert_eq!(stranger.send(Method::POST, &format!("{first}/{act}"), None::<Vec<u8>>).await.status, 404);
    }
    assert_eq!(stage.http.delete(&first).await.status, 204);
    assert_eq!(stage.http.delete(&first).await.status, 404);
}

#[tokio::test]
async fn a_restore_point_of_a_log_that_went_another_way_is_gone() {
    let stage = Stage::set().await;
    stage.account.commit(&[create_task(id(), "Read")]).await;
    let point = point(&stage.http, "here").await;
    let path = format!("/api/v2/restore-points/{}/restore", point["id"].as_str().unwrap());
    for (change, status, code) in
        [("hash = sha256(hash)", 409, "restore_point_gone"), ("position = position + 1000", 422, "position_ahead")]
    {
        stage.sql.execute(&format!("UPDATE restore_points SET {change}"), &[]).await.unwrap();
        let answer = stage.http.send(Method::POST, &path, None::<Vec<u8>>).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, code));
    }
    let receipt = stage.account.send(transaction(&[create_task(id(), "On")])).await;
    assert_eq!(receipt["status"], "committed");
}
