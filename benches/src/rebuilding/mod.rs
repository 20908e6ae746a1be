//! What folding every log again costs. Idle: events a second beside the replay that postgres-es has, which loads and stores its
//! view for each event, and beside reading the same log in order and doing nothing with it. Beside people who write: what it
//! does to them. And whether a command takes longer on a long log than on a short one.

mod beside;
mod log;
mod long;
mod replay;
mod searches;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Parser;
use futures_util::TryStreamExt;
use infrastructure::postgres::pool;
use infrastructure::postgres::rebuild::{Scope, State, WORKERS_DEFAULT, rebuild};
use tokio_postgres::{Client, Config};
use tokio_util::sync::CancellationToken;

use self::beside::{Beside, Sizes};
use self::long::Long;
use crate::cluster::Scratch;
use crate::failure::Failure;
use crate::server;
use crate::statistics::Series;

/// Connections beside those of the workers.
const OTHER_CONNECTIONS: usize = 3;

/// A rebuild beside its peers.
#[derive(Clone, Debug, Parser)]
#[command(name = "rebuild")]
pub struct Options {
    /// Tiny counts, a few seconds: proves that it runs
    #[arg(long)]
    pub smoke: bool,
    /// Events of the log, generated from the recorded lives
    #[arg(long, value_name = "COUNT")]
    pub events: Option<i64>,
    /// Events that postgres-es replays, of the same log
    #[arg(long, value_name = "COUNT")]
    pub replayed: Option<i64>,
    /// Rounds of each side
    #[arg(long, value_name = "COUNT")]
    pub rounds: Option<usize>,
    /// Workers of the rebuild
    #[arg(long, value_name = "COUNT", default_value_t = WORKERS_DEFAULT)]
    pub workers: u16,
    /// Directory for the PostgreSQL of the run; made fresh and removed
    #[arg(long, value_name = "DIR", default_value_os_t = std::env::temp_dir())]
    pub scratch_in: PathBuf,
    /// Leave the peers out: only people who write, beside a rebuild and on a long log
    #[arg(long)]
    pub beside_only: bool,
    /// The server's program; without it the workspace's own is built first
    #[arg(long, env = "LEVELUP_BENCH_PROGRAM", value_name = "FILE")]
    pub program: Option<PathBuf>,
    /// Given by cargo to every benchmark
    #[arg(long, hide = true)]
    pub bench: bool,
}

/// Events a second of each side.
#[derive(Debug, Default)]
struct Found {
    rebuilt: Vec<f64>,
    replayed: Vec<f64>,
    read: Vec<f64>,
}

/// Everything.
#[derive(Debug)]
struct All {
    events: i64,
    peers: Option<Found>,
    beside: Beside,
    long: Long,
}

/// Runs it and prints what was found.
///
/// # Errors
/// The PostgreSQL of the run, or a side, failed.
pub async fn run(options: &Options) -> Result<(), Failure> {
    let program = server::program(options.program.as_ref()).await?;
    let scratch = Scratch::open(&options.scratch_in).await?;
    let found = tokio::select! {
        found = on(&program, &scratch, options) => found,
        interrupted = tokio::signal::ctrl_c() => Err(Failure::new(format!("interrupted ({interrupted:?})"))),
    };
    scratch.close().await;
    print(options, found?);
    Ok(())
}

async fn on(program: &Path, scratch: &Scratch, options: &Options) -> Result<All, Failure> {
    let (events_default, seconds, devices) = if options.smoke { (1_500, 1, 2) } else { (1_000_000, 20, 64) };
    let (long_events, samples) = if options.smoke { (1_000, 20) } else { (1_000_000, 1_000) };
    let config = scratch.served();
    eprintln!("writing a log");
    let events = log::write(&config, options.events.unwrap_or(events_default)).await?;
    let client = scratch.client(&config).await?;
    client.batch_execute(include_str!("sql/analyze.sql")).await?;
    let peers = if options.beside_only { None } else { Some(peers(scratch, options, events).await?) };
    eprintln!("a rebuild beside people who write");
    let sizes = Sizes { devices, length: Duration::from_secs(seconds), workers: options.workers };
    let beside = beside::measure(program, scratch, sizes).await?;
    eprintln!("commands on a long log");
    let long = long::measure(program, scratch, long_events, samples).await?;
    Ok(All { events, peers, beside, long })
}

