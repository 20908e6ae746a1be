//! A state that goes out and comes in again.

use futures_util::StreamExt;
use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{command, command_with, create_task, id, transaction};
use support::patience::until;
use support::process::run;
use support::{Account, Http};

use crate::stage::Stage;
use crate::state_copies::{dry_run, export, fill, import, imported, read, sealed, shown};

/// Another person on the same server.
async fn other(stage: &Stage) -> (Account, Http) {
    let account = Account::register(&stage.server).await;
    let http = account.http().await;
    (account, http)
}

async fn head(http: &Http) -> Value {
    let page = http.get("/api/v2/changes?limit=1000").await.json();
    json!([page["head"], http.get("/api/v2/tasks?limit=1000").await.json()])
}

async fn verify(stage: &Stage) {
    let (exit, said, error) = run(&stage.database.url(), stage.server.setup().data_dir.path(), &["verify"]).await;
    assert_eq!(exit, 0, "{said}{error}");
    let (exit, said, error) =
        run(&stage.database.url(), stage.server.setup().data_dir.path(), &["rebuild", "--check"]).await;
    assert_eq!(exit, 0, "{said}{error}");
}

#[tokio::test]
async fn a_state_that_was_imported_is_equal_to_the_one_that_was_exported() {
    let stage = Stage::set().await;
    for seed in 1..=3 {
        let (from, one) = other(&stage).await;
        fill(&one, from.space(), seed, 300).await;
        let (into, two) = other(&stage).await;
        imported(&two, &export(&one).await).await;
        let (before, after) = (shown(&one, from.space()).await, shown(&two, into.space()).await);
        for (name, row) in &before {
            assert_eq!(after.get(name), Some(row), "{name}, seed {seed}");
        }
        // A core skill that one space has deleted, another still has.
        let more: Vec<&String> = after.keys().filter(|name| !before.contains_key(*name)).collect();
        assert!(more.iter().all(|name| name.starts_with("skills/core-")), "{more:?}, seed {seed}");
    }
    verify(&stage).await;
}

#[tokio::test]
async fn the_same_import_again_writes_nothing() {
    let stage = Stage::set().await;
    fill(&stage.http, stage.account.space(), 4, 200).await;
    let lines = export(&stage.http).await;
    let (_, http) = other(&stage).await;
    let first = imported(&http, &lines).await;
    let before = head(&http).await;
    let again = imported(&http, &lines).await;
    assert_eq!(head(&http).await, before);
    assert_eq!((&again["import_id"], &again["created"]), (&first["import_id"], &first["created"]));
    assert_eq!(again["collisions"], 0, "what the import made itself does not stand in its way");
}

#[tokio::test]
async fn an_import_into_an_account_that_holds_something_adds_to_it() {
    let stage = Stage::set().await;
    let (task, habit) = (id(), id());
    stage
        .account
        .commit(&[
            create_task(task, "Read"),
            command_with("task.create", habit, json!({ "title": "Run", "category": "habit", "parent_id": task })),
            command("task.complete", task),
            command("task.complete", habit),
        ])
        .await;
    let before = stage.http.get(&format!("/api/v2/heroes/{}", stage.account.space())).await.json();
    let lines = export(&stage.http).await;
    let report = imported(&stage.http, &lines).await;
    assert_eq!(report["collisions"], 2, "{report}");
    let after = stage.http.get(&format!("/api/v2/heroes/{}", stage.account.space())).await.json();
    for sum in ["xp", "tasks_completed", "energy_spent"] {
        assert_eq!(after[sum].as_i64(), before[sum].as_i64().map(|half| half * 2), "{sum}");
    }
    assert_eq!(after["streak"], before["streak"]);
    let tasks = stage.http.get("/api/v2/tasks").await.json();
    assert_eq!(tasks["items"].as_array().unwrap().len(), 4);
    let new_id = |old: &Value| {
        let found = report["colliding"].as_array().unwrap().iter().find(|found| found["id"] == *old);
        found.unwrap()["new_id"].clone()
    };
    let copy = new_id(&json!(habit));
    let copy = stage.http.get(&format!("/api/v2/tasks/{}", copy.as_str().unwrap())).await.json();
    assert_eq!(copy["parent_id"], new_id(&json!(task)), "references follow their targets");
    assert_eq!((&copy["streak"], &copy["completion_count"]), (&json!(1), &json!(1)));
    let days: Vec<Value> = read(&export(&stage.http).await).into_iter().filter(|line| line["line"] == "days").collect();
    let hero = days.iter().find(|line| line["entity"] == "hero").unwrap();
    assert_eq!(hero["days"][0]["completions"], 4, "the same day of both is one day");
    assert_eq!(days.len(), 3, "a habit keeps its own days");
    verify(&stage).await;
}

