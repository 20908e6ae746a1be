//! A space of any size, written by the road that devices take: goals with milestones, and tasks of which nearly all are
//! done, as somebody's are after years.

use infrastructure::clock::{now_ms, uuid_v7};
use serde_json::{Value, json};
use uuid::Uuid;

use super::fetch::Reader;
use crate::failure::Failure;

const DIFFICULTIES: [&str; 4] = ["trivial", "easy", "medium", "hard"];
/// Commands of one transaction, as many as may be.
const COMMANDS: usize = 500;
/// One in so many entities is a goal; each has milestones.
const GOAL_EVERY: usize = 100;
const MILESTONES: usize = 4;
/// Of the tasks, one in so many of the older ones is still open, and the newest twentieth all are.
const OPEN_EVERY: usize = 50;
const NEW_PART: usize = 20;

/// Writes a space of so many entities besides those that it is founded with.
pub(super) async fn write(reader: &Reader, entities: usize) -> Result<(), Failure> {
    let mut commands = Vec::new();
    let mut made = 0;
    while made < entities {
        if made.is_multiple_of(GOAL_EVERY) && made + MILESTONES < entities {
            let goal = uuid_v7();
            commands.push(command(
                "goal.create",
                goal,
                Some(json!({ "title": format!("Goal {made}"), "tags": ["year"] })),
            ));
            for step in 1..=MILESTONES {
                let data = json!({ "goal_id": goal, "title": format!("Step {step} of goal {made}") });
                commands.push(command("milestone.create", uuid_v7(), Some(data)));
            }
            made += 1 + MILESTONES;
            continue;
        }
        let task = uuid_v7();
        commands.push(command("task.create", task, Some(data(made))));
        if !made.is_multiple_of(OPEN_EVERY) && made < entities - entities / NEW_PART {
            commands.push(command("task.complete", task, None));
        }
        made += 1;
    }
    send(reader, &commands).await
}

/// As much as people write.
fn data(number: usize) -> Value {
    json!({
        "title": format!("Read chapter {number} before bed"),
        "description": number.is_multiple_of(3).then(|| format!("Take notes about chapter {number}, and look up what is new.")),
        "difficulty": DIFFICULTIES[number % DIFFICULTIES.len()],
        "estimated_minutes": 10 + number % 50,
        "tags": ["book", "evening"],
    })
}

/// Makes so many changes, one event each.
pub(super) async fn change(reader: &Reader, changes: usize) -> Result<(), Failure> {
    let commands: Vec<Value> =
        (0..changes).map(|number| command("task.create", uuid_v7(), Some(data(number)))).collect();
    send(reader, &commands).await
}

async fn send(reader: &Reader, commands: &[Value]) -> Result<(), Failure> {
    for some in commands.chunks(COMMANDS) {
        reader.write(&[json!({ "transaction_id": uuid_v7(), "commands": some })]).await?;
    }
    Ok(())
}

fn command(kind: &str, id: Uuid, data: Option<Value>) -> Value {
    let mut command = json!({ "command_id": uuid_v7(), "type": kind, "id": id, "at": now_ms() });
    if let Some(data) = data {
        command["data"] = data;
    }
    command
}
