//! Who wrote: the names that the account's owner gave to the devices, where the server tells them.

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

use crate::client::Session;

use super::line::short_id;

/// The names known so far.
#[derive(Debug, Default)]
pub(super) struct Devices {
    names: BTreeMap<Uuid, String>,
}

impl Devices {
    /// A device in words. An unknown one is asked for once; without an answer it is called by its id.
    pub(super) async fn name(&mut self, session: &Session, device: Option<Uuid>) -> String {
        let Some(id) = device.filter(|id| !id.is_nil()) else { return "the server".to_owned() };
        if !self.names.contains_key(&id) {
            self.learn(session).await;
            self.names.entry(id).or_insert_with(|| format!("device {}", short_id(&id.to_string())));
        }
        self.names[&id].clone()
    }

    async fn learn(&mut self, session: &Session) {
        // Names are a courtesy: without the list the lines still say which device is which.
        let Ok(answer) = session.get::<Value>("/api/v2/auth/devices").await else { return };
        let list = answer.as_array().or_else(|| answer["items"].as_array()).or_else(|| answer["devices"].as_array());
        for item in list.into_iter().flatten() {
            let id = item["device_id"].as_str().or(item["id"].as_str()).and_then(|id| id.parse().ok());
            if let (Some(id), Some(name)) = (id, item["device_name"].as_str().or(item["name"].as_str())) {
                self.names.insert(id, name.to_owned());
            }
        }
    }
}
