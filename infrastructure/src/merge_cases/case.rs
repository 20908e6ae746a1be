//! A case as it is written down.

use std::collections::BTreeMap;

use domain::id::DeviceId;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{CaseError, ORDERS_MAX, count, interleavings};

/// A case of the merge.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// A sentence of fact.
    pub name: String,
    /// More about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// What happened before, in order. Each device had then seen everything before.
    #[serde(default)]
    pub given: Vec<Transaction>,
    /// The server's clock when the rest arrives, Unix ms.
    pub now: i64,
    /// Who writes, by name.
    pub devices: BTreeMap<String, Device>,
    /// In which orders their transactions arrive.
    #[serde(default)]
    pub orders: Orders,
    /// What it ends in.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub expected: Value,
}

/// A device and what it did.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// Its id; it decides between equal stamps.
    pub id: DeviceId,
    /// Up to where it had read: the name of a point, `head`, or null for a device that does not say.
    pub base: Base,
    /// What it did, in order.
    #[serde(default)]
    pub transactions: Vec<Transaction>,
}

/// One transaction.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Transaction {
    /// Who sent it; said in `given` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The server's clock when it arrives, if it is not the case's, Unix ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<i64>,
    /// The device's clock when it sends, Unix ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<i64>,
    /// Up to where the device had read, if it is not the device's.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub base: Option<Base>,
    /// A name for the point of the history that is reached with this transaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<String>,
    /// Commands as on the wire; a missing `command_id` is made.
    pub commands: Vec<Value>,
}

/// Up to where a device had read: the name of a point, `head` for all that has arrived, or null.
pub type Base = Option<String>;

/// In which orders the devices' transactions arrive.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(from = "Value", into = "Value")]
pub enum Orders {
    /// In every order that keeps each device's own.
    #[default]
    All,
    /// In these, each the devices' names.
    These(Vec<Vec<String>>),
    /// It is neither.
    Unreadable,
}

impl From<Value> for Orders {
    fn from(value: Value) -> Self {
        match value {
            Value::String(word) if word == "all" => Self::All,
            list => serde_json::from_value(list).map_or(Self::Unreadable, Self::These),
        }
    }
}

impl From<Orders> for Value {
    fn from(orders: Orders) -> Self {
        match orders {
            Orders::These(orders) => Self::from_iter(orders),
            Orders::All | Orders::Unreadable => Self::from("all"),
        }
    }
}

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    /// Where it is not of this format.
    pub fn read(text: &str) -> Result<Self, CaseError> {
        serde_json::from_str(text).map_err(|error| CaseError::Unreadable(error.to_string()))
    }

    /// The orders of arrival, each the devices' names.
    ///
    /// # Errors
    /// There are too many, one is incomplete, or `orders` is neither "all" nor a list of lists of names.
    pub fn orders(&self) -> Result<Vec<Vec<String>>, CaseError> {
        let names: Vec<&String> = self.devices.keys().collect();
        let counts: Vec<usize> = self.devices.values().map(|device| device.transactions.len()).collect();
        match &self.orders {
            Orders::All if count(&counts).is_none_or(|orders| orders > ORDERS_MAX) => Err(CaseError::TooManyOrders),
            Orders::All => {
                let named = |order: Vec<usize>| order.into_iter().map(|device| names[device].clone()).collect();
                Ok(interleavings(&counts).into_iter().map(named).collect())
            }
            Orders::These(orders) => orders.iter().map(|order| self.whole(order)).collect(),
            Orders::Unreadable => {
                let reason = "`orders` is neither \"all\" nor a list of lists of devices";
                Err(CaseError::Unreadable(reason.to_owned()))
            }
        }
    }

    fn whole(&self, order: &[String]) -> Result<Vec<String>, CaseError> {
        if let Some(stranger) = order.iter().find(|name| !self.devices.contains_key(*name)) {
            return Err(CaseError::DeviceUnknown(stranger.clone()));
        }
        let turns = |name: &String| order.iter().filter(|turn| *turn == name).count();
        let whole = self.devices.iter().all(|(name, device)| turns(name) == device.transactions.len());
        if whole { Ok(order.to_vec()) } else { Err(CaseError::OrderIncomplete) }
    }
}

/// What is there, null too, was said.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Base>, D::Error> {
    Base::deserialize(deserializer).map(Some)
}
