//! XP, levels and energy: what retries, races and toggling do not come to.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{good, hero, new_habit, new_task, patch, post, task};
use crate::stage::Stage;

#[tokio::test]
async fn ten_parallel_completions_take_exactly_ten_energy_and_give_exactly_50_xp() {
    let stage = Stage::set().await;
    let mut ids = Vec::new();
    for number in 0..10 {
        let body = json!({ "title": format!("Task {number}"), "expReward": 5, "requiredEnergyBalls": 1 });
        ids.push(new_task(&stage.http, body).await["id"].clone());
    }
    // Each of them twice, as impatient clients do.
    let done = json!({ "completed": true }).to_string();
    let complete = |id: &Value| {
        let (http, path, done) = (stage.http.clone(), format!("/api/tasks/{id}"), done.clone());
        async move { http.send(Method::PATCH, &path, Some(done)).await }
    };
    for answer in join_all(ids.iter().chain(&ids).map(complete)).await {
        assert_eq!(good(&answer)["completed"], true);
    }
    assert_eq!(hero(&stage.http, ["xp", "energy_spent", "tasks_completed"]).await, [50, 10, 10]);
    let stats = good(&stage.http.get("/api/user-stats").await);
    assert_eq!((&stats["experience"], &stats["energyBalls"]), (&json!(50), &json!(8)), "{stats}");
    let report = good(&stage.http.get("/api/battle-reports/daily").await);
    assert_eq!((&report["tasksCompleted"], &report["energyBallsConsumed"]), (&json!(10), &json!(10)), "{report}");
    let log = good(&stage.http.get("/api/activity-logs").await);
    let gained: i64 = log.as_array().unwrap().iter().map(|row| row["expGained"].as_i64().unwrap()).sum();
    assert_eq!(gained, 50, "{log}");
}

#[tokio::test]
async fn ten_parallel_completions_of_one_habit_count_once() {
    let stage = Stage::set().await;
    let habit = new_habit(&stage.http, "Run").await;
    let path = format!("/api/tasks/{}/simple-complete", habit["id"]);
    for answer in join_all((0..10).map(|_| stage.http.post(&path, ""))).await {
        assert_eq!(good(&answer)["task"]["completion_count"], 1);
    }
    assert_eq!(hero(&stage.http, ["xp", "energy_spent", "tasks_completed"]).await, [20, 2, 1]);
}

#[tokio::test]
async fn toggling_does_not_farm_xp_and_a_level_falls_only_by_uncompletion() {
    let stage = Stage::set().await;
    let totals = ["xp", "level", "energy_spent", "tasks_completed"];
    let first = new_task(&stage.http, json!({ "title": "First", "expReward": 100, "requiredEnergyBalls": 1 })).await;
    for _ in 0..3 {
        patch(&stage.http, &first["id"], json!({ "completed": true })).await;
        assert_eq!(hero(&stage.http, totals).await, [100, 2, 1, 1]);
        patch(&stage.http, &first["id"], json!({ "completed": false })).await;
        assert_eq!(hero(&stage.http, totals).await, [0, 1, 0, 0]);
    }
    patch(&stage.http, &first["id"], json!({ "completed": true })).await;
    // The reward of a task that is done is changed, and the task deleted: what it granted stays.
    patch(&stage.http, &first["id"], json!({ "expReward": 5 })).await;
    assert_eq!(hero(&stage.http, totals).await, [100, 2, 1, 1]);
    good(&stage.http.delete(&format!("/api/tasks/{}", first["id"])).await);
    assert_eq!(hero(&stage.http, totals).await, [100, 2, 1, 1]);
    let stats = post(&stage.http, "/api/user-stats/recalculate-level", json!({ "level": 99, "experience": 1 })).await;
    assert!(stats["message"].is_string());
    let stats = &stats["stats"];
    assert_eq!(
        (&stats["level"], &stats["experience"], &stats["experienceToNext"]),
        (&json!(2), &json!(0), &json!(250))
    );
    assert_eq!(hero(&stage.http, totals).await, [100, 2, 1, 1]);
}

#[tokio::test]
async fn what_is_taken_back_is_what_was_granted_whatever_was_changed_between() {
    let stage = Stage::set().await;
    let first = good(&stage.http.get("/api/skills").await)[0]["id"].clone();
    let body = json!({ "title": "First", "expReward": 20, "requiredEnergyBalls": 1, "skillId": first });
    let task = new_task(&stage.http, body).await;
    let skill = async || good(&stage.http.get("/api/skills").await)[0]["exp"].as_i64().unwrap();
    for reward in [100, 5, 60] {
        let granted = hero(&stage.http, ["xp"]).await[0];
        assert_eq!(granted, 0);
        let reward_now =
            patch(&stage.http, &task["id"], json!({ "completed": true })).await["expReward"].as_i64().unwrap();
        assert_eq!((hero(&stage.http, ["xp"]).await[0], skill().await), (reward_now, reward_now % 100));
        // Dearer or cheaper meanwhile, in energy too: no ball and no point is made of it.
        patch(&stage.http, &task["id"], json!({ "expReward": reward, "requiredEnergyBalls": 5 })).await;
        patch(&stage.http, &task["id"], json!({ "completed": false })).await;
        assert_eq!(hero(&stage.http, ["xp", "energy_spent", "tasks_completed"]).await, [0, 0, 0]);
        assert_eq!(skill().await, 0);
    }
}

