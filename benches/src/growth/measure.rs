//! What a database of one size is like to work on.

use std::path::Path;
use std::time::Instant;

use api::client::http::Server as Remote;
use futures_util::future::try_join_all;
use tokio::process::Command;

use super::load::{self, Loaded};
use super::people::{self, Person};
use super::tables::{self, Updates, Weight};
use super::{Counts, population};
use crate::account;
use crate::cluster::{Scratch, words};
use crate::failure::Failure;
use crate::latency::{Pair, Way};
use crate::load::must_be_committed;
use crate::request::body;
use crate::server::{Server, UNLIMITED};
use crate::statistics::Series;
use crate::stored::stored;

/// One size.
#[derive(Debug)]
pub(super) struct Measured {
    /// Events that were loaded.
    pub(super) events: i64,
    /// Accounts.
    pub(super) accounts: usize,
    /// Seconds to make and load them.
    pub(super) took_s: f64,
    /// Milliseconds of each account's first command: nothing of it is remembered.
    pub(super) first_ms: Series,
    /// Milliseconds of the others.
    pub(super) commands_ms: Series,
    /// Milliseconds from one device to another.
    pub(super) arrived_ms: Series,
    /// Tables as they were loaded.
    pub(super) tables: Vec<Weight>,
    /// Indexes as they were loaded.
    pub(super) indexes: Vec<Weight>,
    /// How rows were updated by those commands.
    pub(super) updates: Vec<Updates>,
}

/// Makes a database of so many events, and works on it.
pub(super) async fn measure(
    program: &Path,
    scratch: &mut Scratch,
    events: usize,
    counts: &Counts,
) -> Result<Measured, Failure> {
    let loaded = grow(program, scratch, events, counts).await?;
    let client = scratch.client(&scratch.served()).await?;
    let (tables, indexes) = (tables::tables(&client).await?, tables::indexes(&client).await?);
    verify(program, scratch, &loaded).await?;
    let server = Server::start(program, scratch, &UNLIMITED).await?;
    let mut people = people::sign_in(&server, loaded.accounts, counts.people).await?;
    let before = tables::updates(&client).await?;
    let (first_ms, commands_ms) = commands(&mut people, counts).await?;
    let pair = account::register(&Remote::at(&server.url())?, "pair", 1).await?;
    let pair = pair.into_iter().next().ok_or_else(|| Failure::new("nobody was registered"))?;
    let arrived = Pair::new(server.address, pair).await?.measure(Way::WebSocket, counts.arrivals).await?;
    // Sessions tell what they did when they end.
    server.stop().await?;
    let updates = tables::between(&before, tables::updates(&client).await?);
    let Loaded { events, accounts, took_s, .. } = loaded;
    let arrived_ms = arrived.sent_to_arrived;
    Ok(Measured { events, accounts, took_s, first_ms, commands_ms, arrived_ms, tables, indexes, updates })
}

/// Fills an empty database that was opened with [`load::SETTINGS`], and looks whether everything came to be stored. Afterwards the
/// database is as `levelup serve` runs it.
pub(super) async fn grow(
    program: &Path,
    scratch: &mut Scratch,
    events: usize,
    counts: &Counts,
) -> Result<Loaded, Failure> {
    let server = Server::start(program, scratch, &UNLIMITED).await?;
    let hash = people::hash(scratch, &server).await?;
    server.stop().await?;
    let client = scratch.client(&scratch.served()).await?;
    let before = stored(&client).await?;
    let accounts = (events / counts.events_per_account).max(2);
    let sizes = population::sizes(events, accounts, counts.largest);
    let loaded = load::fill(scratch, &sizes, &hash, counts.workers).await?;
    let stored = stored(&client).await? - before;
    if stored.events != loaded.events {
        return Err(Failure::new(format!("{} events were made, {} are stored", loaded.events, stored.events)));
    }
    client.batch_execute(include_str!("sql/settle.sql")).await?;
    drop(client);
    scratch.restart().await?;
    // What was not waited for while loading is not written while measuring.
    let written = Command::new("sync").status().await.map_err(Failure::during("sync"))?;
    if !written.success() {
        return Err(Failure::new("sync failed, so the disk may still be busy with what was loaded"));
    }
    Ok(loaded)
}

/// Some of the spaces are what they must be, by the program's own walk.
async fn verify(program: &Path, scratch: &Scratch, loaded: &Loaded) -> Result<(), Failure> {
    let url = words(&scratch.served()).map(|(name, value)| format!("{name}='{value}'")).join(" ");
    for space in &loaded.some {
        let mut command = Command::new(program);
        command.arg("verify").arg("--space").arg(space.to_string());
        command.env("DATABASE_URL", &url).env("LEVELUP_DATA_DIR", scratch.server_dir()).env("LEVELUP_LOG", "warn");
        let ended = command.output().await.map_err(Failure::during("verifying"))?;
        if !ended.status.success() {
            let said = String::from_utf8_lossy(&ended.stdout);
            return Err(Failure::new(format!("the space {space} is not what it must be: {said}")));
        }
    }
    Ok(())
}

/// Closed loop: each connection works for some of the people, one command at a time, by turns.
async fn commands(people: &mut [Person], counts: &Counts) -> Result<(Series, Series), Failure> {
    let share = people.len().div_ceil(counts.connections).max(1);
    let each = counts.commands.div_ceil(counts.connections);
    let working = people.chunks_mut(share).map(|people| async move {
        let (mut first, mut others) = (Vec::new(), Vec::new());
        for number in 0..each.max(people.len()) {
            let turn = number % people.len();
            let took = send(&mut people[turn]).await?;
            if number < people.len() { &mut first } else { &mut others }.push(took);
        }
        Ok::<_, Failure>((first, others))
    });
    let (first, others): (Vec<_>, Vec<_>) = try_join_all(working).await?.into_iter().unzip();
    Ok((Series::new(first.concat()), Series::new(others.concat())))
}

/// Milliseconds of one command.
async fn send(person: &mut Person) -> Result<f64, Failure> {
    let transaction = person.script.next_transaction();
    let asked = Instant::now();
    must_be_committed(person.connection.post(&body(&transaction)).await?)?;
    Ok(asked.elapsed().as_secs_f64() * 1e3)
}
