//! What folding every log again costs, idle: events a second beside the replay that postgres-es has, which loads and stores its
//! view for each event, and beside reading the same log in order and doing nothing with it.

mod log;
mod replay;

use std::path::PathBuf;
use std::time::Instant;

use clap::Parser;
use futures_util::TryStreamExt;
use infrastructure::postgres::pool;
use infrastructure::postgres::rebuild::{Scope, State, WORKERS_DEFAULT, rebuild};
use tokio_postgres::{Client, Config};
use tokio_util::sync::CancellationToken;

use crate::cluster::Scratch;
use crate::failure::Failure;
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

/// Runs it and prints what was found.
///
/// # Errors
/// The PostgreSQL of the run, or a side, failed.
pub async fn run(options: &Options) -> Result<(), Failure> {
    let scratch = Scratch::open(&options.scratch_in).await?;
    let found = tokio::select! {
        found = on(&scratch, options) => found,
        interrupted = tokio::signal::ctrl_c() => Err(Failure::new(format!("interrupted ({interrupted:?})"))),
    };
    scratch.close().await;
    let (events, found) = found?;
    print(options, events, found);
    Ok(())
}

async fn on(scratch: &Scratch, options: &Options) -> Result<(i64, Found), Failure> {
    let (events_default, replayed_default, rounds_default) =
        if options.smoke { (1_500, 200, 1) } else { (1_000_000, 20_000, 3) };
    let config = scratch.served();
    eprintln!("writing a log");
    let events = log::write(&config, options.events.unwrap_or(events_default)).await?;
    let client = scratch.client(&config).await?;
    client.batch_execute(include_str!("sql/analyze.sql")).await?;
    let replay = replay::prepare(&client, &config, options.replayed.unwrap_or(replayed_default)).await?;
    let mut found = Found::default();
    for round in 0..options.rounds.unwrap_or(rounds_default) {
        eprintln!("round {}", round + 1);
        found.rebuilt.push(rebuilt(&config, options.workers, events).await?);
        found.read.push(read(&client, events).await?);
        found.replayed.push(replay.run(&client).await?);
    }
    Ok((events, found))
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

fn print(options: &Options, events: i64, found: Found) {
    let [rebuilt, replayed, read] = [found.rebuilt, found.replayed, found.read].map(Series::new);
    if options.smoke {
        println!("A smoke run: it proves that the benchmark runs. Its numbers mean nothing.");
    }
    println!("# A rebuild of {events} events, {} workers, medians of {} rounds", options.workers, rebuilt.count());
    let line = |what: &str, series: &Series| {
        let (median, ratio) = (series.median(), rebuilt.median() / series.median());
        println!("{what:<28} {median:>12.0} events/s   the rebuild is {ratio:.2} times as fast");
    };
    line("rebuild", &rebuilt);
    line("postgres-es QueryReplay", &replayed);
    line("plain ordered read", &read);
}
