//! States as files: what scenarios about export and import share.

use std::collections::{BTreeMap, BTreeSet};

use domain::founding::core_skill_id;
use domain::id::SpaceId;
use infrastructure::clock::now_ms;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use support::commands::{command_with, id};
use support::{Answer, Http};
use uuid::Uuid;

pub(crate) const DAY_MS: i64 = 86_400_000;

/// The state of this device's space, as it is exported.
pub(crate) async fn export(http: &Http) -> String {
    let answer = http.get("/api/v2/export").await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    String::from_utf8(answer.body).unwrap()
}

/// Sends an import.
pub(crate) async fn import(http: &Http, lines: &str) -> Answer {
    http.post_as("/api/v2/import", &[("content-type", "application/x-ndjson")], lines.as_bytes().to_vec()).await
}

/// Sends an import that has to be taken; what its last line says.
pub(crate) async fn imported(http: &Http, lines: &str) -> Value {
    let answer = import(http, lines).await;
    let text = String::from_utf8(answer.body).unwrap();
    assert_eq!(answer.status, 200, "{text}");
    let last: Value = serde_json::from_str(text.lines().last().expect("a last line")).unwrap();
    assert!(last["imported"].is_object(), "{last}");
    last["imported"].clone()
}

/// What an import would come to.
pub(crate) async fn dry_run(http: &Http, lines: &str) -> Answer {
    let headers = [("content-type", "application/x-ndjson")];
    http.post_as("/api/v2/import?dry_run=true", &headers, lines.as_bytes().to_vec()).await
}

/// The lines of an export, read.
pub(crate) fn read(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The lines as a file again, with a last line that fits them.
pub(crate) fn sealed(lines: &[Value]) -> String {
    let mut text: String = lines[..lines.len() - 1].iter().map(|line| format!("{line}\n")).collect();
    let mut end = lines.last().unwrap().clone();
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    let entities = lines.iter().filter(|line| line["line"] == "entity");
    entities.for_each(|line| *counts.entry(line["entity"].as_str().unwrap().to_owned()).or_default() += 1);
    end["counts"] = json!(counts);
    end["lines"] = json!(lines.len() - 1);
    let hash = Sha256::digest(text.as_bytes());
    end["checksum"] = hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
    text.push_str(&format!("{end}\n"));
    text
}

/// Everything that a space shows, by kind and id, without what belongs to its log; ids of the space itself and of its core
/// skills are named instead, and what refers to nothing that is there refers to nothing.
pub(crate) async fn shown(http: &Http, space: Uuid) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for kind in ["heroes", "skills", "goals", "milestones", "tasks"] {
        let page = http.get(&format!("/api/v2/{kind}?limit=1000")).await.json();
        assert!(page["next"].is_null(), "more than a page");
        for mut item in page["items"].as_array().unwrap().clone() {
            let row = item.as_object_mut().unwrap();
            for log in ["version", "updated_at", "created_by", "legacy_id"] {
                row.remove(log);
            }
            if kind == "heroes" || row.get("kind") == Some(&json!("core")) {
                row.remove("created_at");
            }
            found.insert(format!("{kind}/{}", item["id"].as_str().unwrap()), item);
        }
    }
    // An export also has the days of habits that were deleted; nothing shows them.
    let is_there = |id: &str| ["heroes", "tasks"].iter().any(|kind| found.contains_key(&format!("{kind}/{id}")));
    let days: Vec<Value> = read(&export(http).await).into_iter().filter(|line| line["line"] == "days").collect();
    let days: Vec<Value> = days.into_iter().filter(|line| is_there(line["id"].as_str().unwrap())).collect();
    for line in &days {
        for day in line["days"].as_array().unwrap() {
            found
                .insert(format!("days/{}/{}", line["id"].as_str().unwrap(), day["day"].as_str().unwrap()), day.clone());
        }
    }
    let text = named(&serde_json::to_string(&found).unwrap(), space);
    let mut found: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    let skills: Vec<String> = found.keys().filter_map(|key| key.strip_prefix("skills/")).map(str::to_owned).collect();
    found.values_mut().for_each(|row| {
        forget_deleted_skills(row, &skills);
        // A set is sorted by ids, and some of them are other ones.
        if let Some(ids) = row.get_mut("prerequisites").and_then(Value::as_array_mut) {
            ids.sort_by_key(ToString::to_string);
        }
    });
    found
}

fn named(text: &str, space: Uuid) -> String {
    let text = text.replace(&space.to_string(), "space");
    (1..=6).fold(text, |text, number| {
        text.replace(&core_skill_id(SpaceId(space), number).to_string(), &format!("core-{number}"))
    })
}

/// A completion remembers a skill that was deleted since; a copy of the state has none to remember.
fn forget_deleted_skills(row: &mut Value, skills: &[String]) {
    if let Some(skill) = row.pointer_mut("/completion/skill_id")
        && !skill.as_str().is_some_and(|id| skills.iter().any(|known| known == id))
    {
        *skill = Value::Null;
    }
}

