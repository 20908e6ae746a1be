//! Golden cases of the merge over HTTP, on PostgreSQL: devices with tokens of real cursors, ends as the feed tells them.
//!
//! The server's clock is the real one. So the moments of a case become moments of the test, in the same order: those of
//! the history when it is sent, the others in the milliseconds after it.

use std::collections::{BTreeMap, BTreeSet};

use api::client::{Device, Replica, Session, feed};
use domain::conflict::conflict_id;
use domain::entity::{EntityRef, Kind};
use domain::id::{EntityId, SpaceId};
use infrastructure::clock::now_ms;
use infrastructure::merge_cases::{Case, SPACE, Transaction};
use serde_json::{Map, Value, json};
use support::commands::id;
use support::merge_cases::{differences, golden};
use support::patience::until;
use support::{Account, Database, TestServer};
use uuid::Uuid;

use crate::stage::cursor_of;

/// Cases whose ends depend on the distance of moments, not only on their order.
const BY_THE_CLOCK: [&str; 2] = ["clock_", "habit_"];

/// One case on a server.
struct Table<'a> {
    case: &'a Case,
    account: Account,
    sessions: BTreeMap<String, Session>,
    points: BTreeMap<String, String>,
    /// Moments of the case, and what they are here.
    moments: BTreeMap<i64, i64>,
    told: BTreeMap<String, Vec<Value>>,
}

impl<'a> Table<'a> {
    async fn set(server: &TestServer, case: &'a Case) -> Self {
        let account = Account::register(server).await;
        let mut sessions = BTreeMap::new();
        for (name, device) in &case.devices {
            let device = Device { device_id: device.id.0, platform: "other".to_owned(), device_name: name.clone() };
            let session = Session::login(server.server(), &account.credentials, &device).await.unwrap();
            sessions.insert(name.clone(), session);
        }
        Self { case, account, sessions, points: BTreeMap::new(), moments: BTreeMap::new(), told: BTreeMap::new() }
    }

    async fn play(&mut self, order: &[String]) {
        for transaction in &self.case.given {
            self.let_time_pass(moments([transaction]).into_iter().max()).await;
            let base = transaction.base.clone().unwrap_or_else(|| Some("head".to_owned()));
            let name = transaction.device.clone().unwrap();
            let receipt = self.send(&name, transaction, base).await;
            assert_eq!(receipt["status"], "committed", "{receipt}");
        }
        self.let_time_pass(None).await;
        let mut next: BTreeMap<&String, usize> = BTreeMap::new();
        for name in order {
            let device = &self.case.devices[name];
            let index = next.entry(name).or_default();
            let transaction = &device.transactions[*index];
            *index += 1;
            let base = transaction.base.clone().unwrap_or_else(|| device.base.clone());
            let receipt = self.send(name, transaction, base).await;
            self.told.entry(name.clone()).or_default().push(outcomes(&receipt));
        }
    }

    /// Gives all moments of the case up to one of them (or to the last) the next milliseconds, and waits until they are
    /// past.
    async fn let_time_pass(&mut self, up_to: Option<i64>) {
        let of_devices = self.case.devices.values().flat_map(|device| &device.transactions);
        let all: BTreeSet<i64> = moments(self.case.given.iter().chain(of_devices)).into_iter().collect();
        let (now, mut last) = (now_ms(), 0);
        let due = all.into_iter().filter(|moment| up_to.is_none_or(|up_to| *moment <= up_to));
        for (moment, later) in
            due.filter(|moment| !self.moments.contains_key(moment)).collect::<Vec<_>>().iter().zip(2..)
        {
            last = now + later;
            self.moments.insert(*moment, last);
        }
        until("the moments of the case", async || (now_ms() > last).then_some(())).await;
    }

    async fn send(&mut self, name: &str, transaction: &Transaction, base: Option<String>) -> Value {
        let http = self.account.http().await;
        let base = match base.as_deref() {
            None => None,
            Some("head") => Some(cursor_of(&http).await),
            Some(point) => Some(self.points[point].clone()),
        };
        let commands: Vec<Value> = transaction.commands.iter().map(|command| self.here(command)).collect();
        let mut sent = json!({ "transaction_id": id(), "base": base, "commands": commands });
        if base.is_none() {
            sent.as_object_mut().unwrap().remove("base");
        }
        let body = json!({ "transactions": [sent] });
        let mut answer: Value = self.sessions[name].post("/api/v2/transactions", &body).await.unwrap();
        if let Some(point) = &transaction.point {
            self.points.insert(point.clone(), cursor_of(&http).await);
        }
        answer["receipts"][0].take()
    }

    /// A command as it is on this account, at this time.
    fn here(&self, command: &Value) -> Value {
        let mut command = command.clone();
        command["command_id"] = json!(id());
        command["at"] = json!(self.moments[&command["at"].as_i64().unwrap()]);
        if command["type"] == "conflict.resolve" {
            let known = conflicts_of_cases();
            command["id"] = json!(self.conflict(known.get(command["id"].as_str().unwrap()).unwrap()));
        }
        command
    }

    fn conflict(&self, (kind, entity, field): &(Kind, Uuid, &str)) -> EntityId {
        conflict_id(SpaceId(self.account.space()), EntityRef::new(*kind, EntityId(*entity)), field)
    }