#[tokio::test]
async fn what_has_the_id_of_the_hero_gets_another() {
    let stage = Stage::set().await;
    let (into, http) = other(&stage).await;
    let habit = json!({ "title": "Run", "category": "habit" });
    stage
        .account
        .commit(&[command_with("task.create", into.space(), habit), command("task.complete", into.space())])
        .await;
    let report = imported(&http, &export(&stage.http).await).await;
    assert_eq!((&report["collisions"], &report["refused"]), (&json!(1), &json!(0)), "{report}");
    let tasks = http.get("/api/v2/tasks").await.json();
    assert_eq!((&tasks["items"][0]["title"], &tasks["items"][0]["completion_count"]), (&json!("Run"), &json!(1)));
    verify(&stage).await;
}

#[tokio::test]
async fn what_an_import_brought_can_be_undone_like_anything_else() {
    let stage = Stage::set().await;
    let task = id();
    stage.account.commit(&[create_task(task, "Read"), command("task.complete", task)]).await;
    let lines = export(&stage.http).await;
    let (account, http) = other(&stage).await;
    imported(&http, &lines).await;
    account.commit(&[command("task.uncomplete", task)]).await;
    let hero = http.get(&format!("/api/v2/heroes/{}", account.space())).await.json();
    assert_eq!((&hero["xp"], &hero["tasks_completed"]), (&json!(0), &json!(0)), "{hero}");
}

#[tokio::test]
async fn a_restore_point_is_made_before_an_import_once() {
    let stage = Stage::set().await;
    stage.account.commit(&[create_task(id(), "Read")]).await;
    let lines = export(&stage.http).await;
    let (_, http) = other(&stage).await;
    imported(&http, &lines).await;
    imported(&http, &lines).await;
    let points = http.get("/api/v2/restore-points").await.json();
    assert_eq!(points["items"].as_array().unwrap().len(), 1, "{points}");
    let point = points["items"][0]["id"].as_str().unwrap();
    let restored = http.post(&format!("/api/v2/restore-points/{point}/restore"), "").await;
    assert_eq!(restored.status, 200, "{}", restored.json());
    assert_eq!(http.get("/api/v2/tasks").await.json()["items"], json!([]));
}

#[tokio::test]
async fn settings_are_taken_over_only_where_nobody_has_set_them() {
    let stage = Stage::set().await;
    let edit = |set: Value| json!({ "command_id": id(), "type": "hero.edit", "at": 1, "set": set });
    stage.account.commit(&[edit(json!({ "name": "Ada", "mission": "Rise", "energy_max": 30 }))]).await;
    let (account, http) = other(&stage).await;
    account.commit(&[edit(json!({ "name": "Grace" }))]).await;
    imported(&http, &export(&stage.http).await).await;
    let hero = http.get(&format!("/api/v2/heroes/{}", account.space())).await.json();
    assert_eq!(json!([hero["name"], hero["mission"], hero["energy_max"]]), json!(["Grace", "Rise", 30]));
}

#[tokio::test]
async fn a_dry_run_says_everything_and_writes_nothing() {
    let stage = Stage::set().await;
    stage.account.commit(&[create_task(id(), "Read")]).await;
    let mut lines = read(&export(&stage.http).await);
    let at = lines.iter().position(|line| line["entity"] == "task").unwrap();
    lines[at]["kept"]["focus_minutes"] = json!(-5);
    let mut bad = lines[at].clone();
    (bad["id"], bad["fields"]["title"]) = (json!(id()), json!("x"));
    lines.insert(at, bad);
    let before = head(&stage.http).await;
    let report = dry_run(&stage.http, &sealed(&lines)).await.json();
    assert_eq!(report["created"], json!({ "task": 2 }));
    assert_eq!((&report["collisions"], &report["clamped"], &report["refused"]), (&json!(1), &json!(2), &json!(1)));
    let line = (at + 1) as u64;
    assert_eq!(report["colliding"][0]["line"], line + 1);
    assert_eq!(report["clampings"][0]["pointer"], "/kept/focus_minutes");
    assert_eq!(
        json!([report["refusals"][0]["line"], report["refusals"][0]["pointer"], report["refusals"][0]["code"]]),
        json!([line, "/fields/title", "too_short"])
    );
    let refused = import(&stage.http, &sealed(&lines)).await;
    assert_eq!((refused.status, refused.problem().as_str()), (422, "import_refused"));
    assert_eq!(refused.json()["refusals"][0]["line"], line);
    assert_eq!(head(&stage.http).await, before);
}

