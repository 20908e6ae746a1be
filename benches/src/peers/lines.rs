//! What a run keeps: one JSON object a line, in the order in which things happened.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::machine::Machine;
use crate::shapes::Shape;
use crate::statistics::Series;
use crate::targets::Target;

/// Figures by name.
pub(crate) type Figures = BTreeMap<String, f64>;

/// One line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub(super) enum Line {
    /// A run begins.
    Begun(Box<Begun>),
    /// One round of one target.
    Round(Round),
    /// A target is left out of the whole run.
    Skipped { run: String, target: Target, reason: String },
    /// A target is left out of the rest of a shape.
    Failed { run: String, shape: Shape, target: Target, reason: String },
    /// A run has come to its end.
    Ended { run: String, commits: Commits },
}

/// The beginning of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Begun {
    pub(super) run: String,
    pub(super) version: String,
    pub(super) smoke: bool,
    /// The words that it was started with.
    pub(super) command: String,
    pub(super) load_before: String,
    pub(super) round_s: f64,
    pub(super) machine: Machine,
    pub(super) commits: Commits,
}

/// Milliseconds of lone commits of one row.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Commits {
    pub(super) count: usize,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
}

impl From<Series> for Commits {
    fn from(series: Series) -> Self {
        let [p50_ms, p99_ms] = [50, 99].map(|percent| series.percentile(percent));
        Self { count: series.count(), p50_ms, p99_ms, max_ms: series.max() }
    }
}

/// One round of one target.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Round {
    /// The run that it belongs to.
    #[serde(default)]
    pub(crate) run: String,
    /// What was asked.
    pub(crate) shape: Shape,
    /// Of whom.
    pub(crate) target: Target,
    /// In which variant, in words; empty where there is one.
    pub(crate) variant: String,
    /// By how many connections.
    pub(crate) connections: usize,
    /// Which round, from 1.
    pub(crate) round: usize,
    /// What was found.
    pub(crate) figures: Figures,
}

/// Where lines go: into memory, and into a file if there is one.
pub(super) struct Keeper {
    pub(super) run: String,
    pub(super) lines: Vec<Line>,
    file: Option<File>,
}

impl Keeper {
    /// Goes on at the end of the file.
    pub(super) fn open(run: String, file: Option<&Path>) -> Result<Self, Failure> {
        let opened = match file {
            None => None,
            Some(path) => {
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder).map_err(Failure::during("making the folder of the results"))?;
                }
                let opened = OpenOptions::new().create(true).append(true).open(path);
                Some(opened.map_err(Failure::during("opening the file of the results"))?)
            }
        };
        Ok(Self { run, lines: file.map(read).transpose()?.unwrap_or_default(), file: opened })
    }

    /// Keeps a line; it is in the file when this returns.
    pub(super) fn keep(&mut self, line: Line) -> Result<(), Failure> {
        let text = serde_json::to_string(&line).map_err(Failure::during("writing a result"))?;
        if let Some(file) = &mut self.file {
            file.write_all(format!("{text}\n").as_bytes()).map_err(Failure::during("writing a result"))?;
        }
        self.lines.push(line);
        Ok(())
    }
}

/// Every line of a file.
pub(super) fn read(path: &Path) -> Result<Vec<Line>, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::during("reading the results"))?;
    let lines = text.lines().enumerate().map(|(number, line)| {
        serde_json::from_str(line)
            .map_err(|error| Failure::new(format!("line {} of {}: {error}", number + 1, path.display())))
    });
    lines.collect()
}
