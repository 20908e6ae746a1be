//! Everything that writes commands at a rate, closed loop and open, by turns of all who take it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio_postgres::Client;

use super::{Shape, seats};
use crate::bare::{self, pgbench};
use crate::failure::Failure;
use crate::load::{self, Manner, Stop};
use crate::peers::{Figures, Round, Stage};
use crate::processor::Used;
use crate::statistics::Series;
use crate::steady::{self, Device};
use crate::stored::Stored;
use crate::targets::Running;

/// What is asked in a round.
#[derive(Clone, Copy, Debug)]
struct Asked {
    shape: Shape,
    connections: usize,
    /// Commands a second; as fast as they are answered without.
    rate: Option<f64>,
    length: Duration,
}

/// What a target did in a round.
struct Wrote {
    acknowledged: Stored,
    commands: i64,
    per_s: f64,
    answers_ms: Series,
    /// Where there are no single answers.
    mean_ms: f64,
}

/// All rounds of a shape.
pub(crate) async fn measure(stage: &mut Stage<'_>, shape: Shape) -> Result<(), Failure> {
    let rates = match shape {
        Shape::Open => stage.sizes.rates.iter().copied().map(Some).collect(),
        _ => vec![None],
    };
    for connections in stage.sizes.connections(shape) {
        for rate in &rates {
            cell(stage, shape, connections, *rate).await?;
        }
    }
    Ok(())
}

/// All rounds of one number of connections: each target in turn, after a round of each that does not count.
async fn cell(stage: &mut Stage<'_>, shape: Shape, connections: usize, rate: Option<f64>) -> Result<(), Failure> {
    let mut players = stage.players(shape);
    let snapshots = match shape {
        Shape::Reader => open_snapshots(stage, &players).await?,
        _ => Vec::new(),
    };
    for round in 0..=stage.sizes.rounds {
        let length = if round == 0 { stage.sizes.warm_up } else { stage.sizes.round };
        let asked = Asked { shape, connections, rate, length };
        let mut left = Vec::new();
        for place in players {
            let target = stage.player(place)?.target();
            match one(stage, place, asked).await {
                Ok(figures) => {
                    let variant = rate.map(|rate| format!("{rate:.0} a second")).unwrap_or_default();
                    stage.keep(Round { run: String::new(), shape, target, variant, connections, round, figures })?;
                    left.push(place);
                }
                Err(failure) => stage.fail(shape, target, &failure)?,
            }
        }
        players = left;
    }
    drop(snapshots);
    Ok(())
}

/// One round of one target, counted afterwards.
async fn one(stage: &mut Stage<'_>, place: usize, asked: Asked) -> Result<Figures, Failure> {
    stage.serial += 1;
    stage.checkpoint().await?;
    let (serial, scratch) = (stage.serial, stage.scratch);
    let seats = seats::seats(asked.shape, asked.connections, serial);
    // People who are made for the round found their spaces first.
    let ready = Ready::take(stage.player(place)?, &seats, asked).await?;
    let before = stage.stored(place).await?;
    let begun = stage.used(place)?;
    let (wrote, given) = match ready {
        Ready::Devices(address, mut devices) => (by_http(address, &mut devices, asked).await, Some(devices)),
        Ready::Script(script) => {
            let ran = pgbench::run(scratch, &script, asked.connections, asked.length, serial).await;
            (ran.map(by_pgbench), None)
        }
    };
    let used = stage.used(place)? - begun;
    if let (Running::Levelup(levelup), Some(devices)) = (stage.player(place)?, given) {
        levelup.give_back(&seats, devices)?;
    }
    let mut wrote = wrote?;
    if matches!(stage.player(place)?, Running::Peer(_)) {
        // Of theirs each command is one event and one change of a row.
        wrote.acknowledged = Stored { events: wrote.commands, receipts: wrote.commands };
    }
    let stored = stage.stored(place).await? - before;
    if asked.rate.is_some() {
        // The open loop counts answers, not what each of them made.
        wrote.acknowledged.events = stored.events;
    }
    stored.must_be(wrote.acknowledged, stage.player(place)?.target().name())?;
    Ok(found(&wrote, used))
}

/// Whoever writes, seated.
enum Ready {
    Devices(SocketAddr, Vec<Device>),
    Script(bare::Script),
}

impl Ready {
    async fn take(running: &mut Running, seats: &[usize], asked: Asked) -> Result<Self, Failure> {
        Ok(match running {
            Running::Levelup(levelup) => Self::Devices(levelup.server.address, levelup.seat(seats).await?),
            Running::Peer(peer) => Self::Devices(peer.server.address, peer.seat(seats)),
            Running::BareSql(sql) => {
                bare::seat(&sql.client, seats).await?;
                let script = if manner(asked.shape).commands == 1 { &sql.bare.one } else { &sql.bare.ten };
                Self::Script(script.clone())
            }
            Running::Zero(_) => return Err(Failure::new("it takes no requests of ours")),
        })
    }
}

fn manner(shape: Shape) -> Manner {
    match shape {
        Shape::Ten => Manner { commands: 10, ..Manner::default() },
        Shape::Retry => Manner { repeats: 2, ..Manner::default() },
        _ => Manner::default(),
    }
}

async fn by_http(address: SocketAddr, devices: &mut [Device], asked: Asked) -> Result<Wrote, Failure> {
    let Some(rate) = asked.rate else {
        let load = load::write_as(address, devices, asked.length, &Stop::default(), manner(asked.shape)).await?;
        return Ok(Wrote {
            acknowledged: load.acknowledged,
            commands: load.commands,
            per_s: load.commands_per_s(),
            answers_ms: load.answers_ms,
            mean_ms: f64::NAN,
        });
    };
    let begun = Instant::now();
    let answers_ms = steady::write(address, devices, rate, asked.length).await?;
    let commands = i64::try_from(answers_ms.count()).map_err(Failure::during("counting commands"))?;
    Ok(Wrote {
        acknowledged: Stored { events: 0, receipts: commands },
        commands,
        per_s: commands as f64 / begun.elapsed().as_secs_f64(),
        answers_ms,
        mean_ms: f64::NAN,
    })
}

fn by_pgbench(ran: pgbench::Ran) -> Wrote {
    Wrote {
        acknowledged: ran.acknowledged,
        commands: ran.commands,
        per_s: ran.commands_per_s,
        answers_ms: Series::default(),
        mean_ms: ran.command_ms,
    }
}

fn found(wrote: &Wrote, used: Used) -> Figures {
    let each = used.scaled(1e6 / wrote.commands.max(1) as f64);
    crate::peers::figures([
        ("per_s", wrote.per_s),
        ("p50_ms", wrote.answers_ms.percentile(50)),
        ("p99_ms", wrote.answers_ms.percentile(99)),
        ("max_ms", wrote.answers_ms.max()),
        ("mean_ms", wrote.mean_ms),
        ("commands", wrote.commands as f64),
        ("server_us", each.server),
        ("postgres_us", each.postgres),
        ("generator_us", each.generator),
        ("others_percent", 100.0 * used.others()),
    ])
}

/// Holds a snapshot of each one's database open until it is dropped.
async fn open_snapshots(stage: &Stage<'_>, players: &[usize]) -> Result<Vec<Client>, Failure> {
    let mut clients = Vec::new();
    for place in players {
        let client = stage.scratch.client(&stage.config(*place)).await?;
        client.batch_execute(include_str!("../sql/hold_snapshot.sql")).await?;
        clients.push(client);
    }
    Ok(clients)
}