#[tokio::test]
async fn an_import_whose_answer_was_cut_off_goes_on_where_it_was() {
    let stage = Stage::set().await;
    for _ in 0..6 {
        let commands: Vec<Value> = (0..300).map(|number| create_task(id(), &format!("Task {number}"))).collect();
        stage.account.commit(&commands).await;
    }
    let lines = export(&stage.http).await;
    let (account, http) = other(&stage).await;
    let request = http.request(Method::POST, "/api/v2/import").header("content-type", "application/x-ndjson");
    let mut answer = request.body(lines.clone()).send().await.unwrap().bytes_stream();
    let first = answer.next().await.unwrap().unwrap();
    assert!(first.starts_with(b"{\"progress\""), "{first:?}");
    drop(answer);
    // The server notices with its next line that nobody listens.
    let again = until("a turn at importing", async || {
        let answer = import(&http, &lines).await;
        (answer.status != 503).then_some(answer)
    });
    let again = String::from_utf8(again.await.body).unwrap();
    assert!(again.lines().last().unwrap().contains("\"imported\""), "{again}");
    let footprint = "SELECT count(*) FROM events WHERE space_id = $1 AND event_type = 'task.created'";
    let created: i64 = stage.sql.query_one(footprint, &[&account.space()]).await.unwrap().get(0);
    assert_eq!(created, 1_800);
}

#[tokio::test]
async fn an_export_travels_compressed_and_comes_in_compressed() {
    let stage = Stage::set().await;
    stage.account.commit(&[create_task(id(), "Read")]).await;
    let file = stage.http.get("/api/v2/export?what=state&zstd=true").await;
    assert_eq!(zstd::decode_all(file.body.as_slice()).unwrap(), export(&stage.http).await.into_bytes());
    let gzip = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut encoder, export(&stage.http).await.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let headers: [&[(&str, &str)]; 2] = [
        &[("content-type", "application/zstd")],
        &[("content-type", "application/x-ndjson"), ("content-encoding", "gzip")],
    ];
    for (headers, body) in headers.into_iter().zip([file.body, gzip]) {
        let (_, http) = other(&stage).await;
        let answer = http.post_as("/api/v2/import", headers, body).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        assert_eq!(http.get("/api/v2/tasks").await.json()["items"][0]["title"], "Read");
    }
}

#[tokio::test]
async fn an_export_while_others_write_is_of_one_position() {
    let stage = Stage::set().await;
    fill(&stage.http, stage.account.space(), 9, 200).await;
    let habit = id();
    stage.account.commit(&[command_with("task.create", habit, json!({ "title": "Run", "category": "habit" }))]).await;
    let writing = async {
        for round in 0..40 {
            let mut done = command(if round % 2 == 0 { "task.complete" } else { "task.uncomplete" }, habit);
            done["command_id"] = json!(id());
            stage.http.write(&json!({ "transactions": [transaction(&[done, create_task(id(), "More")])] })).await;
        }
    };
    let exporting = async {
        let mut all = Vec::new();
        for _ in 0..6 {
            all.push(export(&stage.http).await);
        }
        all
    };
    let ((), exports) = tokio::join!(writing, exporting);
    for lines in exports {
        let (account, http) = other(&stage).await;
        imported(&http, &lines).await;
        let hero = http.get(&format!("/api/v2/heroes/{}", account.space())).await.json();
        let mut days = std::collections::BTreeMap::new();
        for line in read(&lines).iter().filter(|line| line["line"] == "days" && line["entity"] == "hero") {
            for day in line["days"].as_array().unwrap() {
                days.insert(day["day"].to_string(), day["completions"].as_i64().unwrap());
            }
        }
        assert_eq!(hero["tasks_completed"].as_i64().unwrap(), days.values().sum::<i64>());
    }
}
