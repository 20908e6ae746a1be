//! A space's random life from a seed, over HTTP, and what is alive in it.

use std::collections::BTreeMap;

use application::submit::shown;
use domain::entity::Kind;
use infrastructure::clock::now_ms;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use support::Http;
use support::commands::{command, command_with, transaction};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::stage::cursor_of;

const DAY_MS: i64 = 86_400_000;
/// Transactions that are sent at once.
const CHUNK: usize = 20;

/// A random life.
pub(crate) struct Life {
    random: StdRng,
    ids: BTreeMap<&'static str, Vec<Uuid>>,
}

impl Life {
    pub(crate) fn new(seed: u64, space: Uuid) -> Self {
        let ids = BTreeMap::from([
            ("hero", vec![space]),
            ("skill", vec![]),
            ("goal", vec![]),
            ("milestone", vec![]),
            ("task", vec![]),
        ]);
        Self { random: StdRng::seed_from_u64(seed), ids }
    }

    /// Lives on: commands of either device, some knowing what the other did and some not. What is refused is refused.
    pub(crate) async fn live(&mut self, devices: &[Http; 2], commands: usize) {
        for chunk in 0..commands.div_ceil(CHUNK) {
            let device = &devices[chunk % 2];
            let base = if self.random.random_bool(0.7) { Some(cursor_of(device).await) } else { None };
            let sent: Vec<Value> = (0..CHUNK)
                .map(|_| {
                    let mut sent = transaction(&[self.command()]);
                    if let Some(base) = &base {
                        sent["base"] = base.clone().into();
                    }
                    sent
                })
                .collect();
            let answer = device.write(&json!({ "transactions": sent })).await;
            assert!(answer.receipts().iter().all(|receipt| receipt["status"] != "deferred"), "{}", answer.json());
        }
    }

    fn pick(&mut self, kind: &str) -> Uuid {
        let known = &self.ids[kind];
        if known.is_empty() { Uuid::from_u128(1) } else { known[self.random.random_range(0..known.len())] }
    }

    fn some(&mut self, kind: &str) -> Value {
        if self.random.random_bool(0.3) { Value::Null } else { json!(self.pick(kind)) }
    }

    fn command(&mut self) -> Value {
        let kind = ["task", "task", "task", "goal", "milestone", "skill", "hero"][self.random.random_range(0..7)];
        let wants_more = kind != "hero" && self.ids[kind].len() < 3;
        if wants_more || (kind != "hero" && self.random.random_bool(0.15)) {
            return self.create(kind);
        }
        let target = self.pick(kind);
        let verbs: &[&str] = match kind {
            "task" => &["edit", "edit", "complete", "complete", "uncomplete", "focus", "delete", "restore"],
            "goal" => &["edit", "complete", "reopen", "focus", "delete", "restore"],
            "milestone" => &["edit", "complete", "reopen", "delete", "restore"],
            "skill" => &["edit", "delete", "restore"],
            _ => &["edit", "restore_energy"],
        };
        let verb = verbs[self.random.random_range(0..verbs.len())];
        let mut made = match verb {
            "edit" => self.edit(kind, target),
            "focus" => {
                let minutes = self.random.random_range(1..60);
                command_with(&format!("{kind}.focus"), target, json!({ "minutes": minutes, "cycles": minutes % 3 }))
            }
            _ => command(&format!("{kind}.{verb}"), target),
        };
        if ["complete", "uncomplete", "focus"].contains(&verb) {
            made["at"] = json!(now_ms() - DAY_MS * self.random.random_range(0..3));
        }
        if kind == "hero" {
            made.as_object_mut().unwrap().remove("id");
        }
        made
    }

    fn create(&mut self, kind: &'static str) -> Value {
        let id = Uuid::from_u128(self.random.random());
        let title = format!("Thing {}", self.random.random_range(0..1_000));
        let category = ["todo", "habit"][self.random.random_range(0..2)];
        let data = match kind {
            "skill" => json!({ "name": title }),
            "milestone" => json!({ "title": title, "goal_id": self.pick("goal") }),
            "task" => json!({ "title": title, "category": category }),
            _ => json!({ "title": title }),
        };
        self.ids.get_mut(kind).unwrap().push(id);
        command_with(&format!("{kind}.create"), id, data)
    }

    fn edit(&mut self, kind: &str, target: Uuid) -> Value {
        let text = format!("Text {}", self.random.random_range(0..1_000));
        let number = self.random.random_range(5..40);
        let tag = ["red", "green", "blue"][self.random.random_range(0..3)];
        let mut made = command(&format!("{kind}.edit"), target);
        match (kind, self.random.random_range(0..5)) {
            ("task" | "goal", 0) => made["add"] = json!({ "tags": [tag] }),
            ("task" | "goal", 1) => made["remove"] = json!({ "tags": [tag] }),
            ("task", 2) => made["set"] = json!({ "skill_id": self.some("skill"), "goal_id": self.some("goal") }),
            ("task" | "goal", 3) => made["set"] = json!({ "parent_id": self.some(kind) }),
            ("task", _) => {
                let category = ["todo", "habit"][self.random.random_range(0..2)];
                made["set"] = json!({ "title": text, "exp_reward": number, "category": category });
            }
            ("goal", _) => made["set"] = json!({ "title": text, "exp_reward": number, "skill_id": self.some("skill") }),
            ("skill", 0 | 1) => made["add"] = json!({ "prerequisites": [self.pick("skill")] }),
            ("skill", 2) => made["remove"] = json!({ "prerequisites": [self.pick("skill")] }),
            ("skill", _) => made["set"] = json!({ "name": text }),
            ("milestone", _) => made["set"] = json!({ "title": text, "rank": format!("a{number}") }),
            _ => made["set"] = json!({ "name": text, "ball_minutes": number }),
        }
        made
    }
}

/// What is alive, by kind and id, as readers are shown it, without what counts that anything happened; and the days.
pub(super) async fn state(sql: &Client, space: Uuid) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for kind in Kind::ALL.iter().filter(|kind| kind.name() != "conflict") {
        let statement =
            format!("SELECT id, to_jsonb(t) FROM {} t WHERE space_id = $1 AND deleted_at IS NULL", kind.table());
        for row in sql.query(&statement, &[&space]).await.unwrap() {
            let Value::Object(entity) = row.get(1) else { panic!("a row is an object") };
            let mut entity = shown(*kind, entity);
            entity.retain(|field, _| field != "version" && field != "updated_at");
            found.insert(format!("{} {}", kind.name(), row.get::<_, Uuid>(0)), Value::Object(entity));
        }
    }
    let statement = "SELECT d.entity, d.entity_id, d.day::text, d.completions, d.minutes, d.xp FROM days d
        WHERE d.space_id = $1 AND (d.completions, d.minutes, d.xp) <> (0, 0, 0)
            AND (d.entity = 'hero' OR EXISTS (SELECT FROM tasks t
                WHERE t.space_id = $1 AND t.id = d.entity_id AND t.deleted_at IS NULL))";
    for row in sql.query(statement, &[&space]).await.unwrap() {
        let name = format!("day {} {} {}", row.get::<_, &str>(0), row.get::<_, Uuid>(1), row.get::<_, &str>(2));
        found.insert(name, json!([row.get::<_, i64>(3), row.get::<_, i64>(4), row.get::<_, i64>(5)]));
    }
    found
}
