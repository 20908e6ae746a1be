//! Devices that write at their own pace, whatever the server's.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use tokio::time::sleep_until;

use crate::failure::Failure;
use crate::http::Connection;
use crate::load::{Stop, Writer, must_be_committed};
use crate::request::{Script, body};
use crate::statistics::Series;

/// A signed-in device.
#[derive(Debug)]
pub struct Device {
    /// Its access token.
    pub token: String,
    /// What it writes.
    pub script: Script,
}

impl Writer for Device {
    async fn token(&self) -> Result<String, Failure> {
        Ok(self.token.clone())
    }

    fn script(&mut self) -> &mut Script {
        &mut self.script
    }
}

/// Lets the devices write so many commands a second together, for so long; milliseconds from due to answered. All that is
/// due within that time is sent and waited for.
pub async fn write<W: Writer>(
    address: SocketAddr,
    devices: &mut [W],
    per_s: f64,
    length: Duration,
) -> Result<Series, Failure> {
    write_until(address, devices, per_s, length, &Stop::default()).await
}

/// The same, or until `stop`: what is due then is not sent any more.
pub async fn write_until<W: Writer>(
    address: SocketAddr,
    devices: &mut [W],
    per_s: f64,
    length: Duration,
    stop: &Stop,
) -> Result<Series, Failure> {
    let mut connections = Vec::with_capacity(devices.len());
    for device in devices.iter() {
        connections.push(Connection::open(address, &device.token().await?).await?);
    }
    let (start, count) = (Instant::now(), devices.len());
    let writing =
        devices.iter_mut().zip(connections).enumerate().map(|(number, (device, mut connection))| async move {
            let mut took_ms = Vec::new();
            for due in due(number, count, per_s).take_while(|due| *due < length).map(|due| start + due) {
                sleep_until(due.into()).await;
                if stop.stopped() {
                    break;
                }
                let transaction = device.script().next_transaction();
                must_be_committed(connection.post(&body(&transaction)).await?)?;
                took_ms.push(due.elapsed().as_secs_f64() * 1e3);
            }
            Ok::<_, Failure>(took_ms)
        });
    Ok(Series::new(try_join_all(writing).await?.concat()))
}

/// The moments at which one of `count` senders has something to send, together so many a second, evenly spread.
pub fn due(number: usize, count: usize, per_s: f64) -> impl Iterator<Item = Duration> {
    (0..).map(move |round: u32| Duration::from_secs_f64((f64::from(round) * count as f64 + number as f64) / per_s))
}

#[cfg(test)]
mod tests {
    use super::due;

    #[test]
    fn together_the_senders_send_evenly() {
        let mut all: Vec<u128> =
            (0..4).flat_map(|number| due(number, 4, 100.0).take(3)).map(|at| at.as_millis()).collect();
        all.sort_unstable();
        assert_eq!(all, (0..12).map(|number| number * 10).collect::<Vec<_>>());
    }
}
