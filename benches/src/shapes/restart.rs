//! A restart under thousands of live connections, while people write: how long commands take from the moment they were due,
//! and when everybody is back. Nothing that was acknowledged may be missing afterwards.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use serde::Deserialize;
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until};

use super::sockets::{subscribed, tickets};
use super::{Shape, seats};
use crate::failure::Failure;
use crate::http::Connection;
use crate::latency::socket::Socket;
use crate::load::{Stop, must_be_committed};
use crate::peers::{Figures, Round, Stage, figures};
use crate::request::body;
use crate::server::{Server, UNLIMITED};
use crate::statistics::Series;
use crate::steady::{Device, due};
use crate::targets::Target;
use crate::targets::levelup::Ticket;

/// Devices that write, and how many commands a second together.
const WRITERS: (usize, f64) = (16, 200.0);
/// The pause before a command is sent again.
const AGAIN_MS: u64 = 20;
/// The pause before a connection is opened again where nobody said how long.
const BACK_MS: u64 = 100;
/// Who is not back by then will not be.
const BACK_S_MAX: u64 = 120;
/// How long people go on writing when all are back.
const AFTERWARDS: Duration = Duration::from_secs(2);

/// What a writer saw of a command.
#[derive(Clone, Copy)]
struct Answer {
    due: Instant,
    here: Instant,
}

/// All rounds.
pub(crate) async fn measure(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let tickets = tickets(stage, stage.sizes.restart).await?;
    for round in 1..=stage.sizes.rounds.min(3) {
        let figures = one(stage, &tickets).await?;
        stage.keep(Round {
            run: String::new(),
            shape: Shape::Restart,
            target: Target::Levelup,
            variant: String::new(),
            connections: tickets.len(),
            round,
            figures,
        })?;
    }
    Ok(())
}

async fn one(stage: &mut Stage<'_>, tickets: &[Ticket]) -> Result<Figures, Failure> {
    let server = Server::start(stage.program, stage.scratch, &UNLIMITED).await?;
    let address = server.address;
    let crowd = Crowd::open(address, tickets).await?;
    let seats = seats::seats(Shape::Single, WRITERS.0, 0);
    let mut writers = stage.levelup()?.seat(&seats).await?;
    let before = stage.stored(0).await?.receipts;
    let stop = Stop::default();
    let restarting = async {
        let restarted = restart(stage, server, &crowd).await;
        stop.stop();
        restarted
    };
    let (restarted, answers) = join(restarting, write(address, &mut writers, &stop)).await;
    stage.levelup()?.give_back(&seats, writers)?;
    let restarted = restarted?;
    let stored = stage.stored(0).await?.receipts - before;
    if usize::try_from(stored) != Ok(answers.len()) {
        return Err(Failure::new(format!("{} commands were acknowledged, {stored} are stored", answers.len())));
    }
    let figures = found(&answers, &restarted, tickets.len());
    crowd.leave().await;
    restarted.server.stop().await?;
    Ok(figures)
}

/// A server that was stopped and started again.
struct Restarted {
    server: Server,
    /// When it was asked to stop.
    stopped: Instant,
    stop_ms: f64,
    start_ms: f64,
    back_ms: f64,
}

async fn restart(stage: &Stage<'_>, server: Server, crowd: &Crowd) -> Result<Restarted, Failure> {
    let listen = server.address.to_string();
    let settings: Vec<(&str, &str)> = UNLIMITED.into_iter().chain([("LEVELUP_LISTEN", listen.as_str())]).collect();
    sleep(stage.sizes.round).await;
    let stopped = Instant::now();
    server.stop().await?;
    let gone = Instant::now();
    let server = Server::start(stage.program, stage.scratch, &settings).await?;
    let start_ms = gone.elapsed().as_secs_f64() * 1e3;
    let back_ms = crowd.all_back(stopped).await?;
    sleep(AFTERWARDS).await;
    Ok(Restarted { server, stopped, stop_ms: (gone - stopped).as_secs_f64() * 1e3, start_ms, back_ms })
}

