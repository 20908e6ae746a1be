//! Device B: hears changes on a task of its own, so that nothing that A does keeps it from looking.

use std::net::SocketAddr;
use std::time::Instant;

use api::client::session::Session;
use serde::Deserialize;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::socket::Socket;
use super::socket_io::SocketIo;
use crate::failure::Failure;

#[derive(Deserialize)]
struct Heard {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    changes: Vec<Change>,
}

#[derive(Deserialize)]
struct Change {
    transaction_id: Uuid,
}

type Arrival = Result<(Uuid, Instant), Failure>;

/// A listening device.
pub(super) struct Listener {
    arrivals: UnboundedReceiver<Arrival>,
    listening: JoinHandle<()>,
}

impl Listener {
    /// Subscribes from `cursor`.
    pub(super) async fn open(address: SocketAddr, session: &Session, cursor: &str) -> Result<Self, Failure> {
        let mut socket = Socket::open(address, session).await?;
        socket.say(format!(r#"{{"type":"subscribe","cursor":"{cursor}"}}"#)).await?;
        Ok(Self::by(Ear::Ours(Box::new(socket))))
    }

    /// Joins the room of the space that this token stands for.
    pub(super) async fn over_socket_io(address: SocketAddr, token: &str) -> Result<Self, Failure> {
        Ok(Self::by(Ear::SocketIo(Box::new(SocketIo::open(address, token).await?))))
    }

    fn by(ear: Ear) -> Self {
        let (arrived, arrivals) = unbounded_channel();
        let listening = tokio::spawn(listen(ear, arrived));
        Self { arrivals, listening }
    }

    /// When this transaction was here.
    pub(super) async fn arrival(&mut self, transaction: Uuid) -> Result<Instant, Failure> {
        loop {
            let arrival = self.arrivals.recv().await.ok_or_else(|| Failure::new("the listening device has ended"))?;
            let (id, here) = arrival?;
            if id == transaction {
                return Ok(here);
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// What device B listens with.
enum Ear {
    Ours(Box<Socket>),
    SocketIo(Box<SocketIo>),
}

impl Ear {
    /// The transactions of the next message, and when it was here.
    async fn hear(&mut self) -> Result<(Vec<Uuid>, Instant), Failure> {
        match self {
            Self::SocketIo(socket) => socket.hear().await.map(|(transaction, here)| (vec![transaction], here)),
            Self::Ours(socket) => {
                let (text, here) = socket.hear().await?;
                let heard: Heard = serde_json::from_str(&text).map_err(Failure::during("reading a message"))?;
                if heard.kind != "changes" {
                    return Err(Failure::new(format!("device B heard {text}")));
                }
                Ok((heard.changes.into_iter().map(|change| change.transaction_id).collect(), here))
            }
        }
    }
}

async fn listen(mut ear: Ear, arrived: UnboundedSender<Arrival>) {
    loop {
        match ear.hear().await {
            Ok((transactions, here)) => {
                for transaction in transactions {
                    drop(arrived.send(Ok((transaction, here))));
                }
            }
            Err(failure) => return drop(arrived.send(Err(failure))),
        }
    }
}
