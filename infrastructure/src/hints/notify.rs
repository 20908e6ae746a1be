//! Hints as notifications of PostgreSQL, over one connection of its own, outside of the pool: a pooled one would miss what
//! comes while somebody else has it. A notification takes a lock of the whole cluster through its commit, so none is ever
//! sent by a transaction that writes to a log, and this connection does not wait for the disk (`synchronous_commit`).

use std::future::poll_fn;

use tokio::sync::oneshot;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Statement};

use super::conversation::{Broken, Line, Reading, Turn, Way};
use super::ear::Ear;
use crate::postgres::pool::{explain, with_lifesigns};

const LISTEN: &str = include_str!("../postgres/sql/hints/listen.sql");
const NOTIFY: &str = include_str!("../postgres/sql/hints/notify.sql");
const CHANNEL: &str = "levelup_hints";
/// A node that stands still takes nothing off its connection, and PostgreSQL keeps for it what it has not taken: so that is
/// ended after a while.
const OPTIONS: &str = "-c synchronous_commit=off -c statement_timeout=10000 -c tcp_user_timeout=30000";

/// The way.
pub(super) struct Notify {
    config: Option<Config>,
}

/// An open connection that listens.
pub(super) struct Connection {
    client: Client,
    notify: Statement,
    ended: oneshot::Receiver<String>,
    _reading: Reading,
}

impl Notify {
    /// Over this database.
    pub(super) fn new(config: Option<Config>) -> Self {
        let config = config.map(|config| {
            let mut config = with_lifesigns(config);
            config.options(format!("{OPTIONS} {}", config.get_options().unwrap_or_default()).trim_end());
            config
        });
        Self { config }
    }
}

impl Way for Notify {
    type Line = Connection;
    const PARTS: u128 = 1;

    async fn open(&self, ear: Ear) -> Result<Connection, Broken> {
        let config = self.config.as_ref().ok_or_else(|| Broken("it is not known where the database is".to_owned()))?;
        let broken = |error: tokio_postgres::Error| Broken(explain(&error));
        let (client, mut connection) = config.connect(NoTls).await.map_err(broken)?;
        let (end, ended) = oneshot::channel();
        let reading = Reading::start(async move {
            let why = loop {
                match poll_fn(|context| connection.poll_message(context)).await {
                    Some(Ok(AsyncMessage::Notification(letter))) if letter.channel() == CHANNEL => {
                        ear.hear(letter.payload());
                    }
                    Some(Ok(_)) => {}
                    Some(Err(error)) => break explain(&error),
                    None => break "the connection was closed".to_owned(),
                }
            };
            // Nobody waits for it when the line was given up.
            drop(end.send(why));
        });
        client.batch_execute(LISTEN).await.map_err(broken)?;
        let notify = client.prepare(NOTIFY).await.map_err(broken)?;
        Ok(Connection { client, notify, ended, _reading: reading })
    }
}

impl Line for Connection {
    async fn say(&mut self, letters: Vec<(u128, String)>) -> Result<(), Broken> {
        let letters: Vec<String> = letters.into_iter().map(|(_, letter)| letter).collect();
        let said = self.client.execute(&self.notify, &[&letters]).await;
        said.map(drop).map_err(|error| Broken(explain(&error)))
    }

    async fn turn(&mut self) -> Turn {
        let why = (&mut self.ended).await;
        Turn::Ended(Broken(why.unwrap_or_else(|_| "the connection was closed".to_owned())))
    }
}
