//! From one device to another: device A writes one command at a time, device B of the same account listens on a
//! WebSocket. Both are in this process, so one clock tells all moments.

mod listener;
mod sender;
pub(crate) mod socket;
mod socket_io;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use api::client::session::Session;
use tokio::time::timeout;

use crate::account::{Account, cursor};
use crate::failure::Failure;
use crate::load::{self, Load, Stop, Writer};
use crate::request::Script;
use crate::statistics::Series;
use crate::steady;
use listener::Listener;
use sender::Sender;
pub use sender::Way;

/// A change that has not arrived by then never will.
const ARRIVAL_S_MAX: u64 = 30;
/// Longer than any measurement: the load beside it is stopped when it ends.
const LOAD_MAX: Duration = Duration::from_secs(3_600);
/// Commands before the first that counts.
pub const WARM_UP: usize = 20;

/// What was measured, in milliseconds.
#[derive(Clone, Debug)]
pub struct Latency {
    /// How device A wrote.
    pub way: Way,
    /// Devices that wrote on other spaces meanwhile, as fast as they could, and how many commands a second they got
    /// through.
    pub background: Option<(usize, f64)>,
    /// From sending on A to arrival on B.
    pub sent_to_arrived: Series,
    /// From sending on A to the receipt on A.
    pub sent_to_receipt: Series,
    /// From the receipt on A, which is after the commit, to arrival on B; below 0 when B was first.
    pub receipt_to_arrived: Series,
}

/// One writing and one listening device of an account.
pub struct Pair {
    address: SocketAddr,
    account: Account,
    other: Session,
}

impl Pair {
    /// Signs in the second device.
    pub async fn new(address: SocketAddr, account: Account) -> Result<Self, Failure> {
        Ok(Self { address, other: account.another_device().await?, account })
    }

    /// Measures on a quiet server.
    pub async fn measure(&mut self, way: Way, samples: usize) -> Result<Latency, Failure> {
        let listener = Listener::open(self.address, &self.other, &cursor(&self.other).await?).await?;
        let sender = Sender::open(way, self.address, &self.account.session).await?;
        exchange(way, sender, listener, &mut self.account.script, samples).await
    }

    /// Measures while `others` write on their own spaces, together so many commands a second whatever the server's pace.
    pub async fn measure_beside<W: Writer>(
        &mut self,
        way: Way,
        samples: usize,
        others: &mut [W],
        per_s: f64,
    ) -> Result<Latency, Failure> {
        let stop = Stop::default();
        let (address, count, end) = (self.address, others.len(), stop.clone());
        let measuring = async {
            let latency = self.measure(way, samples).await;
            end.stop();
            latency
        };
        let writing = steady::write_until(address, others, per_s, LOAD_MAX, &stop);
        let (latency, written): (_, Result<Series, _>) = tokio::join!(measuring, writing);
        written?;
        Ok(Latency { background: Some((count, per_s)), ..latency? })
    }

    /// Measures while `others` write on their own spaces as fast as they are answered.
    pub async fn measure_under_load(
        &mut self,
        way: Way,
        samples: usize,
        others: &mut [Account],
    ) -> Result<Latency, Failure> {
        let stop = Stop::default();
        let (address, count, end) = (self.address, others.len(), stop.clone());
        let measuring = async {
            let latency = self.measure(way, samples).await;
            end.stop();
            latency
        };
        let writing = load::write(address, others, LOAD_MAX, &stop);
        let (latency, load): (_, Result<Load, _>) = tokio::join!(measuring, writing);
        Ok(Latency { background: Some((count, load?.commands_per_s())), ..latency? })
    }
}

/// The same between two devices of a space on a server that speaks socket.io; device A writes by HTTP.
pub async fn over_socket_io(
    address: SocketAddr,
    token: &str,
    script: &mut Script,
    samples: usize,
) -> Result<Latency, Failure> {
    let listener = Listener::over_socket_io(address, token).await?;
    let sender = Sender::with_token(address, token).await?;
    exchange(Way::Http, sender, listener, script, samples).await
}

/// One command after the other, the next when the one before has arrived.
async fn exchange(
    way: Way,
    mut sender: Sender,
    mut listener: Listener,
    script: &mut Script,
    samples: usize,
) -> Result<Latency, Failure> {
    let (mut arrived, mut receipt, mut between) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..samples + WARM_UP {
        let transaction = script.next_transaction();
        let sent = Instant::now();
        let answered = sender.send(&transaction).await?;
        let arrival = timeout(Duration::from_secs(ARRIVAL_S_MAX), listener.arrival(transaction.id)).await;
        let arrival = arrival.map_err(|_| Failure::new(format!("{} never arrived", transaction.id)))??;
        if number < WARM_UP {
            continue;
        }
        let (to_arrival, to_receipt) = (milliseconds(arrival - sent), milliseconds(answered - sent));
        arrived.push(to_arrival);
        receipt.push(to_receipt);
        between.push(to_arrival - to_receipt);
    }
    Ok(Latency {
        way,
        background: None,
        sent_to_arrived: Series::new(arrived),
        sent_to_receipt: Series::new(receipt),
        receipt_to_arrived: Series::new(between),
    })
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
