//! A connection that a rebuild has to itself. Its session is what holds a rebuild or a space: whoever dies gives it up with
//! the connection, so nothing has to be cleared by hand and no clock is asked.

use std::ops::{Deref, DerefMut};

use application::fault::Fault;
use deadpool_postgres::{ClientWrapper, Object, Pool};
use tokio_postgres::Client;

use super::super::fault::{no_connection, read};

/// What holds for such a session. Chunks are short, but a table that is dropped waits for whoever reads it; and a node that
/// vanished without a word has to be noticed within a minute, or nobody could take its work over.
const SETTINGS: &str = "SET statement_timeout = 0; SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 10; \
    SET tcp_keepalives_count = 3; SET tcp_user_timeout = 30000";

/// A connection of its own, with the name of its session.
pub(super) struct Session {
    client: ClientWrapper,
    /// Its process in PostgreSQL.
    pub(super) pid: i32,
    /// When that began, which tells it from one that had the same number.
    pub(super) start: String,
}

impl Session {
    /// Takes a connection out of the pool for good; the pool makes another when it needs one.
    pub(super) async fn open(pool: &Pool) -> Result<Self, Fault> {
        let client = Object::take(pool.get().await.map_err(|error| no_connection(&error))?);
        client.batch_execute(SETTINGS).await.map_err(|error| read(&error))?;
        let me = client.query_one(include_str!("../sql/rebuild/me.sql"), &[]).await.map_err(|error| read(&error))?;
        Ok(Self { pid: me.get("pid"), start: me.get("backend_start"), client })
    }

    /// The connection, with its statements.
    pub(super) fn wrapper(&mut self) -> &mut ClientWrapper {
        &mut self.client
    }
}

impl Deref for Session {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Session {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}