/// Writes a space full of everything, by chance: `commands` commands, each a transaction of its own. What is refused is
/// refused.
pub(crate) async fn fill(http: &Http, space: Uuid, seed: u64, commands: usize) {
    let mut life = Life::new(space, seed);
    for _ in 0..commands.div_ceil(50) {
        let transactions: Vec<Value> =
            (0..50).map(|_| json!({ "transaction_id": id(), "commands": [life.command()] })).collect();
        let receipts = http.write(&json!({ "transactions": transactions })).await.receipts();
        assert!(receipts.iter().any(|receipt| receipt["status"] == "committed"));
    }
}

struct Life {
    random: StdRng,
    skills: Vec<Uuid>,
    goals: Vec<Uuid>,
    milestones: Vec<Uuid>,
    tasks: Vec<Uuid>,
}

impl Life {
    fn new(space: Uuid, seed: u64) -> Self {
        let skills = (1..=6).map(|number| core_skill_id(SpaceId(space), number).0).collect();
        let (goals, milestones, tasks) = (Vec::new(), Vec::new(), Vec::new());
        Self { random: StdRng::seed_from_u64(seed), skills, goals, milestones, tasks }
    }

    fn some(&mut self, of: &str) -> Value {
        let ids = match of {
            "skill" => &self.skills,
            "goal" => &self.goals,
            "milestone" => &self.milestones,
            _ => &self.tasks,
        };
        match ids.choose(&mut self.random) {
            Some(id) if self.random.random_bool(0.8) => json!(id),
            _ => Value::Null,
        }
    }

    fn an_id(&mut self, of: &str) -> Uuid {
        let found = self.some(of);
        found.as_str().and_then(|id| id.parse().ok()).unwrap_or_else(id)
    }

    fn command(&mut self) -> Value {
        let at = now_ms() - self.random.random_range(0..20) * DAY_MS;
        let mut command = match self.random.random_range(0..24) {
            0 => self.create("skill"),
            1 | 2 => self.create("goal"),
            3 | 4 => self.create("milestone"),
            5..=9 => self.create("task"),
            10..=15 => json!({ "type": "task.complete", "id": self.an_id("task") }),
            16 => json!({ "type": "task.uncomplete", "id": self.an_id("task") }),
            17 => {
                let data =
                    json!({ "minutes": self.random.random_range(1..90), "cycles": self.random.random_range(0..3) });
                json!({ "type": "task.focus", "id": self.an_id("task"), "data": data })
            }
            18 => json!({ "type": "milestone.complete", "id": self.an_id("milestone") }),
            19 => json!({ "type": "goal.complete", "id": self.an_id("goal") }),
            20 => {
                let category = *["todo", "habit", "goal"].choose(&mut self.random).unwrap();
                json!({ "type": "task.edit", "id": self.an_id("task"), "set": { "category": category } })
            }
            21 => {
                let kind = *["task", "goal", "milestone", "skill"].choose(&mut self.random).unwrap();
                json!({ "type": format!("{kind}.delete"), "id": self.an_id(kind) })
            }
            22 => {
                let kind = *["task", "goal", "milestone"].choose(&mut self.random).unwrap();
                json!({ "type": format!("{kind}.restore"), "id": self.an_id(kind) })
            }
            _ => {
                json!({ "type": "hero.edit", "set": { "name": text(&mut self.random), "energy_max": self.random.random_range(1..48) } })
            }
        };
        command["command_id"] = json!(id());
        command["at"] = json!(at);
        command
    }

    fn create(&mut self, kind: &str) -> Value {
        let entity = id();
        let mut data = Map::new();
        let mut set = |field: &str, value: Value| drop(data.insert(field.to_owned(), value));
        match kind {
            "skill" => {
                set("name", text(&mut self.random).into());
                let above: BTreeSet<String> =
                    (0..2).filter_map(|_| self.some("skill").as_str().map(str::to_owned)).collect();
                set("prerequisites", json!(above));
            }
            "goal" => {
                set("title", text(&mut self.random).into());
                set("parent_id", self.some("goal"));
                set("skill_id", self.some("skill"));
            }
            "milestone" => {
                set("title", text(&mut self.random).into());
                set("goal_id", json!(self.an_id("goal")));
            }
            _ => {
                set("title", text(&mut self.random).into());
                set("category", (*["todo", "habit", "goal"].choose(&mut self.random).unwrap()).into());
                set("skill_id", self.some("skill"));
                set("goal_id", self.some("goal"));
                set("parent_id", self.some("task"));
                set("tags", json!([text(&mut self.random)]));
            }
        }
        match kind {
            "skill" => self.skills.push(entity),
            "goal" => self.goals.push(entity),
            "milestone" => self.milestones.push(entity),
            _ => self.tasks.push(entity),
        }
        command_with(&format!("{kind}.create"), entity, Value::Object(data))
    }
}

fn text(random: &mut StdRng) -> String {
    (0..random.random_range(2..12))
        .map(|_| *['a', 'ß', '心', '"', '\\', '👩', 'Z', '9'].choose(random).unwrap())
        .collect()
}
