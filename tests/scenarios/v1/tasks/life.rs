//! Made, changed, completed, deleted; what v2 sees of it, and what v1 sees of v2.

use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{command, command_with, create_task, edit_task, id};
use support::{Http, TestServer};

use super::{PREFIXES, changes_after, good, head, listed, new_habit, new_task, only, patch, post, task};
use crate::stage::Stage;

#[tokio::test]
async fn a_task_lives_under_both_prefixes_and_v2_sees_each_step_at_once() {
    let stage = Stage::set().await;
    for prefix in PREFIXES {
        let before = head(&stage.http).await;
        let made = post(&stage.http, &format!("{prefix}/tasks"), json!({ "title": "Read", "order": 4 })).await;
        let path = format!("{prefix}/tasks/{}", made["id"]);
        assert_eq!((&made["title"], &made["completed"], &made["order"]), (&json!("Read"), &json!(false), &json!(4)));
        assert_eq!(
            (&made["expReward"], &made["requiredEnergyBalls"], &made["priority"]),
            (&json!(20), &json!(2), &json!(1))
        );
        let change = json!({ "title": "Write", "completed": true, "completedAt": "2020-01-01T00:00:00.000Z" });
        let changed = good(&stage.http.send(Method::PATCH, &path, Some(change.to_string())).await);
        assert_eq!((&changed["title"], &changed["completed"]), (&json!("Write"), &json!(true)));
        assert!(!changed["completedAt"].as_str().unwrap().starts_with("2020"), "{changed}");
        let gone = good(&stage.http.delete(&path).await);
        assert!(gone["message"].is_string(), "{gone}");
        assert_eq!(stage.http.delete(&path).await.status, 404);
        assert_eq!(listed(&stage.http, &made["id"]).await, [Value::Null; 0]);

        let seen = changes_after(&stage.http, before).await;
        let of_task: Vec<_> = seen.iter().filter(|change| change["entity"] == "task").collect();
        let ops: Vec<_> = of_task.iter().map(|change| change["op"].as_str().unwrap()).collect();
        assert_eq!(ops, ["create", "update", "update", "delete"], "{seen:?}");
        assert_eq!(of_task[1]["fields"]["title"], "Write");
        // The edit and the completion are one transaction.
        assert_eq!(of_task[1]["transaction_id"], of_task[2]["transaction_id"]);
        assert_ne!(of_task[0]["transaction_id"], of_task[1]["transaction_id"]);
    }
}

#[tokio::test]
async fn what_is_so_already_is_not_written_again() {
    let stage = Stage::set().await;
    let body = json!({ "title": "Read", "description": "A chapter", "tags": ["b", "a"], "dueDate": "2026-10-24", "expReward": 30 });
    let made = new_task(&stage.http, body).await;
    patch(&stage.http, &made["id"], json!({ "completed": true })).await;
    let before = head(&stage.http).await;
    // All of it back, as a client does that keeps whole objects.
    let whole = task(&stage.http, &made["id"]).await;
    assert_eq!(patch(&stage.http, &made["id"], whole.clone()).await, whole);
    for nothing in
        [json!({}), json!({ "banana": 1, "level": 99 }), json!({ "completed": true }), json!({ "title": "" })]
    {
        assert_eq!(patch(&stage.http, &made["id"], nothing).await, whole);
    }
    let id = &made["id"];
    assert_eq!(post(&stage.http, &format!("/api/tasks/{id}/smart-complete"), json!({})).await["task"], whole);
    assert_eq!(head(&stage.http).await, before);
}

