//! Devices that write as fast as they are answered, each one command at a time over its own connection.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;

use crate::failure::Failure;
use crate::http::Connection;
use crate::request::{Script, body};
use crate::statistics::Series;
use crate::stored::Stored;

/// Somebody who writes.
pub trait Writer {
    /// The token to write with, good for the next while.
    fn token(&self) -> impl Future<Output = Result<String, Failure>>;

    /// What is written.
    fn script(&mut self) -> &mut Script;
}

/// How the devices write.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Commands of a transaction.
    pub commands: usize,
    /// How often each transaction is sent again after its answer.
    pub repeats: usize,
}

impl Default for Manner {
    fn default() -> Self {
        Self { commands: 1, repeats: 0 }
    }
}

/// What the devices of one round did.
#[derive(Clone, Debug, Default)]
pub struct Load {
    /// What the server acknowledged.
    pub acknowledged: Stored,
    /// Commands that were answered, repeats with them.
    pub commands: i64,
    /// From the first request to the last answer.
    pub took: Duration,
    /// Milliseconds from a request to its answer.
    pub answers_ms: Series,
}

impl Load {
    /// Commands answered a second.
    #[must_use]
    pub fn commands_per_s(&self) -> f64 {
        self.commands as f64 / self.took.as_secs_f64()
    }
}

/// Ends a load that has no end of its own; every answer under way is waited for.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Now.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is to end.
    #[must_use]
    pub fn stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Lets all `writers` write for as long as `round`, or until `stop`, one command at a time.
pub async fn write<W: Writer>(
    address: SocketAddr,
    writers: &mut [W],
    round: Duration,
    stop: &Stop,
) -> Result<Load, Failure> {
    write_as(address, writers, round, stop, Manner::default()).await
}

/// The same in another manner. Connections are opened before the clock runs.
pub async fn write_as<W: Writer>(
    address: SocketAddr,
    writers: &mut [W],
    round: Duration,
    stop: &Stop,
    manner: Manner,
) -> Result<Load, Failure> {
    let mut connections = Vec::with_capacity(writers.len());
    for writer in writers.iter() {
        connections.push(Connection::open(address, &writer.token().await?).await?);
    }
    let started = Instant::now();
    let devices = writers.iter_mut().zip(connections).map(|(writer, connection)| {
        let until = started + round;
        device(writer, connection, until, stop, manner)
    });
    let done = try_join_all(devices).await?;
    let mut load = Load { took: started.elapsed(), ..Load::default() };
    let mut answers_ms = Vec::new();
    for (stored, commands, answers) in done {
        load.acknowledged.events += stored.events;
        load.acknowledged.receipts += stored.receipts;
        load.commands += commands;
        answers_ms.extend(answers);
    }
    Ok(Load { answers_ms: Series::new(answers_ms), ..load })
}

/// Lets the first of `writers` create a task and complete it.
pub async fn one_pair<W: Writer>(address: SocketAddr, writers: &mut [W]) -> Result<(), Failure> {
    let writer = writers.first_mut().ok_or_else(|| Failure::new("there is no account"))?;
    let mut connection = Connection::open(address, &writer.token().await?).await?;
    for _ in 0..2 {
        must_be_committed(connection.post(&body(&writer.script().next_transaction())).await?)?;
    }
    Ok(())
}

async fn device<W: Writer>(
    writer: &mut W,
    mut connection: Connection,
    until: Instant,
    stop: &Stop,
    manner: Manner,
) -> Result<(Stored, i64, Vec<f64>), Failure> {
    let (mut acknowledged, mut commands) = (Stored::default(), 0);
    let mut answers_ms = Vec::new();
    while Instant::now() < until && !stop.stopped() {
        let transaction = writer.script().next_of(manner.commands);
        for _ in 0..=manner.repeats {
            let asked = Instant::now();
            must_be_committed(connection.post(&body(&transaction)).await?)?;
            answers_ms.push(asked.elapsed().as_secs_f64() * 1e3);
            commands += transaction.commands;
        }
        acknowledged.receipts += 1;
        acknowledged.events += transaction.events;
    }
    Ok((acknowledged, commands, answers_ms))
}

/// Of one transaction there is one receipt, so its words are enough.
pub fn must_be_committed(answer: &str) -> Result<(), Failure> {
    match answer.contains(r#""status":"committed""#) && answer.contains(r#""outcome":"applied""#) {
        true => Ok(()),
        false => Err(Failure::new(format!("a command was not applied: {answer}"))),
    }
}