#[tokio::test]
async fn no_request_but_uncompletion_makes_a_level_fall() {
    let stage = Stage::set().await;
    let task = new_task(&stage.http, json!({ "title": "First", "expReward": 100 })).await;
    let habit = new_habit(&stage.http, "Run").await;
    for done in [&task, &habit] {
        patch(&stage.http, &done["id"], json!({ "completed": true })).await;
    }
    let totals = ["xp", "level", "tasks_completed"];
    let before = hero(&stage.http, totals).await;
    assert_eq!(before, [120, 2, 2]);
    let cheat = json!({ "level": 1, "experience": -500, "experienceToNext": 1, "streak": 0, "totalTasksCompleted": 0, "exp": 0 });
    for (method, path) in [
        (Method::PATCH, "/api/user-stats".to_owned()),
        (Method::POST, "/api/user-stats/recalculate-level".to_owned()),
        (Method::POST, "/api/user-stats/restore-energy".to_owned()),
        (Method::POST, "/api/user-stats/force-reset-energy".to_owned()),
        (Method::POST, "/api/debug/restore-energy".to_owned()),
        (Method::POST, "/api/tasks/reset-daily-habits".to_owned()),
        (Method::POST, "/api/skills/initialize-core".to_owned()),
        (Method::PATCH, "/api/skills/1".to_owned()),
        (Method::PATCH, format!("/api/tasks/{}", task["id"])),
        (Method::POST, format!("/api/tasks/{}/smart-complete", task["id"])),
        (Method::DELETE, format!("/api/tasks/{}", task["id"])),
        (Method::DELETE, format!("/api/tasks/{}", habit["id"])),
    ] {
        good(&stage.http.send(method, &path, Some(cheat.to_string())).await);
        assert_eq!(hero(&stage.http, totals).await, before, "{path}");
        let stats = good(&stage.http.get("/api/user-stats").await);
        assert_eq!((&stats["level"], &stats["experience"]), (&json!(2), &json!(20)), "{path}");
    }
}

#[tokio::test]
async fn energy_comes_back_by_each_of_its_routes_and_nothing_else_does() {
    let stage = Stage::set().await;
    let hard = new_task(&stage.http, json!({ "title": "Hard", "requiredEnergyBalls": 4 })).await;
    let toggle = async |done: bool| patch(&stage.http, &hard["id"], json!({ "completed": done })).await;
    toggle(true).await;
    let back = post(&stage.http, "/api/debug/restore-energy", json!({})).await;
    let told = ["success", "previousEnergy", "currentEnergy"].map(|field| back[field].clone());
    assert_eq!(told, [json!(true), json!(14), json!(18)]);
    assert_eq!((&back["stats"]["energyBalls"], back["message"].is_string()), (&json!(18), true));
    let again = post(&stage.http, "/api/v1/debug/restore-energy", json!({})).await;
    assert_eq!((&again["previousEnergy"], &again["currentEnergy"]), (&json!(18), &json!(18)));
    // Sent again after something was spent, it tells what there is.
    let keyed = stage.http.with_header("idempotency-key", "back");
    post(&keyed, "/api/debug/restore-energy", json!({})).await;
    toggle(false).await;
    toggle(true).await;
    let later = post(&keyed, "/api/debug/restore-energy", json!({})).await;
    assert_eq!((&later["currentEnergy"], &later["stats"]["energyBalls"]), (&json!(14), &json!(14)));
    post(&stage.http, "/api/debug/restore-energy", json!({})).await;
    for (route, place) in [("restore-energy", "/energyBalls"), ("force-reset-energy", "/stats/energyBalls")] {
        toggle(false).await;
        toggle(true).await;
        assert_eq!(hero(&stage.http, ["energy_spent"]).await, [4]);
        let stats = post(&stage.http, &format!("/api/user-stats/{route}"), json!({ "energyBalls": 1_000 })).await;
        assert_eq!(stats.pointer(place), Some(&json!(18)), "{route}");
        assert_eq!(hero(&stage.http, ["energy_spent", "xp", "tasks_completed"]).await, [0, 20, 1]);
    }
    assert_eq!(task(&stage.http, &hard["id"]).await["completed"], true);
}
