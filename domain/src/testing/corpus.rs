//! The corpus: an example of every event in every version that was ever written, at `tests/corpus/events`. An example is an
//! entity's events up to the one that it is about, as they are stored, and what they make of the entity.
//!
//! Files are made once, by any test that comes upon an event that has none while `LEVELUP_CORPUS=write` is set, and never again.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::entity::{Entity, Event, Kind};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/corpus/events");

/// An event as it is stored, as far as reading it needs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stored {
    pub(crate) event_type: String,
    pub(crate) event_version: String,
    pub(crate) payload: Value,
}

/// An example.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Example {
    /// The entity's events; the last is what the example is about.
    pub(crate) events: Vec<Stored>,
    /// What the last is read as, if that is not how it is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) present: Option<Value>,
    /// What they make of it: its row, with days.
    pub(crate) state: Value,
}

impl From<&Event> for Stored {
    fn from(event: &Event) -> Self {
        Self { event_type: event.event_type(), event_version: event.event_version(), payload: event.payload() }
    }
}

/// The state as examples tell it.
pub(crate) fn state(entity: &Entity) -> Value {
    let mut row: Map<String, Value> = entity.row();
    if entity.kind().has_days() {
        row.insert("days".to_owned(), serde_json::to_value(entity.days()).unwrap());
    }
    row.into()
}

/// Makes an example of the last of an entity's events, if that is wanted and there is none.
pub(crate) fn keep(events: &[Event], entity: &Entity) {
    let Some(last) = events.last().filter(|_| std::env::var("LEVELUP_CORPUS").is_ok_and(|what| what == "write")) else {
        return;
    };
    let stored = Stored::from(last);
    let name = stored.event_type.split_once('.').unwrap().1.to_owned();
    let path = folder(last.kind(), &name).join(format!("{}.json", stored.event_version));
    if path.exists() {
        return;
    }
    let example = Example { events: events.iter().map(Stored::from).collect(), present: None, state: state(entity) };
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, serde_json::to_string_pretty(&example).unwrap() + "\n").unwrap();
}

/// Where the examples of an event lie; its name is without the kind.
pub(crate) fn folder(kind: Kind, name: &str) -> PathBuf {
    Path::new(ROOT).join(kind.name()).join(name)
}

/// The examples of an event: version (a file's name up to the first dash) and example.
pub(crate) fn examples(kind: Kind, name: &str) -> Vec<(PathBuf, String, Example)> {
    let Ok(files) = fs::read_dir(folder(kind, name)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let version = stem.split('-').next().unwrap().to_owned();
        let example = serde_json::from_str(&fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{path:?}: {error}"));
        (path, version, example)
    };
    paths.into_iter().map(read).collect()
}

/// Every folder there is, as kind and event.
pub(crate) fn folders() -> Vec<(String, String)> {
    let names = |path: &Path| -> Vec<String> {
        fs::read_dir(path).unwrap().map(|one| one.unwrap().file_name().into_string().unwrap()).collect()
    };
    let of_kind = |kind: String| names(&Path::new(ROOT).join(&kind)).into_iter().map(move |name| (kind.clone(), name));
    names(Path::new(ROOT)).into_iter().flat_map(of_kind).collect()
}
