//! Devices that write as fast as they are answered, each one command at a time over its own connection.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;

use crate::account::Account;
use crate::failure::Failure;
use crate::http::Connection;
use crate::request::{Step, body};
use crate::statistics::Series;
use crate::stored::Stored;

/// What the devices of one round did.
#[derive(Clone, Debug)]
pub struct Load {
    /// What the server acknowledged.
    pub acknowledged: Stored,
    /// From the first request to the last answer.
    pub took: Duration,
    /// Milliseconds from a request to its answer.
    pub answers_ms: Series,
}

impl Load {
    /// Commands acknowledged a second.
    #[must_use]
    pub fn commands_per_s(&self) -> f64 {
        self.answers_ms.count() as f64 / self.took.as_secs_f64()
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

/// Lets all `accounts` write for as long as `round`, or until `stop`. Connections are opened before the clock runs.
pub async fn write(
    address: SocketAddr,
    accounts: &mut [Account],
    round: Duration,
    stop: &Stop,
) -> Result<Load, Failure> {
    let mut connections = Vec::with_capacity(accounts.len());
    for account in accounts.iter() {
        connections.push(Connection::open(address, &account.session.access_token().await?).await?);
    }
    let started = Instant::now();
    let devices = accounts.iter_mut().zip(connections).map(|(account, connection)| {
        let until = started + round;
        device(account, connection, until, stop)
    });
    let done = try_join_all(devices).await?;
    let took = started.elapsed();
    let mut acknowledged = Stored::default();
    let mut answers_ms = Vec::new();
    for (stored, answers) in done {
        acknowledged.events += stored.events;
        acknowledged.receipts += stored.receipts;
        answers_ms.extend(answers);
    }
    Ok(Load { acknowledged, took, answers_ms: Series::new(answers_ms) })
}

/// Lets the first of `accounts` create a task and complete it.
pub async fn one_pair(address: SocketAddr, accounts: &mut [Account]) -> Result<(), Failure> {
    let account = accounts.first_mut().ok_or_else(|| Failure::new("there is no account"))?;
    let mut connection = Connection::open(address, &account.session.access_token().await?).await?;
    for _ in 0..2 {
        send(account, &mut connection).await?;
    }
    Ok(())
}

async fn device(
    account: &mut Account,
    mut connection: Connection,
    until: Instant,
    stop: &Stop,
) -> Result<(Stored, Vec<f64>), Failure> {
    let mut acknowledged = Stored::default();
    let mut answers_ms = Vec::new();
    loop {
        let asked = Instant::now();
        if asked >= until || stop.stopped() {
            return Ok((acknowledged, answers_ms));
        }
        let step = send(account, &mut connection).await?;
        answers_ms.push(asked.elapsed().as_secs_f64() * 1e3);
        acknowledged.receipts += 1;
        acknowledged.events += step.events();
    }
}

async fn send(account: &mut Account, connection: &mut Connection) -> Result<Step, Failure> {
    let transaction = account.script.next_transaction();
    must_be_committed(connection.post(&body(&transaction)).await?)?;
    Ok(transaction.step)
}

/// Of one transaction there is one receipt, so its words are enough.
pub fn must_be_committed(answer: &str) -> Result<(), Failure> {
    match answer.contains(r#""status":"committed""#) && answer.contains(r#""outcome":"applied""#) {
        true => Ok(()),
        false => Err(Failure::new(format!("a command was not applied: {answer}"))),
    }
}
