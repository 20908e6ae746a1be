//! Device B: hears changes on a task of its own, so that nothing that A does keeps it from looking.

use std::net::SocketAddr;
use std::time::Instant;

use api::client::session::Session;
use serde::Deserialize;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::socket::Socket;
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
        let (arrived, arrivals) = unbounded_channel();
        let listening = tokio::spawn(listen(socket, arrived));
        Ok(Self { arrivals, listening })
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

async fn listen(mut socket: Socket, arrived: UnboundedSender<Arrival>) {
    loop {
        let (text, here) = match socket.hear().await {
            Ok(heard) => heard,
            Err(failure) => return drop(arrived.send(Err(failure))),
        };
        match serde_json::from_str::<Heard>(&text) {
            Ok(heard) if heard.kind == "changes" => {
                for change in heard.changes {
                    drop(arrived.send(Ok((change.transaction_id, here))));
                }
            }
            Ok(_) => return drop(arrived.send(Err(Failure::new(format!("device B heard {text}"))))),
            Err(error) => return drop(arrived.send(Err(Failure::during("reading a message")(error)))),
        }
    }
}
