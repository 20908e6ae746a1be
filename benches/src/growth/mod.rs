//! What a log that grows does to commands, to the feed and to the disk: databases of several sizes are made by the real write path
//! and copied into the tables, then worked on by the real server. And what time does to a server under load.

mod draft;
mod life;
mod lines;
mod load;
mod measure;
mod people;
mod population;
mod report;
mod rows;
mod slope;
mod soak;
mod tables;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use crate::cluster::Scratch;
use crate::failure::Failure;
use crate::server;

/// Growing logs, and long loads.
#[derive(Clone, Debug, Parser)]
#[command(name = "growth")]
pub struct Options {
    /// Tiny counts, a few seconds: proves that it runs
    #[arg(long)]
    pub smoke: bool,
    /// Events of each database, separated by commas
    #[arg(long, value_name = "COUNTS", value_delimiter = ',')]
    pub sizes: Option<Vec<usize>>,
    /// Load one server for so long instead, such as 30m, on a database of the first size
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub soak: Option<Duration>,
    /// Commands a second of that load
    #[arg(long, value_name = "COUNT", default_value_t = 300.0)]
    pub per_s: f64,
    /// Events of an account, on average
    #[arg(long, value_name = "COUNT", default_value_t = 250)]
    pub events_per_account: usize,
    /// Events of the largest account at most
    #[arg(long, value_name = "COUNT", default_value_t = 100_000)]
    pub largest: usize,
    /// Write the results to this file too, as Markdown
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Directory for the PostgreSQL of the run; made fresh for each size and removed
    #[arg(long, value_name = "DIR", default_value_os_t = std::env::temp_dir())]
    pub scratch_in: PathBuf,
    /// The server's program; without it the workspace's own is built first
    #[arg(long, env = "LEVELUP_BENCH_PROGRAM", value_name = "FILE")]
    pub program: Option<PathBuf>,
    /// Given by cargo to every benchmark
    #[arg(long, hide = true)]
    pub bench: bool,
}

/// How much of everything.
#[derive(Clone, Debug)]
struct Counts {
    events_per_account: usize,
    largest: usize,
    workers: usize,
    people: usize,
    connections: usize,
    commands: usize,
    arrivals: usize,
    per_s: f64,
}

impl Options {
    fn counts(&self) -> Counts {
        let counts = Counts {
            events_per_account: self.events_per_account.max(1),
            largest: self.largest,
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            people: 128,
            connections: 4,
            commands: 8_000,
            arrivals: 1_000,
            per_s: self.per_s,
        };
        match self.smoke {
            true => Counts { people: 4, connections: 2, commands: 20, arrivals: 5, per_s: 20.0, ..counts },
            false => counts,
        }
    }

    fn sizes(&self) -> Vec<usize> {
        let usual = if self.smoke { vec![600, 1_500] } else { vec![100_000, 1_000_000, 10_000_000] };
        self.sizes.clone().unwrap_or(usual)
    }
}

/// Runs it and prints what was found.
///
/// # Errors
/// The PostgreSQL of the run or the server failed, or what was made is not what it must be.
pub async fn run(options: &Options) -> Result<(), Failure> {
    let program = server::program(options.program.as_ref()).await?;
    let (counts, mut measured, mut page) = (options.counts(), Vec::new(), String::new());
    let mut failed = None;
    for events in options.sizes() {
        let mut scratch = Scratch::open_with(&options.scratch_in, &load::SETTINGS).await?;
        eprintln!("a database of {events} events");
        let done = async {
            match options.soak {
                Some(length) => {
                    page = report::soak(&soak::soak(&program, &mut scratch, events, &counts, length).await?)
                }
                None => measured.push(measure::measure(&program, &mut scratch, events, &counts).await?),
            }
            Ok(())
        };
        let done = tokio::select! {
            done = done => done,
            interrupted = tokio::signal::ctrl_c() => Err(Failure::new(format!("interrupted ({interrupted:?})"))),
        };
        scratch.close().await;
        // What was found before stays worth showing.
        failed = done.err();
        if failed.is_some() || options.soak.is_some() {
            break;
        }
    }
    page += &report::sizes(&measured, !options.smoke);
    if options.smoke {
        page = format!("A smoke run: it proves that the benchmark runs. Its numbers mean nothing.\n\n{page}");
    }
    println!("{page}");
    if let Some(file) = &options.report {
        std::fs::write(file, page).map_err(Failure::during("writing the report"))?;
    }
    failed.map_or(Ok(()), Err)
}

fn parse_time(text: &str) -> Result<Duration, String> {
    let units = [("min", 60), ("m", 60), ("s", 1), ("h", 3_600)];
    let seconds = units.iter().find_map(|(unit, seconds)| {
        let count: u64 = text.trim().strip_suffix(unit)?.trim().parse().ok()?;
        count.checked_mul(*seconds).filter(|seconds| *seconds > 0)
    });
    seconds.map(Duration::from_secs).ok_or_else(|| "give a time such as 90s, 30m or 2h".to_owned())
}
