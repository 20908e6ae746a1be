//! What a device sends: transactions of one command or several, by turns a task created and that task completed.

use infrastructure::clock::{now_ms, uuid_v7};
use uuid::Uuid;

/// One transaction.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// Its id.
    pub id: Uuid,
    /// How many commands it has.
    pub commands: i64,
    /// How many events the server makes of them: one of a creation; two of a completion, the task's and the hero's.
    pub events: i64,
    /// It, as JSON.
    pub json: String,
}

/// A device's queue without end.
#[derive(Debug)]
pub struct Script {
    base: String,
    /// How many transactions there were, if the device counts them.
    device_seq: Option<u64>,
    made: u64,
    open: Option<Uuid>,
}

impl Script {
    /// A device that has applied the log up to `base`, and counts its transactions.
    #[must_use]
    pub fn new(base: String) -> Self {
        Self { device_seq: Some(0), ..Self::uncounted(base) }
    }

    /// A device that writes over several connections at once, so that a count of them would have gaps.
    #[must_use]
    pub fn uncounted(base: String) -> Self {
        Self { base, device_seq: None, made: 0, open: None }
    }

    /// The next transaction, of one command. Each is sent once.
    pub fn next_transaction(&mut self) -> Transaction {
        self.next_of(1)
    }

    /// The next transaction, of so many commands.
    pub fn next_of(&mut self, commands: usize) -> Transaction {
        let (id, at) = (uuid_v7(), now_ms());
        self.device_seq = self.device_seq.map(|seq| seq + 1);
        let (mut texts, mut events) = (Vec::with_capacity(commands), 0);
        for _ in 0..commands {
            let (what, made) = self.step();
            texts.push(format!(r#"{{"command_id":"{}","at":{at},{what}}}"#, uuid_v7()));
            events += made;
        }
        let counted = self.device_seq.map(|seq| format!(r#""device_seq":{seq},"#)).unwrap_or_default();
        let (base, texts) = (&self.base, texts.join(","));
        let json = format!(r#"{{"transaction_id":"{id}","base":"{base}",{counted}"commands":[{texts}]}}"#);
        Transaction { id, commands: i64::try_from(commands).unwrap_or(i64::MAX), events, json }
    }

    /// What the next command is, and how many events it makes.
    fn step(&mut self) -> (String, i64) {
        match self.open.take() {
            Some(task) => (format!(r#""type":"task.complete","id":"{task}""#), 2),
            None => {
                let task = uuid_v7();
                self.open = Some(task);
                self.made += 1;
                (create(task, self.made), 1)
            }
        }
    }
}

/// As much as people write: a title, a few choices, two tags.
fn create(task: Uuid, number: u64) -> String {
    format!(
        r#""type":"task.create","id":"{task}","data":{{"title":"Read chapter {number} before bed","category":"todo","difficulty":"easy","exp_reward":10,"energy_cost":1,"estimated_minutes":30,"tags":["book","evening"]}}"#
    )
}

/// The body of a request with one transaction.
#[must_use]
pub fn body(transaction: &Transaction) -> String {
    format!(r#"{{"sent_at":{},"transactions":[{}]}}"#, now_ms(), transaction.json)
}

#[cfg(test)]
mod tests {
    use super::Script;

    #[test]
    fn commands_come_by_turns_whatever_the_size_of_a_transaction() {
        let mut script = Script::new("here".to_owned());
        let [ten, one] = [script.next_of(10), script.next_transaction()];
        assert_eq!((ten.commands, ten.events, one.commands, one.events), (10, 15, 1, 1));
        assert_eq!(ten.json.matches("task.complete").count(), 5);
        assert!(ten.json.contains(r#""device_seq":1,"#) && one.json.contains(r#""device_seq":2,"#), "{}", one.json);
        for text in [ten.json, one.json, Script::uncounted(String::new()).next_of(3).json] {
            serde_json::from_str::<serde_json::Value>(&text).unwrap();
        }
    }
}
