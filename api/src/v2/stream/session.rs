//! One live connection, from its first message to its close.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use actix_ws::{AggregatedMessage, AggregatedMessageStream, ProtocolError};
use application::feed::Read;
use domain::limits::PAGE_ROWS_DEFAULT;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::{FuturesOrdered, StreamExt};
use infrastructure::clock::now_ms;
use infrastructure::metric_names::DELIVERY_SECONDS;
use infrastructure::reader::LiveReader;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

use super::admit::admit;
use super::end::{CLOSE_AUTH, CLOSE_PROTOCOL, CLOSE_RESTART, CLOSE_TOO_LARGE, CLOSE_TRY_LATER, End};
use super::frames::too_large;
use super::message::{FromClient, read};
use super::wire::Wire;
use crate::caller::{Caller, authenticate};
use crate::feeds::OpenFeed;
use crate::problem::{Code, Problem};
use crate::state::App;
use crate::v2::feed::{cursor, encoded, reset};
use crate::v2::write::{WrittenBody, submit};

/// How long a connection without a token may take to bring one.
const AUTH_S_MAX: Duration = Duration::from_secs(5);
/// How often the other side is asked whether it is there, and after how long a silence it is not.
const HEARTBEAT: Duration = Duration::from_secs(20);
const SILENCE_S_MAX: Duration = Duration::from_secs(60);
/// How long before the access token ends the client is told.
const EXPIRING_MS: i64 = 60_000;
/// Requests whose receipts are awaited on one connection; past it, reading from the socket waits.
const WRITES_MAX: usize = 64;

type Written = LocalBoxFuture<'static, (Value, Result<WrittenBody, Problem>)>;

