//! A run: the chosen shapes, one after the other, of the chosen targets.

use std::path::Path;

use super::cli::Asked;
use super::lines::{Begun, Keeper, Line};
use super::page;
use super::stage::Stage;
use crate::cluster::Scratch;
use crate::commits::commits;
use crate::failure::Failure;
use crate::machine::{Machine, load_average};
use crate::server;
use crate::shapes::sizes::Sizes;
use crate::shapes::{Shape, device, restart, snapshot, sockets, writing};
use crate::targets::Target;

/// Settings of the run's PostgreSQL that differ from those of `levelup serve`: bare SQL has a connection for each client.
const CONNECTIONS: (&str, &str) = ("max_connections", "400");
/// What Zero needs beside: its cache follows the log by logical replication.
const REPLICATION: (&str, &str) = ("wal_level", "logical");

/// Why Zero is measured only when it is asked for.
const APART: &str = "its replication reads what all others write, so it has a run of its own: \
    `--shapes device --targets levelup,single-statement,read-check-write,zero`";

/// Runs, keeps, prints and writes the report.
pub(super) async fn run(asked: &Asked) -> Result<(), Failure> {
    let program = server::program(asked.program.as_ref()).await?;
    let results = asked.results();
    let mut keeper = Keeper::open(infrastructure::clock::uuid_v7().to_string(), results.as_deref())?;
    let zero = asked.targets().contains(&Target::Zero);
    let settings: Vec<_> = std::iter::once(CONNECTIONS).chain(zero.then_some(REPLICATION)).collect();
    let scratch = Scratch::open_with(&asked.scratch_in, &settings).await?;
    let done = tokio::select! {
        done = on(&scratch, &program, asked, &mut keeper) => done,
        interrupted = tokio::signal::ctrl_c() => Err(Failure::new(format!("interrupted ({interrupted:?})"))),
    };
    scratch.close().await;
    page::publish(&keeper.lines, asked.report.as_deref())?;
    match done? {
        0 => Ok(()),
        failures => Err(Failure::new(format!("{failures} measurements failed; the report says which"))),
    }
}

/// Everything that needs the cluster; how many measurements failed.
async fn on(scratch: &Scratch, program: &Path, asked: &Asked, keeper: &mut Keeper) -> Result<usize, Failure> {
    let sizes = asked.sizes();
    let client = scratch.client(&scratch.bare()).await?;
    let begun = Begun {
        run: keeper.run.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        smoke: asked.smoke,
        command: asked.command(),
        load_before: load_average(),
        round_s: sizes.round.as_secs_f64(),
        machine: Machine::look(&client, scratch.dir()).await?,
        commits: commits(&client, sizes.commits).await?.into(),
    };
    keeper.keep(Line::Begun(Box::new(begun)))?;
    if !asked.targets().contains(&Target::Zero) {
        let (run, target, reason) = (keeper.run.clone(), Target::Zero, APART.to_owned());
        keeper.keep(Line::Skipped { run, target, reason })?;
    }
    let (count, targets) = (sizes.commits, asked.targets());
    let mut stage = Stage::set(scratch, program, sizes, targets, keeper).await?;
    for shape in asked.shapes() {
        eprintln!("{}: {}", shape.name(), shape.title());
        measure(&mut stage, shape).await?;
    }
    let failures = stage.clear().await?;
    let commits = commits(&client, count).await?.into();
    keeper.keep(Line::Ended { run: keeper.run.clone(), commits })?;
    Ok(failures)
}

/// One shape. A shape that fails as a whole is this server's failure, and the next one is measured all the same.
async fn measure(stage: &mut Stage<'_>, shape: Shape) -> Result<(), Failure> {
    if stage.players(shape).is_empty() {
        return Ok(());
    }
    let Sizes { idle: sockets, restart, .. } = stage.sizes;
    let measured = match shape {
        Shape::Device | Shape::DeviceLoad => device::measure(stage, shape).await,
        Shape::Snapshot => snapshot::measure(stage).await,
        Shape::Idle if sockets > 0 => sockets::idle(stage).await,
        Shape::Subscribers => sockets::subscribers(stage).await,
        Shape::Restart if restart > 0 => restart::measure(stage).await,
        Shape::Idle | Shape::Restart => Ok(()),
        _ => writing::measure(stage, shape).await,
    };
    match measured {
        Ok(()) => Ok(()),
        Err(failure) => stage.fail(shape, Target::Levelup, &failure),
    }
}