fn found(answers: &[Answer], restarted: &Restarted, sockets: usize) -> Figures {
    let Restarted { stopped, stop_ms, start_ms, back_ms, .. } = *restarted;
    let took = |answer: &Answer| answer.here.saturating_duration_since(answer.due).as_secs_f64() * 1e3;
    let (quiet, storm): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|answer| answer.here < stopped);
    let first = storm.iter().filter(|answer| answer.due >= stopped).map(|answer| answer.here).min();
    let [quiet, storm] = [quiet, storm].map(|some| Series::new(some.into_iter().map(took).collect()));
    figures([
        ("p50_ms", storm.percentile(50)),
        ("p99_ms", storm.percentile(99)),
        ("max_ms", storm.max()),
        ("quiet_p99_ms", quiet.percentile(99)),
        ("stop_ms", stop_ms),
        ("start_ms", start_ms),
        ("down_ms", first.map_or(f64::NAN, |first| (first - stopped).as_secs_f64() * 1e3)),
        ("back_ms", back_ms),
        ("sockets", sockets as f64),
    ])
}

/// Writes in open loop until `stop`; a command without an answer is sent again over a new connection.
async fn write(address: SocketAddr, writers: &mut [Device], stop: &Stop) -> Vec<Answer> {
    let (start, count) = (Instant::now(), writers.len());
    let all = writers.iter_mut().enumerate().map(|(number, device)| async move {
        let (mut answers, mut connection) = (Vec::new(), None);
        for due in due(number, count, WRITERS.1).map(|due| start + due) {
            sleep_until(due.into()).await;
            if stop.stopped() {
                return answers;
            }
            let text = body(&device.script.next_transaction());
            while send(&mut connection, address, &device.token, &text).await.is_err() {
                if stop.stopped() {
                    return answers;
                }
                connection = None;
                sleep(Duration::from_millis(AGAIN_MS)).await;
            }
            answers.push(Answer { due, here: Instant::now() });
        }
        answers
    });
    join_all(all).await.concat()
}

async fn send(
    connection: &mut Option<Connection>,
    address: SocketAddr,
    token: &str,
    text: &str,
) -> Result<(), Failure> {
    let open = match connection.take() {
        Some(open) => open,
        None => Connection::open(address, token).await?,
    };
    must_be_committed(connection.insert(open).post(text).await?)
}

/// Live connections that come back.
struct Crowd {
    count: usize,
    /// How often somebody came back.
    back: Arc<AtomicUsize>,
    living: JoinSet<()>,
}

#[derive(Deserialize)]
struct Notice {
    retry_after_ms: Option<u64>,
}

impl Crowd {
    async fn open(address: SocketAddr, tickets: &[Ticket]) -> Result<Self, Failure> {
        let (back, mut living) = (Arc::new(AtomicUsize::new(0)), JoinSet::new());
        for some in tickets.chunks(32) {
            for (socket, ticket) in
                join_all(some.iter().map(|ticket| subscribed(address, ticket))).await.into_iter().zip(some)
            {
                living.spawn(live(socket?, address, ticket.clone(), back.clone()));
            }
        }
        Ok(Self { count: tickets.len(), back, living })
    }

    /// Milliseconds from `since` until everybody has come back.
    async fn all_back(&self, since: Instant) -> Result<f64, Failure> {
        while self.back.load(Ordering::Relaxed) < self.count {
            if since.elapsed() > Duration::from_secs(BACK_S_MAX) {
                let back = self.back.load(Ordering::Relaxed);
                return Err(Failure::new(format!("{back} of {} came back", self.count)));
            }
            sleep(Duration::from_millis(AGAIN_MS)).await;
        }
        Ok(since.elapsed().as_secs_f64() * 1e3)
    }

    async fn leave(mut self) {
        self.living.shutdown().await;
    }
}

/// Listens; when it is cut off it waits as it was told and comes back.
async fn live(mut socket: Socket, address: SocketAddr, ticket: Ticket, back: Arc<AtomicUsize>) {
    loop {
        let mut wait_ms = 0;
        while let Ok((text, _)) = socket.hear().await {
            if let Ok(Notice { retry_after_ms: Some(told) }) = serde_json::from_str(&text) {
                wait_ms = told;
            }
        }
        // As a client does: a server that stops waits a while for those who keep their side open.
        drop(socket);
        socket = loop {
            sleep(Duration::from_millis(wait_ms)).await;
            match subscribed(address, &ticket).await {
                Ok(socket) => break socket,
                Err(_) => wait_ms = BACK_MS,
            }
        };
        back.fetch_add(1, Ordering::Relaxed);
    }
}
