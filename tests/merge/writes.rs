//! A case as a list of writes: who wrote what, with which stamp, and which other writes that device had seen.

use std::collections::BTreeMap;

use infrastructure::merge_cases::{Case, Transaction};
use serde_json::{Map, Value};

/// Order of writes: ms, counter, device.
pub(crate) type Stamp = (i64, u32, String);

/// One command.
#[derive(Clone, Debug)]
pub(crate) struct Write {
    pub(crate) stamp: Stamp,
    pub(crate) device: String,
    pub(crate) moment: i64,
    pub(crate) kind: String,
    pub(crate) verb: String,
    pub(crate) id: String,
    pub(crate) body: Value,
    /// Which transaction of the history or of the devices it belongs to, by arrival.
    transaction: usize,
    /// How many transactions its device had read; `None`: it did not say.
    pub(crate) base: Option<usize>,
}

impl Write {
    /// Whether its device had seen the other.
    pub(crate) fn saw(&self, other: &Self) -> bool {
        if self.device == other.device {
            return other.stamp < self.stamp;
        }
        self.base.is_some_and(|base| other.transaction < base)
    }

    /// The value that it sets a field to.
    pub(crate) fn sets(&self, field: &str) -> Option<&Value> {
        self.body.pointer(&format!("/set/{field}"))
    }

    /// The members that a part of it names.
    pub(crate) fn members(&self, part: &str, field: &str) -> Vec<&Value> {
        let named = self.body.pointer(&format!("/{part}/{field}")).and_then(Value::as_array);
        named.into_iter().flatten().collect()
    }

    /// Whether it is an edit that writes a field: a value, or members of a set. A removal writes none.
    pub(crate) fn edits(&self, field: &str) -> bool {
        let adds = !self.members("set", field).is_empty() || !self.members("add", field).is_empty();
        self.verb == "edit" && (adds || self.sets(field).is_some_and(|value| !value.is_array()))
    }

    /// What a creation was given.
    pub(crate) fn data(&self) -> Map<String, Value> {
        self.body["data"].as_object().cloned().unwrap_or_default()
    }
}

/// Transactions as they come.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    pub(crate) writes: Vec<Write>,
    pub(crate) recorded_at: i64,
    transactions: usize,
    points: BTreeMap<String, (usize, i64)>,
    last: BTreeMap<String, (i64, u32)>,
}

impl History {
    /// All writes of a case: the history, then the devices one after the other. Any order that keeps each device's own
    /// gives the same stamps and the same knowledge, as long as no device reads while the others write.
    pub(crate) fn of(case: &Case) -> Self {
        let mut history = Self::given(case);
        for device in case.devices.values() {
            for transaction in &device.transactions {
                let base = transaction.base.clone().unwrap_or_else(|| device.base.clone());
                history.arrive(&device.id.to_string(), transaction, base.as_deref(), case.now);
            }
        }
        history
    }

    /// The writes of the history alone.
    pub(crate) fn given(case: &Case) -> Self {
        let mut history = Self::default();
        for transaction in &case.given {
            let device = &case.devices[transaction.device.as_ref().unwrap()];
            let base = transaction.base.clone().unwrap_or_else(|| Some("head".to_owned()));
            history.arrive(&device.id.to_string(), transaction, base.as_deref(), case.now);
        }
        history
    }

    /// What a device sees that has read up to `base`.
    pub(crate) fn view(&self, device: &str, base: Option<&str>) -> Vec<Write> {
        // A device that does not say what it had seen shows at least what it works on.
        let read = self.place(base).map_or(1, |(transactions, _)| transactions);
        let seen = |write: &&Write| write.device == device || write.transaction < read;
        self.writes.iter().filter(seen).cloned().collect()
    }

    fn place(&self, base: Option<&str>) -> Option<(usize, i64)> {
        match base {
            Some("head") => Some((self.transactions, self.recorded_at)),
            name => name.map(|name| self.points[name]),
        }
    }

    pub(crate) fn arrive(&mut self, device: &str, transaction: &Transaction, base: Option<&str>, now: i64) {
        let now = transaction.now.unwrap_or(now).max(self.recorded_at);
        let place = self.place(base);
        let off = now - transaction.sent_at.unwrap_or(now);
        let shift = if off.abs() > 60_000 { off } else { 0 };
        self.recorded_at = now;
        for command in &transaction.commands {
            let at = command["at"].as_i64().unwrap() + shift;
            self.write(device, command, place, at, now);
        }
        self.transactions += 1;
        if let Some(point) = &transaction.point {
            self.points.insert(point.clone(), (self.transactions, self.recorded_at));
        }
    }

    fn write(&mut self, device: &str, command: &Value, place: Option<(usize, i64)>, at: i64, now: i64) {
        // Later than everything that was seen, and no later than the server's clock.
        let seen = place.map_or(i64::MIN / 2, |(_, recorded_at)| recorded_at);
        let moment = at.min(now).max(seen.min(now));
        let ms = moment.max(seen + 1);
        let (ms, counter) = match self.last.get(device) {
            Some((last, counter)) if ms <= *last => (*last, counter + 1),
            _ => (ms, 0),
        };
        self.last.insert(device.to_owned(), (ms, counter));
        self.recorded_at = self.recorded_at.max(ms);
        let (kind, verb) = command["type"].as_str().unwrap().split_once('.').unwrap();
        self.writes.push(Write {
            stamp: (ms, counter, device.to_owned()),
            device: device.to_owned(),
            moment,
            kind: kind.to_owned(),
            verb: verb.to_owned(),
            id: command["id"].as_str().unwrap().to_owned(),
            body: command.clone(),
            transaction: self.transactions,
            base: place.map(|(transactions, _)| transactions),
        });
    }
}
