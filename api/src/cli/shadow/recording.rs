//! A recording: requests and answers, one JSON object a line, in the order in which they were made.

use std::path::Path;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::cli::error::{CliError, Exit};

/// All of it.
#[derive(Debug)]
pub(super) struct Recording {
    pub(super) steps: Vec<Step>,
}

/// A request and its answer. In `path` and `body`, `${name.field.0}` stands for that value of the answer with that name, as
/// the server in question gave it; `${run}` for a text that differs from run to run.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// What later requests call its answer.
    #[serde(default)]
    pub(super) name: Option<String>,
    pub(super) method: String,
    pub(super) path: String,
    /// Whose access token it carries: that of the answer with this name, or at this place in one, such as `app.data`.
    #[serde(default, rename = "as")]
    pub(super) signed_in: Option<String>,
    #[serde(default)]
    pub(super) body: Option<Value>,
    pub(super) status: u16,
    /// None, where only the status was recorded: null is an answer.
    #[serde(default, deserialize_with = "said")]
    pub(super) answer: Option<Value>,
}

fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Recording {
    /// Reads a file.
    pub(super) fn read(path: &Path) -> Result<Self, CliError> {
        let said = |why: String| {
            let what = format!("{} cannot be read as a recording: {why}.", path.display());
            CliError::new(Exit::Usage, what, "docs/SHADOW.md describes the lines.")
        };
        let text = std::fs::read_to_string(path).map_err(|error| said(error.to_string()))?;
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let step = |(number, line): (usize, &str)| {
            serde_json::from_str(line).map_err(|error| said(format!("line {}: {error}", number + 1)))
        };
        let steps: Vec<Step> = lines.map(step).collect::<Result<_, _>>()?;
        if steps.is_empty() { Err(said("it is empty".to_owned())) } else { Ok(Self { steps }) }
    }
}