async fn peers(scratch: &Scratch, options: &Options, events: i64) -> Result<Found, Failure> {
    let (replayed_default, rounds_default) = if options.smoke { (200, 1) } else { (20_000, 3) };
    let config = scratch.served();
    let client = scratch.client(&config).await?;
    let replay = replay::prepare(&client, &config, options.replayed.unwrap_or(replayed_default)).await?;
    let mut found = Found::default();
    for round in 0..options.rounds.unwrap_or(rounds_default) {
        eprintln!("round {}", round + 1);
        found.rebuilt.push(rebuilt(&config, options.workers, events).await?);
        found.read.push(read(&client, events).await?);
        found.replayed.push(replay.run(&client).await?);
    }
    Ok(found)
}

async fn rebuilt(config: &Config, workers: u16, events: i64) -> Result<f64, Failure> {
    let pool = pool::connect(config.clone(), usize::from(workers) + OTHER_CONNECTIONS)?;
    let (scope, stop) = (Scope { workers, ..Scope::default() }, CancellationToken::new());
    let began = Instant::now();
    let ended = rebuild(&pool, &scope, &stop, &mut |_| {}).await.map_err(Failure::during("rebuilding"))?;
    let took = began.elapsed();
    if (ended.state, ended.events, ended.differences) != (State::Finished, events, 0) {
        return Err(Failure::new(format!("the rebuild did not go over everything as it was written: {ended:?}")));
    }
    Ok(events as f64 / took.as_secs_f64())
}

async fn read(client: &Client, events: i64) -> Result<f64, Failure> {
    let began = Instant::now();
    let nothing: [&str; 0] = [];
    let rows = client.query_raw(include_str!("sql/read.sql"), nothing).await?;
    let (mut rows, mut count, mut bytes) = (std::pin::pin!(rows), 0_i64, 0_usize);
    while let Some(row) = rows.try_next().await? {
        bytes += row.get::<_, &str>("payload").len();
        count += 1;
    }
    let took = began.elapsed();
    if count != events || bytes == 0 {
        return Err(Failure::new(format!("{count} of {events} events were read")));
    }
    Ok(events as f64 / took.as_secs_f64())
}

fn print(options: &Options, all: All) {
    if options.smoke {
        println!("A smoke run: it proves that the benchmark runs. Its numbers mean nothing.");
    }
    if let Some(Found { rebuilt, replayed, read }) = all.peers {
        let [rebuilt, replayed, read] = [rebuilt, replayed, read].map(Series::new);
        let (events, rounds) = (all.events, rebuilt.count());
        println!("# A rebuild of {events} events, {} workers, medians of {rounds} rounds", options.workers);
        let line = |what: &str, series: &Series| {
            let (median, ratio) = (series.median(), rebuilt.median() / series.median());
            println!("{what:<28} {median:>12.0} events/s   the rebuild is {ratio:.2} times as fast");
        };
        line("rebuild", &rebuilt);
        line("postgres-es QueryReplay", &replayed);
        line("plain ordered read", &read);
    }
    let Beside { most_per_s, quiet, under, took_s, events } = all.beside;
    println!("# People who write at 30 % of the most ({most_per_s:.0} commands/s), milliseconds from due to answered");
    latencies("quiet", &quiet);
    latencies(&format!("beside a rebuild of {events} events in {took_s:.1} s"), &under);
    println!("p99: {:.2} times the quiet one", under.percentile(99) / quiet.percentile(99));
    println!("# A command, milliseconds");
    latencies("short logs", &all.long.short);
    latencies("a long log", &all.long.long);
    println!("# Searches in the audit log of the long one, milliseconds");
    for (name, took_ms) in &all.long.searches {
        latencies(name, took_ms);
    }
}

fn latencies(what: &str, series: &Series) {
    let [p50, p99] = [50, 99].map(|percent| series.percentile(percent));
    println!("{what:<48} p50 {p50:>8.2}   p99 {p99:>8.2}   of {}", series.count());
}