    /// What a newcomer sees, in the shape of a case's end.
    async fn end(&self) -> Value {
        let replica: Replica = feed::snapshot(&self.account.session).await.unwrap();
        let mut rows: BTreeMap<&str, BTreeMap<String, Value>> = BTreeMap::new();
        let mut conflicts = Vec::new();
        let mut all = Replica::default();
        let page = self.account.http().await.get("/api/v2/changes?limit=1000").await.json();
        all.apply(&serde_json::from_value(page).unwrap()).unwrap();
        assert_eq!(replica.differences(&all), Vec::<String>::new(), "the snapshot and the feed");
        for (kind, id, row) in all.rows() {
            let mut fields = row.fields.clone();
            if kind == "conflict" {
                if !row.is_tombstone() {
                    conflicts.push(self.conflict_there(&fields));
                }
                continue;
            }
            fields.insert("deleted".to_owned(), json!(row.is_tombstone()));
            let id = if id == self.account.space() { SPACE.0 } else { id };
            rows.entry(kind).or_default().insert(id.to_string(), self.there(&Value::Object(fields)));
        }
        conflicts.sort_by_key(|one| ["entity_kind", "entity_id", "field"].map(|part| one[part].to_string()));
        json!({ "entities": rows, "conflicts": conflicts })
    }

    fn conflict_there(&self, fields: &Map<String, Value>) -> Value {
        let mut fields = self.there(&Value::Object(fields.clone()));
        if fields["entity_kind"] == "hero" {
            fields["entity_id"] = json!(SPACE.0);
        }
        let kind = Kind::from_name(fields["entity_kind"].as_str().unwrap()).unwrap();
        let entity = EntityRef::new(kind, EntityId(fields["entity_id"].as_str().unwrap().parse().unwrap()));
        fields["id"] = json!(conflict_id(SPACE, entity, fields["field"].as_str().unwrap()));
        fields
    }

    /// The same values with the moments of the case.
    fn there(&self, value: &Value) -> Value {
        match value {
            Value::Number(number) => {
                let moment = self.moments.iter().find(|(_, here)| Some(**here) == number.as_i64());
                moment.map_or_else(|| value.clone(), |(there, _)| json!(there))
            }
            Value::Array(values) => values.iter().map(|value| self.there(value)).collect(),
            Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), self.there(value))).collect(),
            other => other.clone(),
        }
    }

    /// What the devices were told, with the conflicts of the case's space.
    fn outcomes(&self) -> Value {
        let text = json!(self.told).to_string();
        let known = conflicts_of_cases().into_iter();
        json!(
            serde_json::from_str::<Value>(
                &known.fold(text, |text, (there, about)| { text.replace(&self.conflict(&about).to_string(), &there) })
            )
            .unwrap()
        )
    }
}

/// The conflicts that cases name by id: of tasks.
fn conflicts_of_cases() -> BTreeMap<String, (Kind, Uuid, &'static str)> {
    let task = Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0101);
    let about = |field| (Kind::Task, task, field);
    let name = |(kind, id, field): (Kind, Uuid, &'static str)| {
        conflict_id(SPACE, EntityRef::new(kind, EntityId(id)), field).to_string()
    };
    ["title", "description", "deleted_at"].into_iter().map(|field| (name(about(field)), about(field))).collect()
}

fn moments<'a>(transactions: impl IntoIterator<Item = &'a Transaction>) -> Vec<i64> {
    let commands = transactions.into_iter().flat_map(|transaction| &transaction.commands);
    commands.map(|command| command["at"].as_i64().unwrap()).collect()
}

fn outcomes(receipt: &Value) -> Value {
    if receipt["status"] != "committed" {
        return json!({ "rejected": receipt["problem"]["code"] });
    }
    let told = |result: &Value| -> Value {
        let parts = ["outcome", "superseded", "cleared", "conflicts"];
        let said = parts.into_iter().filter_map(|part| Some((part.to_owned(), result.get(part)?.clone())));
        Value::Object(said.collect())
    };
    receipt["results"].as_array().unwrap().iter().map(told).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn golden_cases_of_the_merge_end_as_expected_over_http() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let by_the_clock = |case: &Case| BY_THE_CLOCK.iter().any(|area| case.name.starts_with(area));
    let one_order = |(index, case): &(usize, Case)| index % 10 == 0 || case.orders().unwrap().len() == 1;
    let all = golden().into_iter().filter(|case| !by_the_clock(case));
    let cases: Vec<Case> = all.enumerate().filter(one_order).map(|(_, case)| case).collect();
    assert!(cases.len() >= 30, "{} cases", cases.len());
    let mut told = Vec::new();
    for case in &cases {
        // One of the orders: they are all played elsewhere.
        let order = case.orders().unwrap().pop().unwrap();
        let mut table = Table::set(&server, case).await;
        table.play(&order).await;
        let mut found = table.end().await;
        found["outcomes"] = table.outcomes();
        let differ = differences(&case.expected, &found);
        told.extend(differ.into_iter().map(|what| format!("{} [{}] {what}", case.name, order.join(" "))));
    }
    assert!(told.is_empty(), "{} differences:\n{}", told.len(), told.join("\n"));
}
