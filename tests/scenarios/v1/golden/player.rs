//! Somebody who asks what cases say, and looks at what comes back.

use reqwest::Method;
use serde_json::{Map, Value};
use support::Http;

use super::Case;
use super::compare::{Known, assert_like};

/// A client of one prefix, with what it knows.
pub(crate) struct Player {
    http: Http,
    prefix: &'static str,
    known: Known,
    asked: usize,
}

impl Player {
    /// A client that knows these.
    pub(crate) fn new<const N: usize>(http: Http, prefix: &'static str, known: [(&str, Value); N]) -> Self {
        let known = known.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { http, prefix, known, asked: 0 }
    }

    /// Remembers something.
    pub(crate) fn learn(&mut self, name: &str, value: impl Into<Value>) {
        self.known.insert(name.to_owned(), value.into());
    }

    /// Asks at every path of a case and looks at the answers; the last of them.
    pub(crate) async fn play(&mut self, case: &Case) -> Value {
        let mut last = Value::Null;
        for path in &case.paths {
            last = self.ask(case, path).await;
        }
        last
    }

    async fn ask(&mut self, case: &Case, path: &str) -> Value {
        let http = match &case.token {
            Some(token) => self.http.with_token(&self.text(token)),
            None => self.http.clone(),
        };
        let method: Method = case.method.parse().unwrap();
        let path = format!("{}{}", self.prefix, self.text(path));
        let body = (!case.body.is_null()).then(|| self.filled(&case.body).to_string());
        let answer = http.send(method, &path, body).await;
        let (at, told) = (format!("{}: {} {path}", case.name, case.method), answer.json());
        assert_eq!(answer.status, case.status, "{at}: {told}");
        assert_eq!(answer.header("content-type"), "application/json", "{at}");
        assert_like(&self.known, &self.filled(&case.answer), &told, &at);
        self.known.insert(self.asked.to_string(), told["id"].clone());
        self.asked += 1;
        told
    }

    /// A value with what is known in it. A text that is one name alone becomes what is known, of whatever type.
    fn filled(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                let name = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
                name.and_then(|name| self.known.get(name)).cloned().unwrap_or_else(|| self.text(text).into())
            }
            Value::Array(all) => all.iter().map(|one| self.filled(one)).collect(),
            Value::Object(all) => {
                let filled = all.iter().map(|(name, one)| (name.clone(), self.filled(one)));
                Value::Object(filled.collect::<Map<_, _>>())
            }
            other => other.clone(),
        }
    }

    fn text(&self, text: &str) -> String {
        self.known.iter().fold(text.to_owned(), |text, (name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            text.replace(&format!("{{{name}}}"), &value)
        })
    }
}
