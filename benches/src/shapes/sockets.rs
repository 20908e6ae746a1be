//! Live connections in number: what an idle one costs, and how soon a change is at all of one space.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::{Shape, seats};
use crate::failure::Failure;
use crate::http::Connection;
use crate::latency::socket::Socket;
use crate::load::must_be_committed;
use crate::peers::{Round, Stage, figures};
use crate::reading::memory::resident_mib;
use crate::request::body;
use crate::server::{Server, UNLIMITED};
use crate::statistics::Series;
use crate::steady;
use crate::targets::Target;
use crate::targets::levelup::{DEVICES_MAX, Ticket};

/// Live connections of a device, as many as it may have where nobody chose another number.
pub(super) const FEEDS_MAX: usize = 8;
/// Connections that are opened at once.
const OPENED_AT_ONCE: usize = 32;
/// Spaces of people who only listen are numbered from here, those of one space from there.
const LISTENERS_FROM: usize = 200_000;
const SUBSCRIBED: usize = 300_000;
/// Devices that write beside idle connections, and how many commands a second together.
const WRITERS: (usize, f64) = (16, 100.0);
/// Memory is looked at when nothing has happened for so long.
const SETTLED: Duration = Duration::from_secs(2);
/// A change that has not arrived by then never will.
const ARRIVAL_S_MAX: u64 = 30;

/// A transaction, and when a connection heard of it.
type Heard = (Uuid, Instant);

/// Tickets for so many connections: of each account all devices, of each device all connections.
pub(super) async fn tickets(stage: &mut Stage<'_>, count: usize) -> Result<Vec<Ticket>, Failure> {
    let accounts = count.div_ceil(DEVICES_MAX * FEEDS_MAX);
    eprintln!("signing in {} devices", count.div_ceil(FEEDS_MAX));
    let devices = count.div_ceil(FEEDS_MAX).div_ceil(accounts.max(1));
    let spaces = (0..accounts).map(|account| LISTENERS_FROM + account);
    let tickets = stage.levelup()?.tickets(spaces, devices).await?;
    Ok(tickets.iter().flat_map(|ticket| std::iter::repeat_n(ticket.clone(), FEEDS_MAX)).take(count).collect())
}

