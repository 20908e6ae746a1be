//! A server that is asked what was recorded, with what it answered before.

use std::collections::HashMap;
use std::time::Duration;

use infrastructure::clock::uuid_v7;
use reqwest::{Client, Method};
use serde_json::Value;

use super::name;
use super::recording::Step;
use crate::cli::error::{CliError, Exit};

/// A text that differs from run to run, such as for an address.
const RUN: &str = "run";

/// A server.
pub(super) struct Backend {
    client: Client,
    base: String,
    run: String,
    answers: HashMap<String, Value>,
    asked: usize,
}

/// What was answered.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) status: u16,
    /// None, where it was not recorded.
    pub(super) body: Option<Value>,
}

impl Told {
    /// As it was recorded.
    pub(super) fn recorded(step: &Step) -> Self {
        Self { status: step.status, body: step.answer.clone() }
    }
}

impl Backend {
    /// The server at this address, which has so long for each answer.
    pub(super) fn at(url: &str, patience: Duration) -> Result<Self, CliError> {
        let client = Client::builder().timeout(patience).build().map_err(|error| {
            CliError::new(
                Exit::Environment,
                format!("No requests can be made: {error}."),
                "Look at the TLS of this machine.",
            )
        })?;
        let (base, run) = (url.trim_end_matches('/').to_owned(), uuid_v7().simple().to_string());
        Ok(Self { client, base, run, answers: HashMap::new(), asked: 0 })
    }

    /// Asks and remembers the answer; none, if it did not come in time. A body that is no JSON is its text.
    pub(super) async fn ask(&mut self, step: &Step) -> Result<Option<Told>, CliError> {
        let number = self.asked;
        self.asked += 1;
        match self.answer(step).await? {
            Err(error) if error.is_timeout() => Ok(None),
            Err(error) => {
                let what = format!("{} does not answer: {}.", self.base, error.without_url());
                Err(CliError::new(Exit::Environment, what, "Start it, or name another by --server or --beside."))
            }
            Ok((status, text)) => {
                let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
                self.answers.insert(name(step, number), body.clone());
                Ok(Some(Told { status, body: Some(body) }))
            }
        }
    }

    /// Status and text of the answer.
    async fn answer(&self, step: &Step) -> Result<Result<(u16, String), reqwest::Error>, CliError> {
        let method = Method::from_bytes(step.method.as_bytes()).map_err(|_| {
            CliError::new(Exit::Usage, format!("{:?} is no method.", step.method), "Mend the recording.")
        })?;
        let mut request = self.client.request(method, format!("{}{}", self.base, self.filled_text(&step.path)));
        if let Some(whose) = &step.signed_in {
            request = request.bearer_auth(self.filled_text(&format!("${{{whose}.accessToken}}")));
        }
        if let Some(body) = &step.body {
            request = request.json(&self.filled(body));
        }
        let answered = async {
            let answer = request.send().await?;
            Ok((answer.status().as_u16(), answer.text().await?))
        };
        Ok(answered.await)
    }

    /// A text that is one place alone becomes the value there, of whatever type.
    fn filled(&self, body: &Value) -> Value {
        match body {
            Value::String(text) => match text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
                Some(place) if !place.contains("${") => self.value(place),
                _ => Value::String(self.filled_text(text)),
            },
            Value::Array(all) => all.iter().map(|one| self.filled(one)).collect(),
            Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), self.filled(value))).collect(),
            other => other.clone(),
        }
    }

    fn filled_text(&self, text: &str) -> String {
        let Some((before, rest)) = text.split_once("${") else { return text.to_owned() };
        let Some((place, after)) = rest.split_once('}') else { return text.to_owned() };
        let value = match self.value(place) {
            Value::String(text) => text,
            other => other.to_string(),
        };
        format!("{before}{value}{}", self.filled_text(after))
    }

    /// What stands at `name.field.0`; null, where nothing does.
    fn value(&self, place: &str) -> Value {
        if place == RUN {
            return self.run.clone().into();
        }
        let mut parts = place.split('.');
        let mut value = parts.next().and_then(|name| self.answers.get(name));
        for part in parts {
            value = value.and_then(|value| match part.parse::<usize>() {
                Ok(index) => value.get(index),
                Err(_) => value.get(part),
            });
        }
        value.cloned().unwrap_or_default()
    }
}
