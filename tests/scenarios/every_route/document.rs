//! The operations of the served OpenAPI document, as far as a walk needs them: nothing here knows a route by name.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Map, Value, json};
use support::{Answer, Http, answer};

/// One method of one path.
#[derive(Debug)]
pub(super) struct Operation {
    /// In lower case, as the document has it.
    pub(super) method: String,
    /// With its parameters in braces.
    pub(super) path: String,
    /// Whether it may be called without a token.
    pub(super) is_open: bool,
    /// Whether it asks for a role.
    pub(super) is_admins: bool,
    /// What is said of each status.
    responses: BTreeMap<String, String>,
    /// A body of the documented form.
    body: Option<Value>,
}

/// Every operation that the server documents.
pub(super) async fn operations(http: &Http) -> Vec<Operation> {
    let document = http.get("/openapi.json").await.json();
    let paths = document["paths"].as_object().expect("paths").clone();
    let mut found = Vec::new();
    for (path, methods) in &paths {
        for (method, operation) in methods.as_object().expect("methods") {
            if ["get", "put", "post", "delete", "patch", "head"].contains(&method.as_str()) {
                found.push(Operation::of(&document, method, path, operation));
            }
        }
    }
    assert!(found.len() > 15, "the document is nearly empty: {}", found.len());
    found
}

impl Operation {
    fn of(document: &Value, method: &str, path: &str, operation: &Value) -> Self {
        let security = operation["security"].as_array().cloned().unwrap_or_default();
        let responses = operation["responses"].as_object().expect("responses");
        let said = |response: &Value| response["description"].as_str().unwrap_or_default().to_owned();
        let content = &operation["requestBody"]["content"]["application/json"];
        let has_body = operation["requestBody"].is_object();
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            is_open: security.is_empty() || security.contains(&json!({})),
            is_admins: operation["tags"].as_array().is_some_and(|tags| tags.contains(&json!("admin"))),
            responses: responses.iter().map(|(status, response)| (status.clone(), said(response))).collect(),
            body: has_body.then(|| example(document, &content["schema"])),
        }
    }

    /// For messages.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether it changes nothing.
    pub(super) fn is_safe(&self) -> bool {
        ["get", "head"].contains(&self.method.as_str())
    }

    /// Whether something is named in its path.
    pub(super) fn names_something(&self) -> bool {
        self.path.contains('{')
    }

    /// Calls it with this in the place of whatever it names, and a body of the documented form.
    pub(super) async fn call(&self, http: &Http, named: &str) -> Answer {
        let mut path = self.path.clone();
        while let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
            path.replace_range(start..=end, named);
        }
        let method: Method = self.method.to_uppercase().parse().unwrap();
        let mut request = http.request(method, &path);
        if let Some(body) = &self.body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        answer(request).await
    }

    /// Fails unless the answer is this refusal, and the document says so.
    pub(super) fn assert_refused(&self, answer: &Answer, status: u16, code: &str, who: &str) {
        let name = self.name();
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{who}: {name}");
        self.assert_documented(answer, who);
    }

    /// Fails unless the document tells of the answer's status and code.
    pub(super) fn assert_documented(&self, answer: &Answer, who: &str) {
        let (name, code) = (self.name(), answer.problem());
        let said = self.responses.get(&answer.status.to_string());
        let said = said.unwrap_or_else(|| panic!("{who}: {name} does not document {} ({code})", answer.status));
        assert!(
            said.contains(&format!("`{code}`")),
            "{who}: {name} documents {} as {said:?}, not {code}",
            answer.status
        );
    }
}

/// A value of this schema's form: its example, its first choice, or the plainest that there is.
fn example(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return example(document, document.pointer(reference.trim_start_matches('#')).expect("a schema"));
    }
    if let Some(first) = ["oneOf", "anyOf", "allOf", "enum", "examples"].iter().find_map(|key| schema[*key].as_array())
    {
        let chosen = first.iter().find(|choice| choice["type"] != "null").unwrap_or(&Value::Null);
        return if schema.get("enum").is_some() || schema.get("examples").is_some() {
            chosen.clone()
        } else {
            example(document, chosen)
        };
    }
    if let Some(given) = schema.get("example") {
        return given.clone();
    }
    let kind = schema["type"].as_array().and_then(|kinds| kinds.first()).unwrap_or(&schema["type"]);
    match (kind.as_str(), schema["format"].as_str()) {
        (Some("string"), Some("uuid")) => json!(support::commands::id()),
        (Some("string"), _) => json!("something"),
        (Some("integer" | "number"), _) => json!(1),
        (Some("boolean"), _) => json!(false),
        (Some("array"), _) => json!([]),
        _ => Value::Object(members(document, schema)),
    }
}

fn members(document: &Value, schema: &Value) -> Map<String, Value> {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    let wanted = properties.into_iter().filter(|(name, _)| required.contains(&json!(name)));
    wanted.map(|(name, schema)| (name, example(document, &schema))).collect()
}
