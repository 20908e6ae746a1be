//! The whole run, in order.

use std::path::Path;

use api::client::http::Server as Remote;

use crate::account::{self, Account};
use crate::bare;
use crate::cluster::Scratch;
use crate::commits::commits;
use crate::failure::Failure;
use crate::flood::{self, Flood};
use crate::latency::{Latency, Pair, Way};
use crate::load;
use crate::machine::{Machine, load_average};
use crate::options::{Options, Sizes};
use crate::reading;
use crate::report::{Results, text};
use crate::server::{self, Server};
use crate::throughput::{Ring, Throughput, measure};

/// Runs everything, prints it and writes the report.
pub async fn run(options: &Options) -> Result<(), Failure> {
    let sizes = options.sizes();
    let program = server::program(options.program.as_ref()).await?;
    let load_before = load_average();
    let scratch = Scratch::open(&options.scratch_in).await?;
    let measured = tokio::select! {
        measured = on(&scratch, &program, options, &sizes) => measured,
        interrupted = tokio::signal::ctrl_c() => Err(Failure::new(format!("interrupted ({interrupted:?})"))),
    };
    scratch.close().await;
    let page = text(&Results { load_before, ..measured? });
    println!("{page}");
    if let Some(file) = &options.report {
        // Cargo runs a bench in its package's folder; people name files from the project's.
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
        std::fs::write(file, page).map_err(Failure::during("writing the report"))?;
    }
    Ok(())
}

/// Everything that needs the cluster.
async fn on(scratch: &Scratch, program: &Path, options: &Options, sizes: &Sizes) -> Result<Results, Failure> {
    let bare_client = scratch.client(&scratch.bare()).await?;
    let machine = Machine::look(&bare_client, scratch.dir()).await?;
    let commits_before = commits(&bare_client, sizes.commits).await?;
    let (throughput, latency, flood) = match options.reading_only {
        true => (Vec::new(), Vec::new(), None),
        false => writing(scratch, program, options, sizes).await?,
    };
    let reading = match options.throughput_only {
        true => None,
        false => Some(reading::measure(program, scratch, &sizes.reading).await?),
    };
    let commits_after = commits(&bare_client, sizes.commits).await?;
    Ok(Results {
        machine,
        sizes: sizes.clone(),
        load_before: String::new(),
        throughput,
        latency,
        flood,
        reading,
        commits_before,
        commits_after,
        options: options.clone(),
    })
}

/// What writing costs, and the sign-in flood.
async fn writing(
    scratch: &Scratch,
    program: &Path,
    options: &Options,
    sizes: &Sizes,
) -> Result<(Vec<Throughput>, Vec<Latency>, Option<Flood>), Failure> {
    let server = Server::start(program, scratch, &server::UNLIMITED).await?;
    let widest = sizes.connections.iter().copied().max().unwrap_or(1).max(sizes.background_writers);
    eprintln!("making {} accounts", widest + 1);
    let mut accounts = account::register(&Remote::at(&server.url())?, "bench", widest + 1).await?;
    let pair = accounts.pop().ok_or_else(|| Failure::new("no account"))?;

    let throughput = compare(scratch, &server, &mut accounts, sizes).await?;
    let latency = match options.throughput_only {
        true => Vec::new(),
        false => latencies(&server, pair, &mut accounts, sizes).await?,
    };
    server.stop().await?;
    let most_per_s = throughput.last().map_or(f64::NAN, |measured| measured.served.median());
    let flood = match options.throughput_only {
        true => None,
        false => Some(flood::measure(program, scratch, most_per_s, &sizes.flood).await?),
    };
    Ok((throughput, latency, flood))
}

async fn compare(
    scratch: &Scratch,
    server: &Server,
    accounts: &mut [Account],
    sizes: &Sizes,
) -> Result<Vec<Throughput>, Failure> {
    let served_client = scratch.client(&scratch.served()).await?;
    let bare_client = scratch.client(&scratch.bare()).await?;
    // So that there is a completed task whose shape bare SQL can take.
    load::one_pair(server.address, accounts).await?;
    let bare = bare::prepare(scratch, &served_client, &bare_client, accounts.len()).await?;
    let mut ring =
        Ring { scratch, server, bare: &bare, served_client: &served_client, bare_client: &bare_client, round: 0 };
    let mut throughput = Vec::new();
    for connections in &sizes.connections {
        let connected = accounts.get_mut(..*connections).ok_or_else(|| Failure::new("too few accounts"))?;
        throughput.push(measure(&mut ring, connected, sizes).await?);
    }
    Ok(throughput)
}

async fn latencies(
    server: &Server,
    pair: Account,
    others: &mut [Account],
    sizes: &Sizes,
) -> Result<Vec<Latency>, Failure> {
    let mut pair = Pair::new(server.address, pair).await?;
    let mut latencies = Vec::new();
    for way in [Way::Http, Way::WebSocket] {
        eprintln!("latency by {}", way.name());
        latencies.push(pair.measure(way, sizes.samples).await?);
    }
    let others = others.get_mut(..sizes.background_writers).ok_or_else(|| Failure::new("too few accounts"))?;
    for way in [Way::Http, Way::WebSocket] {
        eprintln!("latency by {} under load", way.name());
        latencies.push(pair.measure_under_load(way, sizes.samples, others).await?);
    }
    Ok(latencies)
}
