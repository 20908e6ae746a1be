//! Plays transactions through the write path, one at a time, each at the server's clock of its arrival.

use std::collections::BTreeMap;

use application::cursor::Cursor;
use application::submit::{Actor, Batch, BatchOutcome, Submission, submit};
use domain::id::{AccountId, DeviceId, SpaceId};
use domain::stamp::clock_shift_ms;
use domain::transaction::{Receipt, Sent, Verdict, founding, read};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Base, Case, CaseError, Transaction};
use crate::memory::MemoryStore;

/// The space of all cases; the ids of conflicts depend on it.
pub const SPACE: SpaceId = SpaceId(Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_5bac));
/// All logs of cases are of this life.
const EPOCH: Uuid = Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_e90c);
/// Every space of a case is older than anything that happens in it, Unix ms.
const FOUNDED: i64 = 0;
const ACCOUNT: AccountId = AccountId(SPACE.0);

/// A space after some of a case's transactions.
#[derive(Clone, Debug)]
pub struct Played {
    store: MemoryStore,
    points: BTreeMap<String, String>,
    arrived: BTreeMap<String, Vec<Receipt>>,
}

impl Played {
    /// The space when the devices go apart: founded, and with all that is given.
    ///
    /// # Errors
    /// What is given is refused, or names what is not there.
    pub async fn given(case: &Case) -> Result<Self, CaseError> {
        let mut played = Self { store: MemoryStore::new(EPOCH), points: BTreeMap::new(), arrived: BTreeMap::new() };
        played.submit(DeviceId::SERVER, FOUNDED, 0, founding(SPACE, "UTC", FOUNDED)).await?;
        for (index, transaction) in case.given.iter().enumerate() {
            let name = transaction.device.as_deref().unwrap_or_default();
            let device = case.devices.get(name).ok_or_else(|| CaseError::DeviceUnknown(name.to_owned()))?.id;
            let base = transaction.base.clone().unwrap_or_else(|| Some("head".to_owned()));
            let label = format!("given/{index}");
            let receipt = played.transaction(device, &label, transaction, base, case.now).await?;
            if let Verdict::Rejected { problem } | Verdict::Deferred { problem } = &receipt.verdict {
                return Err(CaseError::GivenRefused(index, problem.code.clone()));
            }
        }
        Ok(played)
    }

    /// The same space, going another way from here.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self { store: self.store.copy(), ..self.clone() }
    }

    /// The next transaction of a device arrives.
    ///
    /// # Errors
    /// It names a point that is not there.
    pub async fn next(&mut self, case: &Case, name: &str) -> Result<(), CaseError> {
        let device = case.devices.get(name).ok_or_else(|| CaseError::DeviceUnknown(name.to_owned()))?;
        let index = self.arrived.get(name).map_or(0, Vec::len);
        let transaction = device.transactions.get(index).ok_or(CaseError::OrderIncomplete)?;
        let base = transaction.base.clone().unwrap_or_else(|| device.base.clone());
        let label = format!("{name}/{index}");
        let receipt = self.transaction(device.id, &label, transaction, base, case.now).await?;
        self.arrived.entry(name.to_owned()).or_default().push(receipt);
        Ok(())
    }

    /// The store as it stands.
    pub fn store(&self) -> &MemoryStore {
        &self.store
    }

    /// The receipts of each device, in order.
    pub fn receipts(&self) -> &BTreeMap<String, Vec<Receipt>> {
        &self.arrived
    }

    async fn transaction(
        &mut self,
        device: DeviceId,
        label: &str,
        transaction: &Transaction,
        base: Base,
        now: i64,
    ) -> Result<Receipt, CaseError> {
        let now = transaction.now.unwrap_or(now);
        let sent = read(
            json!({
                "transaction_id": named(label),
                "base": self.token(base)?,
                "commands": commands(label, &transaction.commands),
            }),
            SPACE,
        );
        let sent = sent.map_err(|rejection| CaseError::Unreadable(rejection.to_string()))?;
        let receipt = self.submit(device, now, clock_shift_ms(transaction.sent_at, now), sent).await?;
        if let (Some(point), Some(token)) = (&transaction.point, self.head_token()) {
            self.points.insert(point.clone(), token);
        }
        Ok(receipt)
    }

    fn token(&self, base: Base) -> Result<Option<String>, CaseError> {
        match base {
            None => Ok(None),
            Some(name) if name == "head" => Ok(self.head_token()),
            Some(name) => self.points.get(&name).cloned().map(Some).ok_or(CaseError::PointUnknown(name)),
        }
    }

    fn head_token(&self) -> Option<String> {
        self.store.head(SPACE).map(|head| Cursor::of_head(SPACE, &head).token())
    }

    async fn submit(&self, device: DeviceId, now: i64, shift_ms: i64, sent: Sent) -> Result<Receipt, CaseError> {
        let actor = Actor { account: ACCOUNT, device, ..Actor::default() };
        let submission = Submission { actor, sent, shift_ms, deferred: Default::default() };
        let batch = Batch { space: SPACE, submissions: vec![submission] };
        let outcomes = submit(&self.store, now, &[batch], false).await;
        let outcome = outcomes.map_err(|fault| CaseError::Fault(fault.to_string()))?.into_iter().next();
        let Some(BatchOutcome::Committed(committed)) = outcome else {
            return Err(CaseError::Fault("the append was lost".to_owned()));
        };
        committed.receipts.into_iter().next().ok_or_else(|| CaseError::Fault("there is no receipt".to_owned()))
    }
}

/// Ids of transactions and commands are made of their place in the case: the same in every run.
fn named(label: &str) -> Uuid {
    Uuid::new_v5(&SPACE.0, label.as_bytes())
}

fn commands(label: &str, commands: &[Value]) -> Vec<Value> {
    let with_id = |(index, command): (usize, &Value)| {
        let mut command = command.clone();
        if let Some(command) = command.as_object_mut() {
            command.entry("command_id").or_insert_with(|| json!(named(&format!("{label}/{index}"))));
        }
        command
    };
    commands.iter().enumerate().map(with_id).collect()
}