/// One live connection.
pub(super) struct Connection {
    app: web::Data<App>,
    wire: Wire,
    messages: AggregatedMessageStream,
    /// Told when the client sends more than a message may hold.
    too_large: Arc<Notify>,
    reader: Option<LiveReader>,
    /// Whether the reader has more to give at once.
    behind: bool,
    writes: FuturesOrdered<Written>,
    heard: Instant,
    warned: bool,
    /// From where it was opened.
    address: Option<IpAddr>,
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
        Self { app, wire, messages, too_large, reader: None, behind: false, writes, heard, warned: false, address }
    }

    /// Runs until either side ends it.
    pub(super) async fn run(mut self, caller: Option<Caller>) {
        let end = match self.admit(caller).await {
            Ok((caller, _open)) => match self.serve(caller).await {
                Ok(()) => End::Gone,
                Err(end) => end,
            },
            Err(end) => end,
        };
        end.tell(self.wire).await;
    }

    /// Lets a caller in: by the header's token, or by a first `auth` message.
    async fn admit(&mut self, caller: Option<Caller>) -> Result<(Caller, OpenFeed), End> {
        let refuse = |problem| End::Close(CLOSE_AUTH, problem);
        let caller = match caller {
            Some(caller) => caller,
            None => {
                let missing = || Problem::new(Code::TokenMissing).detail("Send auth {token} within 5 seconds.");
                let first = timeout(AUTH_S_MAX, self.messages.next()).await;
                let bytes = match first {
                    Ok(Some(Ok(AggregatedMessage::Text(text)))) => text.into_bytes(),
                    Ok(Some(Ok(AggregatedMessage::Binary(bytes)))) => bytes,
                    Ok(None | Some(Err(_))) => return Err(End::Gone),
                    _ => return Err(refuse(missing())),
                };
                match read(self.wire.format(), &bytes) {
                    Ok(FromClient::Auth { token }) => authenticate(&self.app, &token).map_err(refuse)?,
                    _ => return Err(refuse(missing())),
                }
            }
        };
        let open = self
            .app
            .feeds
            .open(caller.account, caller.device, "stream")
            .map_err(|full| End::Close(CLOSE_TRY_LATER, full))?;
        Ok((caller, open))
    }

    async fn serve(&mut self, mut caller: Caller) -> Result<(), End> {
        let app = self.app.clone();
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        heartbeat.tick().await;
        loop {
            if self.behind {
                self.deliver().await?;
            }
            let token_ends = sleep_until(self.token_deadline(&caller));
            tokio::select! {
                biased;
                () = app.shutdown.cancelled() => return Err(End::Restart),
                Some((id, written)) = self.writes.next() => self.receipts(&id, written).await?,
                message = self.messages.next(), if self.writes.len() < WRITES_MAX => match message {
                    Some(Ok(message)) => self.message(&mut caller, message).await?,
                    Some(Err(ProtocolError::Io(_))) | None => return Ok(()),
                    Some(Err(_)) => return Err(End::Close(CLOSE_PROTOCOL, Problem::new(Code::MessageInvalid))),
                },
                () = self.too_large.notified() => return Err(End::Close(CLOSE_TOO_LARGE, too_large())),
                () = wait(self.reader.as_mut()), if !self.behind => self.behind = true,
                () = std::future::ready(()), if self.behind => {}
                _ = heartbeat.tick() => {
                    if self.heard.elapsed() > SILENCE_S_MAX {
                        return Err(End::Gone);
                    }
                    self.wire.ping().await?;
                }
                () = token_ends => self.token_ends(&caller).await?,
            }
        }
    }

    /// Sends the next page; a reader that has caught up waits for more.
    async fn deliver(&mut self) -> Result<(), End> {
        let Some(reader) = self.reader.as_mut() else {
            self.behind = false;
            return Ok(());
        };
        match reader.next(PAGE_ROWS_DEFAULT).await {
            Ok(Read::Page(page)) => {
                self.behind = !page.is_caught_up();
                if let Some(last) = page.changes.last() {
                    metrics::histogram!(DELIVERY_SECONDS).record((now_ms() - last.at).max(0) as f64 / 1_000.0);
                }
                let message = encoded(&page, self.wire.format(), Some("changes"));
                let message = message.map_err(|problem| End::Close(CLOSE_RESTART, problem))?;
                self.wire.encoded(message).await?;
            }
            Ok(Read::Reset(reason)) => {
                // Nothing follows until the client has started again and subscribes.
                self.reader = None;
                self.behind = false;
                self.wire.send(&reset(reason, Some("reset"))).await?;
            }
            // The client comes back from its cursor, when the database is.
            Err(fault) => return Err(End::Close(CLOSE_RESTART, fault.into())),
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

    async fn message(&mut self, caller: &mut Caller, message: AggregatedMessage) -> Result<(), End> {
        self.heard = Instant::now();
        let bytes = match message {
            AggregatedMessage::Text(text) => text.into_bytes(),
            AggregatedMessage::Binary(bytes) => bytes,
            AggregatedMessage::Ping(bytes) => return Ok(self.wire.pong(&bytes).await?),
            AggregatedMessage::Pong(_) => return Ok(()),
            AggregatedMessage::Close(_) => return Err(End::Gone),
        };
        let done = match read(self.wire.format(), &bytes) {
            Ok(message) => self.obey(caller, message).await?,
            Err(problem) => Err((problem, Value::Null)),
        };
        match done {
            Ok(()) => Ok(()),
            // What was asked cannot be; the connection stays usable.
            Err((problem, about)) => Ok(self.wire.error(&problem, Some(&about)).await?),
        }
    }

    async fn obey(&mut self, caller: &mut Caller, message: FromClient) -> Result<Result<(), (Problem, Value)>, End> {
        if let Err(refused) = admit(&self.app, caller, self.address, &message) {
            return Ok(Err((refused, message.about())));
        }
        match message {
            FromClient::Ping => self.wire.send(&json!({ "type": "pong" })).await?,
            FromClient::Subscribe { space, cursor: token } => {
                if space.is_some_and(|space| space != caller.space.0) {
                    return Ok(Err((Problem::new(Code::SpaceUnknown), Value::Null)));
                }
                match cursor(caller, token.as_deref()) {
                    Ok(from) => {
                        self.reader = Some(self.app.readers.open(caller.space, from));
                        self.behind = true;
                    }
                    Err(problem) => return Ok(Err((problem, Value::Null))),
                }
            }
            FromClient::Transactions { id, sent_at, transactions } => {
                match submit(&self.app, caller, sent_at, transactions.read(caller.space)) {
                    Ok(written) => self.writes.push_back(Box::pin(async move { (id, written.await) })),
                    Err(problem) => return Ok(Err((problem, id))),
                }
            }
            FromClient::Ack { cursor: token } => {
                if let Err(problem) = self.acknowledge(caller, &token).await {
                    return Ok(Err((problem, Value::Null)));
                }
            }
            FromClient::Auth { token } => match authenticate(&self.app, &token) {
                Ok(fresh) if (fresh.account, fresh.device) == (caller.account, caller.device) => {
                    *caller = fresh;
                    self.warned = false;
                }
                Ok(_) => return Err(End::Close(CLOSE_AUTH, Problem::new(Code::TokenInvalid))),
                Err(problem) => return Ok(Err((problem, Value::Null))),
            },
        }
        Ok(Ok(()))
    }

    async fn acknowledge(&self, caller: &Caller, token: &str) -> Result<(), Problem> {
        if let Some(cursor) = cursor(caller, Some(token))? {
            self.app.readers.log().acknowledge(caller.space, caller.device, cursor.position).await?;
        }
        Ok(())
    }

    /// When the client has to be warned, or the token has ended.
    fn token_deadline(&self, caller: &Caller) -> Instant {
        let due = if self.warned { caller.expires_at } else { caller.expires_at - EXPIRING_MS };
        Instant::now() + Duration::from_millis(due.saturating_sub(now_ms()).max(0).unsigned_abs())
    }

    async fn token_ends(&mut self, caller: &Caller) -> Result<(), End> {
        if self.warned {
            return Err(End::Close(CLOSE_AUTH, Problem::new(Code::TokenExpired)));
        }
        self.warned = true;
        let left_s = (caller.expires_at - now_ms()).max(0) / 1_000;
        Ok(self.wire.send(&json!({ "type": "expiring", "in_s": left_s })).await?)
    }
}

/// Waits for more to read; without a reader, for ever.
async fn wait(reader: Option<&mut LiveReader>) {
    match reader {
        Some(reader) => reader.wait().await,
        None => std::future::pending().await,
    }
}
