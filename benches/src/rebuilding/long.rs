//! A command on a space with a long log beside one on short logs: what is behind a space is not looked at again. And searches
//! in the audit log of the long one.

use std::path::Path;
use std::time::Instant;

use api::client::http::Server as Remote;
use infrastructure::clock::{now_ms, uuid_v7};
use serde_json::{Value, json};
use uuid::Uuid;

use super::searches;
use crate::account::{self, Account};
use crate::cluster::Scratch;
use crate::failure::Failure;
use crate::http::Connection;
use crate::load::must_be_committed;
use crate::request::body;
use crate::server::{Server, UNLIMITED};
use crate::statistics::Series;

/// Commands of one transaction, as many as may be.
const COMMANDS: usize = 500;
/// Spaces with short logs, by turns, so that they stay short.
const SHORT: usize = 20;

/// Milliseconds of a command.
#[derive(Debug)]
pub(super) struct Long {
    /// On the space with the long log.
    pub(super) long: Series,
    /// On spaces with short ones.
    pub(super) short: Series,
    /// Of searches, by name.
    pub(super) searches: Vec<(&'static str, Series)>,
}

/// Writes a log of so many events into one space, then single commands by turns.
pub(super) async fn measure(program: &Path, scratch: &Scratch, events: usize, samples: usize) -> Result<Long, Failure> {
    let server = Server::start(program, scratch, &UNLIMITED).await?;
    let mut accounts = account::register(&Remote::at(&server.url())?, "long", SHORT + 1).await?;
    let long = accounts.pop().ok_or_else(|| Failure::new("nobody was registered"))?;
    let mut long = (Connection::open(server.address, &long.session.access_token().await?).await?, long);
    let task = fill(&mut long.0, events).await?;
    let mut short = Vec::new();
    for account in accounts {
        short.push((Connection::open(server.address, &account.session.access_token().await?).await?, account));
    }
    let (mut long_ms, mut short_ms) = (Vec::new(), Vec::new());
    for number in 0..samples {
        long_ms.push(send(&mut long).await?);
        short_ms.push(send(&mut short[number / 2 % SHORT]).await?);
    }
    let token = long.1.session.access_token().await?;
    let searches = searches::measure(&server.url(), &token, task, (samples / 5).max(1)).await?;
    server.stop().await?;
    let searches = searches.into_iter().map(|(name, took_ms)| (name, Series::new(took_ms))).collect();
    Ok(Long { long: Series::new(long_ms), short: Series::new(short_ms), searches })
}

async fn fill(connection: &mut Connection, events: usize) -> Result<Uuid, Failure> {
    let task = uuid_v7();
    let create = json!({ "command_id": uuid_v7(), "type": "task.create", "id": task, "at": now_ms(), "data": { "title": "Much edited" } });
    post(connection, &[create]).await?;
    for number in 0..events.div_ceil(COMMANDS) {
        let edit = |place: usize| {
            let title = format!("Edit {place} of {number}");
            json!({ "command_id": uuid_v7(), "type": "task.edit", "id": task, "at": now_ms(), "set": { "title": title } })
        };
        post(connection, &(0..COMMANDS).map(edit).collect::<Vec<Value>>()).await?;
    }
    Ok(task)
}

async fn post(connection: &mut Connection, commands: &[Value]) -> Result<(), Failure> {
    let transaction = json!({ "transaction_id": uuid_v7(), "commands": commands });
    must_be_committed(connection.post(&json!({ "transactions": [transaction] }).to_string()).await?)
}

async fn send((connection, account): &mut (Connection, Account)) -> Result<f64, Failure> {
    let transaction = account.script.next_transaction();
    let asked = Instant::now();
    must_be_committed(connection.post(&body(&transaction)).await?)?;
    Ok(asked.elapsed().as_secs_f64() * 1e3)
}
