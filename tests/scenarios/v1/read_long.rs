//! Lists that are longer than a page come whole, and what was never written to is founded at the first look.

use std::collections::BTreeSet;

use infrastructure::clock::now_ms;
use serde_json::{Value, json};
use support::Account;
use support::commands::{command, command_with, id};

use crate::activity::at;
use crate::stage::Stage;

/// More than a page holds.
const TASKS: i64 = 1_050;
/// Two goals with so many do not fit one page.
const MILESTONES: usize = 520;

async fn write(account: &Account, commands: &[Value]) {
    for part in commands.chunks(500) {
        account.commit(part).await;
    }
}

fn titles(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_list_that_is_longer_than_a_page_comes_whole_and_in_order() {
    let stage = Stage::set().await;
    let begun = now_ms() - 10_000;
    let task = |number: i64| {
        let category = if number % 2 == 0 { "habit" } else { "todo" };
        let data = json!({ "title": format!("Task {number:04}"), "category": category });
        at(begun + number, command_with("task.create", id(), data))
    };
    let mut commands: Vec<Value> = (0..TASKS).map(task).collect();
    let first = commands[0]["id"].as_str().unwrap().parse().unwrap();
    commands.push(command("task.complete", first));
    write(&stage.account, &commands).await;
    let oldest_first: Vec<String> = (0..TASKS).map(|number| format!("Task {number:04}")).collect();
    let newest_first: Vec<String> = oldest_first.iter().rev().cloned().collect();
    let get = async |path: &str| stage.http.get(path).await.json();
    assert_eq!(titles(&get("/api/tasks").await), newest_first);
    assert_eq!(titles(&get("/api/data?type=tasks").await), newest_first);
    assert_eq!(titles(&get("/api/mobile/tasks").await["data"]), oldest_first);
    let batch = get("/api/data/batch?types=tasks,stats").await;
    assert_eq!((titles(&batch["data"]["tasks"]), &batch["data"]["stats"]["id"]), (newest_first, &json!(1)));
    let available = get("/api/pomodoro/available-tasks").await;
    assert_eq!(titles(&available["tasks"]).len() + titles(&available["habits"]).len() + 1, 1_050);
    // The same, compressed on the way.
    let compressed = stage.http.with_header("accept-encoding", "gzip").get("/api/tasks").await;
    assert_eq!(titles(&compressed.inflated()).len(), 1_050);
}

#[tokio::test]
async fn goals_with_many_milestones_come_whole() {
    let stage = Stage::set().await;
    let goals = [id(), id()];
    let mut commands: Vec<Value> = Vec::new();
    for (goal, moment) in goals.into_iter().zip(now_ms() - 10..) {
        commands.push(at(moment, command_with("goal.create", goal, json!({ "title": format!("Goal {moment}") }))));
        commands.extend((0..MILESTONES).map(|number| {
            let data =
                json!({ "title": format!("Step {number:03}"), "goal_id": goal, "rank": format!("b{number:03}") });
            command_with("milestone.create", id(), data)
        }));
    }
    write(&stage.account, &commands).await;
    let steps: Vec<String> = (0..MILESTONES).map(|number| format!("Step {number:03}")).collect();
    let shown = stage.http.get("/api/goals").await.json();
    assert_eq!(shown.as_array().map(Vec::len), Some(2));
    for goal in shown.as_array().unwrap() {
        assert_eq!(titles(&goal["milestones"]), steps);
        let alone = stage.http.get(&format!("/api/goals/{}/milestones", goal["id"])).await.json();
        assert_eq!(alone["milestones"], goal["milestones"]);
    }
    let ids: BTreeSet<i64> = shown.as_array().unwrap().iter().map(|goal| goal["id"].as_i64().unwrap()).collect();
    assert_eq!(ids.len(), 2);
}

#[tokio::test]
async fn a_space_that_nobody_has_founded_is_founded_at_the_first_look() {
    let stage = Stage::set().await;
    let space = stage.account.space();
    for table in ["heads", "events", "receipts", "heroes", "skills", "activity", "days"] {
        let statement = format!("DELETE FROM {table} WHERE space_id = $1");
        stage.sql.execute(&statement, &[&space]).await.unwrap();
    }
    let server = stage.server.restart().await;
    let http = support::Http::nobody(server.url()).with_token(stage.http.token());
    let looks = ["/api/skills", "/api/data?type=skills", "/api/mobile/skills", "/api/skills"];
    let looks = futures_util::future::join_all(looks.map(|path| http.get(path))).await;
    for look in looks {
        assert_eq!(look.status, 200);
        let skills = look.json();
        let skills = skills.get("data").unwrap_or(&skills);
        assert_eq!(skills.as_array().map(Vec::len), Some(6), "{skills}");
    }
    assert_eq!(http.get("/api/user-stats").await.json()["energyBalls"], 18);
}
