//! Requests and answers as the legacy contract has them, written by hand in `tests/cases/v1`: one form of file, one way to
//! compare.
//!
//! A file holds a case or a list of them, which are asked in their order: `method`, `path` behind the prefix (or `paths` that
//! are all answered alike), `body` where there is one, `token` where it is not the player's, `status`, `answer`. In a request
//! `{name}` stands for what the player knows by that name; `{3}` is the id in the answer to the third of the walk, from 0. In an
//! answer, besides, `@name` stands for the answer of the file beside, `@name reversed` for that list the other way round, and
//! what is in angle brackets for what is another each time (see `compare`).

mod compare;
mod coverage;
mod player;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

pub(super) use self::player::Player;

/// Where all of them are.
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/cases/v1");

/// A request and its answer.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// The file that it is from.
    pub(super) name: String,
    /// As it is sent.
    pub(super) method: String,
    /// Behind the prefix, with names in them.
    pub(super) paths: Vec<String>,
    /// Whose token, if it is not the player's.
    pub(super) token: Option<String>,
    /// The body; null is none.
    pub(super) body: Value,
    /// The status of the answer.
    pub(super) status: u16,
    /// The body of the answer.
    pub(super) answer: Value,
}

/// The cases of a file, such as `read/tasks`.
pub(super) fn cases(name: &str) -> Vec<Case> {
    let path = Path::new(CASES).join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let all = match serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")) {
        Value::Array(all) => all,
        one => vec![one],
    };
    all.iter().map(|case| Case::read(name, case)).collect()
}

/// The only case of a file.
pub(super) fn case(name: &str) -> Case {
    let mut cases = cases(name);
    assert_eq!(cases.len(), 1, "{name} holds more than a case");
    cases.remove(0)
}

/// The files in a folder, by their names with it.
pub(super) fn files(folder: &str) -> Vec<String> {
    let of = |path: PathBuf| Some(format!("{folder}/{}", path.file_name()?.to_str()?.strip_suffix(".json")?));
    let entries = std::fs::read_dir(Path::new(CASES).join(folder)).unwrap();
    let mut names: Vec<String> = entries.filter_map(|entry| of(entry.unwrap().path())).collect();
    names.sort();
    names
}

impl Case {
    fn read(name: &str, case: &Value) -> Self {
        let known = ["method", "path", "paths", "token", "body", "status", "answer"];
        let unknown = case.as_object().unwrap().keys().find(|member| !known.contains(&member.as_str()));
        assert_eq!(unknown, None, "{name}");
        let paths = case["paths"].as_array().cloned().unwrap_or_else(|| vec![case["path"].clone()]);
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{name}: {case}")).to_owned();
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        Self {
            name: name.to_owned(),
            method: text(&case["method"]),
            paths: paths.iter().map(text).collect(),
            token: case["token"].as_str().map(str::to_owned),
            body: case["body"].clone(),
            status: case["status"].as_u64().and_then(|status| u16::try_from(status).ok()).expect("a status"),
            answer: whole(folder, case.get("answer").expect("an answer").clone()),
        }
    }
}

/// An answer with the answers of other files in it.
fn whole(folder: &str, value: Value) -> Value {
    let of = |name: &str| case(&format!("{folder}/{name}")).answer;
    match value {
        Value::String(text) if text.starts_with('@') => match text[1..].strip_suffix(" reversed") {
            Some(name) => Value::Array(of(name).as_array().unwrap().iter().rev().cloned().collect()),
            None => of(&text[1..]),
        },
        Value::Array(items) => items.into_iter().map(|item| whole(folder, item)).collect(),
        Value::Object(members) => {
            let filled = members.into_iter().map(|(name, value)| (name, whole(folder, value)));
            Value::Object(filled.collect::<Map<_, _>>())
        }
        other => other,
    }
}
