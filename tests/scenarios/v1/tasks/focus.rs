//! Focus sessions of v1.

use serde_json::{Value, json};
use support::commands::{command_with, id};

use super::{changes_after, good, head, hero, new_habit, new_task, only, post, task};
use crate::stage::Stage;

#[tokio::test]
async fn a_session_is_known_by_the_event_that_began_it_and_counts_when_it_is_over() {
    let stage = Stage::set().await;
    let body = json!({ "title": "Read", "expReward": 7 });
    let made = new_task(&stage.http, body).await;
    let path = |route: &str| format!("/api/tasks/{}/{route}", made["id"]);
    let before = head(&stage.http).await;
    let begun = post(&stage.http, &path("start-pomodoro"), json!({ "duration": 25 })).await;
    assert_eq!(begun["sessionId"], json!(before + 1));
    assert!(begun["startTime"].as_str().unwrap().ends_with('Z'), "{begun}");
    assert_eq!(hero(&stage.http, ["xp", "energy_spent"]).await, [0, 0]);
    assert_eq!(changes_after(&stage.http, before).await.len(), 1, "it changes nothing but the task's version");

    let timer = json!({ "sessionDuration": 50, "completed": true, "actualEnergyBalls": 3, "cycles": 2 });
    let over = post(&stage.http, &path("complete-pomodoro"), timer).await;
    assert_eq!(figures(&over), [14, 3, 50]);
    let page = json!({ "workDuration": 25, "restDuration": 5, "cyclesCompleted": 1, "completed": true });
    let over = post(&stage.http, &path("complete-pomodoro"), page).await;
    assert_eq!(figures(&over), [7, 2, 75]);
    let seen = task(&stage.http, &made["id"]).await;
    assert_eq!(
        (&seen["accumulatedTime"], &seen["pomodoroCycles"], &seen["completed"]),
        (&json!(75), &json!(3), &json!(false))
    );
    assert_eq!(hero(&stage.http, ["xp", "energy_spent", "tasks_completed"]).await, [21, 5, 0]);
    let broken_off = json!({ "sessionDuration": 5, "completed": false, "cycles": 2, "actualEnergyBalls": 0 });
    assert_eq!(figures(&post(&stage.http, &path("complete-pomodoro"), broken_off).await), [0, 0, 80]);
    assert_eq!(hero(&stage.http, ["xp"]).await, [21]);
    // What is not enough energy is told as it is.
    let endless = json!({ "sessionDuration": 100_000, "cycles": 1_000, "actualEnergyBalls": 99 });
    assert_eq!(figures(&post(&stage.http, &path("complete-pomodoro"), endless).await), [168, 13, 560]);
    // That a session was begun shows in no log of activity.
    let activity = good(&stage.http.get("/api/v2/activity?entity=task&limit=100").await);
    assert_eq!(activity["items"].as_array().map(Vec::len), Some(4), "{activity}");
}

fn figures(answer: &Value) -> [i64; 3] {
    assert_eq!(answer["success"], true, "{answer}");
    ["expGained", "actualEnergyBalls", "totalAccumulatedTime"].map(|field| answer[field].as_i64().unwrap())
}

#[tokio::test]
async fn habits_and_goals_have_sessions_also_by_the_route_of_tasks() {
    let stage = Stage::set().await;
    let habit = new_habit(&stage.http, "Run").await;
    for route in ["habits", "tasks"] {
        let begun = post(&stage.http, &format!("/api/{route}/{}/start-pomodoro", habit["id"]), json!({})).await;
        assert_eq!(begun["sessionId"], json!(head(&stage.http).await));
        let over = post(&stage.http, &format!("/api/{route}/{}/complete-pomodoro", habit["id"]), json!({})).await;
        assert_eq!(
            (&over["expGained"], &over["totalCycles"], &over["totalEnergyBalls"]),
            (&json!(20), &json!(1), &json!(2))
        );
    }
    let receipt = stage.account.commit(&[command_with("goal.create", id(), json!({ "title": "Summit" }))]).await;
    let goal = &receipt["results"][0]["legacy_id"];
    let before = hero(&stage.http, ["xp"]).await;
    let begun = post(&stage.http, &format!("/api/v1/tasks/{goal}/start-pomodoro"), json!({ "duration": 50 })).await;
    assert_eq!(begun["sessionId"], json!(head(&stage.http).await));
    let session = json!({ "sessionDuration": 30, "cycles": 2 });
    let over = post(&stage.http, &format!("/api/tasks/{goal}/complete-pomodoro"), session).await;
    assert_eq!(figures(&over), [20, 2, 30]);
    let own = post(&stage.http, &format!("/api/goals/{goal}/pomodoro-complete"), json!({})).await;
    assert_eq!((&own["expGained"], own["message"].is_string()), (&json!(10), true));
    let seen = only(&stage.http, "goals").await;
    assert_eq!((&seen["focus_minutes"], &seen["focus_cycles"]), (&json!(55), &json!(3)));
    assert_eq!(hero(&stage.http, ["xp"]).await, [before[0] + 30]);
    let no_goal = stage.http.post(&format!("/api/goals/{}/pomodoro-complete", habit["id"]), "").await;
    assert_eq!(no_goal.status, 404);
}
