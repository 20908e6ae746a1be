//! What the generator can be told.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use super::{lines, page, run};
use crate::failure::Failure;
use crate::shapes::Shape;
use crate::shapes::sizes::Sizes;
use crate::targets::node::{self, Package};
use crate::targets::{Target, es_server};

/// Where results are kept, and reports lie, when nobody says where.
const RESULTS: &str = "target/levelup-bench/results.jsonl";

/// Level Up Sync beside its peers: one generator of load, many targets.
#[derive(Debug, Parser)]
#[command(name = "levelup-bench", args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    act: Option<Act>,
    #[command(flatten)]
    asked: Asked,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Measure; what is done without a subcommand
    Run(Box<Asked>),
    /// Name the targets, and whether each is installed; and the shapes
    List,
    /// Install a package of servers for node, by `npm ci`
    Install {
        /// Which
        #[arg(default_value = "node")]
        package: Package,
    },
    /// Make the report of results that are there
    Report(Page),
    /// The Rust libraries as a server, for `run`
    #[command(hide = true)]
    PeerServer {
        /// Its database
        url: String,
    },
}

#[derive(Debug, Args)]
struct Page {
    /// The results
    #[arg(long, value_name = "FILE", default_value = RESULTS)]
    results: PathBuf,
    /// Write the report to this file too, as Markdown
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// What a run is told.
#[derive(Clone, Debug, Args)]
pub(super) struct Asked {
    /// Tiny counts, some seconds: proves that it runs
    #[arg(long)]
    pub(super) smoke: bool,
    /// Only these targets [default: all but zero, whose replication reads what all others write]
    #[arg(long, value_name = "TARGET", value_delimiter = ',')]
    targets: Option<Vec<Target>>,
    /// Only these shapes
    #[arg(long, value_name = "SHAPE", value_delimiter = ',')]
    shapes: Option<Vec<Shape>>,
    /// Numbers of connections, for every shape that writes
    #[arg(long, value_name = "COUNT", value_delimiter = ',')]
    connections: Option<Vec<usize>>,
    /// Rounds of each target
    #[arg(long, value_name = "COUNT")]
    rounds: Option<usize>,
    /// Seconds of one round
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// Commands a second of the open loop
    #[arg(long, value_name = "RATE", value_delimiter = ',')]
    rates: Option<Vec<f64>>,
    /// Commands from device to device in a round
    #[arg(long, value_name = "COUNT")]
    samples: Option<usize>,
    /// Entities of the space that is read whole
    #[arg(long, value_name = "COUNT")]
    entities: Option<usize>,
    /// Idle live connections
    #[arg(long, value_name = "COUNT")]
    idle: Option<usize>,
    /// Live connections of one space
    #[arg(long, value_name = "COUNT")]
    subscribers: Option<usize>,
    /// Live connections under which the server is restarted
    #[arg(long, value_name = "COUNT")]
    restart: Option<usize>,
    /// Append what is found to this file, a JSON object a line [default: target/levelup-bench/results.jsonl; none for --smoke]
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Write the report to this file too, as Markdown
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// Directory for the PostgreSQL of the run, on the disk to be measured; made fresh and removed
    #[arg(long, value_name = "DIR", default_value_os_t = std::env::temp_dir())]
    pub(super) scratch_in: PathBuf,
    /// The server's program; without it the workspace's own is built first
    #[arg(long, value_name = "FILE", env = "LEVELUP_BENCH_PROGRAM")]
    pub(super) program: Option<PathBuf>,
}

impl Asked {
    pub(super) fn targets(&self) -> Vec<Target> {
        let usual = || Target::ALL.into_iter().filter(|target| *target != Target::Zero).collect();
        self.targets.clone().unwrap_or_else(usual)
    }

    pub(super) fn shapes(&self) -> Vec<Shape> {
        self.shapes.clone().unwrap_or_else(|| Shape::ALL.to_vec())
    }

    pub(super) fn sizes(&self) -> Sizes {
        let usual = if self.smoke { Sizes::smoke() } else { Sizes::full() };
        let round = self.seconds.map_or(usual.round, Duration::from_secs);
        Sizes {
            connections: self.connections.clone(),
            rounds: self.rounds.unwrap_or(usual.rounds),
            round,
            warm_up: usual.warm_up.min(round),
            rates: self.rates.clone().unwrap_or(usual.rates.clone()),
            samples: self.samples.unwrap_or(usual.samples),
            entities: self.entities.unwrap_or(usual.entities),
            idle: self.idle.unwrap_or(usual.idle),
            subscribers: self.subscribers.unwrap_or(usual.subscribers),
            restart: self.restart.unwrap_or(usual.restart),
            ..usual
        }
    }

    /// Cargo runs a bench in its package's folder; people name files from the project's.
    pub(super) fn results(&self) -> Option<PathBuf> {
        let usual = (!self.smoke).then(|| PathBuf::from(RESULTS));
        self.results.clone().or(usual).map(|file| from_project(&file))
    }

    /// The words that make such a run again; where things are on this machine is left out.
    pub(super) fn command(&self) -> String {
        const PLACES: [&str; 3] = ["--scratch-in", "--program", "--results"];
        let mut words = vec!["levelup-bench".to_owned()];
        let mut given = std::env::args().skip(1).filter(|word| word != "--bench");
        while let Some(word) = given.next() {
            match PLACES.iter().find(|place| word.starts_with(**place)) {
                Some(place) if word == *place => drop(given.next()),
                Some(_) => {}
                None => words.push(word),
            }
        }
        words.join(" ")
    }
}

/// A path that people meant from the project's folder.
pub(super) fn from_project(file: &Path) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)
}

/// Does what the command line says.
pub async fn command_line() -> ExitCode {
    // Cargo gives every benchmark this word.
    let words = std::env::args_os().filter(|word| word != "--bench");
    let cli = Cli::parse_from(words);
    let done = match cli.act {
        None => run::run(&cli.asked).await,
        Some(Act::Run(asked)) => run::run(&asked).await,
        Some(Act::List) => {
            list();
            Ok(())
        }
        Some(Act::Install { package }) => node::install(package),
        Some(Act::Report(Page { results, report })) => again(&results, report.as_deref()),
        Some(Act::PeerServer { url }) => es_server::serve(&url).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("levelup-bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn again(results: &Path, report: Option<&Path>) -> Result<(), Failure> {
    page::publish(&lines::read(&from_project(results))?, report)
}

fn list() {
    println!("Targets:");
    for target in Target::ALL {
        let state = target.missing().map_or_else(|| "installed".to_owned(), |reason| format!("left out: {reason}"));
        println!("  {:<18} {state}", target.name());
    }
    println!("Shapes:");
    for shape in Shape::ALL {
        let takers: Vec<&str> =
            Target::ALL.iter().filter(|target| shape.refuses(**target).is_none()).map(|target| target.name()).collect();
        println!("  {:<12} {}: {}", shape.name(), shape.title(), takers.join(", "));
    }
    println!("A rebuild beside its peers is a benchmark of its own: cargo bench -p benches --bench rebuild");
}
