//! One connection through the proxy, and what the plan does to it.

use std::collections::HashSet;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::MARKER;
use super::plan::{Fault, Plan};
use super::wire::{Messages, ReadHalf, Upstream, WriteHalf, startup, texts};

/// How long a late append waits for another one to begin beside it. Nobody may have a reason to.
const LATE_MAX: Duration = Duration::from_secs(3);

const PARSE: u8 = b'P';
const BIND: u8 = b'B';
const SYNC: u8 = b'S';
const READY_FOR_QUERY: u8 = b'Z';

/// Both sides of a connection.
struct Pair {
    client: WriteHalf,
    from_client: Messages,
    server: WriteHalf,
    from_server: Messages,
    /// Answers that are still to come, each with a ReadyForQuery at its end.
    awaited: u64,
}

/// Relays until either side or the plan ends it.
pub(super) async fn relay(client: TcpStream, upstream: &Upstream, plan: &Plan) {
    let _ = client.set_nodelay(true);
    let (read, write) = client.into_split();
    let mut read: ReadHalf = Box::new(read);
    let Ok(hello) = startup(&mut read).await else { return };
    let Ok((from_server, mut server)) = upstream.connect().await else { return };
    if server.write_all(&hello).await.is_err() {
        return;
    }
    let (from_client, from_server) = (Messages::of(read), Messages::of(from_server));
    let pair = Pair { client: Box::new(write), from_client, server, from_server, awaited: 1 };
    // An error is a side that is gone; both are closed by dropping them.
    let _ = pair.run(plan).await;
}

impl Pair {
    async fn run(mut self, plan: &Plan) -> std::io::Result<()> {
        let mut appends: HashSet<Vec<u8>> = HashSet::new();
        loop {
            tokio::select! {
                message = self.from_client.next() => {
                    let Some(message) = message else { return Ok(()) };
                    if let Some(name) = names_append(&message) {
                        appends.insert(name.to_vec());
                    }
                    let bound = (message[0] == BIND).then(|| texts(&message).nth(1)).flatten();
                    if bound.is_some_and(|name| appends.contains(name)) && let Some(fault) = plan.begin() {
                        let goes_on = self.strike(fault, message, plan).await;
                        plan.over();
                        match goes_on? {
                            Some(pair) => self = pair,
                            None => return Ok(()),
                        }
                    } else {
                        self.send(&message).await?;
                    }
                }
                message = self.from_server.next() => {
                    let Some(message) = message else { return Ok(()) };
                    self.answer(&message, plan).await?;
                }
            }
        }
    }

    async fn send(&mut self, message: &[u8]) -> std::io::Result<()> {
        if message[0] == SYNC || message[0] == b'Q' {
            self.awaited += 1;
        }
        self.server.write_all(message).await
    }

    async fn answer(&mut self, message: &[u8], plan: &Plan) -> std::io::Result<()> {
        if message[0] == READY_FOR_QUERY {
            self.awaited = self.awaited.saturating_sub(1);
            let delay = plan.delay();
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
        }
        plan.going().await;
        self.client.write_all(message).await
    }

    /// Does to an append what the plan says; returns the connection if it goes on.
    async fn strike(mut self, fault: Fault, bind: Vec<u8>, plan: &Plan) -> std::io::Result<Option<Self>> {
        let begun = plan.begun();
        let mut append = vec![bind];
        while append.last().is_some_and(|message| message[0] != SYNC) {
            match self.from_client.next().await {
                Some(message) => append.push(message),
                None => return Ok(None),
            }
        }
        match fault {
            Fault::Pass => {}
            Fault::Delay(delay) => tokio::time::sleep(delay).await,
            Fault::CutBefore => return Ok(None),
            Fault::CutInside => {
                append.pop();
                self.send_all(&append).await?;
                return Ok(None);
            }
            Fault::CloseAfterSending => {
                self.send_all(&append).await?;
                return Ok(None);
            }
            Fault::SwallowAnswer => {
                self.send_all(&append).await?;
                self.swallow().await;
                return Ok(None);
            }
            Fault::LandLate => {
                self.land_late(&append, begun, plan).await?;
                return Ok(None);
            }
        }
        self.send_all(&append).await?;
        Ok(Some(self))
    }

    async fn land_late(self, append: &[Vec<u8>], begun: u64, plan: &Plan) -> std::io::Result<()> {
        let Self { client, from_client, mut server, mut from_server, awaited } = self;
        drop((client, from_client));
        let _ = tokio::time::timeout(LATE_MAX, plan.beyond(begun)).await;
        for message in append {
            server.write_all(message).await?;
        }
        finish(&mut from_server, awaited + 1).await;
        Ok(())
    }

    async fn send_all(&mut self, append: &[Vec<u8>]) -> std::io::Result<()> {
        for message in append {
            self.send(message).await?;
        }
        self.server.flush().await
    }

    async fn swallow(&mut self) {
        finish(&mut self.from_server, self.awaited).await;
    }
}

/// Reads and drops answers until none is awaited any more: what was asked is done.
async fn finish(from_server: &mut Messages, mut awaited: u64) {
    while awaited > 0 {
        match from_server.next().await {
            Some(message) if message[0] == READY_FOR_QUERY => awaited -= 1,
            Some(_) => {}
            None => return,
        }
    }
}

/// The name under which a statement is prepared, if its text is that of the append.
fn names_append(message: &[u8]) -> Option<&[u8]> {
    let mut texts = (message[0] == PARSE).then(|| texts(message))?;
    let (name, text) = (texts.next()?, texts.next()?);
    text.windows(MARKER.len()).any(|window| window == MARKER.as_bytes()).then_some(name)
}