/// Opens a connection that has subscribed and caught up.
pub(super) async fn subscribed(address: SocketAddr, ticket: &Ticket) -> Result<Socket, Failure> {
    let mut socket = Socket::with_token(address, &ticket.token).await?;
    socket.say(format!(r#"{{"type":"subscribe","cursor":"{}"}}"#, ticket.cursor)).await?;
    loop {
        let (text, _) = socket.hear().await?;
        if text.contains(r#""caught_up":true"#) {
            return Ok(socket);
        }
    }
}

async fn open_all(address: SocketAddr, tickets: &[Ticket]) -> Result<Vec<Socket>, Failure> {
    stream::iter(tickets).map(|ticket| subscribed(address, ticket)).buffered(OPENED_AT_ONCE).try_collect().await
}

/// What an idle connection costs, on a process of its own.
pub(crate) async fn idle(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let tickets = tickets(stage, stage.sizes.idle).await?;
    let seats = seats::seats(Shape::Single, WRITERS.0, 0);
    let length = stage.sizes.round;
    for round in 1..=stage.sizes.rounds.min(3) {
        let server = Server::start(stage.program, stage.scratch, &UNLIMITED).await?;
        // What a first connection makes for all is not an idle one's.
        drop(open_all(server.address, tickets.get(..1).unwrap_or_default()).await?);
        let mut writers = stage.levelup()?.seat(&seats).await?;
        steady::write(server.address, &mut writers, WRITERS.1, length).await?;
        sleep(SETTLED).await;
        let before_mib = resident_mib(server.pid);
        let mut listening = JoinSet::new();
        for mut socket in open_all(server.address, &tickets).await? {
            // Heartbeats are answered by whoever reads.
            listening.spawn(async move { while socket.hear().await.is_ok() {} });
        }
        sleep(SETTLED).await;
        let after_mib = resident_mib(server.pid);
        let took_ms = steady::write(server.address, &mut writers, WRITERS.1, length).await?;
        stage.levelup()?.give_back(&seats, writers)?;
        if !listening.is_empty() && listening.try_join_next().is_some() {
            return Err(Failure::new("an idle connection was closed"));
        }
        let kib_each = (after_mib - before_mib) * 1_024.0 / tickets.len() as f64;
        let found = figures([
            ("kib_each", kib_each),
            ("sockets", tickets.len() as f64),
            ("before_mib", before_mib),
            ("after_mib", after_mib),
            ("p50_ms", took_ms.percentile(50)),
            ("p99_ms", took_ms.percentile(99)),
        ]);
        keep(stage, Shape::Idle, tickets.len(), round, found)?;
        listening.shutdown().await;
        server.stop().await?;
    }
    Ok(())
}

/// How soon a change is at every connection of its space.
pub(crate) async fn subscribers(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let count = stage.sizes.subscribers;
    let mut writers = stage.levelup()?.seat(&[SUBSCRIBED]).await?;
    let of_space = stage.levelup()?.tickets(std::iter::once(SUBSCRIBED), DEVICES_MAX).await?;
    let tickets: Vec<Ticket> = of_space.iter().cycle().take(count).cloned().collect();
    let address = stage.levelup()?.server.address;
    let (heard, mut hearing) = unbounded_channel();
    let mut listening = JoinSet::new();
    for socket in open_all(address, &tickets).await? {
        listening.spawn(listen(socket, heard.clone()));
    }
    let writer = writers.first_mut().ok_or_else(|| Failure::new("nobody writes"))?;
    let mut connection = Connection::open(address, &writer.token).await?;
    for round in 0..=stage.sizes.rounds {
        let (mut each, mut last) = (Vec::new(), Vec::new());
        for _ in 0..stage.sizes.samples.div_ceil(2) {
            let transaction = writer.script.next_transaction();
            let sent = Instant::now();
            must_be_committed(connection.post(&body(&transaction)).await?)?;
            let arrivals = arrivals(&mut hearing, transaction.id, count, sent).await?;
            last.push(arrivals.max());
            each.extend_from_slice(arrivals.values());
        }
        let (each, last) = (Series::new(each), Series::new(last));
        let found = figures([
            ("p50_ms", each.percentile(50)),
            ("p99_ms", each.percentile(99)),
            ("last_p50_ms", last.percentile(50)),
            ("last_p99_ms", last.percentile(99)),
            ("sockets", count as f64),
        ]);
        keep(stage, Shape::Subscribers, count, round, found)?;
    }
    listening.shutdown().await;
    stage.levelup()?.give_back(&[SUBSCRIBED], writers)
}

/// Tells of every transaction that comes, once however many changes it has.
async fn listen(mut socket: Socket, heard: UnboundedSender<Heard>) {
    const NAME: &str = r#""transaction_id":""#;
    let mut last = Uuid::nil();
    while let Ok((text, here)) = socket.hear().await {
        let ids = text.split(NAME).skip(1).filter_map(|rest| Uuid::parse_str(rest.get(..36)?).ok());
        for id in ids {
            if id != last && heard.send((id, here)).is_err() {
                return;
            }
            last = id;
        }
    }
}

/// Milliseconds to each of `count` connections.
async fn arrivals(
    hearing: &mut UnboundedReceiver<Heard>,
    transaction: Uuid,
    count: usize,
    sent: Instant,
) -> Result<Series, Failure> {
    let mut took_ms = Vec::with_capacity(count);
    let deadline = Duration::from_secs(ARRIVAL_S_MAX);
    while took_ms.len() < count {
        let next = timeout(deadline, hearing.recv()).await;
        let late = || Failure::new(format!("{transaction} arrived at {} of {count}", took_ms.len()));
        let (id, here) = next.map_err(|_| late())?.ok_or_else(late)?;
        if id == transaction {
            took_ms.push(here.saturating_duration_since(sent).as_secs_f64() * 1e3);
        }
    }
    Ok(Series::new(took_ms))
}

fn keep(
    stage: &mut Stage<'_>,
    shape: Shape,
    connections: usize,
    round: usize,
    figures: crate::peers::Figures,
) -> Result<(), Failure> {
    let (run, target, variant) = (String::new(), Target::Levelup, String::new());
    stage.keep(Round { run, shape, target, variant, connections, round, figures })
}