#[tokio::test]
async fn whatever_old_clients_send_becomes_a_task() {
    let stage = Stage::set().await;
    let stranger = support::Account::register(&stage.server).await.http().await;
    // A stranger's ids go further than one's own.
    for _ in 0..12 {
        new_task(&stranger, json!({ "title": "Theirs" })).await;
    }
    let theirs = new_task(&stranger, json!({ "title": "Theirs" })).await;
    let wild = json!({
        "id": 1, "userId": "somebody", "title": "", "description": "x".repeat(5_000), "taskCategory": "sideQuest",
        "taskType": "epic", "difficulty": "banana", "expReward": -5, "requiredEnergyBalls": 18, "estimatedDuration": "long",
        "dueDate": "2026-10-24 16:00:00", "startedAt": "yesterday", "skillId": "Chess", "goalId": 9_999,
        "parentTaskId": theirs["id"], "tags": [" ", 7, "t".repeat(80)], "goalTags": "none", "order": -3, "level": 99,
    });
    let made = new_task(&stage.http, wild).await;
    let expected = json!({
        "title": "未命名", "taskCategory": "todo", "taskType": "simple", "difficulty": "medium", "expReward": 5,
        "requiredEnergyBalls": 5, "estimatedDuration": 25, "dueDate": "2026-10-24T16:00:00.000Z", "skillId": null,
        "goalId": null, "parentTaskId": null, "tags": ["7", "t".repeat(50)], "goalTags": null, "order": 0,
        "completed": false, "startedAt": null,
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(made[field], *value, "{field}");
    }
    assert_eq!(made["description"].as_str().map(str::len), Some(2_000));
    assert_ne!(made["userId"], "somebody");
    let done = new_task(&stage.http, json!({ "title": "跑", "completed": true, "expReward": "30" })).await;
    assert_eq!((&done["title"], &done["completed"], &done["expReward"]), (&json!("跑…"), &json!(true), &json!(30)));
}

#[tokio::test]
async fn references_are_ones_own_and_are_cleared_by_null_and_by_ids_of_nobody() {
    let stage = Stage::set().await;
    let (skill, goal) = (id(), id());
    let receipt = stage
        .account
        .commit(&[
            command_with("skill.create", skill, json!({ "name": "Chess" })),
            command_with("goal.create", goal, json!({ "title": "Summit" })),
        ])
        .await;
    let legacy = |index: usize| receipt["results"][index]["legacy_id"].clone();
    let parent = new_task(&stage.http, json!({ "title": "Whole" })).await;
    let ids = json!({ "title": "Part", "skillId": legacy(0), "goalId": legacy(1), "parentTaskId": parent["id"] });
    let made = new_task(&stage.http, ids).await;
    assert_eq!([&made["skillId"], &made["goalId"], &made["parentTaskId"]], [&legacy(0), &legacy(1), &parent["id"]]);
    let kept =
        patch(&stage.http, &made["id"], json!({ "skillId": null, "goalId": 123_456, "parentTaskId": "x" })).await;
    assert_eq!([&kept["skillId"], &kept["goalId"], &kept["parentTaskId"]], [&json!(null), &json!(null), &parent["id"]]);
    // What the rules refuse is told with their code, and nothing of it is done.
    let circle = json!({ "title": "Circle", "parentTaskId": made["id"] }).to_string();
    let refused = stage.http.send(Method::PATCH, &format!("/api/tasks/{}", parent["id"]), Some(circle)).await;
    assert_eq!((refused.status, &refused.json()["code"]), (400, &json!("reference_cycle")));
    assert!(refused.json()["message"].is_string() && refused.json()["error"].is_string());
    assert_eq!(task(&stage.http, &parent["id"]).await, parent);
    let letters = stage.http.get("/api/v2/rejections").await.json();
    assert_eq!(letters["items"], json!([]), "it was told there and then");
}

#[tokio::test]
async fn tags_are_what_the_last_change_says_and_nobodys_added_meanwhile_are_lost() {
    let stage = Stage::set().await;
    let made = new_task(&stage.http, json!({ "title": "Read", "tags": ["a", "b"], "goalTags": ["g"] })).await;
    let changed = patch(&stage.http, &made["id"], json!({ "tags": ["b", "c"], "goalTags": null })).await;
    assert_eq!((&changed["tags"], &changed["goalTags"]), (&json!(["b", "c"]), &json!(null)));
    let mut edit = edit_task(only(&stage.http, "tasks").await["id"].as_str().unwrap().parse().unwrap(), json!({}));
    edit["add"] = json!({ "tags": ["v2"] });
    stage.account.commit(&[edit]).await;
    assert_eq!(task(&stage.http, &made["id"]).await["tags"], json!(["b", "c", "v2"]));
    assert_eq!(patch(&stage.http, &made["id"], json!({ "tags": ["v2"] })).await["tags"], json!(["v2"]));
    assert_eq!(good(&stage.http.get("/api/v2/conflicts").await)["items"], json!([]));
}

#[tokio::test]
async fn v1_and_v2_see_each_others_writes_at_once_and_in_order() {
    let stage = Stage::set().await;
    let mut titles = Vec::new();
    let entity = id();
    stage.account.commit(&[create_task(entity, "v2 made it")]).await;
    let known = good(&stage.http.get("/api/tasks").await)[0]["id"].clone();
    for round in 0..3 {
        let (old, new) = (format!("v1 {round}"), format!("v2 {round}"));
        assert_eq!(patch(&stage.http, &known, json!({ "title": old })).await["title"], json!(old));
        assert_eq!(only(&stage.http, "tasks").await["title"], json!(old));
        stage.account.commit(&[edit_task(entity, json!({ "title": new }))]).await;
        assert_eq!(task(&stage.http, &known).await["title"], json!(new));
        titles.extend([old, new]);
    }
    stage.account.commit(&[command("task.complete", entity)]).await;
    assert_eq!(task(&stage.http, &known).await["completed"], true);
    assert_eq!(patch(&stage.http, &known, json!({ "completed": false })).await["completed"], false);
    assert_eq!(only(&stage.http, "tasks").await["completed_at"], Value::Null);
    let told = changes_after(&stage.http, 0).await;
    let told: Vec<_> = told.iter().filter_map(|change| change["fields"]["title"].as_str()).collect();
    assert_eq!(told[0], "v2 made it");
    assert_eq!(told[1..], titles);
    assert_eq!(good(&stage.http.get("/api/v2/conflicts").await)["items"], json!([]));
}

#[tokio::test]
async fn a_habit_is_completed_for_today_by_every_route_once() {
    let stage = Stage::set().await;
    let habit = new_habit(&stage.http, "Run").await;
    let id = &habit["id"];
    let done = post(&stage.http, &format!("/api/tasks/{id}/simple-complete"), json!({})).await;
    assert_eq!((&done["success"], &done["task"]["completed"]), (&json!(true), &json!(true)));
    assert_eq!((&done["task"]["task_category"], &done["task"]["completion_count"]), (&json!("habit"), &json!(1)));
    let smart = post(&stage.http, &format!("/api/v1/tasks/{id}/smart-complete"), json!({})).await;
    assert_eq!(
        (&smart["success"], &smart["task"]["completionCount"], &smart["debug"]),
        (&json!(true), &json!(1), &json!({}))
    );
    assert_eq!(patch(&stage.http, id, json!({ "completed": true })).await["completionCount"], 1);
    assert_eq!(only(&stage.http, "tasks").await["completion_count"], 1);
    assert_eq!(patch(&stage.http, id, json!({ "completed": false })).await["completionCount"], 0);
    // As another task it has a completion of its own.
    let todo = patch(&stage.http, id, json!({ "completed": true, "taskCategory": "todo" })).await;
    assert_eq!((&todo["taskCategory"], &todo["completed"]), (&json!("todo"), &json!(true)));
    let back = patch(&stage.http, id, json!({ "taskCategory": "habit" })).await;
    assert_eq!((&back["taskCategory"], &back["completed"]), (&json!("habit"), &json!(false)));
}

#[tokio::test]
async fn a_second_browsers_first_visit_keeps_the_mornings_habits() {
    let stage = Stage::set().await;
    let habit = new_habit(&stage.http, "Run").await;
    patch(&stage.http, &habit["id"], json!({ "completed": true })).await;
    let morning = task(&stage.http, &habit["id"]).await;
    let totals = ["xp", "energy_spent", "tasks_completed"];
    let (granted, before) = (super::hero(&stage.http, totals).await, head(&stage.http).await);
    assert_eq!(granted, [20, 2, 1]);
    let second = second_browser(&stage).await;
    // All that a first visit asks for.
    for read in ["data?type=profile", "data?type=stats", "data?type=skills", "data?type=goals", "data?type=tasks"] {
        good(&second.get(&format!("/api/{read}")).await);
    }
    for prefix in PREFIXES {
        let reset = post(&second, &format!("{prefix}/tasks/reset-daily-habits"), json!({})).await;
        assert_eq!((&reset["resetCount"], &reset["energyBallsRestored"]), (&json!(0), &json!(false)));
        assert!(reset["message"].is_string());
    }
    assert_eq!(task(&second, &habit["id"]).await, morning);
    assert_eq!((super::hero(&second, totals).await, head(&second).await), (granted, before), "nothing was written");
    assert_eq!(good(&second.get("/api/battle-reports/daily").await)["tasksCompleted"], 1);
    assert_eq!((&morning["completed"], &morning["completionCount"]), (&json!(true), &json!(1)));
}

async fn second_browser(stage: &Stage) -> Http {
    let server: &TestServer = &stage.server;
    stage.account.device_http(server, "second browser").await
}

#[tokio::test]
async fn a_description_becomes_a_task_that_trains_the_will() {
    let stage = Stage::set().await;
    let made = post(&stage.http, "/api/tasks/intelligent-create", json!({ "description": "  每天跑步 " })).await;
    let task = &made["task"];
    for (field, value) in [
        ("title", json!("每天跑步")),
        ("description", json!(null)),
        ("taskCategory", json!("habit")),
        ("taskType", json!("simple")),
        ("difficulty", json!("easy")),
        ("expReward", json!(10)),
        ("requiredEnergyBalls", json!(1)),
        ("tags", json!(["意志执行力"])),
        ("skills", json!([])),
        ("isDailyTask", json!(false)),
        ("dailyStreak", json!(0)),
        ("isRecurring", json!(true)),
        ("recurringPattern", json!("daily")),
        ("habitDirection", json!("positive")),
        ("habitStreak", json!(0)),
        ("habitValue", json!(0)),
        ("lastCompletedDate", json!(null)),
        ("dueDate", json!(null)),
        ("priority", json!(1)),
    ] {
        assert_eq!(task[field], value, "{field}");
    }
    let analysis = json!({
        "category": "habit", "title": "每天跑步", "difficulty": "easy", "skillName": "意志执行力", "energyBalls": 1,
    });
    assert_eq!(made["analysis"], analysis);
    let skills = good(&stage.http.get("/api/v2/skills").await);
    let will = skills["items"].as_array().unwrap().iter().find(|skill| skill["name"] == "意志执行力").unwrap();
    assert_eq!((&task["skillId"], &only(&stage.http, "tasks").await["skill_id"]), (&will["legacy_id"], &will["id"]));
    let long = post(&stage.http, "/api/v1/tasks/intelligent-create", json!({ "description": "x".repeat(5_000) })).await;
    assert_eq!(long["task"]["title"].as_str().map(str::len), Some(200));
    assert_eq!((&long["analysis"]["difficulty"], &long["task"]["requiredEnergyBalls"]), (&json!("hard"), &json!(4)));
}

#[tokio::test]
async fn mobile_clients_get_the_same_in_their_envelope() {
    let stage = Stage::set().await;
    let made = post(&stage.http, "/api/mobile/tasks", json!({ "title": "Read", "expReward": 5 })).await;
    assert_eq!((&made["success"], &made["data"]), (&json!(true), &task(&stage.http, &made["data"]["id"]).await));
    let path = format!("/api/v1/mobile/tasks/{}/complete", made["data"]["id"]);
    for _ in 0..2 {
        let done = post(&stage.http, &path, json!({})).await;
        assert_eq!((&done["success"], done["message"].is_string()), (&json!(true), true));
    }
    assert_eq!(super::hero(&stage.http, ["xp", "tasks_completed"]).await, [5, 1]);
    let missing = stage.http.post("/api/mobile/tasks/99/complete", "").await;
    assert_eq!((missing.status, &missing.json()["success"]), (404, &json!(false)));
}
