//! A gate in front of a server: bytes pass, are held back while connections stay open, or every connection is cut and none
//! comes through. It knows nothing of what passes.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_postgres::Config;

use crate::fault_proxy::Upstream;

const CHUNK_BYTES: usize = 16 * 1_024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Held,
    Cut,
}

/// The gate. Dropped, it cuts everything.
pub struct Gate {
    address: SocketAddr,
    state: watch::Sender<State>,
    accepting: JoinHandle<()>,
}

impl Gate {
    /// An open gate before a port of this machine.
    pub async fn before_port(port: u16) -> Self {
        Self::before(Upstream::Tcp("127.0.0.1".to_owned(), port)).await
    }

    /// An open gate before a database.
    pub async fn before_database(config: &Config) -> Self {
        Self::before(Upstream::of(config)).await
    }

    async fn before(upstream: Upstream) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = watch::Sender::new(State::Open);
        let accepting = tokio::spawn(accept(listener, upstream, state.subscribe()));
        Self { address, state, accepting }
    }

    /// Where it is.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The URL of a database behind it.
    #[must_use]
    pub fn database_url(&self, behind: &Config) -> String {
        let (user, name) = (behind.get_user().unwrap_or("postgres"), behind.get_dbname().unwrap_or("postgres"));
        format!("postgres://{user}@{}/{name}", self.address)
    }

    /// Every connection ends, and none comes through.
    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// Connections stay open, and nothing passes.
    pub fn hold(&self) {
        self.state.send_replace(State::Held);
    }

    /// What was held passes, and all goes on.
    pub fn open(&self) {
        self.state.send_replace(State::Open);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.cut();
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, upstream: Upstream, state: watch::Receiver<State>) {
    loop {
        let Ok((client, _)) = listener.accept().await else { return };
        if *state.borrow() == State::Cut {
            continue;
        }
        let (upstream, state) = (upstream.clone(), state.clone());
        tokio::spawn(async move {
            let Ok((from_server, to_server)) = upstream.connect().await else { return };
            let (from_client, to_client) = client.into_split();
            // When one direction ends, the other does.
            tokio::select! {
                () = pass(from_client, to_server, state.clone()) => {}
                () = pass(from_server, to_client, state) => {}
            }
        });
    }
}

async fn pass(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut state: watch::Receiver<State>,
) {
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let mut gate = state.clone();
        let read = tokio::select! {
            read = from.read(&mut buffer) => read,
            _ = gate.wait_for(|state| *state == State::Cut) => return,
        };
        let Ok(bytes @ 1..) = read else { return };
        match state.wait_for(|state| *state != State::Held).await.map(|state| *state) {
            Ok(State::Open) if to.write_all(&buffer[..bytes]).await.is_ok() => {}
            _ => return,
        }
    }
}
