//! One live connection, from its first message to its close: what is waited for, and what is sent.
//!
//! There are thousands, and nearly all of them wait. So a connection keeps room for waiting alone: what it does now and then
//! is boxed, and its memory lasts as long as the doing.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use actix_ws::{AggregatedMessageStream, ProtocolError};
use application::feed::Read;
use application::sync_history::{Channel, Tally};
use domain::limits::PAGE_ROWS_DEFAULT;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::{FuturesOrdered, StreamExt};
use infrastructure::clock::now_ms;
use infrastructure::reader::LiveReader;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until, timeout};

use super::end::{CLOSE_AUTH, CLOSE_PROTOCOL, CLOSE_RESTART, CLOSE_TOO_LARGE, End};
use super::frames::too_large;
use super::obey::SILENCE_S_MAX;
use super::wire::Wire;
use crate::caller::{Caller, revoked};
use crate::problem::{Code, Problem};
use crate::state::App;
use crate::v2::feed::{encoded, reset};
use crate::v2::noting::Noting;
use crate::v2::write::WrittenBody;

/// How often the other side is asked whether it is there.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// Requests whose receipts are awaited on one connection; past it, reading from the socket waits.
const WRITES_MAX: usize = 64;
/// How long a server that stops waits for the receipts of a connection.
const RECEIPTS_S_MAX: Duration = Duration::from_secs(5);

pub(super) type Written = LocalBoxFuture<'static, (Value, Result<WrittenBody, Problem>)>;

/// One live connection.
pub(super) struct Connection {
    pub(super) app: web::Data<App>,
    pub(super) wire: Wire,
    pub(super) messages: AggregatedMessageStream,
    /// Told when the client sends more than a message may hold.
    too_large: Arc<Notify>,
    pub(super) reader: Option<LiveReader>,
    /// Whether the reader has more to give at once.
    pub(super) behind: bool,
    pub(super) writes: FuturesOrdered<Written>,
    heartbeat: Interval,
    /// When the other side last said something.
    pub(super) heard: Instant,
    /// Whether the client was told that its token ends.
    pub(super) warned: bool,
    /// From where it was opened.
    pub(super) address: Option<IpAddr>,
}

impl Connection {
    pub(super) fn new(
        app: web::Data<App>,
        wire: Wire,
        messages: AggregatedMessageStream,
        too_large: Arc<Notify>,
        address: Option<IpAddr>,
    ) -> Self {
        let (writes, heard) = (FuturesOrdered::new(), Instant::now());
        let mut heartbeat = interval_at(heard + HEARTBEAT, HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (reader, behind, warned) = (None, false, false);
        Self { app, wire, messages, too_large, reader, behind, writes, heartbeat, heard, warned, address }
    }

    /// Runs until either side ends it. Boxed, because a future has room for what it was given twice.
    pub(super) async fn run(mut self: Box<Self>, caller: Option<Caller>) {
        let end = match Box::pin(self.admit(caller)).await {
            Ok((caller, _open)) => self.live(caller).await,
            Err(end) => end,
        };
        Box::pin(end.tell(self.wire)).await;
    }

    /// Serves for as long as the caller's session goes on; its end stops whatever is being done, a send to a reader that
    /// takes nothing too.
    async fn live(&mut self, mut caller: Caller) -> End {
        loop {
            let mut session = self.app.revocations.watch(caller.session);
            let served = tokio::select! {
                biased;
                because = session.ended() => return End::Close(CLOSE_AUTH, revoked(because)),
                served = self.serve(&caller) => served,
            };
            match served {
                Ok(Some(fresh)) => {
                    caller = fresh;
                    self.warned = false;
                }
                Ok(None) => return End::Gone,
                Err(end) => return end,
            }
        }
    }

    /// Serves a caller, until another takes its place.
    async fn serve(&mut self, caller: &Caller) -> Result<Option<Caller>, End> {
        let app = self.app.clone();
        loop {
            if self.behind {
                Box::pin(self.deliver(caller)).await?;
            }
            let token_ends = sleep_until(self.token_deadline(caller));
            tokio::select! {
                biased;
                () = app.shutdown.cancelled() => {
                    // What was taken is answered: nobody has to ask again what became of it.
                    drop(timeout(RECEIPTS_S_MAX, self.last_receipts()).await);
                    return Err(End::Restart);
                }
                // Before everything that a client could keep busy: nobody outlives a token by talking.
                () = token_ends => Box::pin(self.token_ends(caller)).await?,
                _ = self.heartbeat.tick() => {
                    if self.heard.elapsed() > SILENCE_S_MAX {
                        return Err(End::Gone);
                    }
                    app.presence.seen(caller.account, caller.device, None, now_ms());
                    Box::pin(self.wire.ping()).await?;
                }
                Some((id, written)) = self.writes.next() => Box::pin(self.receipts(&id, written)).await?,
                message = self.messages.next(), if self.writes.len() < WRITES_MAX => match message {
                    Some(Ok(message)) => if let Some(fresh) = Box::pin(self.message(caller, message)).await? {
                        return Ok(Some(fresh));
                    },
                    Some(Err(ProtocolError::Io(_))) | None => return Ok(None),
                    Some(Err(_)) => return Err(End::Close(CLOSE_PROTOCOL, Problem::new(Code::MessageInvalid))),
                },
                () = self.too_large.notified() => return Err(End::Close(CLOSE_TOO_LARGE, too_large())),
                () = wait(self.reader.as_mut()), if !self.behind => self.behind = true,
                () = std::future::ready(()), if self.behind => {}
            }
        }
    }

    /// Sends the next page; a reader that has caught up waits for more.
    async fn deliver(&mut self, caller: &Caller) -> Result<(), End> {
        let noting = Noting::begin(&self.app, caller, Channel::Stream).waiting(true);
        let Some(reader) = self.reader.as_mut() else {
            self.behind = false;
            return Ok(());
        };
        match reader.next(PAGE_ROWS_DEFAULT).await {
            Ok(Read::Page(page)) => {
                self.behind = !page.is_caught_up();
                let message = encoded(&page, self.wire.format(), Some("changes"));
                let message = message.map_err(|problem| End::Close(CLOSE_RESTART, problem))?;
                self.wire.encoded(message).await?;
                noting.done(Tally::read(page.changes.len()));
            }
            Ok(Read::Reset(again)) => {
                // Nothing follows until the client has started again and subscribes.
                self.reader = None;
                self.behind = false;
                self.wire.send(&reset(&again, Some("reset"))).await?;
                noting.done(Tally::reset());
            }
            // The client comes back from its cursor, when the database is.
            Err(fault) => return Err(End::Close(CLOSE_RESTART, fault.into())),
        }
        Ok(())
    }

    /// The receipts that are still awaited.
    async fn last_receipts(&mut self) -> Result<(), End> {
        while let Some((id, written)) = self.writes.next().await {
            self.receipts(&id, written).await?;
        }
        Ok(())
    }

    async fn receipts(&mut self, id: &Value, written: Result<WrittenBody, Problem>) -> Result<(), End> {
        match written {
            Ok(written) => {
                let WrittenBody { receipts, written, head } = written;
                let message =
                    json!({ "type": "receipts", "id": id, "receipts": receipts, "written": written, "head": head });
                Ok(self.wire.send(&message).await?)
            }
            Err(problem) => Ok(self.wire.error(&problem, Some(id)).await?),
        }
    }
}

/// Waits for more to read; without a reader, for ever.
async fn wait(reader: Option<&mut LiveReader>) {
    match reader {
        Some(reader) => reader.wait().await,
        None => std::future::pending().await,
    }
}
